using TimeBank.Access;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Redemptions;

/// <summary>A booking after a decision, with the posting that moved minutes; none if nothing moved.</summary>
public sealed record BookingChange(Booking Booking, PostingMade? Posting = null);

/// <summary>What a service would ask of a member.</summary>
/// <param name="Available">What the member has, less what is set aside.</param>
/// <param name="Floor">How low the member may go; null: no limit.</param>
/// <param name="Refused">Why it would not go; null: it would.</param>
public sealed record Quote(ThingId Service, AccountId Account, DateOnly Date, Minutes Minutes, Minutes Available, Minutes? Floor, RefusalCode? Refused);

/// <summary>Decisions about appointments: nobody's minutes are set aside without their yes, and what a provider does not take is free again.</summary>
public static class BookingDecisions
{
    /// <summary>A member books, or an organiser records how the member said yes, or an app with the member's link does. The minutes are set aside.</summary>
    /// <param name="codes">By chance; the first that nobody has becomes the voucher's.</param>
    /// <param name="at">The moment of a date and a time by the bank's clock.</param>
    public static Decision<Booking> Book(
        Draft draft, ThingId id, ThingId serviceId, AccountId member, DateOnly date, Yes? yes, TextRef? text, IReadOnlyList<VoucherCode> codes,
        Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find<Service>(serviceId) is not { } service)
            return ServiceDecisions.Unknown(serviceId);
        var terms = service.Terms;
        if (draft.Authority.RefusesDebit(draft, TransferKind.Spend, member, service.Provider, terms.Asks, terms.Category) is { } notPermitted)
            return notPermitted;
        if (service.Is == ServiceStage.Ended)
            return ServiceDecisions.Ended(service);
        if (Consent.RefusesYes(draft, member, ref yes) is { } unsaid)
            return unsaid;
        if (Youth.RefusesActivity(draft, member, service.Provider, terms.Category, date) is { } notAgreed)
            return notAgreed;
        if (date < draft.Today)
            return Desk.DateInPast(draft, date);
        var expires = Booking.ExpiryOf(date);
        var held = Hold.Place(draft, new HoldId(id.Value), TransferKind.Spend, member, service.Provider, terms.Asks, expires, terms.Category, text, yes);
        if (held.Refusal is { } refusal)
            return refusal;
        if (RefusesMonth(service, date) is { } full)
            return full;
        var code = codes.First(c => draft.Find<Voucher>(c.Voucher) is null);
        var booking = draft.Begin<Booking>(id, new BookingEvent.BookingMade(
            serviceId, member, service.Provider, date, terms.Asks, code.ToString(), expires, terms.NoShow, yes!.Value, text,
            date > draft.Today && at(date.AddDays(-1), Booking.ReminderAt) is var remind && remind > draft.Now ? remind : null));
        draft.Begin<Voucher>(code.Voucher, new VoucherEvent.VoucherMade(id, member, service.Provider));
        draft.Record(service, new ServiceEvent.ServiceBooked(id, Service.MonthOf(date), terms.Asks));
        return booking;
    }

    /// <summary>What a booking would ask, and whether it would go. To be asked, not to be kept: it goes through the booking itself.</summary>
    public static Decision<Quote> QuoteFor(Draft draft, ThingId serviceId, AccountId member, DateOnly? on, IReadOnlyList<VoucherCode> codes, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        var date = on ?? draft.Today;
        var before = draft.Bank is null ? null : draft.Find(member);
        var booked = Book(draft, new ThingId(draft.Mint()), serviceId, member, date, Yes.InPerson, null, codes, at);
        if (booked.Refusal is { } refusal && (before is null || refusal.Code < RefusalCode.ServiceEnded))
            return refusal;
        return new Quote(serviceId, member, date, draft.Find<Service>(serviceId)!.Terms.Asks, before!.Available, before.FloorUnder(draft.Policy), booked.Refusal?.Code);
    }

    /// <summary>The member cancels up to the day of the appointment, the provider and organisers also later, until the minutes are taken or free.
    /// All of them return. Cancelling twice changes nothing.</summary>
    public static Decision<BookingChange> Cancel(Draft draft, ThingId id)
    {
        if (Desk.Find(draft, id, out var refusal) is not { } b)
            return refusal!;
        if (Desk.SideOf(draft, b) is not { } side)
            return Desk.NotTheirs(b);
        if (b.Is == BookingStage.Cancelled)
            return new BookingChange(b);
        if (b.StageAt(draft.Now) != BookingStage.Booked)
            return Desk.Past(draft, b);
        if (side is BookingSide.Member or BookingSide.App && draft.Today > b.Date)
            return Desk.DateInPast(draft, b.Date);
        draft.Release(draft.Find(b.Hold)!, ReleaseReason.Released);
        return new BookingChange(End(draft, b, new BookingEvent.BookingCancelled(side)));
    }

    /// <summary>Nobody came: the provider takes the share that the member agreed to when booking, and the rest is free again.</summary>
    public static Decision<BookingChange> Miss(Draft draft, ThingId id)
    {
        if (Desk.Find(draft, id, out var refusal) is not { } b)
            return refusal!;
        if (draft.Authority.RefusesActingFor(draft, b.Provider) is { } notPermitted)
            return notPermitted;
        if (b.Is == BookingStage.NoShow)
            return new BookingChange(b);
        if (b.StageAt(draft.Now) != BookingStage.Booked)
            return Desk.Past(draft, b);
        if (b.Date > draft.Today)
            return new Refusal(RefusalCode.OccurredInFuture, new Figure("occurred", b.Date), new Figure("today", draft.Today));
        if (b.CostOfNoShow() is var cost && cost == Minutes.Zero)
        {
            draft.Release(draft.Find(b.Hold)!, ReleaseReason.Released);
            return new BookingChange(End(draft, b, new BookingEvent.BookingMissed(Minutes.Zero, null)));
        }
        var taken = Hold.Capture(draft, b.Hold, cost);
        return taken.Refusal is { } failed
            ? failed
            : new BookingChange(End(draft, b, new BookingEvent.BookingMissed(cost, taken.Answer!.Hold.Transfer)), taken.Answer.Posting);
    }

    /// <summary>Writes down that nobody took the minutes in time. Nothing depends on its being on time: the hold is dead from its last moment on.</summary>
    public static Decision<BookingChange> Expire(Draft draft, ThingId id) =>
        Desk.Find(draft, id, out var refusal) is not { } b ? refusal!
        : b.Is == BookingStage.Booked && b.StageAt(draft.Now) == BookingStage.Expired ? new BookingChange(End(draft, b, new BookingEvent.BookingExpired()))
        : new BookingChange(b);

    /// <summary>The appointment is tomorrow: said once. Before its time, and after it was said, nothing happens.</summary>
    public static Decision<BookingChange> Remind(Draft draft, ThingId id) =>
        Desk.Find(draft, id, out var refusal) is not { } b ? refusal!
        : new BookingChange(b.Is == BookingStage.Booked && b.RemindAt <= draft.Now ? draft.Record(b, new BookingEvent.BookingReminded(draft.Today)) : b);

    /// <summary>The hold of a booking is ended by way of the booking, so that both tell the same.</summary>
    public static Refusal? RefusesHold(Draft draft, HoldId hold) =>
        draft.Bank is not null && draft.Find<Booking>(new ThingId(hold.Value)) is { } b && draft.Authority.Sees(draft, b.Member, b.Provider)
            ? new Refusal(RefusalCode.HoldOfBooking, new Figure("booking", b.Id.Value))
            : null;

    /// <summary>What was not taken is free again in the service's month.</summary>
    internal static Booking End(Draft draft, Booking before, BookingEvent happened)
    {
        var b = draft.Record(before, happened);
        if (b.Taken < b.Minutes)
            draft.Record(draft.Find<Service>(b.Service)!, new ServiceEvent.ServiceFreed(b.Id, Service.MonthOf(b.Date), b.Minutes - b.Taken));
        return b;
    }

    private static Refusal? RefusesMonth(Service service, DateOnly date) =>
        service.Terms.MostAMonth is { } most && service.AcceptedIn(date) is var accepted && accepted + service.Terms.Asks > most
            ? new Refusal(RefusalCode.MonthFull,
                new Figure("month", Service.MonthOf(date)), new Figure("accepted", accepted.Value), new Figure("most", most.Value), new Figure("minutes", service.Terms.Asks.Value))
            : null;
}
