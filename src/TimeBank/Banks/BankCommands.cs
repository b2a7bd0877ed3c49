using System.Collections.Immutable;
using FluentValidation;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Banks;

/// <summary>Limits for one kind of account; null is none, and one that is left out is the default.</summary>
public sealed record LimitsRequest
{
    private readonly bool _namesFloor, _namesCeiling;

    public Minutes? Floor { get; init { field = value; _namesFloor = true; } }
    public Minutes? Ceiling { get; init { field = value; _namesCeiling = true; } }

    internal bool NamesFloor => _namesFloor;

    internal KindLimits Over(KindLimits defaults) => new(_namesFloor ? Floor : defaults.Floor, _namesCeiling ? Ceiling : defaults.Ceiling);
}

/// <summary>A bank's policy, as a caller writes it; what is left out is the default.</summary>
public record PolicyRequest
{
    /// <summary>For each kind of account its floor and ceiling; a kind that is left out has the default.</summary>
    public Dictionary<AccountKind, LimitsRequest>? Limits { get; init; }
    /// <summary>The most minutes of one transfer; left out: no limit.</summary>
    public Minutes? LongestTransfer { get; init; }
    /// <summary>IANA name, such as Europe/London; UTC if left out.</summary>
    public string? TimeZone { get; init; }
    /// <summary>Dates up to this one take no more transfers without an override.</summary>
    public DateOnly? BooksClosedThrough { get; init; }
    /// <summary>Whether everybody in the bank sees everybody's balance; left out: no.</summary>
    public bool? PublishesBalances { get; init; }
    /// <summary>The account that takes what a closing account leaves; left out: the oldest pot.</summary>
    public Guid? RestTo { get; init; }

    /// <summary>ISO 639 code of the language that is spoken there, such as en: listings are searched in it; left out: words count as they are written.</summary>
    public string? Language { get; init; }

    /// <summary>The bank's list of kinds of help, as codes; left out: the starter list.</summary>
    public IReadOnlyList<string>? Categories { get; init; }
    /// <summary>Whether codes that are not on the list are taken, too; left out: as long as the bank has no list of its own.</summary>
    public bool? OtherCategories { get; init; }
    /// <summary>Who pays for work on projects; left out: the project first, then the community.</summary>
    public ProjectWork? ProjectWork { get; init; }
    /// <summary>Who confirms help that was logged; left out: the other side.</summary>
    public Confirming? ConfirmedBy { get; init; }

    /// <summary>Minutes that may come new from the community for one project in a month before the report of new hours warns; left out: it never does.</summary>
    public Minutes? NewHoursMark { get; init; }

    /// <summary>Minutes that a coordinator may be credited in a month before an organiser is asked to look; left out: 40 hours.</summary>
    public Minutes? CoordinatorMark { get; init; }

    /// <summary>Minutes that the community gives to everybody who becomes a member, once; left out: none.</summary>
    public Minutes? WelcomeHours { get; init; }

    /// <summary>Minutes to whose nearest multiple the times at a session are rounded, 1 to 60, for sessions planned from then on; left out: 15.</summary>
    public Minutes? CheckInStep { get; init; }

    /// <summary>Whether strangers may apply by the open page; left out: they may.</summary>
    public bool? TakesApplications { get; init; }

    /// <summary>ISO 639 codes of the languages that the bank's pages offer; left out: all that there are.</summary>
    public IReadOnlyList<string>? PageLanguages { get; init; }

    /// <summary>What asks for that policy, whole.</summary>
    public static PolicyRequest Of(BankPolicy p) => new()
    {
        Limits = p.Limits.ToDictionary(l => l.Key, l => new LimitsRequest { Floor = l.Value.Floor, Ceiling = l.Value.Ceiling }),
        LongestTransfer = p.LongestTransfer, TimeZone = p.TimeZone, BooksClosedThrough = p.BooksClosedThrough, PublishesBalances = p.PublishesBalances, RestTo = p.RestTo?.Value,
        Language = p.Language, Categories = p.Categories, OtherCategories = p.OtherCategories, ProjectWork = p.ProjectWork, ConfirmedBy = p.ConfirmedBy,
        NewHoursMark = p.NewHoursMark, CoordinatorMark = p.CoordinatorMark, WelcomeHours = p.WelcomeHours, CheckInStep = p.CheckInStep, TakesApplications = p.TakesApplications,
        PageLanguages = p.PageLanguages,
    };

    internal BankPolicy ToPolicy() => new(
        (Limits ?? []).ToImmutableSortedDictionary(l => l.Key, l => l.Value.Over(BankPolicy.DefaultLimits(l.Key))),
        LongestTransfer, TimeZone ?? "UTC", BooksClosedThrough, PublishesBalances, RestTo is { } r ? new AccountId(r) : null, Language,
        Categories is { } listed ? [.. listed.Distinct()] : null, OtherCategories, ProjectWork, ConfirmedBy, NewHoursMark, CoordinatorMark, WelcomeHours, CheckInStep, TakesApplications,
        PageLanguages is { } offered && !Web.Locale.Codes.All(offered.Contains) ? [.. offered.Distinct().Order(StringComparer.Ordinal)] : null);
}

/// <summary>A new bank needs five answers: its name, its language, how far below zero members may go, who pays for work on projects, and who confirms.
/// Everything else has a default that suits a few dozen members, and so have these but for the name.</summary>
public sealed record OpenBankRequest
{
    /// <summary>1 to 63 of a-z, 0-9 and inner hyphens: part of every address. Left out: it is made of the name.</summary>
    public string? Id { get; init; }
    public string? Name { get; init; }
    /// <summary>ISO 639 code of the language that is spoken there, such as en.</summary>
    public string? Language { get; init; }
    /// <summary>How many minutes below zero members may go; 720 if left out.</summary>
    public Minutes? MembersBelowZero { get; init; }
    /// <summary>Who pays for work on projects; left out: the project first, then the community.</summary>
    public ProjectWork? ProjectWork { get; init; }
    /// <summary>Who confirms help that was logged; left out: the other side.</summary>
    public Confirming? ConfirmedBy { get; init; }
    /// <summary>All else that the bank decides for its accounts; what is answered above is left out here.</summary>
    public PolicyRequest? Policy { get; init; }
    /// <summary>The person who will organise it; left out: appointed later.</summary>
    public Guid? Organiser { get; init; }

    internal BankId ToId() => new(Id ?? Slug.Of(Name!)!);

    internal BankPolicy ToPolicy()
    {
        var policy = (Policy ?? new PolicyRequest()).ToPolicy();
        var members = policy.For(AccountKind.Member);
        return policy with
        {
            Language = Language ?? policy.Language,
            Limits = MembersBelowZero is { } below ? policy.Limits.SetItem(AccountKind.Member, members with { Floor = -below }) : policy.Limits,
            ProjectWork = ProjectWork ?? policy.ProjectWork,
            ConfirmedBy = ConfirmedBy ?? policy.ConfirmedBy,
        };
    }
}

public sealed class PolicyRequestValidator : AbstractValidator<PolicyRequest>
{
    public static readonly PolicyRequestValidator Instance = new();
    private const int MostCategories = 500;

    public PolicyRequestValidator()
    {
        RuleFor(r => r.TimeZone).Must(z => z is null || IsTimeZone(z))
            .WithMessage("An IANA time zone, such as Europe/London.");
        RuleFor(r => r.Language).Language();
        RuleFor(r => r.Categories).Must(c => c is null || (c.Count <= MostCategories && c.All(k => k is not null && Web.Rules.IsCode(k)))).WithMessage($"At most {MostCategories} codes: {Web.Rules.CodeWords}");
        RuleFor(r => r.PageLanguages).Must(l => l is null || (l.Count > 0 && l.All(c => c is not null && Web.Locale.Has(c)))).WithMessage($"One or more of {string.Join(", ", Web.Locale.Codes)}.");
        RuleFor(r => r.LongestTransfer).Must(m => m is null || m > Minutes.Zero).WithMessage("More than zero.");
        RuleFor(r => r.NewHoursMark).Must(m => m is null || m >= Minutes.Zero).WithMessage("Zero or more.");
        RuleFor(r => r.WelcomeHours).Must(m => m is null || m >= Minutes.Zero).WithMessage("Zero or more.");
        RuleFor(r => r.CheckInStep).Must(m => m is null || m.Value.Value is >= 1 and <= 60).WithMessage("1 to 60 minutes.");
        RuleFor(r => r.CoordinatorMark).Must(m => m is null || m >= Minutes.Zero).WithMessage("Zero or more.");
        RuleFor(r => r.Limits).Must(l => l is null || l.Values.All(v => v is not null)).WithMessage("Floor and ceiling for each kind.");
    }

    /// <summary>A name is looked for as a file by the runtime: it must look like one of IANA's before it is.</summary>
    private static bool IsTimeZone(string name) =>
        name.Length is >= 1 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
}

public sealed class OpenBankRequestValidator : AbstractValidator<OpenBankRequest>
{
    public static readonly OpenBankRequestValidator Instance = new();
    private const string Once = "Here or in the policy, not in both.";

    public OpenBankRequestValidator()
    {
        RuleFor(r => r.Id).Must((r, id) => id is null ? r.Name is null || Slug.Of(r.Name) is not null : BankId.IsValid(id))
            .WithMessage("1 to 63 of a-z, 0-9 and inner hyphens; it cannot be made of that name.");
        RuleFor(r => r.Language).Language().Must((r, l) => l is null || r.Policy?.Language is null).WithMessage(Once);
        RuleFor(r => r.MembersBelowZero).Must(m => m is null || m >= Minutes.Zero).WithMessage("Zero or more.")
            .Must((r, m) => m is null || r.Policy?.Limits?.GetValueOrDefault(AccountKind.Member)?.NamesFloor != true).WithMessage(Once);
        RuleFor(r => r.ProjectWork).Must((r, p) => p is null || r.Policy?.ProjectWork is null).WithMessage(Once);
        RuleFor(r => r.ConfirmedBy).Must((r, c) => c is null || r.Policy?.ConfirmedBy is null).WithMessage(Once);
        RuleFor(r => r.Name).NotEmpty().WithMessage("This is missing.").Text(Web.Rules.MostName);
        RuleFor(r => r.Policy!).SetValidator(PolicyRequestValidator.Instance).When(r => r.Policy is not null);
    }
}

/// <summary>The only door to banks themselves.</summary>
public sealed class BankCommands(Journal journal, Callers callers)
{
    public async Task<Outcome> OpenAsync(OpenBankRequest request, Said said)
    {
        var policy = request.ToPolicy();
        PersonId? organiser = request.Organiser is { } person ? new PersonId(person) : null;
        var outcome = await journal.SubmitAsync(
            request.ToId(), said, new Needs { Rights = organiser is { } o ? AccessDecisions.RightsRead(o, new Standing(Role.Organiser)) : [] },
            draft => Bank.Open(draft, draft.Mint(), request.Name!, new AccountId(draft.Mint()), policy, organiser),
            bank => Answers.Made(201, BankView.Of(bank), bank), said.Claim("banks", request));
        if (organiser is { } appointed)
            callers.Forget(appointed);
        return outcome;
    }

    public Task<Outcome> ChangePolicyAsync(BankId bank, PolicyRequest request, long expectedVersion, Said said)
    {
        var policy = request.ToPolicy();
        return journal.SubmitAsync(
            bank, said, Needs.Nothing, draft => Bank.ChangePolicy(draft, policy, expectedVersion), changed => Answers.Made(200, BankView.Of(changed), changed));
    }
}
