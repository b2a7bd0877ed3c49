using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Workshops;

/// <summary>Routes of workshops.</summary>
public static class WorkshopsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/workshops", Give).Takes<GiveWorkshopRequest>().Gives<WorkshopGivenAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Log a workshop", "One helped many, who share the hours equally: each share is a contribution, and moves when that person has said yes. Or a pot gives them for all, which an organiser says who did not help.");
        bank.MapGet("/workshops", List).Gives<Page<WorkshopView>>().Paged()
            .Describe("List workshops", "In the order in which they were logged; account narrows to those of a helper or receiver. Who was there besides is told to the helper and to organisers.");
        bank.MapGet("/workshops/{id}", Show).Gives<WorkshopView>().Describe("Show a workshop", "With all shares to the helper and to organisers, to others with their own.");
    }

    private static async Task Give(string bank, HttpContext http, WorkshopCommands commands)
    {
        if (await Body.Read(http, GiveWorkshopRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.GiveAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/workshops/");
    }

    private static async Task Show(string bank, string id, HttpContext http, ThingRoutes things)
    {
        if (await things.FindAsync<Workshop>(bank, id, http, (RefusalCode.WorkshopUnknown, "workshop")) is var (row, seen))
            await Answers.Write(http, ViewOf(row, seen));
    }

    private static Task List(string bank, string? account, string? stage, HttpContext http, AccountQueries accounts, ThingRoutes things) =>
        things.ListAsync<Workshop, WorkshopStage, WorkshopView>(
            bank, http, whose => Sight.RefusedList(http, new BankId(bank), "account", whose, accounts),
            async rows =>
            {
                var seen = await Sight.SeenAsync(http, new BankId(bank), accounts, [.. rows.SelectMany(r => r.Thing.Parties).Distinct()]);
                return row => ViewOf(row, seen);
            });

    private static WorkshopView ViewOf(ThingRow<Workshop> row, IReadOnlySet<AccountId> seen)
    {
        var w = row.Thing;
        return new WorkshopView(WorkshopAnswer.Of(seen.Contains(w.Helper) ? w : w with { Shares = w.Shares.RemoveAll(s => !seen.Contains(s.Receiver)) }), row.Text?.Memo);
    }
}
