using FluentValidation;
using TimeBank.Access;
using TimeBank.Web;

namespace TimeBank.Contributions;

/// <summary>Help that was given: to a person, or on a project.</summary>
public sealed record LogContributionRequest
{
    /// <summary>The member's account of who helped.</summary>
    public Guid? Helper { get; init; }
    /// <summary>The member's account of who was helped; it pays, unless a project is named.</summary>
    public Guid? Helped { get; init; }
    /// <summary>The project that was worked for; it pays, and what it lacks comes from the community.</summary>
    public Guid? Project { get; init; }
    public Minutes? Minutes { get; init; }
    /// <summary>When it was given; today if left out.</summary>
    public DateOnly? Occurred { get; init; }
    public string? Category { get; init; }
    /// <summary>What was done.</summary>
    public string? Memo { get; init; }
    /// <summary>What the helper wants; hours if left out.</summary>
    public Wish? Wish { get; init; }
    /// <summary>With the wish passOn: the account that the hours go on to.</summary>
    public Guid? PassOnTo { get; init; }
    /// <summary>With a wish: how the helper said it (inPerson, telephone, paper), where an organiser says it for them.</summary>
    public Yes? Yes { get; init; }
    /// <summary>The activity of the project that it was; what credentials it requires the helper must have had on that day.</summary>
    public Guid? Activity { get; init; }
    /// <summary>When on that day it began, by the bank's clock. Help that overlaps other help of the same helper is asked about.</summary>
    public TimeOnly? From { get; init; }
}

public sealed record CorrectContributionRequest
{
    public Minutes? Minutes { get; init; }
    /// <summary>When it was given; today if left out.</summary>
    public DateOnly? Occurred { get; init; }
    /// <summary>When on that day it began; nobody said, if left out.</summary>
    public TimeOnly? From { get; init; }
    public string? Category { get; init; }
    public string? Memo { get; init; }
}

/// <summary>What the helper wants for it.</summary>
public sealed record WishRequest
{
    /// <summary>hours, nothing, or passOn.</summary>
    public Wish? Wish { get; init; }
    /// <summary>With passOn: the account that the hours go on to.</summary>
    public Guid? PassOnTo { get; init; }
    /// <summary>How the helper said it (inPerson, telephone, paper), where an organiser says it for them.</summary>
    public Yes? Yes { get; init; }
}

public sealed record ConfirmContributionRequest
{
    /// <summary>How the person helped said yes (inPerson, telephone, paper), where an organiser says it for them.</summary>
    public Yes? Yes { get; init; }
    /// <summary>The same help, as whoever confirms it logged it themselves: it is taken back, so that the help counts once.</summary>
    public Guid? Twin { get; init; }
}

public sealed record SayWhyRequest
{
    public string? Reason { get; init; }
}

public sealed record WithdrawContributionRequest;

public sealed record SettleContributionRequest
{
    /// <summary>What it comes to; zero: nothing.</summary>
    public Minutes? Minutes { get; init; }
    /// <summary>How the person helped said yes, where minutes still leave their account.</summary>
    public Yes? Yes { get; init; }
    public string? Reason { get; init; }
    /// <summary>Lets what goes back pass a floor.</summary>
    public bool? Override { get; init; }
}

public sealed record PayContributionRequest
{
    /// <summary>Who pays: the person helped, who goes lower this once; a pot; the community.</summary>
    public PaidAnyway? By { get; init; }
    /// <summary>Which pot, if one pays.</summary>
    public Guid? Pot { get; init; }
}

/// <summary>Many volunteers of one project, credited together or not at all.</summary>
public sealed record CreditBatchRequest
{
    public Guid? Project { get; init; }
    /// <summary>When it was given; today if left out.</summary>
    public DateOnly? Occurred { get; init; }
    public string? Category { get; init; }
    /// <summary>The activity of the project that all of them did; what credentials it requires everybody must have had on that day.</summary>
    public Guid? Activity { get; init; }
    /// <summary>What was done, on lines that say nothing of their own.</summary>
    public string? Memo { get; init; }
    public IReadOnlyList<CreditBatchLine>? Lines { get; init; }
}

public sealed record CreditBatchLine
{
    public Guid? Helper { get; init; }
    public Minutes? Minutes { get; init; }
    public string? Memo { get; init; }
}

public sealed class LogContributionRequestValidator : AbstractValidator<LogContributionRequest>
{
    public const string PassOnToMisfits = "It goes with the wish passOn, and only with that.";

    public static readonly LogContributionRequestValidator Instance = new();

    public LogContributionRequestValidator()
    {
        RuleFor(r => r.Helper).Given();
        RuleFor(r => r.Helped).Must((r, helped) => helped is not null || r.Project is not null).WithMessage("Say who was helped, or which project was worked for.");
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
        RuleFor(r => r.PassOnTo).Must((r, target) => target is not null == (r.Wish == Wish.PassOn)).WithMessage(PassOnToMisfits);
        RuleFor(r => r.Yes).Must((r, yes) => yes is null || r.Wish is Wish.Nothing or Wish.PassOn).WithMessage("It goes with a wish that is not hours.");
    }
}

public sealed class CorrectContributionRequestValidator : AbstractValidator<CorrectContributionRequest>
{
    public static readonly CorrectContributionRequestValidator Instance = new();

    public CorrectContributionRequestValidator()
    {
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
    }
}

public sealed class WishRequestValidator : AbstractValidator<WishRequest>
{
    public static readonly WishRequestValidator Instance = new();

    public WishRequestValidator()
    {
        RuleFor(r => r.Wish).Given();
        RuleFor(r => r.PassOnTo).Must((r, target) => target is not null == (r.Wish == Wish.PassOn)).WithMessage(LogContributionRequestValidator.PassOnToMisfits);
    }
}

public sealed class ConfirmContributionRequestValidator : AbstractValidator<ConfirmContributionRequest>
{
    public static readonly ConfirmContributionRequestValidator Instance = new();
}

public sealed class SayWhyRequestValidator : AbstractValidator<SayWhyRequest>
{
    public static readonly SayWhyRequestValidator Instance = new();

    public SayWhyRequestValidator() => RuleFor(r => r.Reason).Text(Rules.MostMemo);
}

public sealed class WithdrawContributionRequestValidator : AbstractValidator<WithdrawContributionRequest>
{
    public static readonly WithdrawContributionRequestValidator Instance = new();
}

public sealed class SettleContributionRequestValidator : AbstractValidator<SettleContributionRequest>
{
    public static readonly SettleContributionRequestValidator Instance = new();

    public SettleContributionRequestValidator()
    {
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.Reason).Given().Text(Rules.MostMemo).Must(r => r is null || r.Trim().Length > 0).WithMessage("Say why.");
    }
}

public sealed class PayContributionRequestValidator : AbstractValidator<PayContributionRequest>
{
    public static readonly PayContributionRequestValidator Instance = new();

    public PayContributionRequestValidator()
    {
        RuleFor(r => r.By).Given();
        RuleFor(r => r.Pot).Must((r, pot) => pot is not null == (r.By == PaidAnyway.Pot)).WithMessage("It goes with by: pot, and only with that.");
    }
}

public sealed class CreditBatchRequestValidator : AbstractValidator<CreditBatchRequest>
{
    public static readonly CreditBatchRequestValidator Instance = new();

    public CreditBatchRequestValidator()
    {
        RuleFor(r => r.Project).Given();
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
        RuleFor(r => r.Lines).Given().Must(l => l is null || l.Count is >= 1 and <= BatchCredit.MostLines).WithMessage($"1 to {BatchCredit.MostLines} lines.");
        RuleForEach(r => r.Lines).NotNull().SetValidator(LineValidator.Instance);
    }

    internal sealed class LineValidator : AbstractValidator<CreditBatchLine>
    {
        public static readonly LineValidator Instance = new();

        public LineValidator()
        {
            RuleFor(l => l.Helper).Given();
            RuleFor(l => l.Minutes).Given();
            RuleFor(l => l.Memo).Text(Rules.MostMemo);
        }
    }
}
