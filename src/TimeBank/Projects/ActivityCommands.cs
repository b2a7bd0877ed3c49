using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Projects;

/// <summary>The only door to the activities of projects.</summary>
public sealed class ActivityCommands(Journal journal)
{
    public Task<Outcome> AddAsync(BankId bank, AccountId project, ActivityRequest request, Said said)
    {
        var text = request.ToText().Keep()!.Value;
        return Submit(
            bank, new Needs { Accounts = [project] }, said, said.Claim($"{bank}/projects/{project}/activities", request), text,
            draft => ActivityDecisions.Add(draft, new ThingId(draft.Mint()), project, [.. (request.Requires ?? []).Distinct()], text.Ref), 201, project.Value);
    }

    public Task<Outcome> RewriteAsync(BankId bank, ThingId id, ActivityRequest request, long expectedVersion, Said said)
    {
        var text = request.ToText().Keep()!.Value;
        return Submit(
            bank, new Needs { Things = [id] }, said, null, text,
            draft => ActivityDecisions.Rewrite(draft, id, [.. (request.Requires ?? []).Distinct()], text.Ref, expectedVersion), 200, id.Value);
    }

    public Task<Outcome> EndAsync(BankId bank, ThingId id, MoveProjectRequest request, Said said) => Submit(
        bank, new Needs { Things = [id] }, said, said.Claim($"{bank}/activities/{id}/end", request), null, draft => ActivityDecisions.End(draft, id), 200, id.Value);

    private Task<Outcome> Submit(
        BankId bank, Needs needs, Said said, IdempotencyClaim? key, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<Activity>> decide, int status, Guid inPath) =>
        journal.SubmitAsync(bank, said, needs, decide, activity => Answers.Made(status, ActivityAnswer.Of(activity), activity), key, text.Rows(), inPath);
}
