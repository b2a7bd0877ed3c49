using TimeBank.Projections;

namespace TimeBank.Listings;

/// <summary>A listing, as answers to commands say it: without its words.</summary>
/// <param name="Version">What a change must match.</param>
public sealed record ListingAnswer(
    ThingId Id, ListingStage Stage, AccountId Account, ListingKind Kind, string Category, string? Neighbourhood, IReadOnlyList<TimeOfWeek> Times,
    Minutes? About, bool IsPublic, DateTimeOffset Expires, long Version)
{
    public static ListingAnswer Of(Listing l) => new(
        l.Id, l.Is, l.Account, l.Terms.Kind, l.Terms.Category, l.Terms.Neighbourhood, l.Terms.Times, l.Terms.About, l.Terms.IsPublic, l.Terms.Expires, l.Version);
}

/// <summary>A listing as it stands, with its words.</summary>
/// <param name="Title">None once the texts of whoever posted it were erased.</param>
public sealed record ListingView(ListingAnswer Listing, string? Title, string? Description, string? Place)
{
    public static ListingView Of(ThingRow<Listing> row) => new(ListingAnswer.Of(row.Thing), row.Text?.Title, row.Text?.Description, row.Text?.Place);
}

/// <summary>A listing that was found.</summary>
/// <param name="IsGuess">Nothing had the words as they were written: this is like them.</param>
public sealed record FoundListingView(ListingAnswer Listing, string? Title, string? Description, string? Place, bool IsGuess)
{
    public static FoundListingView Of(FoundListing found) =>
        new(ListingAnswer.Of(found.Listing), found.Text?.Title, found.Text?.Description, found.Text?.Place, found.Slips);
}
