using TimeBank.Access;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Safeguarding;

/// <summary>The only door to who is kept apart, and to people under 18 with their guardians' consents.</summary>
public sealed class SafeguardingCommands(Journal journal)
{
    public Task<Outcome> KeepApartAsync(BankId bank, KeepApartRequest request, Said said)
    {
        var (a, b) = (new AccountId(request.First!.Value), new AccountId(request.Second!.Value));
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = [a, b], Things = [Apart.IdOf(a, b)] }, draft => ApartDecisions.Keep(draft, a, b),
            apart => Answers.Made(201, ApartAnswer.Of(apart), apart), said.Claim($"{bank}/apart", request));
    }

    public Task<Outcome> EndApartAsync(BankId bank, ThingId id, EndApartRequest request, Said said) => journal.SubmitAsync(
        bank, said, new Needs { Things = [id] }, draft => ApartDecisions.End(draft, id),
        apart => Answers.Made(200, ApartAnswer.Of(apart), apart), said.Claim($"{bank}/apart/{id}/end", request));

    public Task<Outcome> MarkAsync(BankId bank, ThingId id, MarkYouthRequest request, Said said)
    {
        var account = new AccountId(id.Value);
        return Decide(bank, account, "youth", request, said, draft => YouthDecisions.Mark(draft, account, request.Until!.Value));
    }

    public Task<Outcome> ConsentAsync(BankId bank, ThingId id, GuardianConsentRequest request, Said said)
    {
        var account = new AccountId(id.Value);
        var text = new TextBody { Name = request.Guardian, Memo = request.Memo }.Keep()!.Value;
        var projects = (request.Projects ?? []).Distinct().Select(p => new AccountId(p)).ToList();
        return Decide(
            bank, account, "youth/consent", request, said,
            draft => YouthDecisions.Consent(draft, account, new GuardianConsent(
                request.Yes!.Value, request.On ?? draft.Today, request.Until!.Value, [.. (request.Activities ?? []).Distinct()], [.. projects], text.Ref)),
            projects, text);
    }

    public Task<Outcome> WithdrawAsync(BankId bank, ThingId id, WithdrawConsentRequest request, Said said)
    {
        var account = new AccountId(id.Value);
        return Decide(bank, account, "youth/withdrawal", request, said, draft => YouthDecisions.Withdraw(draft, account));
    }

    private Task<Outcome> Decide<TRequest>(
        BankId bank, AccountId account, string noun, TRequest request, Said said, Func<Draft, Decision<Youth>> decide,
        IReadOnlyList<AccountId>? projects = null, (TextRef Ref, TextRow Row)? text = null) => journal.SubmitAsync(
        bank, said, new Needs { Accounts = [account, .. projects ?? []], Things = [Youth.IdOf(account)] }, decide,
        youth => Answers.Made(200, YouthAnswer.Of(youth), youth), said.Claim($"{bank}/members/{account}/{noun}", request), text.Rows(), inPath: account.Value);
}
