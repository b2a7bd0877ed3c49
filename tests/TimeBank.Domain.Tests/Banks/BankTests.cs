using Shouldly;
using TimeBank.Accounts;
using TimeBank.Banks;

namespace TimeBank.Domain.Tests;

public sealed class BankTests
{
    private static BankPolicy Limits(AccountKind kind, long? floor, long? ceiling) => BankPolicy.Default with
    {
        Limits = BankPolicy.Default.Limits.SetItem(kind, new(floor is { } f ? new Minutes(f) : null, ceiling is { } c ? new Minutes(c) : null)),
    };

    [Test]
    public void A_bank_opens_with_its_issuer()
    {
        var town = new Town();

        town[town.Issuer].Kind.ShouldBe(AccountKind.Issuer);
        town.Events.Select(e => e.Happened.GetType().Name).ShouldBe(["BankOpened", "AccountOpened"]);
        town.Bank!.Version.ShouldBe(1);
    }

    [Test]
    public void A_bank_opens_once() => new Town().Do(d => Bank.Open(d, d.Mint(), "Again", new AccountId(d.Mint()), BankPolicy.Default))
        .ShouldBeRefused(RefusalCode.BankExists);

    [Test]
    public void A_policy_has_floors_at_or_below_ceilings()
    {
        var wrong = Limits(AccountKind.Pot, 1, 0);

        Town.WithoutBank().Do(d => Bank.Open(d, d.Mint(), "Town", new AccountId(d.Mint()), wrong))
            .ShouldBeRefused(RefusalCode.FloorAboveCeiling).Figure("kind").ShouldBe(AccountKind.Pot);
        new Town().Do(d => Bank.ChangePolicy(d, wrong, 1)).ShouldBeRefused(RefusalCode.FloorAboveCeiling);
        new Town().Do(d => Bank.ChangePolicy(d, Limits(AccountKind.Pot, 0, 0), 1)).ShouldHappen();
    }

    [Test]
    public void A_policy_changes_only_as_it_was_read()
    {
        var town = new Town();

        town.Do(d => Bank.ChangePolicy(d, Limits(AccountKind.Member, 0, null), 1)).ShouldHappen().Version.ShouldBe(2);
        town.Do(d => Bank.ChangePolicy(d, BankPolicy.Default, 1)).ShouldBeRefused(RefusalCode.VersionMismatch).Figure("version").ShouldBe(2L);
        Town.WithoutBank().Do(d => Bank.ChangePolicy(d, BankPolicy.Default, 1)).ShouldBeRefused(RefusalCode.BankUnknown);
    }

    [Test]
    public void A_policy_counts_from_the_next_decision_on_and_moves_nothing()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member));
        town.Post(Postings.TransferKind.Exchange, ann, ben, 60).ShouldHappen();

        town.Do(d => Bank.ChangePolicy(d, Limits(AccountKind.Member, 0, null), 1)).ShouldHappen();

        town.Balance(ann).ShouldBe(-60);
        town.Post(Postings.TransferKind.Exchange, ann, ben, 1).ShouldBeRefused(RefusalCode.BelowFloor);
    }

    [Test]
    public void Members_may_go_twelve_hours_below_zero_the_issuer_without_end_and_nobody_else_at_all()
    {
        foreach (var kind in Enum.GetValues<AccountKind>())
        {
            BankPolicy.Default.For(kind).ShouldBe(kind switch
            {
                AccountKind.Member => new(new Minutes(-720), null),
                AccountKind.Issuer => new(null, null),
                _ => new KindLimits(Minutes.Zero, null),
            });
        }
    }
}
