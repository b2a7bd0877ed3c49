using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Access;
using TimeBank.Texts;

namespace TimeBank.Safeguarding;

/// <summary>Whether a guardian agreed.</summary>
public enum YouthStage { Unconsented, Consented }

/// <summary>What a guardian agreed to, as it was recorded.</summary>
/// <param name="How">How they said it: in person, by telephone, on paper.</param>
/// <param name="Until">The last date on which it counts.</param>
/// <param name="Activities">Categories of help and of services that were named.</param>
/// <param name="Projects">Projects that were named, and providers whose services they may book.</param>
/// <param name="Text">Who said it.</param>
public sealed record GuardianConsent(Yes How, DateOnly On, DateOnly Until, ImmutableArray<string> Activities, ImmutableArray<AccountId> Projects, TextRef Text)
{
    public bool Names(AccountId? project, string? category) =>
        (project is { } named && Projects.Contains(named)) || (category is not null && Activities.Contains(category));
}

/// <summary>Somebody under 18, with what their guardian agreed to. No date of birth is kept: only until when they are.</summary>
/// <param name="Until">On that date they are 18.</param>
public sealed record Youth(ThingId Id, AccountId Account, DateOnly Until, GuardianConsent? Consent = null) : Thing(Id)
{
    public static ThingId IdOf(AccountId account) => new(Uuid.Named($"youth\0{account}"));

    public override Enum Stage => Consent is null ? YouthStage.Unconsented : YouthStage.Consented;

    public override TextRef? Wording => Consent?.Text;

    public override IEnumerable<AccountId> Parties => [Account];

    public static bool IsUnderAge(Draft draft, AccountId account) => UnderAge(draft, account) is not null;

    /// <summary>They join with a guardian's consent.</summary>
    public static Refusal? RefusesJoining(Draft draft, AccountId account) =>
        UnderAge(draft, account) is { } youth && !(youth.Consent?.Until >= draft.Today) ? Refusal.Of(RefusalCode.GuardianNeeded, account) : null;

    /// <summary>They do what their guardian agreed to, as long as that counts: projects, providers and categories that were named, and nothing else.</summary>
    /// <param name="project">The project, or the provider.</param>
    public static Refusal? RefusesActivity(Draft draft, AccountId account, AccountId? project, string? category, DateOnly on) =>
        UnderAge(draft, account) is not { } youth ? null
        : !(youth.Consent?.Until >= on) ? Refusal.Of(RefusalCode.GuardianNeeded, account)
        : youth.Consent.Names(project, category) ? null
        : Refusal.Of(RefusalCode.ActivityNotNamed, account);

    /// <summary>They have no listing, and nobody is given their telephone or address.</summary>
    public static Refusal? RefusesShowing(Draft draft, AccountId account) => IsUnderAge(draft, account) ? Refusal.Of(RefusalCode.UnderAge, account) : null;

    public static Youth After(ThingId id, Youth? before, YouthEvent happened) => (before, happened) switch
    {
        (null, YouthEvent.YouthMarked e) => new Youth(id, e.Account, e.Until),
        ({ } y, YouthEvent.YouthMarked e) => y with { Until = e.Until },
        ({ } y, YouthEvent.GuardianConsented e) => y with { Consent = e.Consent },
        ({ } y, YouthEvent.ConsentWithdrawn) => y with { Consent = null },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to somebody who was not marked."),
    };

    private static Youth? UnderAge(Draft draft, AccountId account) =>
        draft.Find<Youth>(IdOf(account)) is { } youth && draft.Today < youth.Until ? youth : null;
}

/// <summary>What can happen to the mark of somebody under 18. These names are stored: add, never rename.</summary>
public abstract record YouthEvent : ThingEvent
{
    /// <summary>Once more: the date is corrected.</summary>
    public sealed record YouthMarked(AccountId Account, DateOnly Until) : YouthEvent;
    /// <summary>Once more: it counts as it was said last.</summary>
    public sealed record GuardianConsented(GuardianConsent Consent) : YouthEvent;
    public sealed record ConsentWithdrawn : YouthEvent;

    public override StreamKind Kind => StreamKind.Youth;

    public override IEnumerable<TextRef> Texts => this is GuardianConsented e ? [e.Consent.Text] : [];

    public override Thing After(ThingId id, Thing? before) => Youth.After(id, (Youth?)before, this);
}
