using FluentValidation;
using TimeBank.Access;
using TimeBank.Contributions;
using TimeBank.Web;

namespace TimeBank.Workshops;

/// <summary>One helped many at once.</summary>
public sealed record GiveWorkshopRequest
{
    /// <summary>The member's account of who helped.</summary>
    public Guid? Helper { get; init; }
    /// <summary>Of the helper, all together.</summary>
    public Minutes? Minutes { get; init; }
    /// <summary>When it was given; today if left out.</summary>
    public DateOnly? Occurred { get; init; }
    public string? Category { get; init; }
    /// <summary>What it was about.</summary>
    public string? Memo { get; init; }
    /// <summary>A pot that gives the hours for all; left out: those who were there share them equally.</summary>
    public Guid? Pot { get; init; }
    public IReadOnlyList<ReceiverLine>? Receivers { get; init; }
}

public sealed record ReceiverLine
{
    /// <summary>A member's account, or a project's.</summary>
    public Guid? Account { get; init; }
    /// <summary>How they said yes to their share (inPerson, telephone, paper), where an organiser heard it; left out: they confirm it themselves.</summary>
    public Yes? Yes { get; init; }
}

public sealed class GiveWorkshopRequestValidator : AbstractValidator<GiveWorkshopRequest>
{
    public static readonly GiveWorkshopRequestValidator Instance = new();

    public GiveWorkshopRequestValidator()
    {
        RuleFor(r => r.Helper).Given();
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
        RuleFor(r => r.Receivers).Given().Must(l => l is null || l.Count is >= 1 and <= Workshop.MostReceivers).WithMessage($"1 to {Workshop.MostReceivers}.")
            .Must(l => l is null || l.Where(x => x is not null).Select(x => x.Account).Distinct().Count() == l.Count).WithMessage("Everybody once.");
        RuleForEach(r => r.Receivers).NotNull().SetValidator(new ReceiverValidator());
    }

    private sealed class ReceiverValidator : AbstractValidator<ReceiverLine>
    {
        public ReceiverValidator() => RuleFor(l => l.Account).Given();
    }
}

/// <summary>A workshop, as answers to commands say it: without texts.</summary>
/// <param name="Pot">What gave the hours for all; null: those who were there share them.</param>
/// <param name="Shares">Each a contribution, in which its stage is told: it moves with its own yes.</param>
public sealed record WorkshopAnswer(
    ThingId Id, WorkshopStage Stage, AccountId Helper, Minutes Minutes, DateOnly Occurred, string? Category, AccountId? Pot, IReadOnlyList<WorkshopShare> Shares)
{
    public static WorkshopAnswer Of(Workshop w) => new(w.Id, (WorkshopStage)w.Stage, w.Helper, w.Minutes, w.Occurred, w.Category, w.Pot, w.Shares);
}

/// <summary>A workshop with what it was about.</summary>
public sealed record WorkshopView(WorkshopAnswer Workshop, string? Memo);

/// <summary>A workshop that was logged, and the posting of the shares that moved at once.</summary>
public sealed record WorkshopGivenAnswer(
    ThingId Id, WorkshopStage Stage, AccountId Helper, Minutes Minutes, DateOnly Occurred, string? Category, AccountId? Pot, IReadOnlyList<WorkshopShare> Shares,
    PostingAnswer? Posting)
{
    public static WorkshopGivenAnswer Of(WorkshopChange change) => new(
        change.Workshop.Id, (WorkshopStage)change.Workshop.Stage, change.Workshop.Helper, change.Workshop.Minutes, change.Workshop.Occurred, change.Workshop.Category,
        change.Workshop.Pot, change.Workshop.Shares, change.Posting is { } made ? PostingAnswers.Of(made) : null);
}
