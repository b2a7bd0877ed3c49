using FluentValidation;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Safeguarding;

/// <summary>A worry about a person, a visit, or both.</summary>
public sealed record RaiseConcernRequest
{
    /// <summary>The account of the person whom it is about.</summary>
    public Guid? Account { get; init; }
    /// <summary>The session, booking, contribution or other meeting that it is about.</summary>
    public Guid? Visit { get; init; }
    /// <summary>How it came: on a page, by telephone, on paper; on a page if left out.</summary>
    public ConcernWay? Way { get; init; }
    public string? Text { get; init; }
}

public sealed record NoteConcernRequest
{
    public string? Text { get; init; }
}

public sealed record MoveConcernRequest;

public sealed class RaiseConcernRequestValidator : AbstractValidator<RaiseConcernRequest>
{
    public static readonly RaiseConcernRequestValidator Instance = new();

    /// <summary>As long as what a worried person writes at a stretch.</summary>
    public const int MostText = 5_000;

    public RaiseConcernRequestValidator()
    {
        RuleFor(r => r.Account).Must((r, account) => account is not null || r.Visit is not null).WithMessage("This or visit is needed.");
        RuleFor(r => r.Text).NotEmpty().WithMessage("This is missing.").Text(MostText);
    }
}

public sealed class NoteConcernRequestValidator : AbstractValidator<NoteConcernRequest>
{
    public static readonly NoteConcernRequestValidator Instance = new();

    public NoteConcernRequestValidator() => RuleFor(r => r.Text).NotEmpty().WithMessage("This is missing.").Text(RaiseConcernRequestValidator.MostText);
}

public sealed class MoveConcernRequestValidator : AbstractValidator<MoveConcernRequest>
{
    public static readonly MoveConcernRequestValidator Instance = new();
}

/// <summary>What whoever raises a concern hears: that it was received. Only the safeguarding lead reads it.</summary>
public sealed record ConcernRaised(Guid Id, DateTimeOffset Raised);

/// <summary>A concern, to the safeguarding lead.</summary>
/// <param name="By">Who raised it, or wrote down who did.</param>
public sealed record ConcernView(
    Guid Id, ConcernStage Stage, AccountId? Account, ThingId? Visit, ConcernWay Way, DateTimeOffset Raised, Guid By, string Text, DateTimeOffset? Closed)
{
    public static ConcernView Of(ConcernRow row) => new(
        row.Concern.Id, row.Concern.Is, row.Concern.Account, row.Concern.Visit, row.Concern.Way, row.Concern.Raised, row.Concern.By, row.Body, row.Concern.Closed);
}

/// <summary>A line of the log.</summary>
public sealed record ConcernNoteView(Guid Id, DateTimeOffset Written, Guid By, string Text)
{
    public static ConcernNoteView Of(ConcernNote n) => new(n.Id, n.Written, n.By, n.Body);
}

/// <summary>A concern with the safeguarding lead's log, oldest line first.</summary>
public sealed record ConcernFileView(ConcernView Concern, IReadOnlyList<ConcernNoteView> Notes);
