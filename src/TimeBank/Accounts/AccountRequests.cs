using FluentValidation;
using TimeBank.Web;

namespace TimeBank.Accounts;

public sealed record OpenAccountRequest
{
    /// <summary>member, project, provider, pot or earmark.</summary>
    public AccountKind? Kind { get; init; }
    public string? Name { get; init; }
    /// <summary>The project that an earmark belongs to.</summary>
    public Guid? Parent { get; init; }
    /// <summary>The category of work that an earmark is for: it goes before its project's free hours where such work is credited. Left out: any work.</summary>
    public string? Purpose { get; init; }
    /// <summary>The lowest balance it may reach by its own decision; left out: the bank's policy.</summary>
    public Minutes? Floor { get; init; }
    /// <summary>The most it may keep; left out: the bank's policy.</summary>
    public Minutes? Ceiling { get; init; }
    /// <summary>The part of the bank's area that it belongs to, as a short code: 1 to 64 of a-z, 0-9 and hyphens.</summary>
    public string? Neighbourhood { get; init; }
    /// <summary>A number by which it is known, such as a member's: 1 to 64 letters, digits and inner . _ / -.</summary>
    public string? Number { get; init; }
}

/// <summary>All stand as given: a limit that is left out is the bank's policy again.</summary>
public sealed record SettingsRequest
{
    public string? Name { get; init; }
    public Minutes? Floor { get; init; }
    public Minutes? Ceiling { get; init; }
    public string? Neighbourhood { get; init; }
}

public sealed record ReasonRequest
{
    public string? Reason { get; init; }
}

public sealed record ClosureRequest
{
    /// <summary>Who takes what is left.</summary>
    public Guid? SweepTo { get; init; }
    /// <summary>How a member said that it goes there: inPerson, telephone or paper.</summary>
    public Access.Yes? Yes { get; init; }
    /// <summary>The pot or issuer that makes good what is below zero; needs a reason.</summary>
    public Guid? ForgiveFrom { get; init; }
    public string? Reason { get; init; }
}

public sealed record SilenceRequest
{
    /// <summary>Whether claims against the account confirm themselves if its holder does not object in time.</summary>
    public bool? Counts { get; init; }
    /// <summary>How the holder said so (inPerson, telephone, paper), where an organiser says it for them.</summary>
    public Access.Yes? Yes { get; init; }
}

public sealed class SilenceRequestValidator : AbstractValidator<SilenceRequest>
{
    public static readonly SilenceRequestValidator Instance = new();

    public SilenceRequestValidator() => RuleFor(r => r.Counts).Given();
}

public sealed class OpenAccountRequestValidator : AbstractValidator<OpenAccountRequest>
{
    public static readonly OpenAccountRequestValidator Instance = new();

    public OpenAccountRequestValidator()
    {
        RuleFor(r => r.Kind).Given();
        RuleFor(r => r.Number).Number();
        RuleFor(r => r.Neighbourhood).Category();
        RuleFor(r => r.Purpose).Category();
        RuleFor(r => r.Purpose).Null().When(r => r.Kind is not (null or AccountKind.Earmark)).WithMessage("Only an earmark is for a purpose.");
        RuleFor(r => r.Name).NotEmpty().WithMessage("This is missing.").Text(Web.Rules.MostName);
    }
}

public sealed class SettingsRequestValidator : AbstractValidator<SettingsRequest>
{
    public static readonly SettingsRequestValidator Instance = new();

    public SettingsRequestValidator()
    {
        RuleFor(r => r.Name).NotEmpty().WithMessage("This is missing.").Text(Web.Rules.MostName);
        RuleFor(r => r.Neighbourhood).Category();
    }
}

public sealed class ReasonRequestValidator : AbstractValidator<ReasonRequest>
{
    public static readonly ReasonRequestValidator Instance = new();

    public ReasonRequestValidator() => RuleFor(r => r.Reason).Text(Web.Rules.MostMemo);
}

public sealed class ClosureRequestValidator : AbstractValidator<ClosureRequest>
{
    public static readonly ClosureRequestValidator Instance = new();

    public ClosureRequestValidator()
    {
        RuleFor(r => r.Reason).Text(Web.Rules.MostMemo);
        RuleFor(r => r.Reason).NotEmpty().When(r => r.ForgiveFrom is not null).WithMessage("Forgiving needs a reason.");
    }
}
