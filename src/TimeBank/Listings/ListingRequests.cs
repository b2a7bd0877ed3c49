using System.Collections.Immutable;
using FluentValidation;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Listings;

/// <summary>What is offered or asked for. All stand as given; what is left out is not said.</summary>
public record RewriteListingRequest
{
    public const int MostTitle = 120;
    public const int MostDescription = 2_000;

    public ListingKind? Kind { get; init; }
    /// <summary>A code from the bank's list: 1 to 64 of a-z, 0-9 and hyphens.</summary>
    public string? Category { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    /// <summary>Where, in words.</summary>
    public string? Place { get; init; }
    /// <summary>Where, as a short code; left out: where the account belongs.</summary>
    public string? Neighbourhood { get; init; }
    /// <summary>When in the week; left out: by arrangement.</summary>
    public IReadOnlyList<TimeOfWeek>? Times { get; init; }
    /// <summary>Minutes that it takes, about.</summary>
    public Minutes? About { get; init; }
    /// <summary>Whether also those may see it who are not of the bank; left out: no.</summary>
    public bool? IsPublic { get; init; }
    /// <summary>From when on it is no longer found; left out: 90 days from now.</summary>
    public DateTimeOffset? Expires { get; init; }

    internal ListingTerms ToTerms(DateTimeOffset now) => new(
        Kind!.Value, Category!, Neighbourhood, [.. (Times ?? []).Distinct().Order()], About, IsPublic == true,
        Uuid.ToMicroseconds(Expires ?? now + Listing.Lasts));

    internal TextBody ToText() => new() { Title = Title, Description = Description, Place = Place };
}

/// <summary>An offer or a request of an account.</summary>
public sealed record PostListingRequest : RewriteListingRequest
{
    /// <summary>Whose it is: a member, a project or a provider.</summary>
    public Guid? Account { get; init; }
}

public sealed record EndListingRequest;

public sealed class RewriteListingRequestValidator : AbstractValidator<RewriteListingRequest>
{
    public static readonly RewriteListingRequestValidator Instance = new();

    public RewriteListingRequestValidator()
    {
        RuleFor(r => r.Kind).Given();
        RuleFor(r => r.Category).Given().Category();
        RuleFor(r => r.Title).Must(t => !string.IsNullOrWhiteSpace(t)).WithMessage("This is missing.").Text(RewriteListingRequest.MostTitle);
        RuleFor(r => r.Description).Text(RewriteListingRequest.MostDescription);
        RuleFor(r => r.Place).Text(Web.Rules.MostName);
        RuleFor(r => r.Neighbourhood).Category();
        RuleFor(r => r.Times).Must(t => t is null || t.Count <= Enum.GetValues<TimeOfWeek>().Length).WithMessage("Each time of the week once.");
    }
}

public sealed class PostListingRequestValidator : AbstractValidator<PostListingRequest>
{
    public static readonly PostListingRequestValidator Instance = new();

    public PostListingRequestValidator()
    {
        RuleFor(r => r.Account).Given();
        Include(RewriteListingRequestValidator.Instance);
    }
}

public sealed class EndListingRequestValidator : AbstractValidator<EndListingRequest>
{
    public static readonly EndListingRequestValidator Instance = new();
}
