using System.Collections.Immutable;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.PaymentRequests;
using TimeBank.Postings;
using TimeBank.Schedules;

namespace TimeBank.Domain.Tests;

/// <summary>Dora acts for Ben by his permission: so many minutes, for so long, for what he named.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PermissionTests
{
    private static readonly PersonId s_dora = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000d1"));
    private static readonly PersonId s_olga = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000d2"));

    private readonly Neighbours _n = new();

    private Town Town => _n.Town;
    private RightId Id => RightId.OfPermission(s_dora, _n.Ben);
    private Authority Dora => Authority.None with { Deputy = new Deputy(s_dora, _n.Ben), Own = [_n.Cora] };

    [Test]
    public void The_member_gives_it_and_an_organiser_records_how_the_member_said_it()
    {
        Give(Neighbours.Holder(_n.Ben), yes: null).ShouldHappen().Yes.ShouldBe(Yes.Themselves);
        Give(Neighbours.Organiser(), yes: null).ShouldBeRefused(RefusalCode.YesNeeded);
        Give(Neighbours.Organiser(), yes: Yes.Permission).ShouldBeRefused(RefusalCode.YesNeeded);
        Give(Neighbours.Organiser(), yes: Yes.Paper).ShouldHappen().Yes.ShouldBe(Yes.Paper);
        foreach (var other in (Authority[])[Neighbours.Holder(_n.Ann), Neighbours.OfApp, Dora, Authority.None with { Safeguards = true }])
            Give(other, yes: Yes.Paper).ShouldBeRefused(RefusalCode.NotPermitted);
        Give(Neighbours.Organiser(), yes: Yes.Paper, giver: s_dora).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void It_is_for_minutes_of_a_member_and_ends_in_time()
    {
        Give(minutes: 0).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        Give(expires: Town.Now).ShouldBeRefused(RefusalCode.ExpiryNotAhead);
        As(Authority.Everything).Do(d => PermissionDecisions.Give(d, s_dora, _n.Garden, Terms(), Yes.Paper, null), RightId.OfPermission(s_dora, _n.Garden))
            .ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        As(Authority.Everything).Do(d => PermissionDecisions.Give(d, s_dora, Town.Nobody, Terms(), Yes.Paper, null), RightId.OfPermission(s_dora, Town.Nobody))
            .ShouldBeRefused(RefusalCode.AccountUnknown);
        Town.Change(_n.Ben, a => a with { Status = AccountStatus.Closed });
        Give().ShouldBeRefused(RefusalCode.AccountClosed);
    }

    [Test]
    public void Minutes_leave_until_they_are_used_up_and_each_use_is_written_down()
    {
        Give(minutes: 90).ShouldHappen();

        Pay(60).ShouldHappen();
        Town.Last.Select(e => e.Happened).OfType<AccessEvent.PermissionUsed>().Single().Minutes.ShouldBe(new Minutes(60));
        var refused = Pay(31).ShouldBeRefused(RefusalCode.PermissionUsedUp);
        (refused.Figure("left"), refused.Figure("minutes")).ShouldBe((30L, 31L));
        Pay(30).ShouldHappen();
        Pay(1).ShouldBeRefused(RefusalCode.PermissionUsedUp);
        Town.Balance(_n.Ben).ShouldBe(-90);
    }

    [Test]
    public void Several_legs_of_a_posting_and_what_is_set_aside_count_together()
    {
        Give(minutes: 100).ShouldHappen();
        var clinic = Town.Open(AccountKind.Provider);

        As(Dora).Post([new Leg(TransferKind.Exchange, _n.Ben, _n.Ann, new(60)), new Leg(TransferKind.Exchange, _n.Ben, _n.Ann, new(60))])
            .ShouldBeRefused(RefusalCode.PermissionUsedUp).Leg.ShouldBe(2);
        var hold = As(Dora).Place(TransferKind.Spend, _n.Ben, clinic, 70).ShouldHappen();
        Pay(31).ShouldBeRefused(RefusalCode.PermissionUsedUp);
        As(Neighbours.Holder(clinic)).Capture(hold.Id, 40).ShouldHappen();
        Pay(31).ShouldBeRefused(RefusalCode.PermissionUsedUp);
        Pay(30).ShouldHappen();
    }

    [Test]
    public void Given_again_it_counts_as_it_was_given_last()
    {
        Give(minutes: 60).ShouldHappen();
        Pay(60).ShouldHappen();
        Give(minutes: 10).ShouldHappen().Left.ShouldBe(new Minutes(10));
        Pay(11).ShouldBeRefused(RefusalCode.PermissionUsedUp);
    }

    [Test]
    public void It_is_for_the_kinds_payees_and_categories_that_were_named()
    {
        Give(terms: Terms() with { Kinds = [TransferKind.Spend], Payees = [_n.Ann], Categories = ["shopping"] }).ShouldHappen();

        Refuses(TransferKind.Exchange, _n.Ann, "shopping")!.Figure("field").ShouldBe("kind");
        Refuses(TransferKind.Spend, _n.Garden, "shopping")!.Figure("field").ShouldBe("payee");
        Refuses(TransferKind.Spend, _n.Ann, "gifts")!.Figure("field").ShouldBe("category");
        Refuses(TransferKind.Spend, _n.Ann, null)!.Figure("field").ShouldBe("category");
        Refuses(TransferKind.Spend, _n.Ann, "shopping").ShouldBeNull();
    }

    [Test]
    public void Nobody_uses_another_s_permission_for_themselves_or_for_another_account()
    {
        Give().ShouldHappen();

        As(Dora).Post(TransferKind.Exchange, _n.Ben, _n.Cora, 10).ShouldBeRefused(RefusalCode.NotPermitted);
        As(Dora).Post(TransferKind.Exchange, _n.Ann, _n.Ben, 10).ShouldBeRefused(RefusalCode.NotPermitted);
        As(Dora).Post(TransferKind.Adjust, _n.Ben, Town.Issuer, 10).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void It_counts_no_more_when_it_is_over_or_one_of_them_has_ended_it()
    {
        Give(expires: Town.Now.AddHours(1)).ShouldHappen();
        Town.Now += TimeSpan.FromHours(1);
        Pay(1).ShouldBeRefused(RefusalCode.NotPermitted);

        foreach (var (by, person) in new (Authority, PersonId?)[] { (Neighbours.Holder(_n.Ben), null), (Neighbours.Organiser(), s_olga), (Dora, s_dora), (Authority.None, s_dora) })
        {
            Give(expires: Town.Now.AddHours(1)).ShouldHappen();
            As(by).Do(d => PermissionDecisions.End(d, Id, person)).ShouldHappen().Active.ShouldBeFalse();
            As(by).Do(d => PermissionDecisions.End(d, Id, person)).ShouldChangeNothing(Town);
            Pay(1).ShouldBeRefused(RefusalCode.NotPermitted);
        }
        foreach (var (by, person) in new (Authority, PersonId?)[] { (Neighbours.Holder(_n.Ann), s_olga), (Authority.None, s_olga), (Authority.None, null) })
            As(by).Do(d => PermissionDecisions.End(d, Id, person)).ShouldBeRefused(RefusalCode.RightUnknown);
    }

    [Test]
    public void Without_one_nobody_acts_for_another() =>
        As(Dora).Do(d => Posting.Post(d, [new Leg(TransferKind.Exchange, _n.Ben, _n.Ann, new(1))], PostingMode.Normal), Id).ShouldBeRefused(RefusalCode.NotPermitted);

    [Test]
    public void A_claim_is_confirmed_by_it_and_one_that_waits_counts_at_once()
    {
        Give(minutes: 150).ShouldHappen();
        var id = As(Neighbours.Holder(_n.Ann), n => n.Log(n.ToBen(90)));

        var confirmed = _n.As(Dora).Confirm(id).ShouldHappen().Contribution;

        (confirmed.Is, confirmed.Confirmed).ShouldBe((ContributionStage.Credited, Yes.Permission));
        Town.Change(_n.Ben, a => a with { Floor = a.Balance });
        var waits = As(Neighbours.Holder(_n.Ann), n => n.Log(n.ToBen(60)));
        _n.As(Dora).Confirm(waits).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Waiting);
        var tooMuch = As(Neighbours.Holder(_n.Ann), n => n.Log(n.ToBen(1)));
        _n.As(Dora).Confirm(tooMuch).ShouldBeRefused(RefusalCode.PermissionUsedUp);
    }

    [Test]
    public void A_claim_that_they_logged_is_no_yes_before_it_is_confirmed()
    {
        Give(minutes: 60).ShouldHappen();
        var id = As(Dora, n => n.Log(n.ToBen(90)));

        _n[id].LoggedBy.ShouldBe(Side.Deputy);
        _n.As(Neighbours.Holder(_n.Ann)).Confirm(id).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Dora).Confirm(id).ShouldBeRefused(RefusalCode.PermissionUsedUp);
        Town.Balance(_n.Ben).ShouldBe(0);
    }

    [Test]
    public void They_pay_what_Ben_was_asked_for_and_make_no_schedule_for_him()
    {
        Give().ShouldHappen();
        var asked = new Asked(TransferKind.Exchange, _n.Ben, _n.Ann, new(30), null, null, Town.Now.AddDays(1));
        var id = As(Neighbours.Holder(_n.Ann)).Do(d => PaymentRequestDecisions.Ask(d, new ThingId(d.Mint()), asked)).ShouldHappen().Request.Id;

        As(Dora).Do(d => PaymentRequestDecisions.Pay(d, id, null)).ShouldHappen().Request.Confirmed.ShouldBe(Yes.Permission);
        As(Dora).Do(d => ScheduleDecisions.Make(d, new ThingId(d.Mint()), new Scheduled(TransferKind.Exchange, _n.Ben, _n.Ann, new(1), null, null),
            new CalendarRule(Every.Week, 1, d.Today, null, default), null, (date, time) => new DateTimeOffset(date, time, TimeSpan.Zero))).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void They_do_nothing_else_with_the_account()
    {
        Give().ShouldHappen();
        var app = RightId.OfOutsideApp("a", "b");

        As(Dora).Write(_n.Ben, Town.Terms(1_000, _n.Ann)).ShouldBeRefused(RefusalCode.NotPermitted);
        As(Dora).Do(d => AccountDecisions.Close(d, _n.Ben, _n.Ann, null, null)).ShouldBeRefused(RefusalCode.NotPermitted);
        As(Dora).Do(d => AccessDecisions.MakeLink(d, app, _n.Ben, null, null), app, RightId.OfLink(app, _n.Ben)).ShouldBeRefused(RefusalCode.NotPermitted);
        Give(Dora, yes: Yes.Paper).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void In_one_batch_what_is_used_counts_for_the_next()
    {
        Give(minutes: 60).ShouldHappen();
        Func<Draft, Refusal?> pay = d => Posting.Post(d, [new Leg(TransferKind.Exchange, _n.Ben, _n.Ann, new(40))], PostingMode.Normal).Refusal;

        var said = Town.InOneBatch((Dora, pay), (Dora, pay));

        said.Select(r => r?.Code).ShouldBe([null, RefusalCode.PermissionUsedUp]);
    }

    private Town As(Authority authority) => _n.As(authority).Town;

    private ThingId As(Authority authority, Func<Neighbours, ThingId> log) => log(_n.As(authority));

    private PermissionTerms Terms(long minutes = 600, DateTimeOffset? expires = null) => new(new(minutes), [], [], [], expires ?? Town.Now.AddDays(30));

    private Decision<Permission> Give(
        Authority? by = null, long minutes = 600, DateTimeOffset? expires = null, Yes? yes = Yes.Telephone, PersonId? giver = null, PermissionTerms? terms = null) =>
        As(by ?? Authority.Everything).Do(d => PermissionDecisions.Give(d, s_dora, _n.Ben, terms ?? Terms(minutes, expires), yes, giver), Id);

    private Decision<PostingMade> Pay(long minutes) => As(Dora).Post(TransferKind.Exchange, _n.Ben, _n.Ann, minutes);

    private Refusal? Refuses(TransferKind kind, AccountId payee, string? category)
    {
        Refusal? said = null;
        As(Dora).Do<TimeBank.Banks.Bank>(d =>
        {
            said = d.Authority.RefusesDebit(d, kind, _n.Ben, payee, new(1), category);
            return d.Bank!;
        });
        return said;
    }
}
