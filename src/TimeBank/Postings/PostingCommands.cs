using TimeBank.Access;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>The only door to postings: for API, bulk, import and workers alike. Requests were checked before.</summary>
public sealed class PostingCommands(Journal journal)
{
    public Task<Outcome> TransferAsync(BankId bank, SingleTransferRequest request, Said said)
    {
        var (texts, legs) = Keep([request], request.Override == true ? request.Reason : null);
        var mode = request.Override == true ? PostingMode.IntoClosedBooks : PostingMode.Normal;
        return PostAsync(bank, legs, texts, mode, "transfers", request, said, PostingAnswers.Transfer);
    }

    public Task<Outcome> PostAsync(BankId bank, PostingRequest request, Said said)
    {
        var (texts, legs) = Keep(request.Legs!, request.Override == true ? request.Reason : null);
        var mode = request.Override == true ? PostingMode.IntoClosedBooks : PostingMode.Normal;
        return PostAsync(bank, legs, texts, mode, "postings", request, said, PostingAnswers.Posting);
    }

    /// <summary>One transfer that happened before this ledger was kept: no floors, no rules.</summary>
    public Task<Outcome> RecordHistoryAsync(BankId bank, TransferRequest request, Said said)
    {
        var (texts, legs) = Keep([request], null);
        return PostAsync(bank, legs, texts, PostingMode.History, "history", request, said, PostingAnswers.Transfer);
    }

    public Task<Outcome> ReverseAsync(BankId bank, TransferId transfer, ReversalRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return journal.SubmitAsync(
            bank, said, new Needs { Postings = [transfer.Posting] },
            draft => Reversal.Reverse(draft, transfer, request.Minutes, reason?.Ref, request.Override == true),
            PostingAnswers.Posting, said.Claim($"{bank}/transfers/{transfer}/reversal", request), reason.Rows(), transfer.Value);
    }

    public Task<Outcome> ReverseAllAsync(BankId bank, PostingId posting, ReversePostingRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return journal.SubmitAsync(
            bank, said, new Needs { Postings = [posting] }, draft => Reversal.ReverseAll(draft, posting, reason?.Ref, request.Override == true),
            PostingAnswers.Posting, said.Claim($"{bank}/postings/{posting}/reversal", request), reason.Rows(), posting.Value);
    }

    private Task<Outcome> PostAsync<TRequest>(
        BankId bank, Leg[] legs, List<TextRow> texts, PostingMode mode, string route, TRequest request, Said said, Func<PostingMade, Outcome> answer)
    {
        var accounts = new AccountId[legs.Length * 2];
        for (var i = 0; i < legs.Length; i++)
            (accounts[2 * i], accounts[2 * i + 1]) = (legs[i].Payer, legs[i].Payee);
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = accounts, Rights = [.. said.May.LinksTo(legs.Select(l => l.Payer))] }, draft => Posting.Post(draft, legs, mode), answer,
            said.Claim($"{bank}/{route}", request), texts, weight: legs.Length);
    }

    /// <summary>Texts are kept apart; the reason of an override lies with each leg that it let pass.</summary>
    private static (List<TextRow> Texts, Leg[] Legs) Keep(IReadOnlyList<TransferRequest> requests, string? reason)
    {
        var texts = new List<TextRow>();
        var legs = new Leg[requests.Count];
        for (var i = 0; i < legs.Length; i++)
        {
            var kept = (requests[i].Text with { Reason = reason }).Keep();
            if (kept is { } text)
                texts.Add(text.Row);
            legs[i] = requests[i].ToLeg(kept?.Ref);
        }
        return (texts, legs);
    }
}
