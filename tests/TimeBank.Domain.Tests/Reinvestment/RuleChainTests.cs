using Shouldly;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Reinvestment;

namespace TimeBank.Domain.Tests;

public sealed class RuleChainTests
{
    private Town _town = null!;
    private AccountId _giver, _a, _b, _c, _d;

    [SetUp]
    public void Four_projects()
    {
        _town = new Town();
        (_giver, _a, _b, _c, _d) = (_town.Open(AccountKind.Pot, 10_000), Project(), Project(), Project(), Project());
    }

    private AccountId Project() => _town.Open(AccountKind.Project);

    private PostingMade Give(long minutes = 100, AccountId? to = null) => _town.Post(TransferKind.Gift, _giver, to ?? _a, minutes).ShouldHappen();

    [Test]
    public void A_rule_acts_once_in_a_posting_on_the_sum_of_what_its_owner_received()
    {
        _town.PassOn(_a, 5_000, _b);

        var made = _town.Post([new(TransferKind.Gift, _giver, _a, new(1)), new(TransferKind.Gift, _giver, _a, new(1))]).ShouldHappen();

        // Twice the half of one minute would be nothing.
        made.Rules.ShouldHaveSingleItem().Received.Value.ShouldBe(2);
        _town.Balances(_a, _b).ShouldBe([1, 1]);
    }

    [Test]
    public void A_rule_acts_on_the_kinds_it_names_only()
    {
        _town.Write(_a, Town.Terms(10_000, _b) with { Kinds = [TransferKind.Grant] }).ShouldHappen();

        _town.Post([new(TransferKind.Gift, _giver, _a, new(30)), new(TransferKind.Grant, _giver, _a, new(12))]).ShouldHappen();

        _town.Balances(_a, _b).ShouldBe([30, 12]);
    }

    [Test]
    public void What_a_rule_passes_on_sets_off_the_rules_of_those_who_get_it()
    {
        _town.PassOn(_a, 5_000, _b);
        _town.PassOn(_b, 5_000, _c);

        var made = Give();

        made.Transfers.Select(t => (t.Payer, t.Payee, t.Minutes.Value)).ShouldBe([(_giver, _a, 100L), (_a, _b, 50L), (_b, _c, 25L)]);
        made.Transfers.Skip(1).ShouldAllBe(t => t.Kind == TransferKind.Reinvest && t.Rule != null);
        _town.Balances(_a, _b, _c).ShouldBe([50, 25, 25]);
    }

    [Test]
    public void Accounts_act_in_the_order_in_which_they_first_received()
    {
        _town.PassOn(_a, 10_000, _b, _c);
        _town.PassOn(_b, 10_000, _d);
        _town.PassOn(_c, 10_000, _d);

        Give().Rules.Select(r => r.Owner).ShouldBe([_a, _b, _c]);
    }

    [Test]
    public void An_account_acts_on_all_it_received_until_its_turn()
    {
        // The half that B sends on to C is there before C's turn comes.
        _town.PassOn(_a, 10_000, _b, _c);
        _town.PassOn(_b, 10_000, _c);
        _town.PassOn(_c, 10_000, _d);

        Give().Rules[^1].Received.Value.ShouldBe(100);
        _town.Balances(_a, _b, _c, _d).ShouldBe([0, 0, 0, 100]);
    }

    [Test]
    public void All_rules_of_an_account_act_each_on_the_same_receipts_oldest_first()
    {
        var (first, second) = (_town.PassOn(_a, 4_000, _b), _town.PassOn(_a, 6_000, _c));

        Give().Rules.Select(r => r.Rule.Id).ShouldBe([first, second]);
        _town.Balances(_a, _b, _c).ShouldBe([0, 40, 60]);
    }

    [Test]
    public void A_circle_of_rules_ends_because_an_account_acts_once()
    {
        _town.PassOn(_a, 10_000, _b);
        _town.PassOn(_b, 10_000, _a);

        Give().Transfers.Count.ShouldBe(3);
        _town.Balances(_a, _b).ShouldBe([100, 0]);
    }

    [Test]
    public void A_chain_has_eight_steps_at_most()
    {
        AccountId[] chain = [.. Enumerable.Range(0, 12).Select(_ => Project())];
        for (var i = 0; i + 1 < chain.Length; i++)
            _town.PassOn(chain[i], 10_000, chain[i + 1]);

        Give(100, chain[0]).Rules.Count.ShouldBe(8);

        chain.Select(_town.Balance).ToList().FindIndex(b => b == 100).ShouldBe(8);
    }

    [Test]
    public void A_target_that_refuses_leaves_its_part_with_the_owner_and_the_others_get_theirs()
    {
        _town.PassOn(_a, 9_000, _b, _c, _d);
        _town.Freeze(_b);
        _town.Change(_c, a => a with { Ceiling = new(29) });

        var run = Give().Rules.ShouldHaveSingleItem();

        _town.Balances(_a, _b, _c, _d).ShouldBe([70, 0, 0, 30]);
        run.Amount.Value.ShouldBe(90);
        run.Parts.Select(p => (p.Target, p.Minutes.Value, p.KeptBecause, p.Transfer is not null)).ShouldBe(
            [(_b, 30L, RefusalCode.AccountFrozen, false), (_c, 30L, RefusalCode.AboveCeiling, false), (_d, 30L, null, true)]);
        var kept = _town.Last.Select(e => e.Happened).OfType<PassbookEvent.ShareKept>().ToList();
        kept.Select(k => (k.Target, k.Minutes.Value, k.Reason, k.Balance.Value)).ShouldBe(
            [(_b, 30L, RefusalCode.AccountFrozen, 100L), (_c, 30L, RefusalCode.AboveCeiling, 100L)]);
        kept.ShouldAllBe(k => k.Rule == run.Rule);
    }

    [Test]
    public void An_owner_below_its_floor_keeps_what_it_received()
    {
        _town.PassOn(_a, 5_000, _b);
        _town.Change(_a, a => a with { Floor = new(60) });

        Give().Rules[0].Parts.ShouldHaveSingleItem().KeptBecause.ShouldBe(RefusalCode.BelowFloor);
        Give().Rules[0].Parts.ShouldHaveSingleItem().KeptBecause.ShouldBeNull();
    }

    [Test]
    public void A_frozen_owner_keeps_what_a_capture_brings()
    {
        var (ann, school) = (_town.Open(AccountKind.Member), _town.Open(AccountKind.Provider));
        _town.PassOn(school, 5_000, _b);
        var hold = _town.Place(TransferKind.Spend, ann, school, 60).ShouldHappen().Id;
        _town.Freeze(school);

        _town.Capture(hold).ShouldHappen().Posting!.Rules[0].Parts[0].KeptBecause.ShouldBe(RefusalCode.AccountFrozen);
        _town.Balance(school).ShouldBe(60);
    }

    [Test]
    public void A_rule_acts_on_what_a_capture_took()
    {
        var (ann, school) = (_town.Open(AccountKind.Member), _town.Open(AccountKind.Provider));
        _town.PassOn(school, 5_000, _b);
        var hold = _town.Place(TransferKind.Spend, ann, school, 60).ShouldHappen().Id;

        _town.Capture(hold, 30).ShouldHappen();

        _town.Balances(school, _b).ShouldBe([15, 15]);
    }

    [Test]
    public void A_share_of_less_than_a_minute_leaves_no_trace()
    {
        _town.PassOn(_a, 1, _b);

        Give().Rules.ShouldBeEmpty();
        _town.Last.Count.ShouldBe(2);
    }

    [Test]
    public void A_part_of_less_than_a_minute_makes_no_transfer()
    {
        _town.PassOn(_a, 100, _b, _c);

        Give().Rules[0].Parts.ShouldHaveSingleItem().Target.ShouldBe(_b);
    }

    [Test]
    public void More_transfers_than_a_posting_takes_refuse_it_with_what_rules_would_add()
    {
        _town.PassOn(_a, 10_000, _b);

        _town.Post([.. Enumerable.Repeat(new Leg(TransferKind.Gift, _giver, _a, new(1)), 10_000)])
            .ShouldBeRefused(RefusalCode.TooManyLegs).Figure("legs").ShouldBe(10_001);
        _town.Post([.. Enumerable.Repeat(new Leg(TransferKind.Gift, _giver, _a, new(1)), 9_999)]).ShouldHappen();
    }
}
