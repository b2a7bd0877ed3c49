using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Redemptions;

/// <summary>What happens at the provider's desk: a voucher is taken, and what was taken may go back.</summary>
public static class Redeeming
{
    /// <summary>The service was given: the provider takes all that was set aside (null), or less; the rest is free again, and rules act on what was taken.</summary>
    /// <remarks>One voucher at two desks is taken once. Taking the same twice changes nothing.</remarks>
    public static Decision<BookingChange> Take(Draft draft, ThingId voucher, Minutes? minutes)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find<Voucher>(voucher) is not { } v || !draft.Authority.Sees(draft, v.Member, v.Provider))
            return RefusalCode.VoucherUnknown;
        if (draft.Authority.RefusesActingFor(draft, v.Provider) is { } notPermitted)
            return notPermitted;
        var b = draft.Find<Booking>(v.Booking)!;
        if (b.Is == BookingStage.Given && (minutes is null || minutes == b.Taken))
            return new BookingChange(b);
        if (b.StageAt(draft.Now) != BookingStage.Booked)
            return Desk.Past(draft, b);
        var taken = Hold.Capture(draft, b.Hold, minutes);
        if (taken.Refusal is { } refusal)
            return refusal;
        var (hold, posting) = taken.Answer!;
        return new BookingChange(BookingDecisions.End(draft, b, new BookingEvent.BookingGiven(hold.Taken, hold.Transfer!.Value)), posting);
    }

    /// <summary>The provider gives back what it took (null: all that is left of it), from what it has free, as a transfer of its own.</summary>
    /// <remarks>What rules passed on stays where it is: hours that somebody was credited are not taken back for another's refund.</remarks>
    public static Decision<BookingChange> Refund(Draft draft, ThingId id, Minutes? minutes, TextRef? reason)
    {
        if (Desk.Find(draft, id, out var refusal) is not { } b)
            return refusal!;
        if (draft.Authority.RefusesActingFor(draft, b.Provider) is { } notPermitted)
            return notPermitted;
        if (b.Is is not (BookingStage.Given or BookingStage.NoShow))
            return Desk.Past(draft, b);
        if (minutes <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", minutes.Value.Value));
        var rest = Rest(draft, b);
        var amount = minutes ?? rest;
        if (amount > rest || rest == Minutes.Zero)
            return new Refusal(RefusalCode.RefundExceedsRest, new Figure("rest", rest.Value), new Figure("minutes", amount.Value));
        var posted = Posting.Post(draft, [new Leg(TransferKind.Refund, b.Provider, b.Member, amount, null, null, reason)], PostingMode.Normal);
        return posted.Refusal is { } refused
            ? refused
            : new BookingChange(draft.Record(b, new BookingEvent.BookingRefunded(amount, posted.Answer!.Transfers[0].Id)), posted.Answer);
    }

    /// <summary>What was taken, less what was refunded, and less what an organiser reversed.</summary>
    private static Minutes Rest(Draft draft, Booking b)
    {
        if (b.Transfer is not { } transfer)
            return Minutes.Zero;
        var left = draft.TransfersOf(transfer.Posting).Single(t => t.Id == transfer).Rest - b.Refunded;
        return left > Minutes.Zero ? left : Minutes.Zero;
    }
}
