using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Pots;

/// <summary>The only door to requests to pots.</summary>
public sealed class PotRequestCommands(Journal journal)
{
    public Task<Outcome> AskAsync(BankId bank, AskPotRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        var (pot, member) = (new AccountId(request.Pot!.Value), new AccountId(request.Member!.Value));
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = [pot, member] },
            draft => PotRequestDecisions.Ask(draft, new ThingId(draft.Mint()), pot, member, request.Minutes!.Value, text?.Ref),
            change => Answers.Made(201, PotRequestAnswer.Of(change.Request), change), said.Claim($"{bank}/pot-requests", request), text.Rows());
    }

    public Task<Outcome> ApproveAsync(BankId bank, ThingId id, ApprovePotRequest request, Said said) =>
        Decide(bank, id, "approval", request, said, null, draft => PotRequestDecisions.Approve(draft, id));

    public Task<Outcome> DeclineAsync(BankId bank, ThingId id, DeclinePotRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return Decide(bank, id, "decline", request, said, reason, draft => PotRequestDecisions.Decline(draft, id, reason?.Ref));
    }

    public Task<Outcome> WithdrawAsync(BankId bank, ThingId id, WithdrawPotRequest request, Said said) =>
        Decide(bank, id, "withdrawal", request, said, null, draft => PotRequestDecisions.Withdraw(draft, id));

    private Task<Outcome> Decide<TRequest>(
        BankId bank, ThingId id, string noun, TRequest request, Said said, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<PotRequestChange>> decide) =>
        journal.SubmitAsync(
            bank, said, new Needs { Things = [id] }, decide, change => Answers.Made(200, PotRequestChangeAnswer.Of(change), change),
            said.Claim($"{bank}/pot-requests/{id}/{noun}", request), text.Rows());
}
