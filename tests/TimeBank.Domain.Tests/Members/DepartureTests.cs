using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Schedules;

namespace TimeBank.Domain.Tests;

/// <summary>Somebody leaves, and the account with them.</summary>
public sealed class DepartureTests
{
    private Neighbours _n = null!;

    [SetUp]
    public void Ann_is_a_member()
    {
        _n = new Neighbours();
        _n.Town.Do(d => MemberDecisions.Apply(d, _n.Ann, Approach.Page, Club.Nothing, null), [], Member.IdOf(_n.Ann)).ShouldHappen();
    }

    private static readonly Rest s_nothing = new(null, null, null, null);

    private Decision<MemberLeaving> Leave(Rest rest, params ThingId[] matters) => _n.Town.Do(d => Departure.Leave(d, _n.Ann, rest, Neighbours.Why, matters), [], Member.IdOf(_n.Ann));

    private void Has(long minutes) => _n.As(Authority.Everything).Town.Post(
        [minutes > 0 ? new(TransferKind.Adjust, _n.Town.Issuer, _n.Ann, new(minutes)) : new(TransferKind.Adjust, _n.Ann, _n.Town.Issuer, new(-minutes))], PostingMode.History).ShouldHappen();

    [Test]
    public void In_the_black_the_minutes_go_where_the_member_says_and_all_in_one_posting()
    {
        Has(90);
        _n.As(Neighbours.Holder(_n.Ann));

        var left = Leave(s_nothing with { RestTo = _n.Ben, ByPolicy = _n.Pot }).ShouldHappen();

        (left.Member.Is, left.Closing.Account.Status).ShouldBe((MemberStage.Left, AccountStatus.Closed));
        left.Closing.Posting!.Transfers.ShouldHaveSingleItem().Kind.ShouldBe(TransferKind.Gift);
        _n.Town.Balances(_n.Ann, _n.Ben, _n.Pot).ShouldBe([0L, 90L, 600L]);
        Leave(s_nothing).ShouldChangeNothing(_n.Town);
    }

    [Test]
    public void Else_where_policy_says_and_an_organiser_says_otherwise_only_as_the_member_did()
    {
        Has(90);
        _n.As(Neighbours.Organiser());

        Leave(s_nothing).ShouldBeRefused(RefusalCode.BalanceNotZero);
        Leave(s_nothing with { RestTo = _n.Ben, ByPolicy = _n.Pot }).ShouldBeRefused(RefusalCode.YesNeeded);
        Leave(s_nothing with { ByPolicy = _n.Pot }).ShouldHappen();

        _n.Town.Balance(_n.Pot).ShouldBe(690);
    }

    [Test]
    public void In_the_red_a_pot_or_the_community_forgives_by_an_organisers_word()
    {
        Has(-90);
        _n.As(Neighbours.Holder(_n.Ann));
        Leave(s_nothing with { ByPolicy = _n.Pot }).ShouldBeRefused(RefusalCode.BalanceNotZero);
        Leave(s_nothing with { ForgiveFrom = _n.Pot }).ShouldBeRefused(RefusalCode.NotPermitted);

        var left = _n.As(Neighbours.Organiser()).Town.Do(d => Departure.Leave(d, _n.Ann, s_nothing with { ForgiveFrom = _n.Town.Issuer }, Neighbours.Why, [])).ShouldHappen();

        left.Closing.Posting!.Transfers.ShouldHaveSingleItem().Kind.ShouldBe(TransferKind.Forgive);
        _n.Town.Balances(_n.Ann, _n.Pot).ShouldBe([0L, 600L]);
    }

    [Test]
    public void Help_that_waits_is_settled_first()
    {
        var logged = _n.As(Neighbours.Holder(_n.Ann)).Log(_n.ToBen());

        var refusal = Leave(s_nothing with { ByPolicy = _n.Pot }, logged).ShouldBeRefused(RefusalCode.MattersOpen);

        (refusal.Figure("open"), refusal.Figure("first"), refusal.Figure("stage")).ShouldBe((1, logged.Value, ContributionStage.Logged));
        _n.Do(d => ContributionDecisions.Withdraw(d, logged)).ShouldHappen();
        Leave(s_nothing, logged).ShouldHappen();
    }

    [Test]
    public void Schedules_listings_and_names_on_lists_end_with_the_membership_and_those_of_others_do_not()
    {
        _n.As(Neighbours.Holder(_n.Ann));
        var everyWeek = _n.Town.Do(d => ScheduleDecisions.Make(d, new ThingId(d.Mint()), new Scheduled(TransferKind.Gift, _n.Ann, _n.Ben, new(5), null, null),
            new CalendarRule(Every.Week, 1, _n.Town.Today.AddDays(1), null, new(8, 0)), null, (date, at) => new DateTimeOffset(date.ToDateTime(at), TimeSpan.Zero))).ShouldHappen().Schedule.Id;
        var terms = new ListingTerms(ListingKind.Offer, "cooking", null, [], null, false, _n.Town.Now.AddDays(9));
        var offer = _n.Town.Do(d => ListingDecisions.Post(d, new ThingId(d.Mint()), _n.Ann, terms, Neighbours.Why)).ShouldHappen().Id;
        var bens = _n.As(Neighbours.Holder(_n.Ben)).Town.Do(d => ListingDecisions.Post(d, new ThingId(d.Mint()), _n.Ben, terms, Neighbours.Why)).ShouldHappen().Id;
        _n.As(Neighbours.Holder(_n.Ann));

        Leave(s_nothing, everyWeek, offer, bens).ShouldHappen();

        (_n.Town.Thing<Schedule>(everyWeek).Is, _n.Town.Thing<Listing>(offer).Is, _n.Town.Thing<Listing>(bens).Is)
            .ShouldBe((ScheduleStage.Ended, ListingStage.Withdrawn, ListingStage.Open));
    }
}
