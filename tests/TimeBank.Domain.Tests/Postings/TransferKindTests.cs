using Shouldly;
using TimeBank.Accounts;
using TimeBank.Postings;
using static TimeBank.Accounts.AccountKind;

namespace TimeBank.Domain.Tests;

public sealed class TransferKindTests
{
    // Rows pay, columns receive: member, project, provider, pot, issuer, earmark, partner.
    private static readonly Dictionary<TransferKind, string[]> s_allowed = new()
    {
        [TransferKind.Exchange] = ["x......", ".......", ".......", ".......", ".......", ".......", "......."],
        [TransferKind.Earn] = [".......", "x......", ".......", "x......", "x......", "x......", "......."],
        [TransferKind.Spend] = ["..x....", ".......", ".......", ".......", ".......", ".......", "......."],
        [TransferKind.Refund] = [".......", ".......", "x......", ".......", ".......", ".......", "......."],
        [TransferKind.Gift] = ["xxxx...", "xxxx...", "xxxx...", "xxxx...", ".......", "xxxx...", "......."],
        [TransferKind.Grant] = [".......", "xxxx.x.", "xxxx.x.", "xxxx.x.", "xxxx.x.", ".......", "......."],
        [TransferKind.Reinvest] = ["xxxx.x.", "xxxx.x.", "xxxx.x.", "xxxx.x.", ".......", "xxxx.x.", "......."],
        [TransferKind.Levy] = ["...x...", "...x...", "...x...", "...x...", ".......", "...x...", "......."],
        [TransferKind.Expire] = ["xxxxxx.", "xxxxxx.", "xxxxxx.", "xxxxxx.", ".......", "xxxxxx.", "......."],
        [TransferKind.Forgive] = [".......", ".......", ".......", "xxxx.x.", "xxxx.x.", ".......", "......."],
        [TransferKind.Adjust] = ["....x..", "....x..", "....x..", "....x..", "xxxxxx.", "....x..", "......."],
        [TransferKind.Reversal] = ["xxxxxx.", "xxxxxx.", "xxxxxx.", "xxxxxx.", "xxxxxx.", "xxxxxx.", "......."],
    };

    private static readonly AccountKind[] s_kinds = [Member, Project, Provider, Pot, Issuer, Earmark, Partner];

    [Test]
    public void The_table_says_which_kinds_of_account_pay_and_receive_each_kind_of_transfer([Values] TransferKind kind)
    {
        s_kinds.ShouldBe(Enum.GetValues<AccountKind>());
        var row = s_kinds.Select(payer => new string([.. s_kinds.Select(payee => TransferRule.For(kind).Allows(payer, payee) ? 'x' : '.')]));

        row.ShouldBe(s_allowed[kind]);
    }

    [Test]
    public void The_table_has_one_row_for_each_kind_in_their_order() =>
        TransferRule.All.Select(r => r.Kind).ShouldBe(Enum.GetValues<TransferKind>());

    [Test]
    public void Reinvest_levy_expire_and_reversal_come_from_the_engine_only() =>
        TransferRule.All.Where(r => r.EngineOnly).Select(r => r.Kind)
            .ShouldBe([TransferKind.Reinvest, TransferKind.Levy, TransferKind.Expire, TransferKind.Reversal]);
}
