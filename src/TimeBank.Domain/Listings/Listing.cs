using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Credentials;
using TimeBank.Members;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Listings;

/// <summary>Where a listing stands.</summary>
public enum ListingStage
{
    /// <summary>Found by who searches.</summary>
    Open,
    /// <summary>Who asked was helped, or the offer was taken up for good.</summary>
    Fulfilled,
    Withdrawn,
    /// <summary>Nobody renewed it in time.</summary>
    Expired,
}

public enum ListingKind
{
    Offer,
    Request,
}

/// <summary>What is offered or asked for, but for its words.</summary>
/// <param name="Category">A code from the bank's list.</param>
/// <param name="Neighbourhood">Where, as a short code; null: anywhere.</param>
/// <param name="Times">When in the week; none: by arrangement.</param>
/// <param name="About">Minutes that it takes, as far as one can say.</param>
/// <param name="IsPublic">Whoever posted it agrees that also those see it who are not of the bank.</param>
/// <param name="Expires">From when on it is no longer found.</param>
public sealed record ListingTerms(
    ListingKind Kind, string Category, string? Neighbourhood, ImmutableArray<TimeOfWeek> Times, Minutes? About, bool IsPublic, DateTimeOffset Expires);

/// <summary>An offer or a request of a member, a project or a provider.</summary>
/// <param name="Text">Title, description and place.</param>
public sealed record Listing(ThingId Id, AccountId Account, ListingTerms Terms, TextRef Text, ListingStage Is = ListingStage.Open) : Thing(Id)
{
    /// <summary>So long it is found if nothing else is said.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(90);

    public override Enum Stage => Is;

    public override TextRef? Wording => Text;

    public override IEnumerable<AccountId> Parties => [Account];

    /// <summary>Whether who posted it is there for this, and kept apart from nobody who answers.</summary>
    public override IEnumerable<ThingId> Beside(IReadOnlyCollection<AccountId> named) =>
        [Member.IdOf(Account), Youth.IdOf(Account), MemberCredentials.IdOf(Account), .. named.Select(answering => Apart.IdOf(Account, answering))];

    public override ThingEvent? EndWithout(AccountId leaving) => Is == ListingStage.Open ? new ListingEvent.ListingWithdrawn() : null;

    public override DateTimeOffset? Due => Is == ListingStage.Open ? Terms.Expires : null;

    public static Listing After(ThingId id, Listing? before, ListingEvent happened) => (before, happened) switch
    {
        (null, ListingEvent.ListingPosted e) => new Listing(id, e.Account, e.Terms, e.Text),
        ({ } l, ListingEvent.ListingRewritten e) => l with { Terms = e.Terms, Text = e.Text },
        ({ } l, ListingEvent.ListingFulfilled) => l with { Is = ListingStage.Fulfilled },
        ({ } l, ListingEvent.ListingWithdrawn) => l with { Is = ListingStage.Withdrawn },
        ({ } l, ListingEvent.ListingExpired) => l with { Is = ListingStage.Expired },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a listing that is not there."),
    };
}

/// <summary>What can happen to a listing. These names are stored: add, never rename.</summary>
public abstract record ListingEvent : ThingEvent
{
    public sealed record ListingPosted(AccountId Account, ListingTerms Terms, TextRef Text) : ListingEvent;
    /// <summary>All stands as given.</summary>
    public sealed record ListingRewritten(ListingTerms Terms, TextRef Text) : ListingEvent;
    public sealed record ListingFulfilled : ListingEvent;
    public sealed record ListingWithdrawn : ListingEvent;
    public sealed record ListingExpired : ListingEvent;

    public override StreamKind Kind => StreamKind.Listing;

    public override IEnumerable<TextRef> Texts => this switch
    {
        ListingPosted e => [e.Text],
        ListingRewritten e => [e.Text],
        _ => [],
    };

    public override Thing After(ThingId id, Thing? before) => Listing.After(id, (Listing?)before, this);
}
