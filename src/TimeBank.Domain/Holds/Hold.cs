using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Holds;

public enum HoldStatus { Open, Captured, Released, Expired }

/// <summary>Why a hold ended with nothing taken.</summary>
public enum ReleaseReason { Released, Expired }

/// <summary>Minutes set aside for a payee until they are captured, released or expired.</summary>
/// <param name="Taken">What the capture took; zero before it.</param>
/// <param name="Transfer">The transfer that the capture made.</param>
public sealed record Hold(
    HoldId Id, AccountId Payer, AccountId Payee, Minutes Minutes, TransferKind Kind,
    string? Category, TextRef? Text, DateTimeOffset ExpiresAt,
    HoldStatus Status = HoldStatus.Open, Minutes Taken = default, TransferId? Transfer = null)
{
    /// <summary>Dead from its last moment on, whether or not anybody wrote that down yet.</summary>
    public HoldStatus StatusAt(DateTimeOffset now) =>
        Status == HoldStatus.Open && ExpiresAt <= now ? HoldStatus.Expired : Status;

    public Hold Released(ReleaseReason reason) =>
        this with { Status = reason == ReleaseReason.Expired ? HoldStatus.Expired : HoldStatus.Released };

    public Hold Captured(Minutes taken, TransferId transfer) =>
        this with { Status = HoldStatus.Captured, Taken = taken, Transfer = transfer };

    /// <summary>Sets minutes aside. Refused for the reasons a transfer of that kind would be, and if the end is not ahead.</summary>
    public static Decision<Hold> Place(
        Draft draft, HoldId id, TransferKind kind, AccountId payerId, AccountId payeeId, Minutes minutes,
        DateTimeOffset expiresAt, string? category, TextRef? text, Yes? yes = null)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesDebit(draft, kind, payerId, payeeId, minutes, category) is { } notPermitted)
            return notPermitted;
        var rule = TransferRule.For(kind);
        if (rule.EngineOnly)
            return new Refusal(RefusalCode.KindBelongsToEngine, new Figure("kind", kind));
        if (Consent.RefusesDebitByOthers(draft, payerId, ref yes) is { } unsaid)
            return unsaid;
        if (minutes <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", minutes.Value));
        if (payerId == payeeId)
            return Refusal.Of(RefusalCode.SameAccount, payerId);
        if (draft.Find(payerId) is not { } payer)
            return Refusal.Of(RefusalCode.AccountUnknown, payerId);
        if (draft.Find(payeeId) is not { } payee)
            return Refusal.Of(RefusalCode.AccountUnknown, payeeId);
        var refusal = Posting.WrongKinds(rule, payer, payee)
            ?? Limits.NotOpen(payer, payee)
            ?? Posting.TooLong(draft, minutes)
            ?? BeyondRange(payer, payee, minutes)
            ?? Limits.RefusesFigures(payer, payee, minutes, draft.Policy);
        if (refusal is not null)
            return refusal;
        if (expiresAt <= draft.Now)
            return new Refusal(RefusalCode.ExpiryNotAhead, new Figure("expiresAt", expiresAt), new Figure("now", draft.Now));
        return draft.Place(new Hold(id, payerId, payeeId, minutes, kind, category, text, expiresAt), yes);
    }

    /// <summary>The payee takes what was held (null), or less; the rest is free again, and rules act on what was taken.</summary>
    /// <remarks>An open hold is captured whatever floor, ceiling or freeze say: it cannot fail. Capturing the same twice changes nothing.</remarks>
    public static Decision<HoldCapture> Capture(Draft draft, HoldId id, Minutes? minutes)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find(id) is not { } hold || !draft.Authority.Sees(draft, hold.Payer, hold.Payee))
            return new Refusal(RefusalCode.HoldUnknown, new Figure("hold", id.Value));
        if (draft.Authority.RefusesActingFor(draft, hold.Payee) is { } notPermitted)
            return notPermitted;
        var taken = minutes ?? (hold.Status == HoldStatus.Captured ? hold.Taken : hold.Minutes);
        if (taken <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", taken.Value));
        if (hold.Status == HoldStatus.Captured && hold.Taken == taken)
            return new HoldCapture(hold, null);
        if (hold.StatusAt(draft.Now) != HoldStatus.Open)
            return NotOpen(hold, draft.Now);
        if (taken > hold.Minutes)
            return new Refusal(RefusalCode.CaptureExceedsHold, new Figure("held", hold.Minutes.Value), new Figure("minutes", taken.Value));
        var posting = Posting.WithRules(draft, [draft.Capture(hold, taken)], cannotFail: true);
        return posting.Refusal is { } refusal ? refusal : new HoldCapture(draft.Find(id)!, posting.Answer);
    }

    /// <summary>Everything held is free again. Releasing twice changes nothing.</summary>
    public static Decision<Hold> Release(Draft draft, HoldId id)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find(id) is not { } hold || !draft.Authority.Sees(draft, hold.Payer, hold.Payee))
            return new Refusal(RefusalCode.HoldUnknown, new Figure("hold", id.Value));
        return hold.StatusAt(draft.Now) switch
        {
            HoldStatus.Released => hold,
            HoldStatus.Open => draft.Release(hold, ReleaseReason.Released),
            _ => NotOpen(hold, draft.Now),
        };
    }

    /// <summary>A balance far above zero leaves room for more than can be counted as held, one far below for more than can be awaited.</summary>
    private static Refusal? BeyondRange(Account payer, Account payee, Minutes minutes) =>
        !Minutes.CanAdd(payer.Held, minutes) ? Refusal.Of(RefusalCode.MinutesBeyondRange, payer.Id, new Figure("held", payer.Held.Value))
        : !Minutes.CanAdd(payee.Room, minutes) ? Refusal.Of(RefusalCode.MinutesBeyondRange, payee.Id, new Figure("room", payee.Room.Value))
        : null;

    private static Refusal NotOpen(Hold hold, DateTimeOffset now) =>
        new(RefusalCode.HoldNotOpen, new Figure("hold", hold.Id.Value), new Figure("holdStatus", hold.StatusAt(now)));
}

/// <summary>A captured hold; the posting is null if it had been captured before.</summary>
public sealed record HoldCapture(Hold Hold, PostingMade? Posting);
