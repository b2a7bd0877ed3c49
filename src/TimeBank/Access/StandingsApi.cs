using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Routes of standings: who is what in a bank.</summary>
public static class StandingsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/organisers", Appoint).Takes<AppointRequest>().Gives<GrantView>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Appoint a bank's first organiser", "For the operator of the installation. Once a bank has an organiser, its organisers choose the others.");
        bank.MapPost("/standings", Grant).Takes<GrantRequest>().Gives<GrantView>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Give a standing", "Makes a person who is in this bank, or was, organiser, coordinator of a project or neighbourhood, staff of a provider, member, auditor or safeguarding lead. " +
                "Who has it already keeps it. Others come by an invitation that they accept.");
        bank.MapGet("/standings", List).Gives<Page<GrantView>>().Paged()
            .Describe("List standings", "Who is what in this bank; person and account narrow it. Those that ended are left out.");
        bank.MapDelete("/standings/{id}", End).Gives<GrantView>().DryRunnable()
            .Describe("End a standing", "It counts no more: at once on this server, within five seconds on others. The last organiser stays.");
    }

    private static async Task Appoint(string bank, HttpContext http, AccessCommands commands)
    {
        if (await Body.Read(http, AppointRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.AppointAsync(new BankId(bank), new PersonId(request.Person!.Value), said), said.DryRun);
    }

    private static async Task Grant(string bank, HttpContext http, RightsQueries rights, AccessCommands commands)
    {
        if (await Body.Read(http, GrantRequestValidator.Instance) is not var (request, said))
            return;
        var person = new PersonId(request.Person!.Value);
        // Nobody is drawn into a bank without an act of theirs: its organisers see what is kept about its people.
        if (await rights.WasInAsync(new BankId(bank), person, http.RequestAborted))
            await Answers.Write(http, await commands.GrantAsync(new BankId(bank), person, request.ToStanding(), said), said.DryRun);
        else
            await Problems.Write(http, new Refusal(RefusalCode.RightUnknown, new Figure("person", person.Value)));
    }

    private static async Task End(string bank, string id, HttpContext http, AccessCommands commands)
    {
        if (await Body.None(http) is not { } said)
            return;
        await Answers.Write(http, await commands.EndAsync(new BankId(bank), new RightId(Ids.OrUnknown(id)), said), said.DryRun);
    }

    private static async Task List(string bank, string? person, string? account, HttpContext http, BankQueries banks, RightsQueries rights)
    {
        var query = new Query(http);
        var holder = query.Id("person");
        AccountId? of = query.Id("account") is { } a ? new AccountId(a) : null;
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var rows = await rights.ListAsync(new BankId(bank), RightsTable.GrantKind, holder, of, activeOnly: true, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Right.Id), r => GrantView.Of((Grant)r.Right)));
    }
}
