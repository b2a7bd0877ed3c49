using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Projects;

/// <summary>Routes of activities: what is done in a project, and what it takes to do it safely.</summary>
public static class ActivitiesApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/projects/{id}/activities", Add).Takes<ActivityRequest>().Gives<ActivityAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Add an activity to a project", "With its risk, precautions and insurance, and the credentials without which nobody is credited for it.");
        bank.MapGet("/projects/{id}/activities", List).Gives<Page<ActivityView>>().Paged()
            .Describe("List a project's activities", "In the order in which they were added; stage narrows to those that stand there. Everybody of the bank sees them.");
        bank.MapGet("/activities/{id}", Show).Gives<ActivityView>().Describe("Show an activity", "Everybody of the bank sees it. Its ETag is what a change must match.");
        bank.MapPut("/activities/{id}", Rewrite).Takes<ActivityRequest>().Gives<ActivityAnswer>().IfMatchNeeded().DryRunnable()
            .Describe("Change an activity", "The whole of it. Help that was credited before stays so.");
        bank.MapPost("/activities/{id}/end", End).Takes<MoveProjectRequest>().Gives<ActivityAnswer>().KeyNeeded().DryRunnable()
            .Describe("End an activity", "From tomorrow on nothing more is given in it.");
    }

    private static async Task Add(string bank, string id, HttpContext http, ActivityCommands commands)
    {
        if (await Body.Read(http, ActivityRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await commands.AddAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, said), said.DryRun, $"/v1/banks/{bank}/activities/");
    }

    private static async Task Rewrite(string bank, string id, HttpContext http, ActivityCommands commands)
    {
        if (await Body.Read(http, ActivityRequestValidator.Instance, keyNeeded: false) is not var (request, said) || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.RewriteAsync(new BankId(bank), new ThingId(Ids.OrUnknown(id)), request, version, said), said.DryRun);
    }

    private static async Task End(string bank, string id, HttpContext http, ActivityCommands commands)
    {
        if (await Body.Read(http, MoveProjectRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await commands.EndAsync(new BankId(bank), new ThingId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, ThingQueries things)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var activity = Ids.OrUnknown(id);
        if (await things.FindAsync<Activity>(new BankId(bank), new ThingId(activity), http.RequestAborted) is not { } row)
        {
            await Problems.Write(http, new Refusal(RefusalCode.ActivityUnknown, new Figure("activity", activity)), activity);
            return;
        }
        ETags.Set(http, row.Thing.Version);
        await Answers.Write(http, ActivityView.Of(row));
    }

    private static async Task List(string bank, string id, string? stage, HttpContext http, BankQueries banks, ThingQueries things)
    {
        var query = new Query(http);
        var at = query.Word<ActivityStage>("stage");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var rows = await things.ListAsync<Activity>(new BankId(bank), new AccountId(Ids.OrUnknown(id)), at?.Word(), after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), ActivityView.Of));
    }

    private static Task WriteChanged(HttpContext http, Outcome outcome, bool dryRun, string? location = null) =>
        ETags.Write<Activity>(http, outcome, changed => changed.Version, dryRun, location);
}
