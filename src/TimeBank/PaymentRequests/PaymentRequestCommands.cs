using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.PaymentRequests;

/// <summary>The only door to requests for payment.</summary>
public sealed class PaymentRequestCommands(Journal journal, TimeProvider clock)
{
    private static readonly TimeSpan s_usually = TimeSpan.FromDays(30);

    public Task<Outcome> AskAsync(BankId bank, AskForPaymentRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        var (payer, payee) = (new AccountId(request.Payer!.Value), new AccountId(request.Payee!.Value));
        var asked = new Asked(
            request.Kind ?? TransferKind.Exchange, payer, payee, request.Minutes!.Value, request.Category, text?.Ref,
            Uuid.ToMicroseconds(request.ExpiresAt ?? clock.GetUtcNow() + s_usually));
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = [payer, payee] },
            draft => PaymentRequestDecisions.Ask(draft, new ThingId(draft.Mint()), asked),
            change => Answers.Made(201, PaymentRequestAnswer.Of(change.Request), change),
            said.Claim($"{bank}/payment-requests", request), text.Rows());
    }

    public Task<Outcome> PayAsync(BankId bank, ThingId id, PayRequest request, Said said) =>
        Decide(bank, id, "payment", request, said, null, draft => PaymentRequestDecisions.Pay(draft, id, request.Yes));

    public Task<Outcome> DeclineAsync(BankId bank, ThingId id, DeclinePaymentRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return Decide(bank, id, "decline", request, said, reason, draft => PaymentRequestDecisions.Decline(draft, id, reason?.Ref));
    }

    public Task<Outcome> WithdrawAsync(BankId bank, ThingId id, WithdrawPaymentRequest request, Said said) =>
        Decide(bank, id, "withdrawal", request, said, null, draft => PaymentRequestDecisions.Withdraw(draft, id));

    /// <summary>Writes down what is past its time.</summary>
    public Task<Outcome> MoveOnAsync(BankId bank, ThingId id) => journal.SubmitAsync(
        bank, Said.Worker, new Needs { Things = [id] },
        draft => PaymentRequestDecisions.Expire(draft, id), change => new Outcome(200, "", change));

    private Task<Outcome> Decide<TRequest>(
        BankId bank, ThingId id, string noun, TRequest request, Said said, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<PaymentRequestChange>> decide) =>
        journal.SubmitAsync(
            bank, said, new Needs { Things = [id] }, decide, change => Answers.Made(200, PaymentRequestChangeAnswer.Of(change), change),
            said.Claim($"{bank}/payment-requests/{id}/{noun}", request), text.Rows());
}
