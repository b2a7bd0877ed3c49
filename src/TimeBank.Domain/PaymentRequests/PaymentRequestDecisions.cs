using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.PaymentRequests;

/// <summary>A request for payment after a decision, with the posting that paid it.</summary>
public sealed record PaymentRequestChange(PaymentRequest Request, PostingMade? Posting = null);

/// <summary>Decisions about requests for payment.</summary>
public static class PaymentRequestDecisions
{
    /// <summary>Whoever acts for an account asks another for minutes. Refused for what a transfer would be refused for, but for figures: those count when it is paid.</summary>
    public static Decision<PaymentRequestChange> Ask(Draft draft, ThingId id, Asked asked)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesActingFor(draft, asked.Payee) is { } notPermitted)
            return notPermitted;
        var rule = TransferRule.For(asked.Kind);
        if (rule.EngineOnly)
            return new Refusal(RefusalCode.KindBelongsToEngine, new Figure("kind", asked.Kind));
        if (asked.Minutes <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", asked.Minutes.Value));
        if (asked.Payer == asked.Payee)
            return Refusal.Of(RefusalCode.SameAccount, asked.Payer);
        if (draft.Find(asked.Payer) is not { } payer)
            return Refusal.Of(RefusalCode.AccountUnknown, asked.Payer);
        if (draft.Find(asked.Payee) is not { } payee)
            return Refusal.Of(RefusalCode.AccountUnknown, asked.Payee);
        var refusal = Posting.WrongKinds(rule, payer, payee) ?? Limits.NotOpen(payer, payee) ?? Posting.TooLong(draft, asked.Minutes);
        if (refusal is not null)
            return refusal;
        return asked.ExpiresAt > draft.Now
            ? new PaymentRequestChange(draft.Begin<PaymentRequest>(id, new PaymentRequestEvent.PaymentRequested(asked)))
            : new Refusal(RefusalCode.ExpiryNotAhead, new Figure("expiresAt", asked.ExpiresAt), new Figure("now", draft.Now));
    }

    /// <summary>The payer says yes, and the minutes move by all the rules of a transfer. If they cannot, it stays asked.</summary>
    /// <param name="yes">How the payer said it, where an organiser says it for them.</param>
    public static Decision<PaymentRequestChange> Pay(Draft draft, ThingId id, Yes? yes)
    {
        if (Find(draft, id, out var refusal) is not { } r)
            return refusal!;
        var a = r.Asked;
        if (draft.Authority.RefusesDebit(draft, a.Kind, a.Payer, a.Payee, a.Minutes, a.Category) is { } notPermitted)
            return notPermitted;
        if (r.Is == PaymentRequestStage.Paid)
            return new PaymentRequestChange(r);
        if (IsPast(draft, r))
            return Past(draft, r);
        if (Consent.Refuses(draft, a.Kind, a.Payer, a.Payee, a.Minutes, a.Category, ref yes) is { } unsaid)
            return unsaid;
        var posting = Posting.Post(draft, [new Leg(a.Kind, a.Payer, a.Payee, a.Minutes, null, a.Category, a.Text, yes)], PostingMode.Normal);
        return posting.Refusal is { } failed
            ? failed
            : new PaymentRequestChange(draft.Record(r, new PaymentRequestEvent.PaymentRequestPaid(draft.Posting, yes)), posting.Answer);
    }

    /// <summary>The payer says no.</summary>
    public static Decision<PaymentRequestChange> Decline(Draft draft, ThingId id, TextRef? reason) =>
        End(draft, id, r => r.Asked.Payer, PaymentRequestStage.Declined, new PaymentRequestEvent.PaymentRequestDeclined(reason));

    /// <summary>Who asked takes it back.</summary>
    public static Decision<PaymentRequestChange> Withdraw(Draft draft, ThingId id) =>
        End(draft, id, r => r.Asked.Payee, PaymentRequestStage.Withdrawn, new PaymentRequestEvent.PaymentRequestWithdrawn());

    /// <summary>Its time has come. It was dead before anybody wrote that down.</summary>
    public static Decision<PaymentRequestChange> Expire(Draft draft, ThingId id) =>
        Find(draft, id, out var refusal) is not { } r ? refusal!
        : r.Due is { } due && due <= draft.Now ? new PaymentRequestChange(draft.Record(r, new PaymentRequestEvent.PaymentRequestExpired()))
        : new PaymentRequestChange(r);

    private static Decision<PaymentRequestChange> End(Draft draft, ThingId id, Func<PaymentRequest, AccountId> whose, PaymentRequestStage to, PaymentRequestEvent happened)
    {
        if (Find(draft, id, out var refusal) is not { } r)
            return refusal!;
        if (draft.Authority.RefusesActingFor(draft, whose(r)) is { } notPermitted)
            return notPermitted;
        return r.Is == to ? new PaymentRequestChange(r) : IsPast(draft, r) ? Past(draft, r) : new PaymentRequestChange(draft.Record(r, happened));
    }

    private static PaymentRequest? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<PaymentRequest>(id) : null;
        if (found is not null && (draft.Authority.Sees(draft, found.Asked.Payer, found.Asked.Payee)
            || draft.Authority.RefusesDebit(draft, found.Asked.Kind, found.Asked.Payer, found.Asked.Payee, found.Asked.Minutes) is null))
            return found;
        refusal ??= new Refusal(RefusalCode.PaymentRequestUnknown, new Figure("request", id.Value));
        return null;
    }

    private static bool IsPast(Draft draft, PaymentRequest r) => r.Is != PaymentRequestStage.Asked || r.Asked.ExpiresAt <= draft.Now;

    private static Refusal Past(Draft draft, PaymentRequest r) => new(RefusalCode.PaymentRequestPast, new Figure("request", r.Id.Value),
        new Figure("stage", r.Is == PaymentRequestStage.Asked && IsPast(draft, r) ? PaymentRequestStage.Expired : r.Is));
}
