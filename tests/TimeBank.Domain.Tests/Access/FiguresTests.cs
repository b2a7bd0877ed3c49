using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests.Access;

/// <summary>Whose balances, limits and rules an answer tells.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FiguresTests
{
    private readonly Town _town = new();
    private readonly AccountId _ann, _ben, _school, _garden;

    public FiguresTests()
    {
        _ann = _town.Open(AccountKind.Member, 100);
        _ben = _town.Open(AccountKind.Member, 100, ceiling: 120);
        _school = _town.Open(AccountKind.Provider, 100);
        _garden = _town.Open(AccountKind.Project, 100);
        _town.Write(_school, Town.Terms(5_000, _garden)).ShouldHappen();
    }

    [Test]
    public void Who_pays_is_told_their_own_balance_and_neither_the_payee_s_nor_what_its_rules_did()
    {
        _town.Authority = Holder(_ann);

        var made = _town.Post(TransferKind.Spend, _ann, _school, 10).ShouldHappen();

        (made.ShowsBalanceOf(_ann), made.ShowsBalanceOf(_school)).ShouldBe((true, false));
        made.Rules.ShouldHaveSingleItem();
        made.Rules.Where(made.Shows).ShouldBeEmpty();
        made.Transfers.Where(made.Shows).Select(t => (t.Payer, t.Payee)).ShouldBe([(_ann, _school)]);
    }

    [Test]
    public void Who_acts_for_the_payee_is_told_what_its_rules_did()
    {
        _town.Authority = Holder(_ann, _school);

        var made = _town.Post(TransferKind.Spend, _ann, _school, 10).ShouldHappen();

        (made.ShowsBalanceOf(_school), made.ShowsBalanceOf(_garden)).ShouldBe((true, false));
        made.Rules.Where(made.Shows).ShouldHaveSingleItem();
        made.Transfers.Where(made.Shows).Count().ShouldBe(2);
    }

    [Test]
    public void Who_organises_the_bank_and_an_app_that_reads_its_accounts_are_told_everything()
    {
        foreach (var authority in (Authority[])[Authority.Everything, Holder(_ann) with { ReadsAccounts = true }])
        {
            _town.Authority = authority;
            var made = _town.Post(TransferKind.Spend, _ann, _school, 10).ShouldHappen();
            made.Transfers.ShouldAllBe(t => made.Shows(t) && made.ShowsBalanceOf(t.Payer) && made.ShowsBalanceOf(t.Payee));
            made.Rules.ShouldAllBe(r => made.Shows(r));
        }
    }

    [Test]
    public void Where_the_bank_publishes_balances_everybody_is_told_these_and_no_rule()
    {
        _town.Change(p => p with { PublishesBalances = true });
        _town.Authority = Holder(_ann);

        var made = _town.Post(TransferKind.Spend, _ann, _school, 10).ShouldHappen();

        made.ShowsBalanceOf(_school).ShouldBeTrue();
        made.Rules.Where(made.Shows).ShouldBeEmpty();
        made.Transfers.Where(made.Shows).ShouldHaveSingleItem();
    }

    [Test]
    public void A_refusal_keeps_its_code_and_loses_figures_of_accounts_that_the_caller_does_not_see()
    {
        _town.Authority = Holder(_ann);

        Shown(_town.Post(TransferKind.Exchange, _ann, _ben, 60)).ShouldBe((RefusalCode.AboveCeiling, "account minutes"));
        Shown(_town.Post(TransferKind.Exchange, _ann, _ben, 900)).ShouldBe((RefusalCode.BelowFloor, "account available floor minutes"));
        _town.Change(_ben, a => a with { Ceiling = null, Balance = new Minutes(Minutes.Limit) });
        Shown(_town.Post(TransferKind.Exchange, _ann, _ben, 60)).ShouldBe((RefusalCode.MinutesBeyondRange, "account"));
        _town.Authority = Holder(_ann, _ben);
        Shown(_town.Post(TransferKind.Exchange, _ann, _ben, 60)).ShouldBe((RefusalCode.MinutesBeyondRange, "account balance"));
    }

    [Test]
    public void A_refusal_tells_a_published_balance_and_no_limit()
    {
        _town.Change(p => p with { PublishesBalances = true });
        _town.Authority = Holder(_ann);

        Shown(_town.Post(TransferKind.Exchange, _ann, _ben, 60)).ShouldBe((RefusalCode.AboveCeiling, "account balance minutes"));
    }

    [Test]
    public void A_reversal_that_falls_short_tells_who_lacks_something_and_figures_only_of_accounts_that_the_caller_organises()
    {
        var (cleo, lane) = (InTheNorth(AccountKind.Member), InTheNorth(AccountKind.Project));
        _town.PassOn(lane, 5_000, _garden);
        var gift = _town.Post(TransferKind.Gift, cleo, lane, 100).ShouldHappen().Transfers[0].Id;
        var chest = _town.Open(AccountKind.Pot);
        _town.Post(TransferKind.Grant, _garden, chest, 120).ShouldHappen();
        _town.Post(TransferKind.Grant, lane, chest, 120).ShouldHappen();
        _town.Authority = new Authority(false, [], ["north"], null, true);

        var refusal = _town.Do<PostingMade>(d => Reversal.Reverse(d, gift, null, Town.Mistake, false) is { Refusal: { } no } ? d.Authority.Shown(d, no) : throw new AssertionException("It was reversed."))
            .ShouldBeRefused(RefusalCode.ReversalFallsShort);

        refusal.Shortfalls.Single(s => s.Account == lane).Short.ShouldNotBeNull();
        var foreign = refusal.Shortfalls.Single(s => s.Account == _garden);
        (foreign.Available, foreign.Floor, foreign.Short, foreign.Needed).ShouldBe((null, null, null, new Minutes(50)));
    }

    private (RefusalCode, string) Shown(Decision<PostingMade> decision)
    {
        var shown = _town.Do<PostingMade>(d => d.Authority.Shown(d, decision.Refusal!)).Refusal!;
        return (shown.Code, string.Join(' ', shown.Figures.Select(f => f.Name)));
    }

    private AccountId InTheNorth(AccountKind kind)
    {
        var id = _town.Do(d => AccountDecisions.Open(d, new AccountId(d.Mint()), kind, null, null, null, null, "north")).ShouldHappen().Id;
        _town.Post(TransferKind.Grant, _town.Issuer, id, 100).ShouldHappen();
        return id;
    }

    private static Authority Holder(params AccountId[] accounts) => new(false, [.. accounts], [], null, false);
}
