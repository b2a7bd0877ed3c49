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

    /// <summary>Minutes that may come new from the community for one project in a month before the report of new hours warns; left out: it never does.</summary>
    public Minutes? NewHoursMark { get; init; }

    /// <summary>Minutes that a coordinator may be credited in a month before an organiser is asked to look; left out: 40 hours.</summary>
    public Minutes? CoordinatorMark { get; init; }

    internal BankPolicy ToPolicy() => new(
        (Limits ?? []).ToImmutableSortedDictionary(l => l.Key, l => l.Value.Over(BankPolicy.DefaultLimits(l.Key))),
        LongestTransfer, TimeZone ?? "UTC", BooksClosedThrough, PublishesBalances, RestTo is { } r ? new AccountId(r) : null, Language,
        NewHoursMark, CoordinatorMark);
}

public sealed record OpenBankRequest
{
    /// <summary>1 to 63 of a-z, 0-9 and inner hyphens: part of every address.</summary>
    public string? Id { get; init; }
    public string? Name { get; init; }
    public PolicyRequest? Policy { get; init; }
    /// <summary>The person who will organise it; left out: appointed later.</summary>
    public Guid? Organiser { get; init; }
}

public sealed class PolicyRequestValidator : AbstractValidator<PolicyRequest>
{
    public static readonly PolicyRequestValidator Instance = new();

    public PolicyRequestValidator()
    {
        RuleFor(r => r.TimeZone).Must(z => z is null || IsTimeZone(z))
            .WithMessage("An IANA time zone, such as Europe/London.");
        RuleFor(r => r.Language).Must(l => l is null || (l.Length is 2 or 3 && l.All(char.IsAsciiLetterLower))).WithMessage("Two or three small letters, such as en.");
        RuleFor(r => r.LongestTransfer).Must(m => m is null || m > Minutes.Zero).WithMessage("More than zero.");
        RuleFor(r => r.NewHoursMark).Must(m => m is null || m >= Minutes.Zero).WithMessage("Zero or more.");
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

    public OpenBankRequestValidator()
    {
        RuleFor(r => r.Id).Must(BankId.IsValid).WithMessage("1 to 63 of a-z, 0-9 and inner hyphens.");
        RuleFor(r => r.Name).NotEmpty().WithMessage("This is missing.").Text(Web.Rules.MostName);
        RuleFor(r => r.Policy!).SetValidator(PolicyRequestValidator.Instance).When(r => r.Policy is not null);
    }
}

/// <summary>The only door to banks themselves.</summary>
public sealed class BankCommands(Journal journal, Callers callers)
{
    public async Task<Outcome> OpenAsync(OpenBankRequest request, Said said)
    {
        var policy = (request.Policy ?? new PolicyRequest()).ToPolicy();
        PersonId? organiser = request.Organiser is { } person ? new PersonId(person) : null;
        var outcome = await journal.SubmitAsync(
            new BankId(request.Id!), said, new Needs { Rights = organiser is { } o ? AccessDecisions.RightsRead(o, new Standing(Role.Organiser)) : [] },
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
