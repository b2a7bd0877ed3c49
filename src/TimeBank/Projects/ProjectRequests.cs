using FluentValidation;
using TimeBank.Projections;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Projects;

/// <summary>Which co-production a project is: said once for all of it, and never asked of members.</summary>
public sealed record CoProductionRequest
{
    public CoProductionKind? Kind { get; init; }
    public Hands? PlannedBy { get; init; }
    public Hands? DeliveredBy { get; init; }
    public Togetherness? Togetherness { get; init; }
    /// <summary>Substitutive: in place of what professionals put in; additive: on top of it.</summary>
    public InputEffect? Effect { get; init; }
    /// <summary>Whose input it lives by.</summary>
    public IReadOnlyList<InputOf>? InputOf { get; init; }

    internal CoProduction ToCoProduction() =>
        new(Kind!.Value, PlannedBy!.Value, DeliveredBy!.Value, Togetherness!.Value, Effect!.Value, [.. InputOf!.Distinct().Order()]);
}

/// <summary>What a project is for. All stands as given.</summary>
public record ProjectRequest
{
    public string? Purpose { get; init; }
    /// <summary>What it needs: hands, tools, a room.</summary>
    public string? Needs { get; init; }
    /// <summary>Its first day.</summary>
    public DateOnly? From { get; init; }
    /// <summary>Its last day.</summary>
    public DateOnly? Until { get; init; }
    public CoProductionRequest? CoProduction { get; init; }
    /// <summary>Whether help is credited only in one of its activities, so that nobody passes the credentials that they require; no if left out.</summary>
    public bool? NamesActivity { get; init; }

    internal ProjectTerms ToTerms() => new(From, Until, CoProduction?.ToCoProduction(), NamesActivity == true ? true : null);

    internal TextBody ToText() => new() { Purpose = Purpose, Needs = Needs };
}

public sealed record DescribeProjectRequest : ProjectRequest
{
    /// <summary>The project's account.</summary>
    public Guid? Account { get; init; }
}

public sealed record MoveProjectRequest;

/// <summary>Something that is done in a project. All stands as given.</summary>
public sealed record ActivityRequest
{
    public string? Name { get; init; }
    /// <summary>What could happen.</summary>
    public string? Risk { get; init; }
    /// <summary>What is done about it.</summary>
    public string? Precautions { get; init; }
    /// <summary>Who is insured for what.</summary>
    public string? Insurance { get; init; }
    /// <summary>Kinds of credential without which nobody is credited for it, such as background-check.</summary>
    public IReadOnlyList<string>? Requires { get; init; }

    internal TextBody ToText() => new() { Name = Name, Risk = Risk, Precautions = Precautions, Insurance = Insurance };
}

public sealed class CoProductionRequestValidator : AbstractValidator<CoProductionRequest>
{
    public static readonly CoProductionRequestValidator Instance = new();

    public CoProductionRequestValidator()
    {
        RuleFor(r => r.Kind).Given();
        RuleFor(r => r.PlannedBy).Given();
        RuleFor(r => r.DeliveredBy).Given();
        RuleFor(r => r.Togetherness).Given();
        RuleFor(r => r.Effect).Given();
        RuleFor(r => r.InputOf).Given().Must(i => i is null || (i.Count >= 1 && i.Count <= Enum.GetValues<InputOf>().Length)).WithMessage("At least one, each once.");
    }
}

public sealed class ProjectRequestValidator : AbstractValidator<ProjectRequest>
{
    public static readonly ProjectRequestValidator Instance = new();

    public ProjectRequestValidator()
    {
        RuleFor(r => r.Purpose).Text(Rules.MostMemo);
        RuleFor(r => r.Needs).Text(Rules.MostMemo);
        RuleFor(r => r.Until).Must((r, until) => !(until < r.From)).WithMessage("Not before its first day.");
        RuleFor(r => r.CoProduction!).SetValidator(CoProductionRequestValidator.Instance).When(r => r.CoProduction is not null);
    }
}

public sealed class DescribeProjectRequestValidator : AbstractValidator<DescribeProjectRequest>
{
    public static readonly DescribeProjectRequestValidator Instance = new();

    public DescribeProjectRequestValidator()
    {
        RuleFor(r => r.Account).Given();
        Include(ProjectRequestValidator.Instance);
    }
}

public sealed class MoveProjectRequestValidator : AbstractValidator<MoveProjectRequest>
{
    public static readonly MoveProjectRequestValidator Instance = new();
}

public sealed class ActivityRequestValidator : AbstractValidator<ActivityRequest>
{
    public static readonly ActivityRequestValidator Instance = new();
    private const int MostRequired = 10;

    public ActivityRequestValidator()
    {
        RuleFor(r => r.Name).NotEmpty().WithMessage("This is missing.").Text(Rules.MostName);
        RuleFor(r => r.Risk).Text(Rules.MostMemo);
        RuleFor(r => r.Precautions).Text(Rules.MostMemo);
        RuleFor(r => r.Insurance).Text(Rules.MostMemo);
        RuleFor(r => r.Requires).Must(c => c is null || (c.Count <= MostRequired && c.All(k => k is not null && Rules.IsCode(k)))).WithMessage($"At most {MostRequired} codes: {Rules.CodeWords}");
    }
}

/// <summary>Which co-production a project is.</summary>
/// <param name="Form">What follows from who planned and who does it.</param>
public sealed record CoProductionView(
    CoProductionKind Kind, Hands PlannedBy, Hands DeliveredBy, CoProductionForm Form, Togetherness Togetherness, InputEffect Effect, IReadOnlyList<InputOf> InputOf)
{
    public static CoProductionView Of(CoProduction c) =>
        new(c.Kind, c.PlannedBy, c.DeliveredBy, CoProduction.FormOf(c.PlannedBy, c.DeliveredBy), c.Togetherness, c.Effect, c.InputOf);
}

/// <summary>A project, as answers to commands say it: without texts.</summary>
/// <param name="Id">The account's.</param>
/// <param name="Version">What a change must match.</param>
public sealed record ProjectAnswer(AccountId Id, ProjectStage Stage, DateOnly? From, DateOnly? Until, CoProductionView? CoProduction, long Version, bool NamesActivity)
{
    public static ProjectAnswer Of(Project p) =>
        new(p.Account, p.Is, p.Terms.From, p.Terms.Until, p.Terms.CoProduction is { } c ? CoProductionView.Of(c) : null, p.Version, p.Terms.NamesActivity == true);
}

/// <summary>A project as everybody in the bank sees it.</summary>
/// <param name="Coordinators">Who coordinates it, for who organises it, coordinates it with them, or audits; left out for others.</param>
public sealed record ProjectView(ProjectAnswer Project, string? Name, string? Neighbourhood, string? Purpose, string? Needs, IReadOnlyList<CoordinatorView>? Coordinators)
{
    public static ProjectView Of(AccountThingRow<Project> row, IReadOnlyList<CoordinatorView>? coordinators) =>
        new(ProjectAnswer.Of(row.Thing), row.Name, row.Neighbourhood, row.Text?.Purpose, row.Text?.Needs, coordinators);
}

/// <summary>Who coordinates a project.</summary>
/// <param name="Id">The person's.</param>
/// <param name="Name">None once they were erased.</param>
public sealed record CoordinatorView(Guid Id, string? Name);

/// <summary>An activity, as answers to commands say it: without texts.</summary>
/// <param name="Project">The project's account.</param>
/// <param name="Version">What a change must match.</param>
public sealed record ActivityAnswer(ThingId Id, AccountId Project, ActivityStage Stage, IReadOnlyList<string> Requires, DateOnly? EndedOn, long Version)
{
    public static ActivityAnswer Of(Activity a) => new(a.Id, a.Project, a.EndedOn is null ? ActivityStage.Open : ActivityStage.Ended, a.Requires, a.EndedOn, a.Version);
}

/// <summary>An activity with what it takes to do it safely.</summary>
public sealed record ActivityView(ActivityAnswer Activity, string? Name, string? Risk, string? Precautions, string? Insurance)
{
    public static ActivityView Of(ThingRow<Activity> row) =>
        new(ActivityAnswer.Of(row.Thing), row.Text?.Name, row.Text?.Risk, row.Text?.Precautions, row.Text?.Insurance);
}
