using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Redemptions;

/// <summary>The only door to what providers offer.</summary>
public sealed class ServiceCommands(Journal journal)
{
    public Task<Outcome> OfferAsync(BankId bank, OfferServiceRequest request, Said said)
    {
        var (provider, terms, text, reason) = (new AccountId(request.Provider!.Value), request.ToTerms(), request.KeepText(), request.KeepReason());
        return Decide(bank, new Needs { Accounts = [provider] }, said, said.Claim($"{bank}/services", request), 201, null,
            reason is { } why ? [text.Row, why.Row] : [text.Row],
            draft => ServiceDecisions.Offer(draft, new ThingId(draft.Mint()), provider, terms, text.Ref, reason?.Ref));
    }

    public Task<Outcome> RewriteAsync(BankId bank, ThingId id, ServiceTermsRequest request, long expected, Said said)
    {
        var (terms, text, reason) = (request.ToTerms(), request.KeepText(), request.KeepReason());
        return Decide(bank, new Needs { Things = [id] }, said, null, 200, id,
            reason is { } why ? [text.Row, why.Row] : [text.Row],
            draft => ServiceDecisions.Rewrite(draft, id, terms, text.Ref, reason?.Ref, expected));
    }

    public Task<Outcome> EndAsync(BankId bank, ThingId id, long expected, Said said) =>
        Decide(bank, new Needs { Things = [id] }, said, null, 200, id, [], draft => ServiceDecisions.End(draft, id, expected));

    private Task<Outcome> Decide(
        BankId bank, Needs needs, Said said, IdempotencyClaim? key, int status, ThingId? inPath, IReadOnlyList<TextRow> texts, Func<Draft, Decision<Service>> decide) =>
        journal.SubmitAsync(
            bank, said, needs, decide, service => Answers.Made(status, ServiceAnswer.Of(service), service), key, texts, inPath?.Value);
}
