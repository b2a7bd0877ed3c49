using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Reinvestment;

namespace TimeBank.Domain.Tests.Access;

/// <summary>Who may move, set and see what: every sentence of <see cref="Authority"/>, in the decisions that ask it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AuthorityTests
{
    private static readonly RightId s_app = new(Uuid.Version7(Town.Noon, 50_000, 1));

    private readonly Town _town = new();
    private readonly AccountId _ann, _ben, _school, _garden, _chest;

    public AuthorityTests()
    {
        _ann = _town.Open(AccountKind.Member, 100);
        _ben = _town.Open(AccountKind.Member, 100);
        _school = _town.Open(AccountKind.Provider, 100);
        _garden = _town.Open(AccountKind.Project, 100);
        _chest = _town.Open(AccountKind.Pot, 100);
    }

    [Test]
    public void Who_acts_for_an_account_pays_from_it_and_from_no_other()
    {
        _town.Authority = Holder(_ann);

        _town.Post(TransferKind.Exchange, _ann, _ben, 5).ShouldHappen();
        _town.Post(TransferKind.Exchange, _ben, _ann, 5).ShouldBeRefused(RefusalCode.NotPermitted).Figure("account").ShouldBe(_ben.Value);
        _town.Post(TransferKind.Grant, _town.Issuer, _garden, 5).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Post(TransferKind.Exchange, Town.Nobody, _ann, 5).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void One_leg_that_is_not_permitted_refuses_the_posting()
    {
        _town.Authority = Holder(_ann);

        _town.Post([new(TransferKind.Exchange, _ann, _ben, new(1)), new(TransferKind.Exchange, _ben, _ann, new(1))])
            .ShouldBeRefused(RefusalCode.NotPermitted).Leg.ShouldBe(2);
        _town.Balance(_ann).ShouldBe(100);
    }

    [Test]
    public void Corrections_and_what_is_forgiven_are_for_those_who_organise()
    {
        _town.Authority = Holder(_ann, _chest);

        _town.Post(TransferKind.Adjust, _ann, _town.Issuer, 5).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Post(TransferKind.Forgive, _chest, _ann, 5).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Post(TransferKind.Earn, _chest, _ann, 5).ShouldHappen();
    }

    [Test]
    public void Who_organises_a_neighbourhood_moves_what_its_members_and_projects_have()
    {
        var (cleo, lane) = (InTheNorth(AccountKind.Member), InTheNorth(AccountKind.Project));
        _town.Authority = Of("north");

        _town.Post(TransferKind.Earn, lane, cleo, 5).ShouldHappen();
        _town.Post(TransferKind.Spend, cleo, _school, 5).ShouldHappen();
        _town.Post(TransferKind.Exchange, cleo, _ann, 5).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Post(TransferKind.Exchange, _ann, cleo, 5).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Authority = Of("south");
        _town.Post(TransferKind.Earn, lane, cleo, 5).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void An_app_debits_a_member_only_by_that_member_s_link_and_within_it()
    {
        LinkBy(_ann, most: 10);
        _town.Authority = App();

        Post(_ann, _school, 10).ShouldHappen();
        Post(_ann, _school, 11).ShouldBeRefused(RefusalCode.NotPermitted).Figure("most").ShouldBe(10L);
        Post(_ben, _school, 1).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Authority = Holder(_ann);
        _town.Do(d => AccessDecisions.EndLink(d, RightId.OfLink(s_app, _ann))).ShouldHappen();
        _town.Authority = App();
        Post(_ann, _school, 1).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void A_link_ends_when_its_time_has_come()
    {
        LinkBy(_ann, expires: Town.Noon.AddHours(1));
        _town.Authority = App();

        Post(_ann, _school, 1).ShouldHappen();
        _town.Now = Town.Noon.AddHours(1);
        Post(_ann, _school, 1).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void An_app_that_acts_for_one_account_debits_it_and_brings_linked_members_minutes_to_it_only()
    {
        LinkBy(_ann);
        _town.Authority = App(_school);

        Post(_school, _ann, 1, TransferKind.Refund).ShouldHappen();
        Post(_ann, _school, 1).ShouldHappen();
        Post(_ann, _ben, 1, TransferKind.Exchange).ShouldBeRefused(RefusalCode.NotPermitted);
        Post(_garden, _ann, 1, TransferKind.Earn).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void An_app_makes_no_hours_out_of_nothing()
    {
        _town.Authority = App();

        Post(_town.Issuer, _ann, 1, TransferKind.Earn).ShouldBeRefused(RefusalCode.NotPermitted);
        Post(_garden, _ann, 1, TransferKind.Earn).ShouldHappen();
    }

    [Test]
    public void An_app_that_is_named_for_a_member_s_account_still_needs_the_link()
    {
        MakeKey();
        _town.Authority = App(_ann);

        Post(_ann, _school, 1).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void To_pass_a_rule_of_the_bank_needs_a_person_who_organises_it()
    {
        _town.Change(p => p with { BooksClosedThrough = _town.Today.AddDays(-1) });
        var leg = new Leg(TransferKind.Exchange, _ann, _ben, new(1)) { Occurred = _town.Today.AddDays(-2) };

        _town.Authority = Holder(_ann);
        _town.Post([leg], PostingMode.IntoClosedBooks).ShouldBeRefused(RefusalCode.NotPermitted).Figure("field").ShouldBe("override");
        _town.Authority = Authority.Everything with { MayOverride = false };
        _town.Post([leg], PostingMode.IntoClosedBooks).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Authority = Authority.Everything;
        _town.Post([leg], PostingMode.IntoClosedBooks).ShouldHappen();
        _town.Last[^1].Happened.ShouldBe(new AccessEvent.AccessNoted(Noted.OverrideUsed, _town.Last.Count > 0 ? _town.Transfers.Last().Id.Posting.Value : null));
    }

    [Test]
    public void Holds_are_placed_by_the_payer_captured_by_the_payee_released_by_either_and_unknown_to_others()
    {
        _town.Authority = Holder(_ann);
        var hold = _town.Place(TransferKind.Spend, _ann, _school, 5).ShouldHappen().Id;
        var second = _town.Place(TransferKind.Spend, _ann, _school, 5).ShouldHappen().Id;
        _town.Place(TransferKind.Spend, _ben, _school, 5).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Capture(hold).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Release(second).ShouldHappen();

        _town.Authority = Holder(_ben);
        _town.Capture(hold).ShouldBeRefused(RefusalCode.HoldUnknown);
        _town.Release(hold).ShouldBeRefused(RefusalCode.HoldUnknown);

        _town.Authority = Holder(_school);
        _town.Capture(hold).ShouldHappen();
    }

    [Test]
    public void Reversals_are_for_those_who_organise_both_sides()
    {
        var transfer = _town.Post(TransferKind.Exchange, _ann, _ben, 5).ShouldHappen().Transfers[0].Id;

        _town.Authority = Holder(_ann);
        _town.Reverse(transfer).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Authority = Holder(_school);
        _town.Reverse(transfer).ShouldBeRefused(RefusalCode.TransferUnknown);
        _town.Authority = Authority.Everything with { MayOverride = false };
        _town.Reverse(transfer, overriding: true).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Reverse(transfer).ShouldHappen();
    }

    [Test]
    public void A_rule_is_written_changed_and_ended_by_who_acts_for_its_owner()
    {
        _town.Authority = Holder(_ann);
        _town.Write(_school, Town.Terms(1000, _garden)).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Authority = Holder(_school);
        var rule = _town.Write(_school, Town.Terms(1000, _garden)).ShouldHappen().Id;

        _town.Authority = Holder(_ann);
        _town.Do(d => Rule.Rewrite(d, rule, Town.Terms(1, _garden), 1)).ShouldBeRefused(RefusalCode.RuleUnknown);
        _town.Do(d => Rule.End(d, rule, 1)).ShouldBeRefused(RefusalCode.RuleUnknown);
        _town.Authority = Holder(_school);
        _town.Do(d => Rule.End(d, rule, 1)).ShouldHappen();
    }

    [Test]
    public void Settings_freeze_and_closure_are_for_those_who_organise_and_the_policy_for_the_whole_bank_s()
    {
        var cleo = InTheNorth(AccountKind.Member);
        foreach (var authority in (Authority[])[Holder(cleo), Of("south")])
        {
            _town.Authority = authority;
            Change(cleo, "north").ShouldBeRefused(RefusalCode.NotPermitted);
            _town.Do(d => AccountDecisions.Freeze(d, cleo, null)).ShouldBeRefused(RefusalCode.NotPermitted);
            _town.Do(d => AccountDecisions.Close(d, cleo, _chest, null, null)).ShouldBeRefused(RefusalCode.NotPermitted);
            _town.Do(d => Banks.Bank.ChangePolicy(d, _town.Bank!.Policy, 1)).ShouldBeRefused(RefusalCode.NotPermitted);
        }
        _town.Authority = Of("north");
        Change(cleo, "south").ShouldBeRefused(RefusalCode.NotPermitted).Figure("field").ShouldBe("neighbourhood");
        Change(cleo, "north").ShouldHappen();
        _town.Do(d => AccountDecisions.Close(d, cleo, null, _chest, null)).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Do(d => AccountDecisions.Close(d, cleo, _chest, null, null)).ShouldHappen();
    }

    [Test]
    public void Accounts_are_opened_in_a_neighbourhood_by_who_organises_it()
    {
        _town.Authority = Of("north");

        Open(AccountKind.Member, "north").ShouldHappen().Neighbourhood.ShouldBe("north");
        Open(AccountKind.Member, "south").ShouldBeRefused(RefusalCode.NotPermitted);
        Open(AccountKind.Member, null).ShouldBeRefused(RefusalCode.NotPermitted);
        Open(AccountKind.Pot, "north").ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [TestCase(AccountKind.Provider)]
    [TestCase(AccountKind.Pot)]
    public void What_is_for_all_belongs_to_no_neighbourhood_whoever_asks(AccountKind kind)
    {
        Open(kind, "north").ShouldBeRefused(RefusalCode.NeighbourhoodMisfits).Figure("kind").ShouldBe(kind);
        var id = _town.Open(kind);
        Change(id, "north").ShouldBeRefused(RefusalCode.NeighbourhoodMisfits);
        Change(_town.Issuer, "north").ShouldBeRefused(RefusalCode.NeighbourhoodMisfits);
        _town[id].Neighbourhood.ShouldBeNull();
    }

    [Test]
    public void Who_organises_a_neighbourhood_commands_no_provider_pot_or_issuer_that_was_once_put_into_it()
    {
        _town.Authority = Of("north");
        foreach (var id in (AccountId[])[_school, _chest, _town.Issuer])
        {
            _town.Change(id, a => a with { Neighbourhood = "north" });
            _town.Post(TransferKind.Grant, id, _garden, 5).ShouldBeRefused(RefusalCode.NotPermitted);
            _town.Do(d => AccountDecisions.Freeze(d, id, null)).ShouldBeRefused(RefusalCode.NotPermitted);
            _town.Write(id, Town.Terms(1000, _garden)).ShouldBeRefused(RefusalCode.NotPermitted);
        }
        _town.Change(_garden, a => a with { Neighbourhood = "north" });
        _town.Post(TransferKind.Grant, _garden, _school, 5).ShouldHappen();
    }

    [Test]
    public void Who_may_nothing_moves_nothing()
    {
        _town.Authority = Authority.None;

        _town.Post(TransferKind.Exchange, _ann, _ben, 1).ShouldBeRefused(RefusalCode.NotPermitted);
        Open(AccountKind.Member, null).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    private static Authority Holder(params AccountId[] accounts) => new(false, [.. accounts], [], null, false);
    private static Authority Of(string neighbourhood) => new(false, [], [neighbourhood], null, true);
    private static Authority App(params AccountId[] accounts) => new(false, [.. accounts], [], s_app, false);

    private Decision<PostingMade> Post(AccountId payer, AccountId payee, long minutes, TransferKind kind = TransferKind.Spend) =>
        _town.Do(d => Posting.Post(d, [new Leg(kind, payer, payee, new Minutes(minutes))], PostingMode.Normal), RightId.OfLink(s_app, payer));

    private Decision<Account> Open(AccountKind kind, string? neighbourhood) =>
        _town.Do(d => AccountDecisions.Open(d, new AccountId(d.Mint()), kind, null, null, null, null, neighbourhood));

    private Decision<Account> Change(AccountId id, string neighbourhood) =>
        _town.Do(d => AccountDecisions.ChangeSettings(d, id, null, null, null, neighbourhood, _town[id].SettingsVersion));

    private AccountId InTheNorth(AccountKind kind)
    {
        var id = Open(kind, "north").ShouldHappen().Id;
        _town.Post(TransferKind.Grant, _town.Issuer, id, 100).ShouldHappen();
        return id;
    }

    private void MakeKey() =>
        _town.Do(d => AccessDecisions.MakeKey(d, s_app, null, [Scope.TransfersWrite], null, false, null, "hash")).ShouldHappen();

    private void LinkBy(AccountId member, long? most = null, DateTimeOffset? expires = null)
    {
        MakeKey();
        _town.Authority = Holder(member);
        _town.Do(d => AccessDecisions.MakeLink(d, s_app, member, most is { } m ? new Minutes(m) : null, expires), RightId.OfLink(s_app, member)).ShouldHappen();
    }
}
