using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using TimeBank.Texts;

namespace TimeBank.FairPlay;

/// <summary>What an organiser is asked to look at.</summary>
public enum QuestionKind
{
    /// <summary>More hours of one day than anybody gives.</summary>
    TooManyHoursInADay,
    /// <summary>At two sessions at the same time.</summary>
    OverlappingTimes,
    /// <summary>Two people who only credit each other.</summary>
    OnlyEachOther,
    /// <summary>A coordinator was credited more in a month than the bank's mark.</summary>
    CoordinatorAboveMark,
    /// <summary>Has long received and given nothing: a friendly call is proposed.</summary>
    ReceivesWithoutGiving,
    /// <summary>A rule could not pass a share on to one of its targets.</summary>
    ShareKept,
}

/// <summary>Where a question stands.</summary>
public enum QuestionStage
{
    Open,
    /// <summary>An organiser has looked, and noted what came of it.</summary>
    PutAside,
}

/// <summary>The facts that a question is about.</summary>
/// <param name="On">The day, or the first day of the month or year.</param>
/// <param name="About">Sessions.</param>
/// <param name="Why">Why the share was kept.</param>
public sealed record Facts(
    QuestionKind Kind, ImmutableArray<AccountId> Accounts, DateOnly On, Minutes? Minutes = null,
    ImmutableArray<ThingId>? About = null, RuleId? Rule = null, RefusalCode? Why = null)
{
    /// <summary>The same facts are the same question, whoever notices them and however often.</summary>
    public ThingId QuestionId() => new(Uuid.Named(string.Join('\0', (string[])
    [
        "question", Kind.ToString(), On.ToString("O", CultureInfo.InvariantCulture), Rule?.ToString() ?? "",
        // More hours of the same day are another fact; more of the same month are not.
        Kind == QuestionKind.TooManyHoursInADay ? Minutes.ToString()! : "",
        .. Accounts.Select(a => a.ToString()), .. (About ?? []).Select(t => t.ToString()),
    ])));
}

/// <summary>A question to the organisers. It blocks nothing, and is seen by nobody else.</summary>
/// <param name="Reason">What came of it.</param>
public sealed record Question(ThingId Id, Facts Facts, QuestionStage Is = QuestionStage.Open, TextRef? Reason = null) : Thing(Id)
{
    public override Enum Stage => Is;

    public override IEnumerable<AccountId> Parties => Facts.Accounts.Distinct();

    public override TextRef? Grounds => Reason;

    public static Question After(ThingId id, Question? before, QuestionEvent happened) => (before, happened) switch
    {
        (null, QuestionEvent.QuestionRaised e) => new Question(id, e.Facts),
        ({ } q, QuestionEvent.QuestionPutAside e) => q with { Is = QuestionStage.PutAside, Reason = e.Note },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a question that is not there."),
    };
}

/// <summary>What can happen to a question. These names are stored: add, never rename.</summary>
public abstract record QuestionEvent : ThingEvent
{
    public sealed record QuestionRaised(Facts Facts) : QuestionEvent;
    public sealed record QuestionPutAside(TextRef Note) : QuestionEvent;

    public override StreamKind Kind => StreamKind.Question;

    public override IEnumerable<TextRef> Texts => this is QuestionPutAside { Note: var note } ? [note] : [];

    public override Thing After(ThingId id, Thing? before) => Question.After(id, (Question?)before, this);
}
