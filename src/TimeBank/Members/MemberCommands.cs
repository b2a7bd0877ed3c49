using TimeBank.Accounts;
using TimeBank.Safeguarding;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Members;

/// <summary>The only door to memberships.</summary>
public sealed class MemberCommands(Journal journal)
{
    public Task<Outcome> ApplyAsync(BankId bank, ApplyRequest request, Said said)
    {
        var text = request.ToText().Keep();
        var account = new AccountId(request.Account!.Value);
        return Submit(bank, account, said, said.Claim($"{bank}/members", request), text,
            draft => MemberDecisions.Apply(draft, account, request.How!.Value, request.ToProfile(), text?.Ref, request.ToAge(request.BornIn)), 201);
    }

    /// <summary>Account, number and membership together.</summary>
    public Task<Outcome> EnrolAsync(BankId bank, EnrolRequest request, Said said)
    {
        var name = new TextBody { Name = request.Name }.Keep()!.Value;
        var text = request.ToText().Keep();
        return journal.SubmitAsync(
            bank, said, new Needs { Things = request.Number is { } number ? [AccountNumber.IdOf(number)] : [], Issuer = true },
            draft => Enrolment.Enrol(draft, new AccountId(draft.Mint()), new Newcomer(
                name.Ref, request.Neighbourhood, request.Number, request.How ?? Approach.Invited, request.ToProfile(), text?.Ref,
                request.Agreement is { } version ? new Agreement(version, request.AgreedOn ?? draft.Today) : null, request.ToAge(request.BornIn))),
            member => Answers.Made(201, MemberAnswer.Of(member), member), said.Claim($"{bank}/members/enrolments", request), [name.Row, .. text.Rows()]);
    }

    public Task<Outcome> RewriteAsync(BankId bank, AccountId account, ProfileRequest request, long expectedVersion, Said said)
    {
        var text = request.ToText().Keep();
        return Submit(bank, account, said, null, text, draft => MemberDecisions.Rewrite(draft, account, request.ToProfile(), text?.Ref, expectedVersion, request.ToAge()), 200);
    }

    public Task<Outcome> TakeStepAsync(BankId bank, AccountId account, TakeStepRequest request, Said said) => Submit(
        bank, account, said, said.Claim($"{bank}/members/{account}/steps", request), null,
        draft => MemberDecisions.TakeStep(draft, account, request.Step!.Value, request.On ?? draft.Today, request.Version), 200);

    public Task<Outcome> AdmitAsync(BankId bank, AccountId account, MoveMemberRequest request, Said said) =>
        Move(bank, account, "admission", request, said, draft => MemberDecisions.Admit(draft, account));

    public Task<Outcome> PauseAsync(BankId bank, AccountId account, MoveMemberRequest request, Said said) =>
        Move(bank, account, "pause", request, said, draft => MemberDecisions.Pause(draft, account));

    public Task<Outcome> ReturnAsync(BankId bank, AccountId account, MoveMemberRequest request, Said said) =>
        Move(bank, account, "return", request, said, draft => MemberDecisions.Return(draft, account));

    /// <param name="byPolicy">Where their hours go if they do not say.</param>
    /// <param name="matters">What concerns the account and may not have come to its end.</param>
    public Task<Outcome> LeaveAsync(BankId bank, AccountId account, LeaveRequest request, AccountId? byPolicy, IReadOnlyList<ThingId> matters, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        var rest = new Rest(Given(request.RestTo), byPolicy == account ? null : byPolicy, Given(request.ForgiveFrom), request.Yes);
        return journal.SubmitAsync(
            bank, said, new Needs
            {
                Accounts = [.. ((AccountId?[])[account, rest.RestTo, rest.ByPolicy, rest.ForgiveFrom]).OfType<AccountId>().Distinct()],
                Things = [Member.IdOf(account), .. matters.Where(m => m != Member.IdOf(account))],
            },
            draft => Departure.Leave(draft, account, rest, reason?.Ref, matters),
            left => Answers.Made(200, LeavingAnswer.Of(left), left.Member), said.Claim($"{bank}/members/{account}/departure", request), reason.Rows());
    }

    private static AccountId? Given(Guid? id) => id is { } given ? new AccountId(given) : null;

    private Task<Outcome> Move(BankId bank, AccountId account, string noun, MoveMemberRequest request, Said said, Func<Draft, Decision<Member>> decide) =>
        Submit(bank, account, said, said.Claim($"{bank}/members/{account}/{noun}", request), null, decide, 200);

    private Task<Outcome> Submit(
        BankId bank, AccountId account, Said said, IdempotencyClaim? key, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<Member>> decide, int status) =>
        journal.SubmitAsync(
            bank, said, new Needs { Accounts = [account], Things = [Member.IdOf(account), Youth.IdOf(account)], Issuer = true }, decide,
            member => Answers.Made(status, MemberAnswer.Of(member), member), key, text.Rows());
}
