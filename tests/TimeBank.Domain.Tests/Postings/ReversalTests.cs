using Shouldly;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Reinvestment;

namespace TimeBank.Domain.Tests;

public sealed class ReversalTests
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

    private TransferId Give(long minutes = 100) => _town.Post(TransferKind.Gift, _giver, _a, minutes).ShouldHappen().Transfers[0].Id;

    [Test]
    public void A_transfer_is_taken_back_whole_dated_today()
    {
        var gift = Give();
        _town.Now = _town.Now.AddDays(3);
        _town.Change(p => p with { BooksClosedThrough = _town.Today.AddDays(-1) });

        var back = _town.Reverse(gift).ShouldHappen().Transfers.ShouldHaveSingleItem();

        (back.Kind, back.Payer, back.Payee, back.Minutes.Value, back.Occurred, back.Reverses).ShouldBe(
            (TransferKind.Reversal, _a, _giver, 100L, _town.Today, gift));
        _town.Balances(_giver, _a).ShouldBe([10_000, 0]);
        _town[gift].Rest.ShouldBe(Minutes.Zero);
    }

    [Test]
    public void A_transfer_is_taken_back_in_parts_and_never_more_than_is_left()
    {
        var gift = Give();

        _town.Reverse(gift, 30).ShouldHappen();
        _town.Reverse(gift, 71).ShouldBeRefused(RefusalCode.ReversalExceedsRest).Figure("rest").ShouldBe(70L);
        _town.Reverse(gift, 70).ShouldHappen();
        _town.Reverse(gift).ShouldBeRefused(RefusalCode.ReversalExceedsRest).Figure("rest").ShouldBe(0L);
        _town.Balance(_a).ShouldBe(0);
    }

    [Test]
    public void From_a_person_nothing_is_taken_back_without_a_reason_which_stands_on_the_entry()
    {
        var (ann, ben) = (_town.Open(AccountKind.Member), _town.Open(AccountKind.Member));
        var help = _town.Post(TransferKind.Exchange, ann, ben, 30).ShouldHappen().Transfers[0].Id;

        _town.Do(d => Reversal.Reverse(d, help, null, null, true)).ShouldBeRefused(RefusalCode.ReasonNeeded).Figure("account").ShouldBe(ben.Value);
        _town.Do(d => Reversal.ReverseAll(d, help.Posting, null, true)).ShouldBeRefused(RefusalCode.ReasonNeeded);
        _town.Balances(ann, ben).ShouldBe([-30, 30]);

        _town.Reverse(help).ShouldHappen();
        _town.Last.Select(e => e.Happened).OfType<PassbookEvent.HoursDebited>().Single().Text.ShouldBe(Town.Mistake);
    }

    [Test]
    public void What_rules_passed_on_to_a_person_is_not_taken_back_without_a_reason_either()
    {
        var ann = _town.Open(AccountKind.Member);
        _town.PassOn(_a, 5_000, ann);
        var gift = Give();
        _town.Balance(ann).ShouldBe(50);

        _town.Do(d => Reversal.Reverse(d, gift, null, null, false)).ShouldBeRefused(RefusalCode.ReasonNeeded).Figure("account").ShouldBe(ann.Value);
    }

    [Test]
    public void Where_no_person_gives_back_no_reason_is_needed()
    {
        var (one, all) = (Give(), Give());

        _town.Do(d => Reversal.Reverse(d, one, null, null, false)).ShouldHappen();
        _town.Do(d => Reversal.ReverseAll(d, all.Posting, null, false)).ShouldHappen();
    }

    [Test]
    public void What_cannot_be_taken_back()
    {
        var gift = Give();

        _town.Reverse(gift, 0).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        _town.Reverse(gift, -1).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        _town.Reverse(Town.NoTransfer).ShouldBeRefused(RefusalCode.TransferUnknown);
        _town.Reverse(TransferId.Of(gift.Posting, 2)).ShouldBeRefused(RefusalCode.TransferUnknown);
        _town.Reverse(new TransferId(gift.Posting.Value)).ShouldBeRefused(RefusalCode.TransferUnknown);
        Town.WithoutBank().Reverse(Town.NoTransfer).ShouldBeRefused(RefusalCode.BankUnknown);
        var back = _town.Reverse(gift).ShouldHappen().Transfers[0].Id;
        _town.Reverse(back).ShouldBeRefused(RefusalCode.ReversalOfReversal);
    }

    [Test]
    public void A_frozen_or_closed_account_gives_nothing_back_and_takes_nothing_back_whoever_overrides()
    {
        var gift = Give();
        foreach (var (status, code) in new[] { (AccountStatus.Frozen, RefusalCode.AccountFrozen), (AccountStatus.Closed, RefusalCode.AccountClosed) })
        {
            foreach (var id in new[] { _a, _giver })
            {
                _town.Change(id, a => a with { Status = status });
                _town.Reverse(gift, overriding: true).ShouldBeRefused(code).Figure("account").ShouldBe(id.Value);
                _town.Change(id, a => a with { Status = AccountStatus.Open });
            }
        }
    }

    [Test]
    public void A_shortfall_refuses_the_whole_reversal_and_says_who_lacks_what()
    {
        _town.PassOn(_a, 5_000, _b);
        var gift = Give();
        _town.Post(TransferKind.Gift, _a, _d, 20).ShouldHappen();
        _town.Post(TransferKind.Gift, _b, _d, 45).ShouldHappen();

        var refusal = _town.Reverse(gift).ShouldBeRefused(RefusalCode.ReversalFallsShort);

        refusal.Shortfalls.Select(s => (s.Account, s.Available!.Value.Value, s.Floor!.Value.Value, s.Needed.Value, s.Short!.Value.Value)).ShouldBe(
            [(_b, 5L, 0L, 50L, 45L), (_a, 80L, 0L, 100L, 20L)]);
        _town.Balances(_a, _b, _d).ShouldBe([30, 5, 65]);
    }

    [Test]
    public void Who_gives_back_in_several_legs_is_listed_once_with_the_whole_shortfall()
    {
        _town.Write(_a, Town.Terms(5_000, _b)).ShouldHappen();
        _town.Write(_a, Town.Terms(5_000, _b)).ShouldHappen();
        var gift = Give();
        _town.Post(TransferKind.Gift, _b, _d, 80).ShouldHappen();

        var shortfall = _town.Reverse(gift).ShouldBeRefused(RefusalCode.ReversalFallsShort).Shortfalls.ShouldHaveSingleItem();

        (shortfall.Account, shortfall.Available!.Value.Value, shortfall.Needed.Value, shortfall.Short!.Value.Value).ShouldBe((_b, 20L, 100L, 80L));
    }

    [Test]
    public void An_override_goes_below_the_floor_and_is_recorded_where_it_did()
    {
        _town.PassOn(_a, 5_000, _b);
        var gift = Give();
        _town.Post(TransferKind.Gift, _b, _d, 45).ShouldHappen();

        var made = _town.Reverse(gift, overriding: true).ShouldHappen();

        _town.Balances(_giver, _a, _b).ShouldBe([10_000, 0, -45]);
        made.Transfers.Select(t => _town[t.Id].Override).ShouldBe([OverrideKind.Organiser, null]);
    }

    [Test]
    public void A_ceiling_refuses_what_comes_back_unless_overridden()
    {
        var gift = Give();
        _town.Change(_giver, a => a with { Ceiling = new(9_950) });

        _town.Reverse(gift, 50).ShouldHappen();
        _town.Reverse(gift, 1).ShouldBeRefused(RefusalCode.AboveCeiling).Figure("account").ShouldBe(_giver.Value);
        _town[_town.Reverse(gift, 1, overriding: true).ShouldHappen().Transfers[0].Id].Override.ShouldBe(OverrideKind.Organiser);
    }

    [Test]
    public void No_override_goes_beyond_what_can_be_counted()
    {
        var gift = Give();
        _town.Change(_a, a => a with { Balance = new(-Minutes.Limit) });
        _town.Reverse(gift, overriding: true).ShouldBeRefused(RefusalCode.MinutesBeyondRange);

        _town.Change(_a, a => a with { Balance = new(100) });
        _town.Change(_giver, a => a with { Balance = new(Minutes.Limit) });
        _town.Reverse(gift, overriding: true).ShouldBeRefused(RefusalCode.MinutesBeyondRange);
    }

    [Test]
    public void What_rules_passed_on_comes_back_deepest_first()
    {
        _town.PassOn(_a, 5_000, _b);
        _town.PassOn(_b, 5_000, _c);
        var gift = Give();

        var made = _town.Reverse(gift).ShouldHappen();

        made.Transfers.Select(t => (t.Payer, t.Payee, t.Minutes.Value)).ShouldBe([(_c, _b, 25L), (_b, _a, 50L), (_a, _giver, 100L)]);
        made.Rules.ShouldBeEmpty();
        _town.Balances(_giver, _a, _b, _c).ShouldBe([10_000, 0, 0, 0]);
    }

    [Test]
    public void A_partial_reversal_leaves_what_the_rule_would_have_passed_on_of_the_rest()
    {
        _town.PassOn(_a, 3_333, _b, _c);
        var gift = Give();
        _town.Balances(_a, _b, _c).ShouldBe([67, 17, 16]);

        // 33.33 % of 91 is 30, of 10 is 3, of 1 is 0.
        _town.Reverse(gift, 9).ShouldHappen();
        _town.Balances(_a, _b, _c).ShouldBe([61, 15, 15]);
        _town.Reverse(gift, 81).ShouldHappen();
        _town.Balances(_a, _b, _c).ShouldBe([7, 2, 1]);
        _town.Reverse(gift, 9).ShouldHappen();
        _town.Balances(_a, _b, _c).ShouldBe([1, 0, 0]);
        _town.Reverse(gift).ShouldHappen();
        _town.Balances(_giver, _a, _b, _c).ShouldBe([10_000, 0, 0, 0]);
    }

    [Test]
    public void One_of_several_receipts_taken_back_counts_against_their_sum()
    {
        _town.PassOn(_a, 5_000, _b);
        var made = _town.Post([new(TransferKind.Gift, _giver, _a, new(1)), new(TransferKind.Gift, _giver, _a, new(2))]).ShouldHappen();

        // Half of 3 was 1, half of the 2 that remain is 1: nothing to take back.
        _town.Reverse(made.Transfers[0].Id).ShouldHappen().Transfers.Count.ShouldBe(1);
        _town.Balances(_a, _b).ShouldBe([1, 1]);
        _town.Reverse(made.Transfers[1].Id).ShouldHappen().Transfers.Count.ShouldBe(2);
        _town.Balances(_a, _b).ShouldBe([0, 0]);
    }

    [Test]
    public void Two_ways_to_one_account_are_both_taken_back()
    {
        _town.PassOn(_a, 10_000, _b, _c);
        _town.PassOn(_b, 10_000, _c);
        _town.PassOn(_c, 10_000, _d);
        var gift = Give();

        _town.Reverse(gift, 40).ShouldHappen();
        _town.Balances(_giver, _a, _b, _c, _d).ShouldBe([9_940, 0, 0, 0, 60]);
        _town.Reverse(gift).ShouldHappen();
        _town.Balances(_giver, _a, _b, _c, _d).ShouldBe([10_000, 0, 0, 0, 0]);
    }

    [Test]
    public void A_circle_comes_back_as_it_went()
    {
        _town.PassOn(_a, 10_000, _b);
        _town.PassOn(_b, 10_000, _a);
        var gift = Give();

        _town.Reverse(gift).ShouldHappen();

        _town.Balances(_giver, _a, _b).ShouldBe([10_000, 0, 0]);
    }

    [Test]
    public void What_a_target_had_refused_is_not_taken_from_it()
    {
        _town.PassOn(_a, 10_000, _b, _c);
        _town.Freeze(_b);
        var gift = Give();
        _town.Balances(_a, _b, _c).ShouldBe([50, 0, 50]);

        _town.Reverse(gift).ShouldHappen();

        _town.Balances(_giver, _a, _b, _c).ShouldBe([10_000, 0, 0, 0]);
    }

    [Test]
    public void The_version_of_the_rule_that_acted_counts_whatever_it_says_now()
    {
        var rule = _town.PassOn(_a, 5_000, _b);
        var gift = Give();
        _town.Do(d => Rule.Rewrite(d, rule, Town.Terms(10_000, _c), 1)).ShouldHappen();
        _town.Reverse(gift, 50).ShouldHappen();
        _town.Do(d => Rule.End(d, rule, 2)).ShouldHappen();

        _town.Balances(_a, _b, _c).ShouldBe([25, 25, 0]);
        _town.Reverse(gift).ShouldHappen();
        _town.Balances(_a, _b, _c).ShouldBe([0, 0, 0]);
    }

    [Test]
    public void A_share_taken_back_by_itself_is_not_taken_back_again()
    {
        _town.PassOn(_a, 5_000, _b);
        var made = _town.Post(TransferKind.Gift, _giver, _a, 100).ShouldHappen();
        _town.Reverse(made.Transfers[1].Id).ShouldHappen();
        _town.Balances(_a, _b).ShouldBe([100, 0]);

        _town.Reverse(made.Transfers[0].Id).ShouldHappen().Transfers.Count.ShouldBe(1);
        _town.Balances(_giver, _a, _b).ShouldBe([10_000, 0, 0]);
    }

    [Test]
    public void Rules_do_not_act_on_what_comes_back()
    {
        _town.PassOn(_giver, 10_000, _d);
        var gift = Give();

        _town.Reverse(gift).ShouldHappen().Rules.ShouldBeEmpty();
        _town.Balance(_d).ShouldBe(0);
    }

    [Test]
    public void A_captured_hold_is_taken_back_like_any_transfer()
    {
        var (ann, school) = (_town.Open(AccountKind.Member), _town.Open(AccountKind.Provider));
        var hold = _town.Place(TransferKind.Spend, ann, school, 60).ShouldHappen().Id;
        var spent = _town.Capture(hold).ShouldHappen().Hold.Transfer!.Value;

        _town.Reverse(spent).ShouldHappen();

        _town.Balances(ann, school).ShouldBe([0, 0]);
    }
}
