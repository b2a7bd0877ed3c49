using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Pots;

/// <summary>A request to a pot after a decision, with the posting that granted it.</summary>
public sealed record PotRequestChange(PotRequest Request, PostingMade? Posting = null);

/// <summary>Decisions about what a pot is asked for.</summary>
public static class PotRequestDecisions
{
    /// <summary>A member asks, or somebody for them who may act for their account. What the pot has counts only when it is granted.</summary>
    public static Decision<PotRequestChange> Ask(Draft draft, ThingId id, AccountId potId, AccountId forId, Minutes minutes, TextRef? text)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesActingFor(draft, forId) is { } notPermitted)
            return notPermitted;
        if (minutes <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", minutes.Value));
        if (draft.Find(potId) is not { } pot)
            return Refusal.Of(RefusalCode.AccountUnknown, potId);
        if (draft.Find(forId) is not { } member)
            return Refusal.Of(RefusalCode.AccountUnknown, forId);
        if (pot.Kind != AccountKind.Pot)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", "pot"), new Figure("accountKind", pot.Kind));
        if (member.Kind != AccountKind.Member)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", "member"), new Figure("accountKind", member.Kind));
        return (Limits.NotOpen(pot, member) ?? Posting.TooLong(draft, minutes)) is { } refusal
            ? refusal
            : new PotRequestChange(draft.Begin<PotRequest>(id, new PotRequestEvent.PotAsked(potId, forId, minutes, text, draft.Authority.Person)));
    }

    /// <summary>One of those who may act for the pot says yes; the yes of a second one grants it. If the pot cannot give it, it stays as it was.</summary>
    public static Decision<PotRequestChange> Approve(Draft draft, ThingId id)
    {
        if (FindToDecide(draft, id, out var refusal) is not { } r)
            return refusal!;
        var person = draft.Authority.Person!.Value;
        if (r.First == person || r.Second == person)
            return new PotRequestChange(r);
        if (!r.IsOpen)
            return Past(r);
        if (r.First is null)
            return new PotRequestChange(draft.Record(r, new PotRequestEvent.PotRequestSeconded(person)));
        // The transfer carries no text: what it was asked for stays between who asked and who decided.
        var posting = Posting.Post(draft, [new Leg(TransferKind.Grant, r.Pot, r.Member, r.Minutes)], PostingMode.Normal);
        return posting.Refusal is { } failed
            ? failed
            : new PotRequestChange(draft.Record(r, new PotRequestEvent.PotRequestGranted(person, draft.Posting)), posting.Answer);
    }

    /// <summary>One no is enough.</summary>
    public static Decision<PotRequestChange> Decline(Draft draft, ThingId id, TextRef? reason)
    {
        if (FindToDecide(draft, id, out var refusal) is not { } r)
            return refusal!;
        return r.Is == PotRequestStage.Declined ? new PotRequestChange(r)
            : r.IsOpen ? new PotRequestChange(draft.Record(r, new PotRequestEvent.PotRequestDeclined(draft.Authority.Person!.Value, reason)))
            : Past(r);
    }

    /// <summary>Whom it is for, or who may ask for them, takes it back.</summary>
    public static Decision<PotRequestChange> Withdraw(Draft draft, ThingId id)
    {
        if (Find(draft, id, out var refusal) is not { } r)
            return refusal!;
        if (draft.Authority.RefusesActingFor(draft, r.Member) is { } notTheirs)
            return notTheirs;
        return r.Is == PotRequestStage.Withdrawn ? new PotRequestChange(r)
            : r.IsOpen ? new PotRequestChange(draft.Record(r, new PotRequestEvent.PotRequestWithdrawn()))
            : Past(r);
    }

    /// <summary>Decided by people who may act for the pot, not by programs, and by nobody for themselves or their household.</summary>
    private static PotRequest? FindToDecide(Draft draft, ThingId id, out Refusal? refusal)
    {
        if (Find(draft, id, out refusal) is not { } r)
            return null;
        var may = draft.Authority;
        refusal = may.RefusesActingFor(draft, r.Pot)
            ?? (may.Person is null ? new Refusal(RefusalCode.NotPermitted, new Figure("request", id.Value))
                : may.Accounts.Contains(r.Member) || may.IsOfHousehold(r.Member) ? Refusal.Of(RefusalCode.OwnHours, r.Member)
                : null);
        return refusal is null ? r : null;
    }

    private static PotRequest? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<PotRequest>(id) : null;
        if (found is not null && draft.Authority.Sees(draft, found.Pot, found.Member))
            return found;
        refusal ??= new Refusal(RefusalCode.PotRequestUnknown, new Figure("request", id.Value));
        return null;
    }

    private static Refusal Past(PotRequest r) => new(RefusalCode.PotRequestPast, new Figure("request", r.Id.Value), new Figure("stage", r.Is));
}
