using TimeBank.Access;
using TimeBank.Reinvestment;
using TimeBank.Texts;

namespace TimeBank.Postings;

/// <summary>A transfer as it stands: what moved, and how much of it was reversed since.</summary>
public sealed record Transfer(
    TransferId Id, TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes, Minutes Reversed,
    DateOnly Occurred, string? Category, TextId? Text,
    HoldId? Hold, RuleRef? Rule, TransferId? Reverses, OverrideKind? Override)
{
    public Minutes Rest => Minutes - Reversed;

    /// <summary>A transfer is told by its debit; the credit says the same from the other side.</summary>
    public static Transfer Of(AccountId payer, PassbookEvent.HoursDebited e) => new(
        e.Transfer, e.Kind, payer, e.Counterparty, e.Minutes, Minutes.Zero,
        e.Occurred, e.Category, e.Text?.Id, e.Hold, e.Rule, e.Reverses, e.Override);
}

/// <summary>One leg that a caller asks for.</summary>
/// <param name="Yes">How the person who pays said it, where an organiser asks for them.</param>
public sealed record Leg(
    TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes,
    DateOnly? Occurred = null, string? Category = null, TextRef? Text = null, Yes? Yes = null);

/// <summary>A transfer that was made, with what both sides had afterwards.</summary>
public sealed record TransferMade(
    TransferId Id, TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes,
    Minutes PayerBalance, Minutes PayeeBalance, DateOnly Occurred, RuleRef? Rule, TransferId? Reverses);
