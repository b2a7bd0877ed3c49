using TimeBank.Contributions;
using TimeBank.Postings;

namespace TimeBank.Redemptions;

/// <summary>Who speaks about a booking, and what they may say.</summary>
internal static class Desk
{
    /// <summary>A booking that concerns who asks: the member's or the provider's side, who organises one of them, an app that the member linked.</summary>
    public static Booking? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<Booking>(id) : null;
        if (found is not null && (draft.Authority.Sees(draft, found.Member, found.Provider) || MayDebit(draft, found)))
            return found;
        refusal ??= new Refusal(RefusalCode.BookingUnknown, new Figure("booking", id.Value));
        return null;
    }

    /// <summary>As what they end it; null: they see it and do not end it.</summary>
    public static BookingSide? SideOf(Draft draft, Booking b)
    {
        var may = draft.Authority;
        if (may.App is null && may.Accounts.Contains(b.Member))
            return BookingSide.Member;
        if (may.Accounts.Contains(b.Provider))
            return BookingSide.Provider;
        if (may.RefusesOrganising(draft, b.Provider) is null || may.RefusesOrganising(draft, b.Member) is null)
            return BookingSide.Organiser;
        return MayDebit(draft, b) ? BookingSide.App : null;
    }

    /// <summary>A member says yes by booking, or by the link of the app that books; an organiser records how the member said it:
    /// in person, by telephone, on paper.</summary>
    public static Refusal? RefusesYes(Draft draft, AccountId member, ref Yes? yes)
    {
        var may = draft.Authority;
        if (may.App is null && may.Accounts.Contains(member))
            yes = Yes.Themselves;
        else if (may is { App: not null, WholeBank: false })
            yes = Yes.Link;
        else if (yes is not (Yes.InPerson or Yes.Telephone or Yes.Paper))
            return new Refusal(RefusalCode.YesNeeded, new Figure("field", "yes"));
        return null;
    }

    public static Refusal NotTheirs(Booking b) => new(RefusalCode.NotPermitted, new Figure("booking", b.Id.Value));

    public static Refusal Past(Draft draft, Booking b) =>
        new(RefusalCode.BookingPast, new Figure("booking", b.Id.Value), new Figure("stage", b.StageAt(draft.Now)));

    public static Refusal DateInPast(Draft draft, DateOnly date) =>
        new(RefusalCode.DateInPast, new Figure("date", date), new Figure("today", draft.Today));

    private static bool MayDebit(Draft draft, Booking b) =>
        draft.Authority.RefusesDebit(draft, TransferKind.Spend, b.Member, b.Provider, b.Minutes) is null;
}
