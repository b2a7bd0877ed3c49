using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Projects;

/// <summary>The only door to projects.</summary>
public sealed class ProjectCommands(Journal journal)
{
    public Task<Outcome> DescribeAsync(BankId bank, DescribeProjectRequest request, Said said)
    {
        var text = request.ToText().Keep();
        var account = new AccountId(request.Account!.Value);
        return Submit(bank, account, said, said.Claim($"{bank}/projects", request), text, draft => ProjectDecisions.Describe(draft, account, request.ToTerms(), text?.Ref), 201);
    }

    public Task<Outcome> RewriteAsync(BankId bank, AccountId account, ProjectRequest request, long expectedVersion, Said said)
    {
        var text = request.ToText().Keep();
        return Submit(bank, account, said, null, text, draft => ProjectDecisions.Rewrite(draft, account, request.ToTerms(), text?.Ref, expectedVersion), 200);
    }

    public Task<Outcome> StartAsync(BankId bank, AccountId account, MoveProjectRequest request, Said said) =>
        Submit(bank, account, said, said.Claim($"{bank}/projects/{account}/start", request), null, draft => ProjectDecisions.Start(draft, account), 200);

    public Task<Outcome> EndAsync(BankId bank, AccountId account, MoveProjectRequest request, Said said) =>
        Submit(bank, account, said, said.Claim($"{bank}/projects/{account}/end", request), null, draft => ProjectDecisions.End(draft, account), 200);

    private Task<Outcome> Submit(
        BankId bank, AccountId account, Said said, IdempotencyClaim? key, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<Project>> decide, int status) =>
        journal.SubmitAsync(
            bank, said, new Needs { Accounts = [account], Things = [Project.IdOf(account)] }, decide,
            project => Answers.Made(status, ProjectAnswer.Of(project), project), key, text.Rows());
}
