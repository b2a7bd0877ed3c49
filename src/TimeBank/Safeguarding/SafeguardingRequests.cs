using FluentValidation;
using TimeBank.Access;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Safeguarding;

public sealed record KeepApartRequest
{
    public Guid? First { get; init; }
    public Guid? Second { get; init; }
}

public sealed record EndApartRequest;

public sealed record MarkYouthRequest
{
    /// <summary>On that date they are 18. No date of birth is kept.</summary>
    public DateOnly? Until { get; init; }
}

public sealed record GuardianConsentRequest
{
    /// <summary>Who agreed, and what they are to the young person.</summary>
    public string? Guardian { get; init; }
    /// <summary>How they said it: inPerson, telephone, paper.</summary>
    public Yes? Yes { get; init; }
    /// <summary>When they said it; today if left out.</summary>
    public DateOnly? On { get; init; }
    /// <summary>The last date on which it counts.</summary>
    public DateOnly? Until { get; init; }
    /// <summary>Categories of help that they agreed to.</summary>
    public IReadOnlyList<string>? Activities { get; init; }
    /// <summary>Accounts of projects that they agreed to.</summary>
    public IReadOnlyList<Guid>? Projects { get; init; }
    public string? Memo { get; init; }
}

public sealed record WithdrawConsentRequest;

public sealed class KeepApartRequestValidator : AbstractValidator<KeepApartRequest>
{
    public static readonly KeepApartRequestValidator Instance = new();

    public KeepApartRequestValidator()
    {
        RuleFor(r => r.First).Given();
        RuleFor(r => r.Second).Given();
    }
}

public sealed class EndApartRequestValidator : AbstractValidator<EndApartRequest>
{
    public static readonly EndApartRequestValidator Instance = new();
}

public sealed class MarkYouthRequestValidator : AbstractValidator<MarkYouthRequest>
{
    public static readonly MarkYouthRequestValidator Instance = new();

    public MarkYouthRequestValidator() => RuleFor(r => r.Until).Given();
}

public sealed class GuardianConsentRequestValidator : AbstractValidator<GuardianConsentRequest>
{
    public static readonly GuardianConsentRequestValidator Instance = new();
    private const int Most = 50;

    public GuardianConsentRequestValidator()
    {
        RuleFor(r => r.Guardian).NotEmpty().WithMessage("This is missing.").Text(Rules.MostName);
        RuleFor(r => r.Yes).Given();
        RuleFor(r => r.Until).Given();
        RuleFor(r => r.Activities).Must(a => a is null || (a.Count <= Most && a.All(c => c is not null && Rules.IsCode(c)))).WithMessage($"At most {Most} codes, each {Rules.CodeWords}");
        RuleFor(r => r.Projects).Must(p => p is null || p.Count <= Most).WithMessage($"At most {Most} projects.");
        RuleFor(r => r.Activities).Must((r, a) => a is { Count: > 0 } || r.Projects is { Count: > 0 }).WithMessage("At least one activity, project or provider.");
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
    }
}

public sealed class WithdrawConsentRequestValidator : AbstractValidator<WithdrawConsentRequest>
{
    public static readonly WithdrawConsentRequestValidator Instance = new();
}

/// <summary>Two who are kept apart, to the safeguarding lead.</summary>
public sealed record ApartAnswer(ThingId Id, ApartStage Stage, AccountId First, AccountId Second)
{
    public static ApartAnswer Of(Apart a) => new(a.Id, a.Is, a.First, a.Second);
}

/// <summary>What a guardian agreed to.</summary>
public sealed record ConsentAnswer(Yes Yes, DateOnly On, DateOnly Until, IReadOnlyList<string> Activities, IReadOnlyList<AccountId> Projects)
{
    public static ConsentAnswer? Of(GuardianConsent? c) => c is null ? null : new(c.How, c.On, c.Until, c.Activities, c.Projects);
}

/// <summary>That somebody is under 18, as answers to commands say it: without texts.</summary>
/// <param name="Until">On that date they are 18.</param>
/// <param name="Consent">Null: nobody agreed, or they took it back.</param>
public sealed record YouthAnswer(AccountId Account, YouthStage Stage, DateOnly Until, ConsentAnswer? Consent)
{
    public static YouthAnswer Of(Youth y) => new(y.Account, (YouthStage)y.Stage, y.Until, ConsentAnswer.Of(y.Consent));
}

/// <summary>The same with who agreed.</summary>
public sealed record YouthView(YouthAnswer Youth, string? Guardian, string? Memo)
{
    public static YouthView Of(ThingRow<Youth> row) => new(YouthAnswer.Of(row.Thing), row.Text?.Name, row.Text?.Memo);
}
