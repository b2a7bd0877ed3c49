using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>The only door to questions about entries.</summary>
public sealed class EntryDisputeCommands(Journal journal, TransferQueries transfers)
{
    public async Task<Outcome> DisputeAsync(BankId bank, TransferId transfer, DisputeEntryRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Reason }.Keep();
        // What made an entry never changes, so that it may be read before the journal's turn.
        var cause = await transfers.CauseAsync(bank, transfer, CancellationToken.None);
        return await journal.SubmitAsync(
            bank, said, new Needs { Postings = [transfer.Posting], Things = [EntryDispute.IdOf(transfer), .. cause is { } made ? (ThingId[])[made] : []] },
            draft => EntryDisputeDecisions.Dispute(draft, transfer, cause, text?.Ref),
            change => Answers.Made(201, EntryDisputeAnswer.Of(change.Dispute), change), said.Claim($"{bank}/transfers/{transfer}/dispute", request), text.Rows(), transfer.Value);
    }

    public Task<Outcome> SettleAsync(BankId bank, ThingId id, SettleEntryRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep()!.Value;
        return journal.SubmitAsync(
            bank, said, new Needs { Things = [id] },
            draft => EntryDisputeDecisions.Settle(draft, id, request.Verdict!.Value, reason.Ref, request.Override == true),
            change => Answers.Made(200, EntryDisputeChangeAnswer.Of(change), change), said.Claim($"{bank}/disputes/{id}/settlement", request), [reason.Row]);
    }
}
