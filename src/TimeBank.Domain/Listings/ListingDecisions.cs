using TimeBank.Accounts;
using TimeBank.Members;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Listings;

/// <summary>Decisions about offers and requests. They are the matter of the account's holder, and of who organises it.</summary>
public static class ListingDecisions
{
    /// <summary>Somebody offers help, or asks for it. A place that is not said is that of the account.</summary>
    public static Decision<Listing> Post(Draft draft, ThingId id, AccountId account, ListingTerms terms, TextRef text)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesActingFor(draft, account) is { } notTheirs)
            return notTheirs;
        if (MemberDecisions.RefusesKept(draft, account) is { } kept)
            return kept;
        if (Youth.RefusesShowing(draft, account) is { } underAge)
            return underAge;
        if (Refuses(draft, account, terms) is { } wrong)
            return wrong;
        return draft.Begin<Listing>(id, new ListingEvent.ListingPosted(account, At(draft, account, terms), text));
    }

    /// <summary>As long as it is open it may be said anew, all of it, by who has read what it says now.</summary>
    public static Decision<Listing> Rewrite(Draft draft, ThingId id, ListingTerms terms, TextRef text, long expectedVersion)
    {
        if (Find(draft, id, out var refusal) is not { } listing)
            return refusal!;
        if (listing.Version != expectedVersion)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", listing.Version));
        if (listing.Is != ListingStage.Open)
            return Past(listing);
        if (MemberDecisions.RefusesKept(draft, listing.Account) is { } kept)
            return kept;
        if (Youth.RefusesShowing(draft, listing.Account) is { } underAge)
            return underAge;
        if (Refuses(draft, listing.Account, terms) is { } wrong)
            return wrong;
        return draft.Record(listing, new ListingEvent.ListingRewritten(At(draft, listing.Account, terms), text));
    }

    /// <summary>Whoever posted it was helped, or does not offer it any longer because somebody took it.</summary>
    public static Decision<Listing> Fulfil(Draft draft, ThingId id) => End(draft, id, ListingStage.Fulfilled, new ListingEvent.ListingFulfilled());

    public static Decision<Listing> Withdraw(Draft draft, ThingId id) => End(draft, id, ListingStage.Withdrawn, new ListingEvent.ListingWithdrawn());

    /// <summary>Nobody renewed it in time. Before its time, or when it has ended, nothing happens.</summary>
    public static Decision<Listing> Expire(Draft draft, ThingId id)
    {
        if (Find(draft, id, out var refusal) is not { } listing)
            return refusal!;
        return listing.Due is { } due && due <= draft.Now ? draft.Record(listing, new ListingEvent.ListingExpired()) : listing;
    }

    private static Decision<Listing> End(Draft draft, ThingId id, ListingStage stage, ListingEvent ended)
    {
        if (Find(draft, id, out var refusal) is not { } listing)
            return refusal!;
        if (listing.Is == stage)
            return listing;
        return listing.Is == ListingStage.Open ? draft.Record(listing, ended) : Past(listing);
    }

    /// <summary>Everybody in the bank reads it: who has no part in it is told so, and not that it is not there.</summary>
    private static Listing? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        if (refusal is not null)
            return null;
        var found = draft.Find<Listing>(id);
        refusal = found is null ? new Refusal(RefusalCode.ListingUnknown, new Figure("listing", id.Value)) : draft.Authority.RefusesActingFor(draft, found.Account);
        return refusal is null ? found : null;
    }

    /// <summary>Every reason not to take it, in order of precedence.</summary>
    private static Refusal? Refuses(Draft draft, AccountId id, ListingTerms terms)
    {
        if (terms.About <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("about", terms.About.Value.Value));
        if (draft.Policy.RefusesCategory(terms.Category) is { } uncategorised)
            return uncategorised;
        if (AccountDecisions.RefusesAs(draft, id, "account", AccountKind.Member, AccountKind.Project, AccountKind.Provider) is { } wrong)
            return wrong;
        return terms.Expires <= draft.Now ? new Refusal(RefusalCode.ExpiryNotAhead, new Figure("expires", terms.Expires)) : null;
    }

    private static ListingTerms At(Draft draft, AccountId account, ListingTerms terms) =>
        terms with { Neighbourhood = terms.Neighbourhood ?? draft.Find(account)!.Neighbourhood };

    internal static Refusal Past(Listing listing) =>
        new(RefusalCode.ListingPast, new Figure("listing", listing.Id.Value), new Figure("stage", listing.Is));
}
