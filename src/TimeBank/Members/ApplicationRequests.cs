using System.Collections.Immutable;
using FluentValidation;
using TimeBank.Access;
using TimeBank.Safeguarding;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Members;

/// <summary>A stranger who would like to join a bank. One way to be reached is enough.</summary>
public sealed record ApplicationRequest
{
    public string? Name { get; init; }
    public string? Telephone { get; init; }
    public string? Email { get; init; }
    public string? Address { get; init; }
    /// <summary>The part of the bank's area where they live, as a short code.</summary>
    public string? Neighbourhood { get; init; }
    /// <summary>What else they would like to say.</summary>
    public string? About { get; init; }
    /// <summary>The year in which they were born, of who may be under 18: kept is only until when they are.</summary>
    public int? BornIn { get; init; }
    /// <summary>They are under 18, and do not say in which year they were born.</summary>
    public bool? Under18 { get; init; }

    internal Age ToAge() => new(BornIn, Under18 == true);

    /// <summary>As they said, in this order, they may be reached.</summary>
    internal Profile ToProfile()
    {
        var ways = ImmutableArray.CreateBuilder<Reach>();
        if (!string.IsNullOrWhiteSpace(Telephone))
            ways.Add(Reach.Telephone);
        if (!string.IsNullOrWhiteSpace(Email))
            ways.Add(Reach.Email);
        if (!string.IsNullOrWhiteSpace(Address))
            ways.Add(Reach.Paper);
        return new Profile([], [], [], ways.ToImmutable(), null);
    }

    internal TextBody ToText() => new() { Telephone = Telephone, Email = Email, Address = Address, Memo = string.IsNullOrWhiteSpace(About) ? null : About };
}

/// <summary>The application was received. Whether anybody of that name or address is known is not said.</summary>
public sealed record ApplicationReceived(DateTimeOffset Received);

public sealed class ApplicationRequestValidator : AbstractValidator<ApplicationRequest>
{
    public static readonly ApplicationRequestValidator Instance = new();

    public ApplicationRequestValidator()
    {
        RuleFor(r => r.Name).Must(n => !string.IsNullOrWhiteSpace(n)).WithMessage("This is missing.").PersonName();
        RuleFor(r => r.Telephone).PersonName();
        RuleFor(r => r.Email).Email();
        RuleFor(r => r.Address).Text(Web.Rules.MostMemo);
        RuleFor(r => r.Telephone).Must((r, t) => !string.IsNullOrWhiteSpace(t) || r.Email is not null || !string.IsNullOrWhiteSpace(r.Address))
            .WithMessage("A telephone number, an e-mail address or a postal address: one is enough.");
        RuleFor(r => r.Neighbourhood).Category();
        RuleFor(r => r.About).Text(Web.Rules.MostMemo);
        RuleFor(r => r.BornIn).BirthYear();
    }
}
