using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Projects;

/// <summary>Routes of projects; a project has the id of its account.</summary>
public static class ProjectsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/projects", Describe).Takes<DescribeProjectRequest>().Gives<ProjectAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Describe a project", "What its account is for, by who coordinates it or organises. It runs at once, unless its first day is ahead. Which co-production it is is said once here, and contributions inherit it.");
        bank.MapGet("/projects", List).Gives<Page<ProjectView>>().Paged()
            .Describe("List projects", "In the order in which their accounts were opened; stage narrows to those that stand there. Everybody of the bank sees them.");
        bank.MapGet("/projects/{id}", Show).Gives<ProjectView>().Describe("Show a project", "Everybody of the bank sees it. Its ETag is what a change must match.");
        bank.MapPut("/projects/{id}", Rewrite).Takes<ProjectRequest>().Gives<ProjectAnswer>().IfMatchNeeded().DryRunnable()
            .Describe("Change what a project says of itself", "The whole of it, until it has ended.");
        bank.MapPost("/projects/{id}/start", Start).Takes<MoveProjectRequest>().Gives<ProjectAnswer>().KeyNeeded().DryRunnable()
            .Describe("Start a project", "It was planned, and runs now.");
        bank.MapPost("/projects/{id}/end", End).Takes<MoveProjectRequest>().Gives<ProjectAnswer>().KeyNeeded().DryRunnable()
            .Describe("End a project", "For good. Help that was given in it can still be written down; its account is closed by itself.");
    }

    private static async Task Describe(string bank, HttpContext http, ProjectCommands commands)
    {
        if (await Body.Read(http, DescribeProjectRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await commands.DescribeAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/projects/");
    }

    private static async Task Rewrite(string bank, string id, HttpContext http, ProjectCommands commands)
    {
        if (await Body.Read(http, ProjectRequestValidator.Instance, keyNeeded: false) is not var (request, said) || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.RewriteAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, version, said), said.DryRun);
    }

    private static Task Start(string bank, string id, HttpContext http, ProjectCommands commands) => Move(bank, id, http, commands.StartAsync);

    private static Task End(string bank, string id, HttpContext http, ProjectCommands commands) => Move(bank, id, http, commands.EndAsync);

    private static async Task Move(string bank, string id, HttpContext http, Func<BankId, AccountId, MoveProjectRequest, Said, Task<Outcome>> move)
    {
        if (await Body.Read(http, MoveProjectRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await move(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, AccountThingQueries projects, RightsQueries rights)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var account = new AccountId(Ids.OrUnknown(id));
        if (await projects.FindAsync<Project>(new BankId(bank), Project.IdOf(account), http.RequestAborted) is not { } row)
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.ProjectUnknown, account));
            return;
        }
        ETags.Set(http, row.Thing.Version);
        var coordinators = await CoordinatorsAsync(http, new BankId(bank), [row], rights);
        await Answers.Write(http, ProjectView.Of(row, coordinators.GetValueOrDefault(account)));
    }

    private static async Task List(string bank, string? stage, HttpContext http, BankQueries banks, AccountThingQueries projects, RightsQueries rights)
    {
        var query = new Query(http);
        var at = query.Word<ProjectStage>("stage");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var rows = await projects.ListAsync<Project>(new BankId(bank), at?.Word(), null, null, after, limit + 1, http.RequestAborted);
        var coordinators = await CoordinatorsAsync(http, new BankId(bank), rows, rights);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), r => ProjectView.Of(r, coordinators.GetValueOrDefault(r.Thing.Account))));
    }

    /// <summary>Of those of the projects that are theirs to see whole; an empty list where nobody coordinates one.</summary>
    private static async Task<Dictionary<AccountId, List<CoordinatorView>>> CoordinatorsAsync(
        HttpContext http, BankId bank, List<AccountThingRow<Project>> projects, RightsQueries rights)
    {
        var seen = projects.Where(p => http.Caller().Reads(p.Thing.Account, p.Neighbourhood)).Select(p => p.Thing.Account).ToList();
        if (seen.Count == 0)
            return [];
        var coordinators = (await rights.CoordinatorsAsync(bank, seen, http.RequestAborted)).ToLookup(c => c.Account, c => new CoordinatorView(c.Id, c.Name));
        return seen.ToDictionary(a => a, a => coordinators[a].ToList());
    }

    private static Task WriteChanged(HttpContext http, Outcome outcome, bool dryRun, string? location = null) =>
        ETags.Write<Project>(http, outcome, changed => changed.Version, dryRun, location);
}
