using FluentValidation;
using TimeBank.Contributions;
using TimeBank.Projections;
using TimeBank.Schedules;
using TimeBank.Web;

namespace TimeBank.WorkSessions;

/// <summary>A session on each of many dates.</summary>
public sealed record PlanSeriesRequest : PlanSessionRequest
{
    /// <summary>week or month, from date on. A month that is too short has its last day in place of the 29th, 30th or 31st.</summary>
    public Every? Every { get; init; }
    /// <summary>Every so many weeks or months; 1 if left out.</summary>
    public int? Interval { get; init; }
    /// <summary>The last date that counts.</summary>
    public DateOnly? Last { get; init; }

    internal CalendarRule ToRule() => new(Every!.Value, Interval ?? 1, Date!.Value, Last, From!.Value);
}

public record PlanSessionRequest
{
    public Guid? Project { get; init; }
    public DateOnly? Date { get; init; }
    /// <summary>By the bank's clock.</summary>
    public TimeOnly? From { get; init; }
    public TimeOnly? Until { get; init; }
    /// <summary>How many may come; who signs up after them waits. No limit if left out.</summary>
    public int? Places { get; init; }
    public string? Category { get; init; }
    /// <summary>The activity of the project that it is; who lacks a credential that it requires is not let in.</summary>
    public Guid? Activity { get; init; }
    /// <summary>What is to be done, and where.</summary>
    public string? Memo { get; init; }
}

public sealed record NameRequest
{
    /// <summary>The member's account.</summary>
    public Guid? Account { get; init; }
}

public sealed record CheckRequest
{
    /// <summary>The member's account.</summary>
    public Guid? Account { get; init; }
    /// <summary>The code that stands on the wall; who coordinates needs none.</summary>
    public string? Code { get; init; }
    /// <summary>When it was, said by who coordinates; now if left out.</summary>
    public DateTimeOffset? At { get; init; }
}

public sealed record CreditSessionRequest
{
    /// <summary>What the coordinator says of some people, whatever the times say; zero: nothing.</summary>
    public IReadOnlyList<CreditBatchLine>? Minutes { get; init; }
}

public sealed record CancelSessionRequest;

public sealed class PlanSeriesRequestValidator : AbstractValidator<PlanSeriesRequest>
{
    public static readonly PlanSeriesRequestValidator Instance = new();

    public PlanSeriesRequestValidator()
    {
        Include(PlanSessionRequestValidator.Instance);
        RuleFor(r => r.Every).Given().Must(e => e is not Schedules.Every.Once).WithMessage("week or month; one session is planned by itself.");
        RuleFor(r => r.Interval).InclusiveBetween(1, CalendarRule.MostInterval).WithMessage($"1 to {CalendarRule.MostInterval}.");
        RuleFor(r => r.Last).Given().Must((r, last) => last is null || (last >= r.Date && last.Value.Year < 9000)).WithMessage("Not before the first date, and up to the year 8999.");
    }
}

public sealed class PlanSessionRequestValidator : AbstractValidator<PlanSessionRequest>
{
    public static readonly PlanSessionRequestValidator Instance = new();

    public PlanSessionRequestValidator()
    {
        RuleFor(r => r.Project).Given();
        RuleFor(r => r.Date).Given().Must(d => d is null || d.Value.Year is > 1900 and < 9000).WithMessage("A year from 1901 to 8999.");
        RuleFor(r => r.From).Given();
        RuleFor(r => r.Until).Given().Must((r, until) => until is null || until > r.From).WithMessage("Later than it begins, on the same day.");
        RuleFor(r => r.Places).InclusiveBetween(1, WorkSession.MostPeople).WithMessage($"1 to {WorkSession.MostPeople}.");
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
    }
}

public sealed class NameRequestValidator : AbstractValidator<NameRequest>
{
    public static readonly NameRequestValidator Instance = new();

    public NameRequestValidator() => RuleFor(r => r.Account).Given();
}

public sealed class CheckRequestValidator : AbstractValidator<CheckRequest>
{
    public static readonly CheckRequestValidator Instance = new();

    public CheckRequestValidator()
    {
        RuleFor(r => r.Account).Given();
        RuleFor(r => r.Code).Text(20);
    }
}

public sealed class CreditSessionRequestValidator : AbstractValidator<CreditSessionRequest>
{
    public static readonly CreditSessionRequestValidator Instance = new();

    public CreditSessionRequestValidator()
    {
        RuleFor(r => r.Minutes).Must(l => l is null || l.Count <= WorkSession.MostPeople).WithMessage($"At most {WorkSession.MostPeople}.")
            .Must(l => l is null || l.Where(x => x is not null).Select(x => x.Helper).Distinct().Count() == l.Count).WithMessage("Everybody once.");
        RuleForEach(r => r.Minutes).NotNull().SetValidator(CreditBatchRequestValidator.LineValidator.Instance);
    }
}

public sealed class CancelSessionRequestValidator : AbstractValidator<CancelSessionRequest>
{
    public static readonly CancelSessionRequestValidator Instance = new();
}

/// <summary>One person at a session.</summary>
/// <param name="Waits">On the waiting list.</param>
/// <param name="Minutes">What the times come to, rounded as the bank says; null: not known yet.</param>
public sealed record AttendanceView(AccountId Account, bool SignedUp, bool Waits, DateTimeOffset? In, DateTimeOffset? Out, Minutes? Minutes);

/// <summary>A session. Names and code are for who coordinates it; others see themselves.</summary>
/// <param name="SignedUp">How many signed up, those who wait among them.</param>
/// <param name="Code">With it people check themselves in and out.</param>
public sealed record WorkSessionAnswer(
    ThingId Id, WorkSessionStage Stage, AccountId Project, DateOnly Date, DateTimeOffset From, DateTimeOffset Until, int? Places, int SignedUp, string? Category,
    string? Code, IReadOnlyList<AttendanceView> People, PostingId? Posting, ThingId? Activity)
{
    public static WorkSessionAnswer Of(WorkSession s, Func<AccountId, bool> sees, bool coordinates)
    {
        var waiting = s.WaitingList.ToHashSet();
        return new WorkSessionAnswer(
            s.Id, s.Is, s.Plan.Project, s.Plan.Date, s.Plan.From, s.Plan.Until, s.Plan.Places, s.People.Count(p => p.SignedUp is not null), s.Plan.Category,
            coordinates ? s.Plan.Code : null,
            [.. s.People.Where(p => coordinates || sees(p.Account)).Select(p => new AttendanceView(
                p.Account, p.SignedUp is not null, waiting.Contains(p.Account), p.In, p.Out, s.MinutesOf(p)))],
            coordinates ? s.Posting : null, s.Plan.Activity);
    }
}

/// <summary>Sessions that were planned together, in the order of their dates.</summary>
public sealed record SeriesAnswer(IReadOnlyList<WorkSessionAnswer> Sessions);

/// <summary>A session with what is to be done there.</summary>
public sealed record WorkSessionView(WorkSessionAnswer Session, string? Memo);

/// <summary>A session, and the list that was credited.</summary>
public sealed record WorkSessionCreditAnswer(WorkSessionAnswer Session, BatchCreditAnswer? Credited);
