using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Accounts;

namespace TimeBank.Banks;

/// <summary>What can happen to a bank itself. These names are stored: add, never rename.</summary>
public abstract record BankEvent
{
    public sealed record BankOpened(string Name, AccountId Issuer, BankPolicy Policy) : BankEvent;
    public sealed record PolicyChanged(BankPolicy Policy) : BankEvent;
}

/// <summary>How low and how high accounts of a kind may go by decisions of their own; null is no limit.</summary>
public sealed record KindLimits(Minutes? Floor, Minutes? Ceiling);

/// <summary>What a bank decided for all its accounts.</summary>
/// <param name="Limits">Limits for each kind of account; a kind that is not named has the default of <see cref="BankPolicy.DefaultLimits"/>.</param>
/// <param name="LongestTransfer">The most minutes of one transfer; null is no limit.</param>
/// <param name="TimeZone">IANA name: decides which date is today.</param>
/// <param name="BooksClosedThrough">Dates up to and with this one take no more transfers without an override.</param>
public sealed record BankPolicy(
    ImmutableSortedDictionary<AccountKind, KindLimits> Limits,
    Minutes? LongestTransfer,
    string TimeZone,
    DateOnly? BooksClosedThrough)
{
    /// <summary>Members may go 12 hours below zero: with a floor of 0 nobody could make the first trade. The issuer has no floor.</summary>
    public static KindLimits DefaultLimits(AccountKind kind) => kind switch
    {
        AccountKind.Member => new(new Minutes(-720), null),
        AccountKind.Issuer => new(null, null),
        _ => new(Minutes.Zero, null),
    };

    public static readonly BankPolicy Default =
        new(ImmutableSortedDictionary<AccountKind, KindLimits>.Empty, null, "UTC", null);

    public KindLimits For(AccountKind kind) => Limits.TryGetValue(kind, out var limits) ? limits : DefaultLimits(kind);
}

/// <summary>One time bank: the tenant.</summary>
public sealed record Bank(BankId Id, Guid Stream, long Version, string Name, AccountId Issuer, BankPolicy Policy)
{
    public static Bank Evolve(BankId id, Guid stream, Bank? bank, BankEvent happened) => happened switch
    {
        BankEvent.BankOpened e => new Bank(id, stream, 1, e.Name, e.Issuer, e.Policy),
        BankEvent.PolicyChanged e when bank is not null => bank with { Version = bank.Version + 1, Policy = e.Policy },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a bank that is not open."),
    };

    /// <summary>A new bank with its one issuer.</summary>
    public static Decision<Bank> Open(Draft draft, Guid stream, string name, AccountId issuer, BankPolicy policy)
    {
        if (draft.Bank is not null)
            return RefusalCode.BankExists;
        if (Inconsistent(policy) is { } refusal)
            return refusal;
        var bank = draft.Record(stream, new BankEvent.BankOpened(name, issuer, policy));
        draft.Record(issuer, new AccountEvent.AccountOpened(AccountKind.Issuer, null, null, null, null));
        return bank;
    }

    /// <summary>Another policy from now on. It moves nothing: an account below a raised floor stays where it is.</summary>
    /// <remarks>Refused when <paramref name="expectedVersion"/> is not the bank's.</remarks>
    public static Decision<Bank> ChangePolicy(Draft draft, BankPolicy policy, long expectedVersion)
    {
        if (draft.Bank is not { } bank)
            return RefusalCode.BankUnknown;
        if (bank.Version != expectedVersion)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", bank.Version));
        if (Inconsistent(policy) is { } refusal)
            return refusal;
        return draft.Record(bank.Stream, new BankEvent.PolicyChanged(policy));
    }

    private static Refusal? Inconsistent(BankPolicy policy)
    {
        foreach (var (kind, limits) in policy.Limits)
        {
            if (limits.Floor > limits.Ceiling)
                return new Refusal(RefusalCode.FloorAboveCeiling, new Figure("kind", kind));
        }
        return null;
    }
}
