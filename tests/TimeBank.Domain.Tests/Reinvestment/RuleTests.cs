using Shouldly;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Reinvestment;

namespace TimeBank.Domain.Tests;

public sealed class RuleTests
{
    private Town _town = null!;
    private AccountId _school, _garden, _kitchen;

    [SetUp]
    public void A_law_school_and_two_projects()
    {
        _town = new Town();
        (_school, _garden, _kitchen) = (_town.Open(AccountKind.Provider), _town.Open(AccountKind.Project), _town.Open(AccountKind.Project));
    }

    private static Rule Splitting(int share, params int[] weights) => new(new RuleId(Guid.Empty), 1, default,
        new RuleTerms([TransferKind.Spend], share, [.. weights.Select(w => new RuleTarget(new AccountId(Guid.NewGuid()), w))]), true);

    [TestCase(120, 3_000, 36)]
    [TestCase(1, 9_999, 0)]
    [TestCase(3, 3_333, 0)]
    [TestCase(4, 3_333, 1)]
    [TestCase(Minutes.Limit, 10_000, Minutes.Limit)]
    [TestCase(Minutes.Limit, 9_999, 9_006_298_534_815_516)]
    [TestCase(0, 10_000, 0)]
    public void A_share_is_rounded_down_to_whole_minutes(long received, int share, long goesOn) =>
        Splitting(share, 1).ShareOf(new(received)).Value.ShouldBe(goesOn);

    [TestCase(100, new[] { 1, 1 }, new long[] { 50, 50 })]
    [TestCase(101, new[] { 1, 1 }, new long[] { 51, 50 }, TestName = "A tie goes to the first listed")]
    [TestCase(2, new[] { 1, 1, 1 }, new long[] { 1, 1, 0 }, TestName = "Ties go to the first listed, one each")]
    [TestCase(10, new[] { 1, 2, 4 }, new long[] { 1, 3, 6 }, TestName = "The largest remainder comes first")]
    [TestCase(1, new[] { 1, 1_000_000 }, new long[] { 0, 1 })]
    [TestCase(7, new[] { 5 }, new long[] { 7 })]
    public void A_share_is_split_by_largest_remainder(long received, int[] weights, long[] parts)
    {
        var split = Splitting(10_000, weights).Split(new(received)).Select(p => p.Value).ToArray();

        split.ShouldBe(parts);
    }

    [Test]
    public void The_most_that_can_be_counted_is_split_without_loss()
    {
        var parts = Splitting(10_000, [.. Enumerable.Repeat(1_000_000, 100)]).Split(new(Minutes.Limit)).Select(p => p.Value).ToList();

        parts.Sum().ShouldBe(Minutes.Limit);
        (parts.Max() - parts.Min()).ShouldBeLessThanOrEqualTo(1);
        parts.ShouldBe(parts.OrderDescending());
    }

    [Test]
    public void A_split_loses_nothing_and_no_part_is_a_whole_minute_off()
    {
        int[] amounts = [0, 1, 2, 3, 7, 59, 60, 61, 1000, 1001, 999_983];
        int[][] weights = [[1], [1, 1], [1, 2, 3], [1, 1_000_000], [7, 7, 7, 7, 7, 7, 7], [.. Enumerable.Range(1, 100)]];
        foreach (var share in new[] { 1, 3_333, 5_000, 9_999, 10_000 })
        {
            foreach (var w in weights)
            {
                foreach (var amount in amounts)
                {
                    var rule = Splitting(share, w);
                    var parts = rule.Split(new(amount));
                    parts.Sum(p => p.Value).ShouldBe(rule.ShareOf(new(amount)).Value);
                    for (var i = 0; i < w.Length; i++)
                        Math.Abs(parts[i].Value - (double)rule.ShareOf(new(amount)).Value * w[i] / w.Sum()).ShouldBeLessThan(1);
                }
            }
        }
    }

    [Test]
    public void A_rule_that_is_written_acts_from_the_next_posting_on()
    {
        var ann = _town.Open(AccountKind.Member);
        _town.Post(TransferKind.Spend, ann, _school, 120).ShouldHappen().Rules.ShouldBeEmpty();

        var rule = _town.PassOn(_school, 3_000, _garden, _kitchen);

        var run = _town.Post(TransferKind.Spend, ann, _school, 120).ShouldHappen().Rules.ShouldHaveSingleItem();
        (run.Rule, run.Owner, run.Arithmetic).ShouldBe((new RuleRef(rule, 1), _school, "30 % of 120 min = 36 min"));
        _town.Balances(_school, _garden, _kitchen).ShouldBe([204, 18, 18]);
    }

    [TestCase(1, "0.01 % of 20000 min = 2 min", 20_000)]
    [TestCase(1_250, "12.5 % of 100 min = 12 min", 100)]
    [TestCase(10_000, "100 % of 1 min = 1 min", 1)]
    public void A_rule_shows_its_arithmetic(int share, string arithmetic, int received)
    {
        _town.PassOn(_school, share, _garden);

        _town.Post(TransferKind.Spend, _town.Open(AccountKind.Member, 20_000), _school, received).ShouldHappen().Rules[0].Arithmetic.ShouldBe(arithmetic);
    }

    [Test]
    public void A_rule_s_owner_and_targets_are_accounts_that_may_pass_on()
    {
        _town.Write(Town.Nobody, Town.Terms(1, _garden)).ShouldBeRefused(RefusalCode.AccountUnknown);
        _town.Write(_school, Town.Terms(1, _garden, Town.Nobody)).ShouldBeRefused(RefusalCode.AccountUnknown);
        _town.Write(_town.Issuer, Town.Terms(1, _garden)).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        _town.Write(_school, Town.Terms(1, _town.Issuer)).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        _town.Write(_school, Town.Terms(1, _school)).ShouldBeRefused(RefusalCode.TargetNotAllowed);
        _town.Write(_school, Town.Terms(1, _garden, _garden)).ShouldBeRefused(RefusalCode.TargetNotAllowed);
        _town.Change(_garden, a => a with { Status = AccountStatus.Closed });
        _town.Write(_school, Town.Terms(1, _garden)).ShouldBeRefused(RefusalCode.AccountClosed);
        _town.Write(_garden, Town.Terms(1, _kitchen)).ShouldBeRefused(RefusalCode.AccountClosed);
        Town.WithoutBank().Write(Town.Nobody, Town.Terms(1, Town.Nobody)).ShouldBeRefused(RefusalCode.BankUnknown);
    }

    [TestCase(TransferKind.Reversal)]
    [TestCase(TransferKind.Adjust)]
    [TestCase(TransferKind.Refund)]
    public void No_rule_acts_on_a_correction(TransferKind kind) =>
        _town.Write(_school, Town.Terms(1, _garden) with { Kinds = [kind, TransferKind.Spend] }).ShouldBeRefused(RefusalCode.KindBelongsToEngine);

    [Test]
    public void An_account_s_rules_pass_on_all_it_receives_by_a_kind_at_most()
    {
        _town.PassOn(_school, 6_000, _garden);

        _town.Write(_school, Town.Terms(4_001, _kitchen)).ShouldBeRefused(RefusalCode.SharesExceedWhole).Figure("share").ShouldBe(10_001);
        _town.Write(_school, Town.Terms(4_001, _kitchen) with { Kinds = [TransferKind.Exchange] }).ShouldHappen();
        _town.Write(_school, Town.Terms(4_000, _kitchen)).ShouldHappen();
    }

    [Test]
    public void A_rewritten_rule_has_the_whole_of_its_own_share_free()
    {
        var rule = _town.PassOn(_school, 6_000, _garden);

        _town.Do(d => Rule.Rewrite(d, rule, Town.Terms(10_000, _kitchen), 1)).ShouldHappen().Version.ShouldBe(2);

        _town.Post(TransferKind.Spend, _town.Open(AccountKind.Member), _school, 10).ShouldHappen();
        _town.Balances(_garden, _kitchen).ShouldBe([0, 10]);
    }

    [Test]
    public void A_rewritten_rule_keeps_its_place_among_the_others()
    {
        var (first, second) = (_town.PassOn(_school, 5_000, _garden), _town.PassOn(_school, 5_000, _kitchen));

        _town.Do(d => Rule.Rewrite(d, first, Town.Terms(4_000, _garden), 1)).ShouldHappen();

        _town[_school].Rules.Select(r => (r.Id, r.Version)).ShouldBe([(first, 2L), (second, 1L)]);
    }

    [Test]
    public void A_rule_changes_only_as_it_was_read_and_not_after_its_end()
    {
        var rule = _town.PassOn(_school, 6_000, _garden);
        Decision<Rule> Rewrite(long version, RuleId? id = null) => _town.Do(d => Rule.Rewrite(d, id ?? rule, Town.Terms(1, _garden), version));
        Decision<Rule> End(long version, RuleId? id = null) => _town.Do(d => Rule.End(d, id ?? rule, version));

        Rewrite(2).ShouldBeRefused(RefusalCode.VersionMismatch).Figure("version").ShouldBe(1L);
        End(2).ShouldBeRefused(RefusalCode.VersionMismatch);
        Rewrite(1, Town.NoRule).ShouldBeRefused(RefusalCode.RuleUnknown);
        End(1, Town.NoRule).ShouldBeRefused(RefusalCode.RuleUnknown);
        _town.Do(d => Rule.Rewrite(d, rule, Town.Terms(1, _school), 1)).ShouldBeRefused(RefusalCode.TargetNotAllowed);
        End(1).ShouldHappen().Active.ShouldBeFalse();
        End(1).ShouldChangeNothing(_town);
        End(2).ShouldChangeNothing(_town);
        Rewrite(1).ShouldBeRefused(RefusalCode.VersionMismatch);
        Rewrite(2).ShouldBeRefused(RefusalCode.RuleEnded);
        var none = Town.WithoutBank();
        none.Do(d => Rule.Rewrite(d, Town.NoRule, Town.Terms(1, Town.Nobody), 1)).ShouldBeRefused(RefusalCode.BankUnknown);
        none.Do(d => Rule.End(d, Town.NoRule, 1)).ShouldBeRefused(RefusalCode.BankUnknown);
    }

    [Test]
    public void A_rule_that_ended_acts_no_more_and_its_share_is_free_again()
    {
        var rule = _town.PassOn(_school, 6_000, _garden);
        _town.Do(d => Rule.End(d, rule, 1)).ShouldHappen();

        _town.Post(TransferKind.Spend, _town.Open(AccountKind.Member), _school, 10).ShouldHappen().Rules.ShouldBeEmpty();
        _town.Write(_school, Town.Terms(10_000, _garden)).ShouldHappen();
    }
}
