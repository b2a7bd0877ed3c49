using Shouldly;
using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

public sealed class ClosingTests
{
    private Town _town = null!;
    private AccountId _pot;

    [SetUp]
    public void A_pot()
    {
        _town = new Town();
        _pot = _town.Open(AccountKind.Pot, 500);
    }

    private Decision<AccountClosing> Close(AccountId id, AccountId? sweepTo = null, AccountId? forgiveFrom = null) =>
        _town.Do(d => AccountDecisions.Close(d, id, sweepTo, forgiveFrom, null));

    [Test]
    public void An_empty_account_closes_without_a_posting()
    {
        var ann = _town.Open(AccountKind.Member);

        Close(ann).ShouldHappen().Posting.ShouldBeNull();

        _town[ann].Status.ShouldBe(AccountStatus.Closed);
        Close(ann).ShouldChangeNothing(_town);
        Close(ann, sweepTo: Town.Nobody).ShouldChangeNothing(_town);
    }

    [Test]
    public void What_is_left_is_swept_to_a_named_account()
    {
        var ann = _town.Open(AccountKind.Member, 90);

        var posting = Close(ann, sweepTo: _pot).ShouldHappen().Posting!;

        (posting.Transfers[0].Kind, posting.Transfers[0].Minutes.Value).ShouldBe((TransferKind.Gift, 90L));
        _town.Balances(ann, _pot).ShouldBe([0, 590]);
    }

    [Test]
    public void What_is_below_zero_is_forgiven_by_a_pot_or_the_issuer()
    {
        var (ann, ben) = (_town.Open(AccountKind.Member, -90), _town.Open(AccountKind.Member, -90));

        Close(ann, forgiveFrom: _pot).ShouldHappen().Posting!.Transfers[0].Kind.ShouldBe(TransferKind.Forgive);
        Close(ben, forgiveFrom: _town.Issuer).ShouldHappen();

        _town.Balances(ann, ben, _pot).ShouldBe([0, 0, 410]);
    }

    [Test]
    public void Nobody_is_left_with_minutes_that_nobody_takes()
    {
        var (rich, poor) = (_town.Open(AccountKind.Member, 90), _town.Open(AccountKind.Member, -90));

        Close(rich).ShouldBeRefused(RefusalCode.BalanceNotZero).Figure("balance").ShouldBe(90L);
        Close(rich, forgiveFrom: _pot).ShouldBeRefused(RefusalCode.BalanceNotZero);
        Close(poor).ShouldBeRefused(RefusalCode.BalanceNotZero);
        Close(poor, sweepTo: _pot).ShouldBeRefused(RefusalCode.BalanceNotZero);
    }

    [Test]
    public void Whoever_takes_or_gives_the_rest_goes_by_the_rules()
    {
        var (rich, poor) = (_town.Open(AccountKind.Member, 90), _town.Open(AccountKind.Member, -90));
        var (full, empty, frozen) = (_town.Open(AccountKind.Member, ceiling: 89), _town.Open(AccountKind.Pot), _town.Open(AccountKind.Pot, 90));
        _town.Freeze(frozen);

        Close(rich, sweepTo: rich).ShouldBeRefused(RefusalCode.SameAccount);
        Close(rich, sweepTo: Town.Nobody).ShouldBeRefused(RefusalCode.AccountUnknown);
        Close(rich, sweepTo: _town.Issuer).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Close(rich, sweepTo: full).ShouldBeRefused(RefusalCode.AboveCeiling);
        Close(rich, sweepTo: frozen).ShouldBeRefused(RefusalCode.AccountFrozen);
        Close(poor, forgiveFrom: rich).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Close(poor, forgiveFrom: empty).ShouldBeRefused(RefusalCode.BelowFloor);
        Close(poor, forgiveFrom: frozen).ShouldBeRefused(RefusalCode.AccountFrozen);
        var closed = _town.Open(AccountKind.Pot);
        Close(closed).ShouldHappen();
        Close(rich, sweepTo: closed).ShouldBeRefused(RefusalCode.AccountClosed);
    }

    [Test]
    public void Nobody_takes_a_rest_that_could_not_be_counted()
    {
        var (rich, full) = (_town.Open(AccountKind.Member, 90), _town.Open(AccountKind.Member, Minutes.Limit - 1_000));
        _town.Change(full, a => a with { Balance = new(Minutes.Limit) });

        Close(rich, sweepTo: full).ShouldBeRefused(RefusalCode.MinutesBeyondRange);
    }

    [Test]
    public void A_frozen_account_can_be_closed()
    {
        var ann = _town.Open(AccountKind.Member, 90);
        _town.Freeze(ann);

        Close(ann, sweepTo: _pot).ShouldHappen();
    }

    [Test]
    public void No_party_to_an_open_hold_is_closed()
    {
        var (ann, school) = (_town.Open(AccountKind.Member, 60), _town.Open(AccountKind.Provider));
        var hold = _town.Place(TransferKind.Spend, ann, school, 60).ShouldHappen().Id;

        Close(ann, sweepTo: _pot).ShouldBeRefused(RefusalCode.HoldsOpen).Figure("openHolds").ShouldBe(1);
        Close(school).ShouldBeRefused(RefusalCode.HoldsOpen);
        _town.Release(hold).ShouldHappen();
        Close(school).ShouldHappen();
    }

    [Test]
    public void The_issuer_stays() => Close(_town.Issuer).ShouldBeRefused(RefusalCode.OneIssuerOnly);

    [Test]
    public void Rules_act_on_what_is_swept_and_what_they_bring_back_keeps_the_account_open()
    {
        var (ann, ben) = (_town.Open(AccountKind.Member, 100), _town.Open(AccountKind.Member, 100));
        var other = _town.Open(AccountKind.Pot);
        _town.PassOn(_pot, 5_000, other);

        Close(ann, sweepTo: _pot).ShouldHappen().Posting!.Rules.ShouldHaveSingleItem().Amount.Value.ShouldBe(50);
        _town.PassOn(other, 10_000, ben);
        Close(ben, sweepTo: _pot).ShouldBeRefused(RefusalCode.BalanceNotZero).Figure("balance").ShouldBe(50L);
        _town[ben].Status.ShouldBe(AccountStatus.Open);
    }

    [Test]
    public void Closing_needs_a_bank_and_an_account()
    {
        Close(Town.Nobody).ShouldBeRefused(RefusalCode.AccountUnknown);
        Town.WithoutBank().Do(d => AccountDecisions.Close(d, Town.Nobody, null, null, null)).ShouldBeRefused(RefusalCode.BankUnknown);
    }
}
