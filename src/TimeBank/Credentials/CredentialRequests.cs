using FluentValidation;
using TimeBank.Access;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Credentials;

/// <summary>That a paper was seen. What stands in it is never kept: there is no place for it.</summary>
public sealed record RecordCredentialRequest
{
    /// <summary>A code, such as background-check or training-first-aid.</summary>
    public string? Kind { get; init; }
    /// <summary>When you saw it; today if left out.</summary>
    public DateOnly? SeenOn { get; init; }
    /// <summary>The last day on which it counts; left out: it does not end.</summary>
    public DateOnly? Until { get; init; }
}

public sealed record RevokeCredentialRequest
{
    /// <summary>From which day on it counts no more; today if left out.</summary>
    public DateOnly? On { get; init; }
}

public sealed class RecordCredentialRequestValidator : AbstractValidator<RecordCredentialRequest>
{
    public static readonly RecordCredentialRequestValidator Instance = new();

    public RecordCredentialRequestValidator()
    {
        RuleFor(r => r.Kind).Given().Category();
        RuleFor(r => r.Until).Must((r, until) => !(until < r.SeenOn)).WithMessage("Not before it was seen.");
    }
}

public sealed class RevokeCredentialRequestValidator : AbstractValidator<RevokeCredentialRequest>
{
    public static readonly RevokeCredentialRequestValidator Instance = new();
}

/// <summary>A credential.</summary>
/// <param name="SeenBy">The person who saw it; null: whoever stood at the machine itself.</param>
/// <param name="RevokedOn">From this day on it counts no more.</param>
public sealed record CredentialView(ThingId Id, string Kind, DateOnly SeenOn, PersonId? SeenBy, DateOnly? Until, DateOnly? RevokedOn)
{
    public static CredentialView Of(Credential c) => new(c.Id, c.Kind, c.SeenOn, c.SeenBy, c.Until, c.RevokedOn);
}

/// <summary>A member's credentials, oldest first.</summary>
/// <param name="Id">The account's.</param>
public sealed record MemberCredentialsAnswer(AccountId Id, IReadOnlyList<CredentialView> Credentials)
{
    public static MemberCredentialsAnswer Of(MemberCredentials m) => new(m.Account, [.. m.Credentials.Select(CredentialView.Of)]);
}

/// <summary>A credential that was recorded just now.</summary>
/// <param name="Id">Its own.</param>
public sealed record RecordedCredentialAnswer(ThingId Id, AccountId Account, CredentialView Credential)
{
    public static RecordedCredentialAnswer Of(MemberCredentials m) => new(m.Credentials[^1].Id, m.Account, CredentialView.Of(m.Credentials[^1]));
}

/// <summary>A member with credentials that end soon, or have ended, and that no other of their kind outlasts.</summary>
public sealed record EndingCredentialsView(AccountId Account, string? Name, string? Neighbourhood, IReadOnlyList<CredentialView> Credentials)
{
    public static EndingCredentialsView Of(AccountThingRow<MemberCredentials> row, DateOnly by) => new(
        row.Thing.Account, row.Name, row.Neighbourhood, [.. row.Thing.EndingBy(by).Select(CredentialView.Of)]);
}
