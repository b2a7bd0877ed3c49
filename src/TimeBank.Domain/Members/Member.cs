using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Texts;

namespace TimeBank.Members;

/// <summary>Where somebody stands on the way into the bank, and out of it.</summary>
public enum MemberStage
{
    /// <summary>Asked to join.</summary>
    Applied,
    /// <summary>Was asked to join.</summary>
    Invited,
    Active,
    /// <summary>Not now: nothing is proposed to them.</summary>
    Paused,
    Left,
}

/// <summary>How somebody came.</summary>
public enum Approach { Page, Telephone, Paper, Invited }

/// <summary>What happens between the first word and the first help, in the order in which it usually does.</summary>
public enum JoiningStep
{
    Talked,
    /// <summary>If the bank wants any.</summary>
    ReferencesSeen,
    /// <summary>To the bank's agreement and consents, in a version.</summary>
    Agreed,
    WelcomeHoursGiven,
    FirstHelpProposed,
}

/// <summary>How somebody wants to be reached.</summary>
public enum Reach { Telephone, Paper, Email, Program }

/// <summary>How much somebody would like to do.</summary>
public enum Willingness { HoursAWeek, HoursAMonth, NotNow }

/// <summary>What somebody says of themselves, in codes. Numbers, addresses and what else is nobody's business is a text. Nothing of it is required.</summary>
/// <param name="Skills">Categories of help that they give.</param>
/// <param name="Languages">ISO 639 codes of what they speak.</param>
/// <param name="Times">When in the week they have time; none: by arrangement.</param>
/// <param name="Reach">How they want to be reached, best first.</param>
public sealed record Profile(
    ImmutableArray<string> Skills, ImmutableArray<string> Languages, ImmutableArray<TimeOfWeek> Times, ImmutableArray<Reach> Reach, Willingness? Willing);

/// <summary>A step on the way in: when, and to which version of the agreement somebody agreed.</summary>
public sealed record StepTaken(DateOnly On, string? Version);

/// <summary>Somebody's membership, with what they say of themselves. It belongs to a member's account, of which it is the other half.</summary>
/// <param name="Since">When last something happened on the way in.</param>
/// <param name="Text">Telephone, addresses, and what is asked for figures only.</param>
/// <param name="Kept">Paused by the safeguarding lead, until the lead lets them return. Nobody else is told more than that they pause.</param>
/// <param name="Aside">Events that changed nothing of what they say of themselves, and were nobody's word about them.</param>
/// <param name="Stranger">Applied by the open page, without anybody's word: their account is frozen until they are admitted.</param>
public sealed record Member(
    ThingId Id, AccountId Account, Approach How, Profile Profile, TextRef? Text, MemberStage Is, DateTimeOffset Since,
    ImmutableSortedDictionary<JoiningStep, StepTaken> Joining, bool? Kept = null, bool? Stranger = null, int? Aside = null) : Thing(Id)
{
    /// <summary>Nobody waits longer than that without an organiser's seeing it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    /// <summary>The account's id with 6 in place of 7 as its UUID version: an account has one membership.</summary>
    public static ThingId IdOf(AccountId account) => new(Uuid.WithVersion(account.Value, 6));

    /// <summary>What a change of what they say of themselves must match: help that was proposed meanwhile takes nothing from what was read.</summary>
    public long Edition => Version - (Aside ?? 0);

    public override Enum Stage => Is;

    public override TextRef? Wording => Text;

    public override IEnumerable<AccountId> Parties => [Account];

    /// <summary>From when on they wait for too long.</summary>
    public override DateTimeOffset? Due => IsJoining || (Is == MemberStage.Active && !Joining.ContainsKey(JoiningStep.FirstHelpProposed)) ? Since + Patience : null;

    public override Thing For(AccountId account) => this with { Kept = null };

    public bool IsJoining => Is is MemberStage.Applied or MemberStage.Invited;

    public static Member After(ThingId id, Member? before, MemberEvent happened) => (before, happened) switch
    {
        (_, MemberEvent.MemberApplied e) => new Member(
            id, e.Account, e.How, e.Profile, e.Text, e.How == Approach.Invited ? MemberStage.Invited : MemberStage.Applied, e.On,
            before is { IsJoining: true } ? before.Joining : ImmutableSortedDictionary<JoiningStep, StepTaken>.Empty, before?.Kept, e.Stranger, before?.Aside),
        ({ } m, MemberEvent.ProfileRewritten e) => m with { Profile = e.Profile, Text = e.Text },
        ({ } m, MemberEvent.JoiningStepTaken e) => m with
        {
            Joining = m.Joining.SetItem(e.Step, e.Taken), Since = e.On, Aside = e.Aside == true ? (m.Aside ?? 0) + 1 : m.Aside,
        },
        ({ } m, MemberEvent.MemberAdmitted) => m with { Is = m.Kept == true ? MemberStage.Paused : MemberStage.Active },
        ({ } m, MemberEvent.MemberPaused) => m with { Is = MemberStage.Paused },
        ({ } m, MemberEvent.MemberKept) => m with { Is = MemberStage.Paused, Kept = true },
        ({ } m, MemberEvent.MemberReturned) => m with { Is = MemberStage.Active, Kept = null },
        ({ } m, MemberEvent.MemberLeft) => m with { Is = MemberStage.Left },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a member who is not there."),
    };
}

/// <summary>What can happen to a membership. These names are stored: add, never rename.</summary>
public abstract record MemberEvent : ThingEvent
{
    /// <summary>Asked to join, or was asked; also once more, after having left.</summary>
    /// <param name="Stranger">By the open page, where nobody knows who writes.</param>
    public sealed record MemberApplied(AccountId Account, Approach How, Profile Profile, TextRef? Text, DateTimeOffset On, bool? Stranger = null) : MemberEvent;
    /// <summary>All stands as given.</summary>
    public sealed record ProfileRewritten(Profile Profile, TextRef? Text) : MemberEvent;
    /// <param name="Aside">It follows from something else, such as help that was proposed, and is nobody's word about them.</param>
    public sealed record JoiningStepTaken(JoiningStep Step, StepTaken Taken, DateTimeOffset On, bool? Aside = null) : MemberEvent;
    public sealed record MemberAdmitted : MemberEvent;
    public sealed record MemberPaused : MemberEvent;
    /// <summary>Paused by the safeguarding lead.</summary>
    public sealed record MemberKept : MemberEvent;
    public sealed record MemberReturned : MemberEvent;
    public sealed record MemberLeft : MemberEvent;

    public override StreamKind Kind => StreamKind.Member;

    public override IEnumerable<TextRef> Texts => new[]
    {
        this switch
        {
            MemberApplied e => e.Text,
            ProfileRewritten e => e.Text,
            _ => null,
        },
    }.OfType<TextRef>();

    public override Thing After(ThingId id, Thing? before) => Member.After(id, (Member?)before, this);
}
