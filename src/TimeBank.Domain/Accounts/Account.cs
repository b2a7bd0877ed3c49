using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Access;
using TimeBank.Banks;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Texts;

namespace TimeBank.Accounts;

/// <summary>What can happen to an account's settings. These names are stored: add, never rename.</summary>
public abstract record AccountEvent
{
    public sealed record AccountOpened(AccountKind Kind, AccountId? Parent, TextRef? Name, Minutes? Floor, Minutes? Ceiling, string? Neighbourhood = null, string? Purpose = null) : AccountEvent;
    /// <summary>All stand as given; a null floor or ceiling is the bank's policy again.</summary>
    public sealed record SettingsChanged(TextRef? Name, Minutes? Floor, Minutes? Ceiling, string? Neighbourhood = null) : AccountEvent;
    public sealed record AccountFrozen(TextRef? Reason) : AccountEvent;
    public sealed record AccountUnfrozen(TextRef? Reason) : AccountEvent;
    public sealed record AccountClosed(TextRef? Reason) : AccountEvent;
    /// <summary>From now on claims against the account confirm themselves if its holder does not object in time.</summary>
    /// <param name="Yes">How the holder said so.</param>
    public sealed record SilenceLetCount(Yes Yes) : AccountEvent;
    /// <summary>Silence is no yes any more, also to what was claimed before.</summary>
    public sealed record SilenceEnded(Yes Yes) : AccountEvent;
}

/// <summary>An account as the decisions see it.</summary>
/// <param name="Floor">The account's own floor; null is the bank's policy for its kind.</param>
/// <param name="Ceiling">The account's own ceiling; null is the bank's policy for its kind.</param>
/// <param name="Neighbourhood">The part of the bank's area that it belongs to, as a short code; null: none.</param>
/// <param name="Held">What open holds set aside here.</param>
/// <param name="Room">What open holds will bring here: kept free below the ceiling.</param>
/// <param name="OpenHolds">Open holds that name the account, as payer or payee.</param>
/// <param name="Version">Events in the passbook.</param>
/// <param name="SettingsVersion">Events in the settings' stream: the ETag.</param>
/// <param name="Rules">Its reinvestment rules in force, oldest first.</param>
public sealed record Account(
    AccountId Id, AccountKind Kind, AccountStatus Status, AccountId? Parent, TextId? Name,
    Minutes? Floor, Minutes? Ceiling, string? Neighbourhood,
    Minutes Balance, Minutes Held, Minutes Room, int OpenHolds,
    long Version, long SettingsVersion,
    ImmutableArray<Rule> Rules)
{
    /// <summary>How the holder said that claims against the account may confirm themselves in time; null: they did not, or took it back.</summary>
    public Yes? Silence { get; init; }

    /// <summary>The category of work that an earmark is for; null: any of its project's.</summary>
    public string? Purpose { get; init; }

    /// <summary>What a project set apart: its earmarks, in the order in which they were opened.</summary>
    public ImmutableArray<AccountId> Earmarks { get; init; } = [];

    /// <summary>Whether it is set apart for work of that category.</summary>
    public bool IsFor(string? category) => Kind == AccountKind.Earmark && (Purpose is null || Purpose == category);

    /// <summary>What may leave: balance − held.</summary>
    public Minutes Available => Balance - Held;

    /// <summary>The neighbourhood whose coordinator organises it: members, projects and earmarks of these belong to one. Others are for all,
    /// whatever was set for them.</summary>
    public string? CoordinatedIn => MayBelong(Kind) ? Neighbourhood : null;

    /// <summary>Whether accounts of a kind belong to a neighbourhood; those of providers, pots and the issuer are for all.</summary>
    public static bool MayBelong(AccountKind kind) => kind is AccountKind.Member or AccountKind.Project or AccountKind.Earmark;

    /// <summary>The floor that counts: the account's own, else the bank's. Null is none; an issuer never has one.</summary>
    public Minutes? FloorUnder(BankPolicy policy) => Kind == AccountKind.Issuer ? null : Floor ?? policy.For(Kind).Floor;

    public Minutes? CeilingUnder(BankPolicy policy) => Kind == AccountKind.Issuer ? null : Ceiling ?? policy.For(Kind).Ceiling;

    public static Account Evolve(AccountId id, Account? account, AccountEvent happened) => (account, happened) switch
    {
        (null, AccountEvent.AccountOpened e) => new Account(
            id, e.Kind, AccountStatus.Open, e.Parent, e.Name?.Id, e.Floor, e.Ceiling, e.Neighbourhood,
            Minutes.Zero, Minutes.Zero, Minutes.Zero, 0, 0, 1, []) { Purpose = e.Purpose },
        ({ } a, AccountEvent.SettingsChanged e) => a with
        {
            Name = e.Name?.Id, Floor = e.Floor, Ceiling = e.Ceiling, Neighbourhood = e.Neighbourhood, SettingsVersion = a.SettingsVersion + 1,
        },
        ({ } a, AccountEvent.AccountFrozen) => a with { Status = AccountStatus.Frozen, SettingsVersion = a.SettingsVersion + 1 },
        ({ } a, AccountEvent.AccountUnfrozen) => a with { Status = AccountStatus.Open, SettingsVersion = a.SettingsVersion + 1 },
        ({ } a, AccountEvent.AccountClosed) => a with { Status = AccountStatus.Closed, SettingsVersion = a.SettingsVersion + 1 },
        ({ } a, AccountEvent.SilenceLetCount e) => a with { Silence = e.Yes, SettingsVersion = a.SettingsVersion + 1 },
        ({ } a, AccountEvent.SilenceEnded) => a with { Silence = null, SettingsVersion = a.SettingsVersion + 1 },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to an account that is not there."),
    };

    /// <summary>The passbook's fold: figures follow from the minutes of each event, not from the balance that it carries.</summary>
    public static Account Evolve(Account account, PassbookEvent happened) => happened switch
    {
        PassbookEvent.HoursDebited e => account with { Balance = account.Balance - e.Minutes, Version = account.Version + 1 },
        PassbookEvent.HoursCredited e => account with { Balance = account.Balance + e.Minutes, Version = account.Version + 1 },
        PassbookEvent.HoursHeld e => account with
        {
            Held = account.Held + e.Minutes, OpenHolds = account.OpenHolds + 1, Version = account.Version + 1,
        },
        PassbookEvent.HoldCaptured e => account with
        {
            Held = account.Held - e.Minutes, OpenHolds = account.OpenHolds - 1, Version = account.Version + 1,
        },
        PassbookEvent.HoldReleased e => account with
        {
            Held = account.Held - e.Minutes, OpenHolds = account.OpenHolds - 1, Version = account.Version + 1,
        },
        PassbookEvent.RoomReserved e => account with
        {
            Room = account.Room + e.Minutes, OpenHolds = account.OpenHolds + 1, Version = account.Version + 1,
        },
        PassbookEvent.RoomFreed e => account with
        {
            Room = account.Room - e.Minutes, OpenHolds = account.OpenHolds - 1, Version = account.Version + 1,
        },
        PassbookEvent.ShareKept => account with { Version = account.Version + 1 },
        _ => throw new UnreachableException($"No fold for {happened.GetType().Name}."),
    };
}
