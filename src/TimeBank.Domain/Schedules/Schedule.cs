using System.Diagnostics;
using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Schedules;

/// <summary>Where a schedule stands.</summary>
public enum ScheduleStage { Active, Paused, Ended }

/// <summary>A date on which it is due, and the moment at which that is so.</summary>
public sealed record DueDate(DateOnly Date, DateTimeOffset At);

/// <summary>What is to be transferred each time.</summary>
public sealed record Scheduled(TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes, string? Category, TextRef? Text);

/// <summary>A transfer that is made again and again, or once on a day ahead, until it is ended.</summary>
/// <remarks>It knows the next date on which it is due and nothing else: a date that was carried out or missed is past, whoever carried it out,
/// so that none is skipped and none is doubled.</remarks>
/// <param name="Confirmed">How the payer said yes to all of them.</param>
/// <param name="Next">Null: no date is ahead.</param>
/// <param name="Last">The date that was last carried out or missed.</param>
/// <param name="Missed">Why the last date was missed; null: it was not.</param>
public sealed record Schedule(
    ThingId Id, Scheduled Terms, CalendarRule Rule, Yes? Confirmed, DueDate? Next,
    ScheduleStage Is = ScheduleStage.Active, DateOnly? Last = null, PostingId? Posting = null, RefusalCode? Missed = null) : Thing(Id)
{
    public override Enum Stage => Is;
    public override TextRef? Wording => Terms.Text;

    public override IEnumerable<AccountId> Parties => [Terms.Payer, Terms.Payee];
    public override ThingEvent? EndWithout(AccountId leaving) => Is == ScheduleStage.Ended ? null : new ScheduleEvent.ScheduleEnded();
    public override DateTimeOffset? Due => Is == ScheduleStage.Active ? Next?.At : null;

    public static Schedule After(ThingId id, Schedule? before, ScheduleEvent happened) => (before, happened) switch
    {
        (null, ScheduleEvent.ScheduleMade e) => new Schedule(id, e.Terms, e.Rule, e.Yes, e.Next),
        ({ } s, ScheduleEvent.ScheduleCarriedOut e) => s with { Next = e.Next, Last = e.Date, Posting = e.Posting, Missed = null, Is = e.Next is null ? ScheduleStage.Ended : s.Is },
        ({ } s, ScheduleEvent.ScheduleMissed e) => s with { Next = e.Next, Last = e.Date, Missed = e.Why, Is = e.Next is null ? ScheduleStage.Ended : s.Is },
        ({ } s, ScheduleEvent.SchedulePaused) => s with { Is = ScheduleStage.Paused, Next = null },
        ({ } s, ScheduleEvent.ScheduleResumed e) => s with { Is = ScheduleStage.Active, Next = e.Next },
        ({ } s, ScheduleEvent.ScheduleEnded) => s with { Is = ScheduleStage.Ended, Next = null },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a schedule that is not there."),
    };
}

/// <summary>What can happen to a schedule. These names are stored: add, never rename.</summary>
public abstract record ScheduleEvent : ThingEvent
{
    public sealed record ScheduleMade(Scheduled Terms, CalendarRule Rule, Yes? Yes, DueDate Next) : ScheduleEvent;
    public sealed record ScheduleCarriedOut(DateOnly Date, PostingId Posting, DueDate? Next) : ScheduleEvent;
    /// <summary>The rules of the bank said no on that date: it is not tried again.</summary>
    public sealed record ScheduleMissed(DateOnly Date, RefusalCode Why, DueDate? Next) : ScheduleEvent;
    public sealed record SchedulePaused : ScheduleEvent;
    /// <summary>Dates that passed while it was paused are left out.</summary>
    public sealed record ScheduleResumed(DueDate Next) : ScheduleEvent;
    public sealed record ScheduleEnded : ScheduleEvent;

    public override StreamKind Kind => StreamKind.Schedule;

    public override IEnumerable<TextRef> Texts => this is ScheduleMade { Terms.Text: { } text } ? [text] : [];

    public override Thing After(ThingId id, Thing? before) => Schedule.After(id, (Schedule?)before, this);
}
