using FluentValidation;
using TimeBank.Safeguarding;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Members;

/// <summary>How old somebody is, roughly: for figures about whom the bank reaches, and never required.</summary>
public enum AgeBand { Under18, From18To29, From30To44, From45To64, From65To79, From80 }

/// <summary>What somebody says of themselves. All stand as given, and nothing is required.</summary>
public record ProfileRequest
{
    /// <summary>Categories of help that they give, as codes.</summary>
    public IReadOnlyList<string>? Skills { get; init; }
    /// <summary>ISO 639 codes of what they speak, such as en.</summary>
    public IReadOnlyList<string>? Languages { get; init; }
    /// <summary>When in the week they have time; left out: by arrangement.</summary>
    public IReadOnlyList<TimeOfWeek>? Times { get; init; }
    /// <summary>How they want to be reached, best first.</summary>
    public IReadOnlyList<Reach>? Reach { get; init; }
    public Willingness? Willing { get; init; }
    public string? Telephone { get; init; }
    public string? Email { get; init; }
    public string? Address { get; init; }
    /// <summary>For figures about whom the bank reaches. Who says under18 is marked as under 18, until who organises them says until when.</summary>
    public AgeBand? AgeBand { get; init; }
    /// <summary>For figures about whom the bank reaches.</summary>
    public bool? Disability { get; init; }

    internal Profile ToProfile() => new(
        [.. (Skills ?? []).Distinct()], [.. (Languages ?? []).Distinct()], [.. (Times ?? []).Distinct().Order()], [.. (Reach ?? []).Distinct()], Willing);

    /// <summary>What else they say of themselves, in their own words.</summary>
    public string? About { get; init; }

    internal Age ToAge(int? bornIn = null) => new(bornIn, AgeBand == Members.AgeBand.Under18);

    internal TextBody ToText() => new()
    {
        Memo = string.IsNullOrWhiteSpace(About) ? null : About, Telephone = Telephone, Email = Email, Address = Address, AgeBand = AgeBand is { } band ? Store.Words.Word(band) : null, Disability = Disability,
    };
}

/// <summary>Somebody asks to join, or is asked to.</summary>
public sealed record ApplyRequest : ProfileRequest
{
    /// <summary>The member's account that will be theirs.</summary>
    public Guid? Account { get; init; }
    /// <summary>How they came; invited: the bank asked them.</summary>
    public Approach? How { get; init; }
    /// <summary>The year in which they were born, of who may be under 18: kept is only until when they are. It weighs more than the age band.</summary>
    public int? BornIn { get; init; }
}

/// <summary>Somebody who is new here: their account is opened with the membership.</summary>
public sealed record EnrolRequest : ProfileRequest
{
    public string? Name { get; init; }
    /// <summary>The part of the bank's area where they live, as a short code.</summary>
    public string? Neighbourhood { get; init; }
    /// <summary>By which they are known: 1 to 64 letters, digits and inner . _ / -.</summary>
    public string? Number { get; init; }
    /// <summary>How they came; invited if left out: the bank asked them.</summary>
    public Approach? How { get; init; }
    /// <summary>The year in which they were born, of who may be under 18: kept is only until when they are. It weighs more than the age band.</summary>
    public int? BornIn { get; init; }
    /// <summary>To which version of the bank's agreement they agreed; then they are a member at once, or, if they are under 18, once a guardian has agreed.</summary>
    public string? Agreement { get; init; }
    /// <summary>When they agreed; today if left out.</summary>
    public DateOnly? AgreedOn { get; init; }
}

public sealed record TakeStepRequest
{
    public JoiningStep? Step { get; init; }
    /// <summary>When; today if left out.</summary>
    public DateOnly? On { get; init; }
    /// <summary>The version of the agreement and consents, with the step agreed.</summary>
    public string? Version { get; init; }
}

public sealed record MoveMemberRequest;

/// <summary>Where the hours of who leaves go.</summary>
public sealed record LeaveRequest
{
    /// <summary>The account that the member wants their hours to go to; left out: where the bank's policy says.</summary>
    public Guid? RestTo { get; init; }
    /// <summary>How the member said where (inPerson, telephone, paper), if an organiser says it for them.</summary>
    public Access.Yes? Yes { get; init; }
    /// <summary>The pot, or the issuer, that makes good what is below zero; needs a reason.</summary>
    public Guid? ForgiveFrom { get; init; }
    public string? Reason { get; init; }
}

public sealed class ProfileRequestValidator : AbstractValidator<ProfileRequest>
{
    public static readonly ProfileRequestValidator Instance = new();
    private const int MostSkills = 50;
    private const int MostLanguages = 20;

    public ProfileRequestValidator()
    {
        RuleFor(r => r.Skills).Must(s => s is null || (s.Count <= MostSkills && s.All(c => c is not null && Web.Rules.IsCode(c)))).WithMessage($"At most {MostSkills} codes: {Web.Rules.CodeWords}");
        RuleFor(r => r.Languages).Must(l => l is null || (l.Count <= MostLanguages && l.All(c => c is not null && Web.Rules.IsLanguage(c)))).WithMessage($"At most {MostLanguages} codes of two or three small letters, such as en.");
        RuleFor(r => r.Times).Must(t => t is null || t.Count <= Enum.GetValues<TimeOfWeek>().Length).WithMessage("Each time of the week once.");
        RuleFor(r => r.Reach).Must(w => w is null || w.Count <= Enum.GetValues<Reach>().Length).WithMessage("Each way once.");
        RuleFor(r => r.Telephone).Text(Web.Rules.MostName);
        RuleFor(r => r.Email).Text(Web.Rules.MostName);
        RuleFor(r => r.Address).Text(Web.Rules.MostMemo);
        RuleFor(r => r.About).Text(Web.Rules.MostMemo);
    }
}

public sealed class ApplyRequestValidator : AbstractValidator<ApplyRequest>
{
    public static readonly ApplyRequestValidator Instance = new();

    public ApplyRequestValidator()
    {
        RuleFor(r => r.Account).Given();
        RuleFor(r => r.How).Given();
        RuleFor(r => r.BornIn).BirthYear();
        Include(ProfileRequestValidator.Instance);
    }
}

public sealed class EnrolRequestValidator : AbstractValidator<EnrolRequest>
{
    public static readonly EnrolRequestValidator Instance = new();

    public EnrolRequestValidator()
    {
        RuleFor(r => r.Name).Must(n => !string.IsNullOrWhiteSpace(n)).WithMessage("This is missing.").Text(Web.Rules.MostName);
        RuleFor(r => r.Neighbourhood).Category();
        RuleFor(r => r.Number).Number();
        RuleFor(r => r.BornIn).BirthYear();
        RuleFor(r => r.Agreement).Category();
        RuleFor(r => r.AgreedOn).Must((r, on) => on is null || r.Agreement is not null).WithMessage("It goes with an agreement, and only with that.");
        Include(ProfileRequestValidator.Instance);
    }
}

public sealed class TakeStepRequestValidator : AbstractValidator<TakeStepRequest>
{
    public static readonly TakeStepRequestValidator Instance = new();

    public TakeStepRequestValidator()
    {
        RuleFor(r => r.Step).Given();
        RuleFor(r => r.Version).Category();
        RuleFor(r => r.Version).Must((r, v) => v is null || r.Step == JoiningStep.Agreed).WithMessage("It goes with the step agreed, and only with that.");
    }
}

public sealed class LeaveRequestValidator : AbstractValidator<LeaveRequest>
{
    public static readonly LeaveRequestValidator Instance = new();

    public LeaveRequestValidator()
    {
        RuleFor(r => r.Reason).Text(Web.Rules.MostMemo);
        RuleFor(r => r.Reason).Must((r, why) => r.ForgiveFrom is null || !string.IsNullOrWhiteSpace(why)).WithMessage("Forgiving needs a reason.");
    }
}

public sealed class MoveMemberRequestValidator : AbstractValidator<MoveMemberRequest>
{
    public static readonly MoveMemberRequestValidator Instance = new();
}
