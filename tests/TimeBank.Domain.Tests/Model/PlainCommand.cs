using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests.Model;

/// <summary>Everything that can be asked of a ledger, in plain values.</summary>
public abstract record PlainCommand
{
    public sealed record Open(AccountId Id, AccountKind Kind, AccountId? Parent, long? Floor, long? Ceiling) : PlainCommand;
    public sealed record Settings(AccountId Id, long? Floor, long? Ceiling, long Version) : PlainCommand;
    public sealed record Freeze(AccountId Id) : PlainCommand;
    public sealed record Unfreeze(AccountId Id) : PlainCommand;
    public sealed record Close(AccountId Id, AccountId? SweepTo, AccountId? ForgiveFrom) : PlainCommand;
    public sealed record Post(IReadOnlyList<PlainLeg> Legs, PostingMode Mode) : PlainCommand;
    public sealed record Reverse(TransferId Id, long? Minutes, bool Overriding) : PlainCommand;
    public sealed record Place(HoldId Id, TransferKind Kind, AccountId Payer, AccountId Payee, long Minutes, DateTimeOffset ExpiresAt) : PlainCommand;
    public sealed record Capture(HoldId Id, long? Minutes) : PlainCommand;
    public sealed record Release(HoldId Id) : PlainCommand;
    public sealed record WriteRule(RuleId Id, AccountId Owner, PlainTerms Terms) : PlainCommand;
    public sealed record RewriteRule(RuleId Id, PlainTerms Terms, long Version) : PlainCommand;
    public sealed record EndRule(RuleId Id, long Version) : PlainCommand;
    public sealed record Policy(PlainPolicy Terms, long Version) : PlainCommand;
}

public sealed record PlainLeg(TransferKind Kind, AccountId Payer, AccountId Payee, long Minutes, DateOnly Occurred);

public sealed record PlainTerms(IReadOnlyList<TransferKind> Kinds, int Share, IReadOnlyList<(AccountId Account, int Weight)> Targets);

/// <summary>Limits for members only; all other kinds keep their defaults.</summary>
public sealed record PlainPolicy(long? MemberFloor, long? MemberCeiling, long? LongestTransfer, DateOnly? BooksClosedThrough)
{
    public static readonly PlainPolicy Default = new(-720, null, null, null);
}

/// <summary>One transfer that was made.</summary>
public sealed record PlainMove(TransferKind Kind, AccountId Payer, AccountId Payee, long Minutes);

/// <summary>What was answered: no and why, or yes and which transfers.</summary>
public sealed record PlainAnswer(RefusalCode? Refused, int? Leg, IReadOnlyList<PlainMove> Moves, IReadOnlyList<(AccountId Account, long Short)> Shortfalls)
{
    public override string ToString() => Refused is { } code
        ? $"{code}{(Leg is { } leg ? $" at leg {leg}" : "")} {string.Join(" ", Shortfalls.Select(s => $"{s.Account} lacks {s.Short}"))}".TrimEnd()
        : "yes: " + string.Join(", ", Moves.Select(m => $"{m.Kind} {m.Minutes} {m.Payer}>{m.Payee}"));
}
