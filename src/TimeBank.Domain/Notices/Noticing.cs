using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.PaymentRequests;
using TimeBank.Postings;
using TimeBank.Pots;
using TimeBank.Redemptions;
using TimeBank.Schedules;
using TimeBank.WorkSessions;

namespace TimeBank.Notices;

/// <summary>Something that happened.</summary>
/// <param name="Thing">The thing to which it happened, as it stands now; null for an entry of a passbook.</param>
public sealed record Happening(Guid Stream, object Happened, Thing? Thing);

/// <summary>What follows from events for the people whom they concern: the one list of who is told what.</summary>
public static class Noticing
{
    /// <summary>Older events are no news: what is brought in from elsewhere tells nobody.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromDays(7);

    /// <summary>Kinds of events from which something may follow.</summary>
    public static readonly IReadOnlyList<Type> Sources =
    [
        typeof(PassbookEvent.HoursCredited), typeof(PassbookEvent.HoursDebited),
        typeof(ContributionEvent.ContributionLogged), typeof(ContributionEvent.ContributionCorrected), typeof(ContributionEvent.ContributionConfirmed),
        typeof(ContributionEvent.ContributionCredited), typeof(ContributionEvent.ContributionDeclined), typeof(ContributionEvent.ContributionWithdrawn),
        typeof(ContributionEvent.ContributionDisputed), typeof(ContributionEvent.ContributionSettled),
        typeof(BookingEvent.BookingMade), typeof(BookingEvent.BookingGiven), typeof(BookingEvent.BookingCancelled), typeof(BookingEvent.BookingMissed),
        typeof(BookingEvent.BookingExpired), typeof(BookingEvent.BookingReminded),
        typeof(PaymentRequestEvent.PaymentRequested), typeof(PaymentRequestEvent.PaymentRequestPaid), typeof(PaymentRequestEvent.PaymentRequestDeclined),
        typeof(PaymentRequestEvent.PaymentRequestWithdrawn), typeof(PaymentRequestEvent.PaymentRequestExpired),
        typeof(ScheduleEvent.ScheduleMissed),
        typeof(WorkSessionEvent.PersonSignedUp), typeof(WorkSessionEvent.PersonSignedOff), typeof(WorkSessionEvent.WorkSessionCancelled),
        typeof(WorkSessionEvent.WorkSessionReminded),
        typeof(MemberEvent.MemberApplied), typeof(MemberEvent.MemberAdmitted), typeof(MemberEvent.MemberPaused), typeof(MemberEvent.MemberReturned), typeof(MemberEvent.MemberLeft),
        typeof(ListingEvent.ListingFulfilled), typeof(ListingEvent.ListingWithdrawn), typeof(ListingEvent.ListingExpired),
        typeof(ArrangementEvent.ArrangementProposed), typeof(ArrangementEvent.MeetingSet), typeof(ArrangementEvent.ArrangementAgreed),
        typeof(ArrangementEvent.ArrangementReminded), typeof(ArrangementEvent.ArrangementCancelled), typeof(ArrangementEvent.ArrangementDidNotHappen),
        typeof(PotRequestEvent.PotRequestGranted), typeof(PotRequestEvent.PotRequestDeclined),
        typeof(EntryDisputeEvent.EntryDisputeSettled),
    ];

    /// <summary>News of what one call caused. An entry that another sentence tells already is not told twice.</summary>
    public static IEnumerable<News> Of(IReadOnlyList<Happening> posting)
    {
        var credited = posting.Any(h => h.Happened is ContributionEvent.ContributionCredited);
        var news = posting.Where(h => h.Thing is not null).SelectMany(h => OfThing(h.Thing!, h.Happened, credited)).ToList();
        var told = news.Where(n => TellsOfEntries(n)).Select(n => n.Account).ToHashSet();
        return news.Concat(posting.Where(h => h.Thing is null && !told.Contains(new AccountId(h.Stream))).SelectMany(h => OfEntry(new AccountId(h.Stream), h.Happened)));
    }

    private static bool TellsOfEntries(News n) => n.Kind is NoticeKind.HelpCredited or NoticeKind.HelpSettled or NoticeKind.BookingGiven or NoticeKind.BookingMissed or NoticeKind.PotAnswered
        or NoticeKind.EntrySettled
        || n is { Kind: NoticeKind.HoursGiven, Said: "help" } or { Kind: NoticeKind.PaymentAnswered, Said: "paid" };

    private static IEnumerable<News> OfThing(Thing thing, object happened, bool credited) => thing switch
    {
        Contribution c => OfContribution(c, happened, credited),
        Booking b => OfBooking(b, happened),
        PaymentRequest r => OfRequest(r, happened),
        Schedule s => OfSchedule(s, happened),
        WorkSession s => OfSession(s, happened),
        Member m => OfMember(m, happened),
        Listing l => OfListing(l, happened),
        Arrangement a => OfArrangement(a, happened),
        PotRequest r => OfPotRequest(r, happened),
        EntryDispute d => OfEntryDispute(d, happened),
        _ => [],
    };

    private static IEnumerable<News> OfContribution(Contribution c, object happened, bool credited)
    {
        var (claim, payer) = (c.Claim, c.Claim.Helped ?? c.Claim.Project);
        News To(AccountId account, NoticeKind kind, string said, Minutes? minutes = null) =>
            new(account, kind, said, c.Id.Value, account == claim.Helper ? payer : claim.Helper, minutes ?? claim.Minutes, claim.Occurred);
        switch (happened)
        {
            // What confirms itself at once, as a list that was credited does, waits for nobody.
            case ContributionEvent.ContributionLogged or ContributionEvent.ContributionCorrected when !credited:
                yield return c.Awaits == Side.Helper ? To(claim.Helper, NoticeKind.HelpWaits, "helper")
                    : To(payer!.Value, NoticeKind.HelpWaits, c.Awaits == Side.Project ? "project" : "helped");
                break;
            case ContributionEvent.ContributionConfirmed when !credited:
                yield return To(claim.Helper, NoticeKind.HelpConfirmed, "helper");
                break;
            case ContributionEvent.ContributionCredited e:
                yield return To(claim.Helper, NoticeKind.HelpCredited, e.Minutes == Minutes.Zero ? "nothing" : "helper", e.Minutes);
                if (claim.Helped is { } helped && e.Payer is null && e.Minutes > Minutes.Zero)
                    yield return To(helped, NoticeKind.HoursGiven, "help", e.Minutes);
                break;
            case ContributionEvent.ContributionDeclined e:
                yield return To(e.By == Side.Helper ? payer!.Value : claim.Helper, NoticeKind.HelpDeclined, "declined");
                break;
            case ContributionEvent.ContributionWithdrawn:
                yield return To(c.Awaits == Side.Helper ? claim.Helper : payer!.Value, NoticeKind.HelpDeclined, "withdrawn");
                break;
            case ContributionEvent.ContributionDisputed or ContributionEvent.ContributionSettled:
                foreach (var side in new[] { claim.Helper, payer!.Value })
                    yield return happened is ContributionEvent.ContributionSettled e ? To(side, NoticeKind.HelpSettled, e.Minutes == Minutes.Zero ? "nothing" : "settled", e.Minutes)
                        : To(side, NoticeKind.HelpQuestioned, "questioned");
                break;
        }
    }

    private static IEnumerable<News> OfBooking(Booking b, object happened)
    {
        News ToMember(NoticeKind kind, string said, Minutes? minutes = null) => new(b.Member, kind, said, b.Id.Value, b.Provider, minutes ?? b.Minutes, b.Date);
        News ToProvider(string said) => new(b.Provider, NoticeKind.ServiceBooked, said, b.Id.Value, b.Member, b.Minutes, b.Date);
        return happened switch
        {
            BookingEvent.BookingMade => [ToMember(NoticeKind.BookingMade, "made"), ToProvider("made")],
            BookingEvent.BookingCancelled => [ToMember(NoticeKind.BookingCancelled, "cancelled"), ToProvider("cancelled")],
            BookingEvent.BookingGiven e => [ToMember(NoticeKind.BookingGiven, "given", e.Taken)],
            BookingEvent.BookingMissed e => [ToMember(NoticeKind.BookingMissed, e.Taken == Minutes.Zero ? "nothing" : "missed", e.Taken)],
            BookingEvent.BookingReminded e when e.On <= b.Date => [ToMember(NoticeKind.BookingTomorrow, "tomorrow")],
            BookingEvent.BookingExpired => [ToMember(NoticeKind.BookingExpired, "expired")],
            _ => [],
        };
    }

    private static IEnumerable<News> OfRequest(PaymentRequest r, object happened)
    {
        News To(AccountId account, NoticeKind kind, string said) =>
            new(account, kind, said, r.Id.Value, account == r.Asked.Payer ? r.Asked.Payee : r.Asked.Payer, r.Asked.Minutes);
        return happened switch
        {
            PaymentRequestEvent.PaymentRequested => [To(r.Asked.Payer, NoticeKind.PaymentAsked, "asked")],
            PaymentRequestEvent.PaymentRequestPaid => [To(r.Asked.Payee, NoticeKind.PaymentAnswered, "paid")],
            PaymentRequestEvent.PaymentRequestDeclined => [To(r.Asked.Payee, NoticeKind.PaymentAnswered, "declined")],
            PaymentRequestEvent.PaymentRequestWithdrawn => [To(r.Asked.Payer, NoticeKind.PaymentAnswered, "withdrawn")],
            PaymentRequestEvent.PaymentRequestExpired => [To(r.Asked.Payee, NoticeKind.PaymentAnswered, "expired")],
            _ => [],
        };
    }

    private static IEnumerable<News> OfSchedule(Schedule s, object happened) => happened is ScheduleEvent.ScheduleMissed e
        ?
        [
            new News(s.Terms.Payer, NoticeKind.ScheduleMissed, e.Why == RefusalCode.BelowFloor ? "short" : "payer", s.Id.Value, s.Terms.Payee, s.Terms.Minutes, e.Date),
            new News(s.Terms.Payee, NoticeKind.ScheduleMissed, "payee", s.Id.Value, s.Terms.Payer, s.Terms.Minutes, e.Date),
        ]
        : [];

    private static IEnumerable<News> OfSession(WorkSession s, object happened)
    {
        News To(AccountId account, NoticeKind kind, string said) => new(account, kind, said, s.Id.Value, s.Plan.Project, null, s.Plan.Date);
        return happened switch
        {
            WorkSessionEvent.PersonSignedUp e => [To(e.Account, NoticeKind.SessionSignedUp, s.WaitingList.Contains(e.Account) ? "waits" : "signedUp")],
            WorkSessionEvent.PersonSignedOff { Moved: { } moved } => [To(moved, NoticeKind.SessionSignedUp, "place")],
            WorkSessionEvent.WorkSessionReminded e when e.On <= s.Plan.Date =>
                s.People.Where(p => p.SignedUp is not null && !s.WaitingList.Contains(p.Account)).Select(p => To(p.Account, NoticeKind.SessionTomorrow, "tomorrow")),
            WorkSessionEvent.WorkSessionCancelled => s.People.Where(p => p.SignedUp is not null).Select(p => To(p.Account, NoticeKind.SessionCancelled, "cancelled")),
            _ => [],
        };
    }

    /// <summary>Who said yes, or cancelled, need not hear of it; of what both agreed to, and of the day before, both hear.</summary>
    private static IEnumerable<News> OfArrangement(Arrangement a, object happened)
    {
        IEnumerable<News> ToBoth(NoticeKind kind, string said, AccountId? but = null) => a.Parties.Where(p => p != but)
            .Select(p => new News(p, kind, said, a.Id.Value, a.OtherThan(p), a.Meeting?.About, a.Meeting?.Date));
        return happened switch
        {
            ArrangementEvent.ArrangementProposed e => ToBoth(NoticeKind.MeetingProposed, a.Meeting is null ? "proposed" : "day", e.Yes?.Account),
            ArrangementEvent.MeetingSet e => ToBoth(NoticeKind.MeetingProposed, "day", e.Yes?.Account),
            ArrangementEvent.ArrangementAgreed when a.Is == ArrangementStage.Agreed => ToBoth(NoticeKind.MeetingAgreed, "agreed"),
            ArrangementEvent.ArrangementReminded => ToBoth(NoticeKind.MeetingTomorrow, "tomorrow"),
            ArrangementEvent.ArrangementCancelled e => ToBoth(NoticeKind.MeetingEnded, "cancelled", e.By),
            ArrangementEvent.ArrangementDidNotHappen => ToBoth(NoticeKind.MeetingEnded, "didNotHappen"),
            _ => [],
        };
    }

    private static IEnumerable<News> OfPotRequest(PotRequest r, object happened) => happened switch
    {
        PotRequestEvent.PotRequestGranted => [new News(r.Member, NoticeKind.PotAnswered, "granted", r.Id.Value, r.Pot, r.Minutes)],
        PotRequestEvent.PotRequestDeclined => [new News(r.Member, NoticeKind.PotAnswered, "declined", r.Id.Value, r.Pot, r.Minutes)],
        _ => [],
    };

    private static IEnumerable<News> OfEntryDispute(EntryDispute d, object happened) => happened is EntryDisputeEvent.EntryDisputeSettled e
        ? [new News(d.Payer, NoticeKind.EntrySettled, e.Verdict == EntryVerdict.Reversed ? "reversed" : "stands", d.Id.Value, d.Payee, d.Minutes, d.Occurred)]
        : [];

    private static IEnumerable<News> OfMember(Member m, object happened)
    {
        string? said = happened switch
        {
            MemberEvent.MemberApplied e => e.How == Approach.Invited ? "invited" : "applied",
            MemberEvent.MemberAdmitted => "admitted",
            MemberEvent.MemberPaused => "paused",
            MemberEvent.MemberReturned => "returned",
            MemberEvent.MemberLeft => "left",
            _ => null,
        };
        return said is null ? [] : [new News(m.Account, NoticeKind.MembershipChanged, said, m.Id.Value)];
    }

    private static IEnumerable<News> OfListing(Listing l, object happened)
    {
        string? said = happened switch
        {
            ListingEvent.ListingFulfilled => "fulfilled",
            ListingEvent.ListingWithdrawn => "withdrawn",
            ListingEvent.ListingExpired => "expired",
            _ => null,
        };
        return said is null ? [] : [new News(l.Account, NoticeKind.ListingEnded, said, l.Id.Value)];
    }

    /// <summary>What was brought in from before this ledger was kept is no news.</summary>
    private static IEnumerable<News> OfEntry(AccountId account, object happened) => happened switch
    {
        PassbookEvent.HoursMoved { Override: OverrideKind.History } => [],
        PassbookEvent.HoursCredited e => [new News(account, NoticeKind.HoursReceived, Said(e.Kind), e.Transfer.Value, e.Counterparty, e.Minutes, e.Occurred)],
        PassbookEvent.HoursDebited e => [new News(account, NoticeKind.HoursGiven, Said(e.Kind), e.Transfer.Value, e.Counterparty, e.Minutes, e.Occurred)],
        _ => [],
    };

    private static string Said(TransferKind kind) => kind switch
    {
        TransferKind.Exchange => "exchange",
        TransferKind.Spend => "spend",
        TransferKind.Refund => "refund",
        TransferKind.Gift => "gift",
        TransferKind.Reversal => "reversal",
        _ => "other",
    };

    /// <summary>Every sentence that there is, of every kind.</summary>
    public static readonly IReadOnlyDictionary<NoticeKind, string[]> Sentences = new Dictionary<NoticeKind, string[]>
    {
        [NoticeKind.HelpWaits] = ["helper", "helped", "project"],
        [NoticeKind.HelpConfirmed] = ["helper"],
        [NoticeKind.HelpCredited] = ["helper", "nothing"],
        [NoticeKind.HelpDeclined] = ["declined", "withdrawn"],
        [NoticeKind.HelpQuestioned] = ["questioned"],
        [NoticeKind.HelpSettled] = ["settled", "nothing"],
        [NoticeKind.HoursReceived] = ["exchange", "spend", "refund", "gift", "reversal", "other"],
        [NoticeKind.HoursGiven] = ["help", "exchange", "spend", "refund", "gift", "reversal", "other"],
        [NoticeKind.BookingMade] = ["made"],
        [NoticeKind.BookingCancelled] = ["cancelled"],
        [NoticeKind.BookingGiven] = ["given"],
        [NoticeKind.BookingMissed] = ["missed", "nothing"],
        [NoticeKind.BookingExpired] = ["expired"],
        [NoticeKind.ServiceBooked] = ["made", "cancelled"],
        [NoticeKind.PaymentAsked] = ["asked"],
        [NoticeKind.PaymentAnswered] = ["paid", "declined", "withdrawn", "expired"],
        [NoticeKind.ScheduleMissed] = ["payer", "short", "payee"],
        [NoticeKind.SessionSignedUp] = ["signedUp", "waits", "place"],
        [NoticeKind.SessionCancelled] = ["cancelled"],
        [NoticeKind.MembershipChanged] = ["applied", "invited", "admitted", "paused", "returned", "left"],
        [NoticeKind.ListingEnded] = ["fulfilled", "withdrawn", "expired"],
        [NoticeKind.MeetingProposed] = ["proposed", "day"],
        [NoticeKind.MeetingAgreed] = ["agreed"],
        [NoticeKind.MeetingTomorrow] = ["tomorrow"],
        [NoticeKind.MeetingEnded] = ["cancelled", "didNotHappen"],
        [NoticeKind.PotAnswered] = ["granted", "declined"],
        [NoticeKind.ConcernRaised] = ["waits"],
        [NoticeKind.EntrySettled] = ["stands", "reversed"],
        [NoticeKind.BookingTomorrow] = ["tomorrow"],
        [NoticeKind.SessionTomorrow] = ["tomorrow"],
    };
}
