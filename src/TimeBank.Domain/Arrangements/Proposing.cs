using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Arrangements;

/// <summary>How an arrangement begins: somebody answers a listing, or an organiser puts two together.</summary>
public static class Proposing
{
    /// <summary>A member answers an offer or a request, or an organiser of one of the two does it for them. Who answers says yes to the meeting, if one is said.</summary>
    public static Decision<ArrangementChange> Answer(Draft draft, ThingId id, ThingId listingId, AccountId answering, Meeting? meeting, TextRef? text, ThingId? activity = null)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find<Listing>(listingId) is not { } listing)
            return new Refusal(RefusalCode.ListingUnknown, new Figure("listing", listingId.Value));
        var (helper, helped) = listing.Terms.Kind == ListingKind.Offer ? (listing.Account, answering) : (answering, listing.Account);
        if (ActivityDecisions.RefusesUnknown(draft, activity, helped) is { } unknown)
            return unknown;
        var may = draft.Authority;
        if (may.RefusesActingFor(draft, answering) is { } notTheirs && may.RefusesOrganising(draft, listing.Account) is not null)
            return notTheirs;
        if (listing.Is != ListingStage.Open || listing.Terms.Expires <= draft.Now)
            return ListingDecisions.Past(listing);
        return Begin(draft, id, new ArrangementEvent.ArrangementProposed(
            helper, helped, listingId, listing.Terms.Category, meeting, text, YesOf(draft, answering, meeting), activity));
    }

    /// <summary>Who organises one of the two puts them together. Neither has said yes by that.</summary>
    public static Decision<ArrangementChange> Propose(Draft draft, ThingId id, AccountId helper, AccountId helped, string? category, Meeting? meeting, TextRef? text, ThingId? activity = null)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (ActivityDecisions.RefusesUnknown(draft, activity, helped) is { } unknown)
            return unknown;
        if (draft.Authority.RefusesOrganising(draft, helper) is { } notTheirs && draft.Authority.RefusesOrganising(draft, helped) is not null)
            return notTheirs;
        return Begin(draft, id, new ArrangementEvent.ArrangementProposed(helper, helped, null, category, meeting, text, null, activity));
    }

    /// <summary>Whoever says a date for an account of their own agrees to it by that.</summary>
    internal static SideYes? YesOf(Draft draft, AccountId side, Meeting? meeting) =>
        meeting is not null && Consent.IsHolder(draft, side) ? new SideYes(side, Yes.Themselves) : null;

    internal static Refusal? RefusesMeeting(Draft draft, Meeting? meeting)
    {
        if (meeting?.About <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("about", meeting!.About.Value));
        return meeting?.Date < draft.Today
            ? new Refusal(RefusalCode.DateInPast, new Figure("date", meeting!.Date), new Figure("today", draft.Today))
            : null;
    }

    /// <summary>Who is under 18 helps, and is helped, as their guardian agreed.</summary>
    internal static Refusal? RefusesYoung(Draft draft, AccountId helper, AccountId helped, string? category, DateOnly on) =>
        Youth.RefusesActivity(draft, helper, helped, category, on) ?? Youth.RefusesActivity(draft, helped, helped, category, on);

    private static Decision<ArrangementChange> Begin(Draft draft, ThingId id, ArrangementEvent.ArrangementProposed proposed)
    {
        if (Refuses(draft, proposed) is { } refusal)
            return refusal;
        var begun = draft.Begin<Arrangement>(id, proposed);
        foreach (var side in begun.Parties)
            MemberDecisions.ProposeFirst(draft, side);
        return new ArrangementChange(begun);
    }

    /// <summary>Every reason not to bring the two together, in order of precedence.</summary>
    private static Refusal? Refuses(Draft draft, ArrangementEvent.ArrangementProposed proposed)
    {
        AccountId[] sides = [proposed.Helper, proposed.Helped];
        var day = proposed.Meeting?.Date ?? draft.Today;
        foreach (var side in sides)
        {
            if (draft.Find<Member>(Member.IdOf(side)) is { Is: MemberStage.Paused or MemberStage.Left } away)
                return Refusal.Of(RefusalCode.MemberPast, side, new Figure("stage", away.Is));
        }
        if (ActivityDecisions.RefusesDate(draft, proposed.Activity, day) is { } ended)
            return ended;
        if (RefusesYoung(draft, proposed.Helper, proposed.Helped, proposed.Category, day) is { } notAgreed)
            return notAgreed;
        if (Apart.Refuses(draft, proposed.Helper, proposed.Helped) is { } apart)
            return apart;
        if (RefusesMeeting(draft, proposed.Meeting) is { } unmeet)
            return unmeet;
        if (proposed.Helper == proposed.Helped)
            return Refusal.Of(RefusalCode.SameAccount, proposed.Helper);
        foreach (var side in sides)
        {
            if (draft.Find(side) is null)
                return Refusal.Of(RefusalCode.AccountUnknown, side);
        }
        var (helper, helped) = (draft.Find(proposed.Helper)!, draft.Find(proposed.Helped)!);
        if (helper.Kind != AccountKind.Member)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", "helper"), new Figure("accountKind", helper.Kind));
        if (helped.Kind is not (AccountKind.Member or AccountKind.Project))
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", "helped"), new Figure("accountKind", helped.Kind));
        foreach (var side in (Account[])[helper, helped])
        {
            if (side.Status == AccountStatus.Closed)
                return Refusal.Of(RefusalCode.AccountClosed, side.Id);
        }
        return ActivityDecisions.RefusesHelper(draft, proposed.Activity, proposed.Helper, day);
    }
}
