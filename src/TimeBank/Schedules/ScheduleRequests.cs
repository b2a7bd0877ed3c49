using FluentValidation;
using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Web;

namespace TimeBank.Schedules;

public sealed record MakeScheduleRequest
{
    public TransferKind? Kind { get; init; }
    public Guid? Payer { get; init; }
    public Guid? Payee { get; init; }
    public Minutes? Minutes { get; init; }
    public string? Category { get; init; }
    public string? Memo { get; init; }
    /// <summary>Once, or every so many weeks or months.</summary>
    public Every? Every { get; init; }
    /// <summary>Every so many of them; 1 if left out.</summary>
    public int? Interval { get; init; }
    /// <summary>The first date.</summary>
    public DateOnly? From { get; init; }
    /// <summary>The last date that counts; no end if left out.</summary>
    public DateOnly? Until { get; init; }
    /// <summary>At what time of that day, by the bank's clock; 08:00 if left out.</summary>
    public TimeOnly? At { get; init; }
    /// <summary>How the payer said yes (inPerson, telephone, paper), where an organiser says it for them.</summary>
    public Yes? Yes { get; init; }
}

public sealed record PauseScheduleRequest;

public sealed record ResumeScheduleRequest;

public sealed record EndScheduleRequest;

public sealed class MakeScheduleRequestValidator : AbstractValidator<MakeScheduleRequest>
{
    public static readonly MakeScheduleRequestValidator Instance = new();

    public MakeScheduleRequestValidator()
    {
        RuleFor(r => r.Kind).Given();
        RuleFor(r => r.Payer).Given();
        RuleFor(r => r.Payee).Given();
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
        RuleFor(r => r.Every).Given();
        RuleFor(r => r.Interval).InclusiveBetween(1, CalendarRule.MostInterval).WithMessage($"1 to {CalendarRule.MostInterval}.");
        RuleFor(r => r.From).Given().Must(d => d is null || d.Value.Year < 9000).WithMessage("A year before 9000.");
        RuleFor(r => r.Until).Must((r, until) => until is null || until >= r.From).WithMessage("Not before the first date.");
    }
}

public sealed class PauseScheduleRequestValidator : AbstractValidator<PauseScheduleRequest>
{
    public static readonly PauseScheduleRequestValidator Instance = new();
}

public sealed class ResumeScheduleRequestValidator : AbstractValidator<ResumeScheduleRequest>
{
    public static readonly ResumeScheduleRequestValidator Instance = new();
}

public sealed class EndScheduleRequestValidator : AbstractValidator<EndScheduleRequest>
{
    public static readonly EndScheduleRequestValidator Instance = new();
}

/// <summary>A schedule, as answers say it.</summary>
/// <param name="Next">The next date, with its moment; null: none is ahead.</param>
/// <param name="Last">The date that was last carried out or missed.</param>
/// <param name="Missed">Why the last date was missed.</param>
public sealed record ScheduleAnswer(
    ThingId Id, ScheduleStage Stage, TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes, string? Category,
    Every Every, int Interval, DateOnly From, DateOnly? Until, TimeOnly At, DueDate? Next, DateOnly? Last, PostingId? Posting, RefusalCode? Missed, Yes? Confirmed)
{
    public static ScheduleAnswer Of(Schedule s) => new(
        s.Id, s.Is, s.Terms.Kind, s.Terms.Payer, s.Terms.Payee, s.Terms.Minutes, s.Terms.Category,
        s.Rule.Every, s.Rule.Interval, s.Rule.From, s.Rule.Until, s.Rule.At, s.Next, s.Last, s.Posting, s.Missed, s.Confirmed);
}

/// <summary>A schedule with what it is for.</summary>
public sealed record ScheduleView(ScheduleAnswer Schedule, string? Memo);
