using TimeBank.Access;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Contributions;

/// <summary>The only door to contributions: for the API and for the worker that moves on what waits for time or for hours.</summary>
public sealed class ContributionCommands(Journal journal)
{
    public Task<Outcome> LogAsync(BankId bank, LogContributionRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        var (helper, helped, project, passOnTo) = (new AccountId(request.Helper!.Value), Account(request.Helped), Account(request.Project), Account(request.PassOnTo));
        var activity = Thing(request.Activity);
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = Given(helper, helped, project, passOnTo), Things = [.. ContributionDecisions.ReadsFor(activity, project, helper, helped)] },
            draft => ContributionDecisions.Log(draft, new ThingId(draft.Mint()), new Claim(
                helper, helped, project, request.Minutes!.Value, request.Occurred ?? draft.Today, request.Category, text?.Ref, request.Wish ?? Wish.Hours, passOnTo, activity, request.From), request.Yes),
            logged => Answers.Made(201, ContributionAnswer.Of(logged.Contribution), logged),
            said.Claim($"{bank}/contributions", request), text.Rows());
    }

    public Task<Outcome> CreditAsync(BankId bank, CreditBatchRequest request, Said said)
    {
        var project = new AccountId(request.Project!.Value);
        var texts = request.Lines!.Select(l => new TextBody { Memo = l.Memo ?? request.Memo }.Keep()).ToList();
        var lines = request.Lines!.Zip(texts, (line, text) => new CreditLine(new AccountId(line.Helper!.Value), line.Minutes!.Value, text?.Ref)).ToList();
        var activity = Thing(request.Activity);
        return journal.SubmitAsync(
            bank, said, new Needs
            {
                Accounts = [project, .. lines.Select(l => l.Helper)],
                Things = [.. ContributionDecisions.Reads(activity, project, lines.Select(l => l.Helper))],
                Issuer = true,
            },
            draft => BatchCredit.Credit(draft, project, request.Occurred ?? draft.Today, request.Category, lines, activity),
            credited => Answers.Made(201, BatchCreditAnswer.Of(credited), credited),
            said.Claim($"{bank}/contributions/batch", request), texts.Rows(), weight: lines.Count);
    }

    public Task<Outcome> CorrectAsync(BankId bank, ThingId id, CorrectContributionRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        return Decide(bank, id, "correction", request, said, text,
            draft => ContributionDecisions.Correct(draft, id, request.Minutes!.Value, request.Occurred ?? draft.Today, request.Category, text?.Ref, request.From));
    }

    public Task<Outcome> ChooseAsync(BankId bank, ThingId id, WishRequest request, Said said) =>
        Decide(bank, id, "wish", request, said, null, draft => ContributionDecisions.Choose(draft, id, request.Wish!.Value, Account(request.PassOnTo), request.Yes), Account(request.PassOnTo));

    public Task<Outcome> ConfirmAsync(BankId bank, ThingId id, ConfirmContributionRequest request, Said said) =>
        Decide(bank, id, "confirmation", request, said, null, draft => ContributionDecisions.Confirm(draft, id, request.Yes, Thing(request.Twin)), beside: Thing(request.Twin));

    public Task<Outcome> DeclineAsync(BankId bank, ThingId id, SayWhyRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return Decide(bank, id, "decline", request, said, reason, draft => ContributionDecisions.Decline(draft, id, reason?.Ref));
    }

    public Task<Outcome> WithdrawAsync(BankId bank, ThingId id, WithdrawContributionRequest request, Said said) =>
        Decide(bank, id, "withdrawal", request, said, null, draft => ContributionDecisions.Withdraw(draft, id));

    public Task<Outcome> DisputeAsync(BankId bank, ThingId id, SayWhyRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return Decide(bank, id, "dispute", request, said, reason, draft => ContributionDecisions.Dispute(draft, id, reason?.Ref));
    }

    public Task<Outcome> SettleAsync(BankId bank, ThingId id, SettleContributionRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep()!.Value;
        return Decide(bank, id, "settlement", request, said, reason,
            draft => Settling.Settle(draft, id, request.Minutes!.Value, request.Yes, reason.Ref, request.Override == true));
    }

    public Task<Outcome> PayAsync(BankId bank, ThingId id, PayContributionRequest request, Said said) =>
        Decide(bank, id, "payment", request, said, null, draft => Settling.PayAnyway(draft, id, request.By!.Value, Account(request.Pot)), Account(request.Pot));

    /// <summary>Confirms what nobody questioned in time, and tries again what waits for hours.</summary>
    public Task<Outcome> MoveOnAsync(BankId bank, ThingId id) => journal.SubmitAsync(
        bank, Said.Worker, new Needs { Things = [id], Issuer = true },
        draft => draft.Find<Contribution>(id)?.Is == ContributionStage.Waiting ? ContributionDecisions.TryAgain(draft, id) : ContributionDecisions.ConfirmInTime(draft, id),
        change => new Outcome(200, "", change));

    private Task<Outcome> Decide<TRequest>(
        BankId bank, ThingId id, string noun, TRequest request, Said said, (TextRef Ref, TextRow Row)? text,
        Func<Draft, Decision<ContributionChange>> decide, AccountId? payer = null, ThingId? beside = null) => journal.SubmitAsync(
        bank, said, new Needs { Things = beside is { } other ? [id, other] : [id], Accounts = payer is { } pot ? [pot] : [], Issuer = true }, decide,
        change => Answers.Made(200, ContributionChangeAnswer.Of(change), change), said.Claim($"{bank}/contributions/{id}/{noun}", request), text.Rows());

    private static AccountId? Account(Guid? id) => id is { } given ? new AccountId(given) : null;

    private static ThingId? Thing(Guid? id) => id is { } given ? new ThingId(given) : null;

    private static List<AccountId> Given(params AccountId?[] accounts) => [.. accounts.OfType<AccountId>()];
}
