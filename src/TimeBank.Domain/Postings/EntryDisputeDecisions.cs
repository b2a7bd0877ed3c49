using TimeBank.Contributions;
using TimeBank.Texts;

namespace TimeBank.Postings;

/// <summary>The question about an entry after a decision, with the posting that took the entry back; none if nothing moved.</summary>
public sealed record EntryDisputeChange(EntryDispute Dispute, PostingMade? Posting = null);

/// <summary>Decisions about entries by which minutes left an account, and which its people question.</summary>
public static class EntryDisputeDecisions
{
    /// <summary>Who holds the account that was debited, or acts for them by permission, questions the entry, for 30 days. Nobody else does it for them.</summary>
    /// <param name="cause">What made the entry, if anything did: of help given the contribution is questioned.</param>
    public static Decision<EntryDisputeChange> Dispute(Draft draft, TransferId id, ThingId? cause, TextRef? text)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.TransfersOf(id.Posting).FirstOrDefault(t => t.Id == id) is not { } entry || !draft.Authority.Sees(draft, entry.Payer, entry.Payee))
            return new Refusal(RefusalCode.TransferUnknown, new Figure("transfer", id.Value));
        if (draft.Authority.App is not null || !(draft.Authority.SpeaksFor(entry.Payer) || draft.Authority.Own.Contains(entry.Payer)))
            return Refusal.Of(RefusalCode.NotPermitted, entry.Payer);
        if (cause is { } made && draft.Find<Contribution>(made) is not null)
            return new Refusal(RefusalCode.EntryOfHelp, new Figure("contribution", made.Value));
        var dispute = EntryDispute.IdOf(id);
        if (draft.Find<EntryDispute>(dispute) is { } there)
            return there.Is == EntryDisputeStage.Open ? new EntryDisputeChange(there) : Past(there);
        var until = Uuid.InstantOf(id.Value) + EntryDispute.Questionable;
        if (draft.Now >= until)
            return new Refusal(RefusalCode.EntryDisputeTooLate, new Figure("until", until));
        return new EntryDisputeChange(draft.Begin<EntryDispute>(dispute, new EntryDisputeEvent.EntryDisputed(id, entry.Payer, entry.Payee, entry.Minutes, entry.Occurred, text)));
    }

    /// <summary>An organiser of the account, or who countersigns, settles it with a reason: the entry stands, or all that is left of it is taken back. Nobody does for themselves or their household.</summary>
    /// <remarks>What was taken back before it was settled is not taken back twice.</remarks>
    public static Decision<EntryDisputeChange> Settle(Draft draft, ThingId id, EntryVerdict verdict, TextRef reason, bool overriding)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        var may = draft.Authority;
        if (draft.Find<EntryDispute>(id) is not { } dispute || !(may.CounterSigns || may.Sees(draft, dispute.Payer)))
            return new Refusal(RefusalCode.EntryDisputeUnknown, new Figure("dispute", id.Value));
        var notTheirs = may.RefusesOrganising(draft, dispute.Payer);
        if (notTheirs is not null && !may.CounterSigns)
            return notTheirs;
        foreach (var side in (AccountId[])[dispute.Payer, dispute.Payee])
        {
            if (may.Accounts.Contains(side) || may.IsOfHousehold(side))
                return Refusal.Of(RefusalCode.OwnHours, side);
        }
        if (dispute.Is != EntryDisputeStage.Open)
            return (dispute.Is == EntryDisputeStage.Reversed) == (verdict == EntryVerdict.Reversed) ? new EntryDisputeChange(dispute) : Past(dispute);
        var rest = draft.TransfersOf(dispute.Transfer.Posting).Single(t => t.Id == dispute.Transfer).Rest;
        if (verdict == EntryVerdict.Stands || rest == Minutes.Zero)
            return new EntryDisputeChange(draft.Record(dispute, new EntryDisputeEvent.EntryDisputeSettled(verdict, null, reason)));
        var reversed = notTheirs is not null
            ? Reversal.ReverseSettled(draft, dispute.Transfer, rest, reason)
            : Reversal.Reverse(draft, dispute.Transfer, rest, reason, overriding);
        return reversed.Refusal is { } refusal
            ? refusal
            : new EntryDisputeChange(draft.Record(dispute, new EntryDisputeEvent.EntryDisputeSettled(verdict, draft.Posting, reason)), reversed.Answer);
    }

    private static Refusal Past(EntryDispute dispute) => new(RefusalCode.EntryDisputePast, new Figure("dispute", dispute.Id.Value), new Figure("stage", dispute.Is));
}
