using TimeBank.Access;
using TimeBank.Members;
using TimeBank.Safeguarding;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Listings;

/// <summary>The only door to offers and requests: for the API and for the worker that ends those that nobody renewed.</summary>
public sealed class ListingCommands(Journal journal)
{
    public Task<Outcome> PostAsync(BankId bank, PostListingRequest request, Said said)
    {
        var text = request.ToText().Keep()!.Value;
        var account = new AccountId(request.Account!.Value);
        return Submit(
            bank, new Needs { Accounts = [account], Things = [Youth.IdOf(account), Member.IdOf(account)] }, said, said.Claim($"{bank}/listings", request), text,
            draft => ListingDecisions.Post(draft, new ThingId(draft.Mint()), account, request.ToTerms(draft.Now), text.Ref), 201);
    }

    public Task<Outcome> RewriteAsync(BankId bank, ThingId id, RewriteListingRequest request, long expectedVersion, Said said)
    {
        var text = request.ToText().Keep()!.Value;
        return Submit(bank, new Needs { Things = [id] }, said, null, text,
            draft => ListingDecisions.Rewrite(draft, id, request.ToTerms(draft.Now), text.Ref, expectedVersion), 200);
    }

    public Task<Outcome> FulfilAsync(BankId bank, ThingId id, EndListingRequest request, Said said) =>
        Submit(bank, new Needs { Things = [id] }, said, said.Claim($"{bank}/listings/{id}/fulfilment", request), null, draft => ListingDecisions.Fulfil(draft, id), 200);

    public Task<Outcome> WithdrawAsync(BankId bank, ThingId id, EndListingRequest request, Said said) =>
        Submit(bank, new Needs { Things = [id] }, said, said.Claim($"{bank}/listings/{id}/withdrawal", request), null, draft => ListingDecisions.Withdraw(draft, id), 200);

    /// <summary>Ends one whose time has come.</summary>
    public Task<Outcome> ExpireAsync(BankId bank, ThingId id) =>
        Submit(bank, new Needs { Things = [id] }, Said.Worker, null, null, draft => ListingDecisions.Expire(draft, id), 200);

    private Task<Outcome> Submit(
        BankId bank, Needs needs, Said said, IdempotencyClaim? key, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<Listing>> decide, int status) =>
        journal.SubmitAsync(bank, said, needs, decide, listing => Answers.Made(status, ListingAnswer.Of(listing), listing), key, text.Rows());
}
