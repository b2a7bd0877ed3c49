using FluentValidation;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>A role with its place: an account for coordinators, staff and members, a neighbourhood for its coordinator.</summary>
public sealed record GrantRequest
{
    public Guid? Person { get; init; }
    public Role? Role { get; init; }
    public Guid? Account { get; init; }
    public string? Neighbourhood { get; init; }

    internal Standing ToStanding() => new(Role!.Value, Account is { } a ? new AccountId(a) : null, Neighbourhood);
}

public sealed record AppointRequest
{
    public Guid? Person { get; init; }
}

public sealed record MakeKeyRequest
{
    /// <summary>Whose it is, for those who read the list: the clinic's booking system.</summary>
    public string? Name { get; init; }
    public IReadOnlyList<Scope>? Scopes { get; init; }
    /// <summary>The one account that the app acts for; left out: the bank.</summary>
    public Guid? Account { get; init; }
    /// <summary>For a system of the bank's own, which may debit members without an act of theirs; left out: no.</summary>
    public bool? OfBank { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}

public sealed record RotateKeyRequest
{
    public const int UsualGrace = 24 * 60;

    /// <summary>Minutes for which the former secret still counts; a day if left out, 0 to end it at once.</summary>
    public int? GraceMinutes { get; init; }
}

public sealed record MakeLinkRequest
{
    /// <summary>The app, by the id of its key.</summary>
    public Guid? Key { get; init; }
    /// <summary>The most minutes of one transfer; left out: no limit of its own.</summary>
    public Minutes? Most { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}

public sealed class GrantRequestValidator : AbstractValidator<GrantRequest>
{
    public static readonly GrantRequestValidator Instance = new();

    public GrantRequestValidator()
    {
        RuleFor(r => r.Person).Given();
        RuleFor(r => r.Role).Given();
        RuleFor(r => r.Neighbourhood).Category();
    }
}

public sealed class AppointRequestValidator : AbstractValidator<AppointRequest>
{
    public static readonly AppointRequestValidator Instance = new();

    public AppointRequestValidator() => RuleFor(r => r.Person).Given();
}

public sealed class MakeKeyRequestValidator : AbstractValidator<MakeKeyRequest>
{
    public static readonly MakeKeyRequestValidator Instance = new();

    public MakeKeyRequestValidator()
    {
        RuleFor(r => r.Name).NotEmpty().WithMessage("This is missing.").Text(Web.Rules.MostName);
        RuleFor(r => r.Scopes).Must(s => s is { Count: >= 1 }).WithMessage("At least one scope.");
    }
}

public sealed class RotateKeyRequestValidator : AbstractValidator<RotateKeyRequest>
{
    public static readonly RotateKeyRequestValidator Instance = new();

    public RotateKeyRequestValidator() =>
        RuleFor(r => r.GraceMinutes).Must(g => g is null || (g >= 0 && g <= AccessDecisions.LongestGrace.TotalMinutes))
            .WithMessage($"0 to {AccessDecisions.LongestGrace.TotalMinutes} minutes.");
}

public sealed class MakeLinkRequestValidator : AbstractValidator<MakeLinkRequest>
{
    public static readonly MakeLinkRequestValidator Instance = new();

    public MakeLinkRequestValidator() => RuleFor(r => r.Key).Given();
}

public sealed record GrantView(RightId Id, PersonId Person, Role Role, AccountId? Account, string? Neighbourhood, bool Active)
{
    public static GrantView Of(Grant g) => new(g.Id, g.Person, g.Standing.Role, g.Standing.Account, g.Standing.Neighbourhood, g.Active);
}

/// <summary>A key as it was made or changed.</summary>
/// <param name="Secret">The whole key, shown this one time: keep it.</param>
/// <param name="FormerUntil">Until when the secret before it still counts.</param>
public sealed record KeyMadeAnswer(
    RightId Id, string? Secret, IReadOnlyList<Scope> Scopes, AccountId? Account, bool OfBank, DateTimeOffset? ExpiresAt, DateTimeOffset? FormerUntil, bool Active)
{
    public static KeyMadeAnswer Of(Key k, string? secret) =>
        new(k.Id, secret, k.Scopes, k.For, k.OfBank, k.ExpiresAt, k.Halves.Length > 1 ? k.Halves[1].Until : null, k.Active);
}

/// <summary>A key as it stands, without its secret, which nobody can show any more.</summary>
/// <param name="Prefix">How the key begins, to be told from others.</param>
/// <param name="LastUsed">When it was last let in, to the minute where another server did; null: never.</param>
public sealed record KeyView(
    RightId Id, string? Name, string Prefix, IReadOnlyList<Scope> Scopes, AccountId? Account, bool OfBank, DateTimeOffset? ExpiresAt,
    DateTimeOffset? FormerUntil, DateTimeOffset? LastUsed, bool Active);

public sealed record LinkView(RightId Id, RightId Key, AccountId Account, Minutes? Most, DateTimeOffset? ExpiresAt, bool Active)
{
    public static LinkView Of(Link l) => new(l.Id, l.App, l.Of, l.Most, l.ExpiresAt, l.Active);
}
