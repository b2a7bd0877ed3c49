using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

public sealed class AccountTests
{
    private Town _town = null!;
    private AccountId _ann;

    [SetUp]
    public void A_member()
    {
        _town = new Town();
        _ann = _town.Open(AccountKind.Member);
    }

    private Decision<Account> Open(AccountKind kind, AccountId? parent = null, long? floor = null, long? ceiling = null, Town? town = null) =>
        (town ?? _town).Do(d => AccountDecisions.Open(d, new AccountId(d.Mint()), kind, parent, null,
            floor is { } f ? new Minutes(f) : null, ceiling is { } c ? new Minutes(c) : null));

    private Decision<Account> Settings(long version, long? floor = null, long? ceiling = null, AccountId? id = null) =>
        _town.Do(d => AccountDecisions.ChangeSettings(d, id ?? _ann, null,
            floor is { } f ? new Minutes(f) : null, ceiling is { } c ? new Minutes(c) : null, null, version));

    [Test]
    public void An_account_opens_empty_and_open([Values] AccountKind kind)
    {
        if (kind is AccountKind.Issuer or AccountKind.Earmark)
            return;
        var account = Open(kind, floor: -5, ceiling: 5).ShouldHappen();

        (account.Kind, account.Status, account.Balance, account.Version, account.SettingsVersion).ShouldBe((kind, AccountStatus.Open, Minutes.Zero, 0L, 1L));
        _town.Last.ShouldContain(e => e.Stream == account.Id.SettingsStream);
    }

    [Test]
    public void Limits_of_its_own_with_which_an_account_is_opened_stand_in_the_audit_trail()
    {
        var account = Open(AccountKind.Member, floor: -5).ShouldHappen();
        _town.Last.Select(e => e.Happened).ShouldContain(new AccessEvent.AccessNoted(Noted.LimitsChanged, account.Id.Value));
        Open(AccountKind.Member, ceiling: 5).ShouldHappen();
        _town.Last.Count(e => e.Kind == StreamKind.Audit).ShouldBe(1);

        Open(AccountKind.Member).ShouldHappen();
        _town.Last.ShouldHaveSingleItem().Kind.ShouldBe(StreamKind.AccountSettings);
    }

    [Test]
    public void A_bank_has_one_issuer() => Open(AccountKind.Issuer).ShouldBeRefused(RefusalCode.OneIssuerOnly);

    [Test]
    public void An_earmark_and_nothing_else_belongs_to_a_project()
    {
        var project = _town.Open(AccountKind.Project);

        Open(AccountKind.Earmark, project).ShouldHappen().Parent.ShouldBe(project);
        Open(AccountKind.Earmark).ShouldBeRefused(RefusalCode.ParentNotProject);
        Open(AccountKind.Earmark, _ann).ShouldBeRefused(RefusalCode.ParentNotProject);
        Open(AccountKind.Pot, project).ShouldBeRefused(RefusalCode.ParentNotProject);
        Open(AccountKind.Earmark, Town.Nobody).ShouldBeRefused(RefusalCode.AccountUnknown);
    }

    [Test]
    public void The_floor_lies_at_or_below_the_ceiling()
    {
        Open(AccountKind.Member, floor: 1, ceiling: 0).ShouldBeRefused(RefusalCode.FloorAboveCeiling);
        Open(AccountKind.Member, floor: 1, ceiling: 1).ShouldHappen();
        Settings(1, floor: 1, ceiling: 0).ShouldBeRefused(RefusalCode.FloorAboveCeiling).Figure("floor").ShouldBe(1L);
    }

    [Test]
    public void An_account_s_own_limits_come_before_the_bank_s_policy()
    {
        var policy = _town.Bank!.Policy;
        _town[_ann].FloorUnder(policy).ShouldBe(new Minutes(-720));
        _town[_ann].CeilingUnder(policy).ShouldBeNull();

        Settings(1, floor: -60, ceiling: 600).ShouldHappen();
        _town[_ann].FloorUnder(policy).ShouldBe(new Minutes(-60));
        _town[_ann].CeilingUnder(policy).ShouldBe(new Minutes(600));

        Settings(2).ShouldHappen();
        _town[_ann].FloorUnder(policy).ShouldBe(new Minutes(-720));
    }

    [Test]
    public void Settings_change_only_as_they_were_read()
    {
        Settings(1).ShouldHappen().SettingsVersion.ShouldBe(2);

        Settings(1).ShouldBeRefused(RefusalCode.VersionMismatch).Figure("version").ShouldBe(2L);
        Settings(1, id: Town.Nobody).ShouldBeRefused(RefusalCode.AccountUnknown);
    }

    [Test]
    public void A_raised_floor_moves_nothing()
    {
        _town.Post(TransferKind.Exchange, _ann, _town.Open(AccountKind.Member), 100).ShouldHappen();

        Settings(1, floor: 0).ShouldHappen();

        _town.Balance(_ann).ShouldBe(-100);
        _town.Last.Select(e => e.Kind).ShouldBe([StreamKind.Audit, StreamKind.AccountSettings]);
    }

    [Test]
    public void Freezing_and_unfreezing_twice_changes_nothing()
    {
        Decision<Account> Freeze() => _town.Do(d => AccountDecisions.Freeze(d, _ann, null));
        Decision<Account> Unfreeze() => _town.Do(d => AccountDecisions.Unfreeze(d, _ann, null));

        Unfreeze().ShouldChangeNothing(_town);
        Freeze().ShouldHappen().Status.ShouldBe(AccountStatus.Frozen);
        Freeze().ShouldChangeNothing(_town).Status.ShouldBe(AccountStatus.Frozen);
        Unfreeze().ShouldHappen().Status.ShouldBe(AccountStatus.Open);
    }

    [Test]
    public void A_closed_account_is_not_frozen_unfrozen_or_set_any_more()
    {
        _town.Do(d => AccountDecisions.Close(d, _ann, null, null, null)).ShouldHappen();

        _town.Do(d => AccountDecisions.Freeze(d, _ann, null)).ShouldBeRefused(RefusalCode.AccountClosed);
        _town.Do(d => AccountDecisions.Unfreeze(d, _ann, null)).ShouldBeRefused(RefusalCode.AccountClosed);
        Settings(2).ShouldBeRefused(RefusalCode.AccountClosed);
    }

    [Test]
    public void What_is_not_there_is_not_decided_about()
    {
        _town.Do(d => AccountDecisions.Freeze(d, Town.Nobody, null)).ShouldBeRefused(RefusalCode.AccountUnknown);
        _town.Do(d => AccountDecisions.Unfreeze(d, Town.Nobody, null)).ShouldBeRefused(RefusalCode.AccountUnknown);
        var none = Town.WithoutBank();
        none.Do(d => AccountDecisions.Freeze(d, Town.Nobody, null)).ShouldBeRefused(RefusalCode.BankUnknown);
        none.Do(d => AccountDecisions.Unfreeze(d, Town.Nobody, null)).ShouldBeRefused(RefusalCode.BankUnknown);
        none.Do(d => AccountDecisions.ChangeSettings(d, Town.Nobody, null, null, null, null, 1)).ShouldBeRefused(RefusalCode.BankUnknown);
        Open(AccountKind.Member, town: none).ShouldBeRefused(RefusalCode.BankUnknown);
    }
}
