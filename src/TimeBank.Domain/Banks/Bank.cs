using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Access;
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

/// <summary>Who pays for work on projects.</summary>
public enum ProjectWork
{
    /// <summary>The project's own hours first; what it lacks comes new from the community.</summary>
    ProjectThenCommunity,
    /// <summary>The project. What it cannot pay yet is confirmed, and waits.</summary>
    ProjectOnly,
    /// <summary>The community, always: all hours are new.</summary>
    Community,
}

/// <summary>Who confirms help that was logged. Nobody confirms hours of their own, whatever this says.</summary>
public enum Confirming
{
    /// <summary>The side that did not log it: the helper, the person helped, the project's coordinator.</summary>
    OtherSide,
    /// <summary>For work on a project who coordinates it, for help to a person an organiser.</summary>
    Coordinator,
    /// <summary>An organiser.</summary>
    Organiser,
}

/// <summary>What a bank decided for all its accounts.</summary>
/// <param name="Limits">Limits for each kind of account; a kind that is not named has the default of <see cref="BankPolicy.DefaultLimits"/>.</param>
/// <param name="LongestTransfer">The most minutes of one transfer; null is no limit.</param>
/// <param name="TimeZone">IANA name: decides which date is today.</param>
/// <param name="BooksClosedThrough">Dates up to and with this one take no more transfers without an override.</param>
/// <param name="PublishesBalances">Whether everybody in the bank sees everybody's balance; null: no.</param>
/// <param name="Language">ISO 639 code of the language that is spoken there: words are searched in it; null: as they are written.</param>
/// <param name="NewHoursMark">Minutes that may come new from the community for one project in a month before the report warns; null: it never does.</param>
/// <param name="CoordinatorMark">Minutes that a coordinator may be credited in a month before an organiser is asked to look; null: the default.</param>
/// <param name="WelcomeHours">Minutes that the community gives to everybody who becomes a member, once; null: none.</param>
/// <param name="CheckInStep">Minutes to whose nearest multiple the times at a session are rounded; null: a quarter of an hour.</param>
/// <param name="RestTo">Who takes what a closing account leaves, if nobody else is named; null: the bank's oldest pot.</param>
/// <param name="Categories">Kinds of help, as codes; null: those of <see cref="StarterCategories"/>.</param>
/// <param name="OtherCategories">Whether other codes are taken, too; null: as long as the bank has no list of its own.</param>
/// <param name="ProjectWork">Who pays for work on projects; null: the project first, then the community.</param>
/// <param name="ConfirmedBy">Who confirms what was logged; null: the other side.</param>
/// <param name="TakesApplications">Whether strangers may apply by the open page; null: they may.</param>
/// <param name="PageLanguages">ISO 639 codes of the languages that its pages offer; null: all that there are.</param>
public sealed record BankPolicy(
    ImmutableSortedDictionary<AccountKind, KindLimits> Limits,
    Minutes? LongestTransfer,
    string TimeZone,
    DateOnly? BooksClosedThrough,
    bool? PublishesBalances = null,
    AccountId? RestTo = null,
    string? Language = null,
    ImmutableArray<string>? Categories = null,
    bool? OtherCategories = null,
    ProjectWork? ProjectWork = null,
    Confirming? ConfirmedBy = null,
    Minutes? NewHoursMark = null,
    Minutes? CoordinatorMark = null,
    Minutes? WelcomeHours = null,
    Minutes? CheckInStep = null,
    bool? TakesApplications = null,
    ImmutableArray<string>? PageLanguages = null)
{
    /// <summary>Forty hours.</summary>
    public static readonly Minutes DefaultCoordinatorMark = new(2_400);

    /// <summary>Members may go 12 hours below zero: with a floor of 0 nobody could make the first trade. The issuer has no floor.</summary>
    public static KindLimits DefaultLimits(AccountKind kind) => kind switch
    {
        AccountKind.Member => new(new Minutes(-720), null),
        AccountKind.Issuer => new(null, null),
        _ => new(Minutes.Zero, null),
    };

    public static readonly BankPolicy Default =
        new(ImmutableSortedDictionary<AccountKind, KindLimits>.Empty, null, "UTC", null);

    /// <summary>What a new bank's members can be asked for and can offer: the activities of a survey in five countries in 2008.</summary>
    public static readonly ImmutableArray<string> StarterCategories =
    [
        "locking-up", "recycling", "saving-water-and-electricity", "walking-cycling-public-transport", "healthier-food", "exercise",
        "eye-on-a-neighbours-home", "asking-neighbours-to-watch", "seeing-a-doctor", "caring-for-sick-family-or-friends", "telling-not-to-drop-rubbish",
        "stepping-in-against-anti-social-behaviour", "reporting-a-crime", "reporting-a-safety-problem", "health-group", "environmental-group",
        "safety-group", "asking-the-police-for-advice",
    ];

    /// <summary>Whether a stranger may apply by the open page: yes, unless the bank says no.</summary>
    public bool IsOpenToStrangers() => TakesApplications ?? true;

    /// <summary>Whether strangers see what goes on in the bank, without names: where they may apply, or where it publishes what it has.</summary>
    public bool IsShownToStrangers() => IsOpenToStrangers() || PublishesBalances == true;

    public bool TakesOtherCategories() => OtherCategories ?? Categories is null;

    /// <summary>A bank that keeps to its list of categories takes no others for help, offers and skills.</summary>
    public Refusal? RefusesCategory(string? category) =>
        category is null || TakesOtherCategories() || (Categories ?? StarterCategories).Contains(category)
            ? null
            : new Refusal(RefusalCode.CategoryUnknown, new Figure("category", category));

    public KindLimits For(AccountKind kind) => Limits.TryGetValue(kind, out var limits) ? limits : DefaultLimits(kind);
}

/// <summary>One time bank: the tenant.</summary>
/// <param name="AuditVersion">Events in its audit trail.</param>
/// <param name="Organisers">Who organises it now.</param>
public sealed record Bank(
    BankId Id, Guid Stream, long Version, string Name, AccountId Issuer, BankPolicy Policy, long AuditVersion, ImmutableArray<PersonId> Organisers)
{
    /// <summary>The stream of its audit trail: the bank's with 8 in place of 7 as its UUID version.</summary>
    public Guid AuditStream => Uuid.WithVersion(Stream, 8);

    /// <summary>The bank after another line of its audit trail.</summary>
    public Bank After(AccessEvent happened) => this with
    {
        AuditVersion = AuditVersion + 1,
        Organisers = happened switch
        {
            AccessEvent.RoleGranted { Role: Role.Organiser } e => Organisers.Contains(e.Person) ? Organisers : Organisers.Add(e.Person),
            AccessEvent.RoleEnded { Role: Role.Organiser } e => Organisers.Remove(e.Person),
            _ => Organisers,
        },
    };

    public static Bank Evolve(BankId id, Guid stream, Bank? bank, BankEvent happened) => happened switch
    {
        BankEvent.BankOpened e => new Bank(id, stream, 1, e.Name, e.Issuer, e.Policy, 0, []),
        BankEvent.PolicyChanged e when bank is not null => bank with { Version = bank.Version + 1, Policy = e.Policy },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a bank that is not open."),
    };

    /// <summary>A new bank with its one issuer and, if one is named, its first organiser.</summary>
    public static Decision<Bank> Open(Draft draft, Guid stream, string name, AccountId issuer, BankPolicy policy, PersonId? organiser = null)
    {
        if (draft.Bank is not null)
            return RefusalCode.BankExists;
        if (Inconsistent(policy) is { } refusal)
            return refusal;
        draft.Record(stream, new BankEvent.BankOpened(name, issuer, policy));
        draft.Record(issuer, new AccountEvent.AccountOpened(AccountKind.Issuer, null, null, null, null));
        if (organiser is { } person && AccessDecisions.Appoint(draft, person).Refusal is { } notAppointed)
            return notAppointed;
        return draft.Bank!;
    }

    /// <summary>Another policy from now on. It moves nothing: an account below a raised floor stays where it is.</summary>
    /// <remarks>Refused when <paramref name="expectedVersion"/> is not the bank's.</remarks>
    public static Decision<Bank> ChangePolicy(Draft draft, BankPolicy policy, long expectedVersion)
    {
        if (draft.Bank is not { } bank)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesBank() is { } notPermitted)
            return notPermitted;
        if (bank.Version != expectedVersion)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", bank.Version));
        if (Inconsistent(policy) is { } refusal)
            return refusal;
        draft.Note(new AccessEvent.AccessNoted(Noted.PolicyChanged, null));
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
