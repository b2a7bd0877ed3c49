using TimeBank.Access;
using TimeBank.Holds;
using TimeBank.Reinvestment;
using TimeBank.Texts;

namespace TimeBank.Postings;

/// <summary>What lets an entry pass where the rules would have refused it.</summary>
public enum OverrideKind
{
    /// <summary>An organiser said so, and why.</summary>
    Organiser,
    /// <summary>It happened before this ledger was kept.</summary>
    History,
}

/// <summary>What can happen in an account's passbook. These names are stored: add, never rename.</summary>
/// <param name="Balance">The balance after it.</param>
/// <param name="Available">Balance less what is set aside, after it.</param>
/// <param name="Floor">The floor in force when it happened; null is none.</param>
public abstract record PassbookEvent(Minutes Balance, Minutes Available, Minutes? Floor)
{
    /// <summary>Room that open holds keep below the ceiling, after it; null is none.</summary>
    public Minutes? Room { get; init; }

    /// <summary>Open holds that name the account, after it; null is none.</summary>
    public int? OpenHolds { get; init; }

    /// <summary>One side of a transfer: what both sides tell alike.</summary>
    public abstract record HoursMoved(
        TransferId Transfer, TransferKind Kind, AccountId Counterparty, Minutes Minutes,
        Minutes Balance, Minutes Available, Minutes? Floor,
        DateOnly Occurred, string? Category, TextRef? Text,
        HoldId? Hold, RuleRef? Rule, TransferId? Reverses, OverrideKind? Override)
        : PassbookEvent(Balance, Available, Floor)
    {
        /// <summary>How the person who pays said yes, where an organiser moved their minutes; null: it follows from who asked, or stands elsewhere.</summary>
        public Yes? Yes { get; init; }
    }

    public sealed record HoursDebited(
        TransferId Transfer, TransferKind Kind, AccountId Counterparty, Minutes Minutes,
        Minutes Balance, Minutes Available, Minutes? Floor,
        DateOnly Occurred, string? Category, TextRef? Text,
        HoldId? Hold, RuleRef? Rule, TransferId? Reverses, OverrideKind? Override)
        : HoursMoved(Transfer, Kind, Counterparty, Minutes, Balance, Available, Floor, Occurred, Category, Text, Hold, Rule, Reverses, Override);

    public sealed record HoursCredited(
        TransferId Transfer, TransferKind Kind, AccountId Counterparty, Minutes Minutes,
        Minutes Balance, Minutes Available, Minutes? Floor,
        DateOnly Occurred, string? Category, TextRef? Text,
        HoldId? Hold, RuleRef? Rule, TransferId? Reverses, OverrideKind? Override)
        : HoursMoved(Transfer, Kind, Counterparty, Minutes, Balance, Available, Floor, Occurred, Category, Text, Hold, Rule, Reverses, Override);

    /// <summary>At the payer: minutes set aside until the hold ends.</summary>
    public sealed record HoursHeld(
        HoldId Hold, TransferKind Kind, AccountId Payee, Minutes Minutes, DateTimeOffset ExpiresAt,
        string? Category, TextRef? Text,
        Minutes Balance, Minutes Available, Minutes? Floor) : PassbookEvent(Balance, Available, Floor)
    {
        /// <summary>As of a debit.</summary>
        public Yes? Yes { get; init; }
    }

    /// <summary>At the payer: the hold ends because the provider took <paramref name="Captured"/> of its minutes; the debit follows.</summary>
    public sealed record HoldCaptured(
        HoldId Hold, Minutes Minutes, Minutes Captured, TransferId Transfer,
        Minutes Balance, Minutes Available, Minutes? Floor) : PassbookEvent(Balance, Available, Floor);

    /// <summary>At the payer: the hold ends and nothing is taken.</summary>
    public sealed record HoldReleased(
        HoldId Hold, Minutes Minutes, ReleaseReason Reason,
        Minutes Balance, Minutes Available, Minutes? Floor) : PassbookEvent(Balance, Available, Floor);

    /// <summary>At the payee: room kept below the ceiling for what a hold will bring.</summary>
    public sealed record RoomReserved(
        HoldId Hold, AccountId Payer, Minutes Minutes,
        Minutes Balance, Minutes Available, Minutes? Floor) : PassbookEvent(Balance, Available, Floor);

    /// <summary>At the payee: the hold has ended, its room is free again.</summary>
    public sealed record RoomFreed(
        HoldId Hold, Minutes Minutes,
        Minutes Balance, Minutes Available, Minutes? Floor) : PassbookEvent(Balance, Available, Floor);

    /// <summary>At a rule's owner: a target refused its share, which stays here, and why.</summary>
    public sealed record ShareKept(
        RuleRef Rule, AccountId Target, Minutes Minutes, RefusalCode Reason,
        Minutes Balance, Minutes Available, Minutes? Floor) : PassbookEvent(Balance, Available, Floor);
}
