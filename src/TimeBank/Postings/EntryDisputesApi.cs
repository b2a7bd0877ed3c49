using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>Routes of questions about entries: between whose minutes left their account and who settles it.</summary>
public static class EntryDisputesApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/transfers/{id}/dispute", Dispute).Takes<DisputeEntryRequest>().Gives<EntryDisputeAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Question an entry", "By who holds the account that the minutes left, for 30 days. It shows on the organisers' list, and one of them settles it. Of help given the contribution is questioned instead.");
        bank.MapGet("/disputes", List).Gives<Page<EntryDisputeView>>().Paged()
            .Describe("List questioned entries", "In the order in which they were questioned; account narrows to those that left it, stage to those that stand there.");
        bank.MapGet("/disputes/{id}", Show).Gives<EntryDisputeView>().Describe("Show a questioned entry", "With what was said of it, and why it was settled so. Who received the minutes is not told.");
        bank.MapPost("/disputes/{id}/settlement", Settle).Takes<SettleEntryRequest>().Gives<EntryDisputeChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Settle a questioned entry", "With a reason: the entry stands, or what is left of it goes back as a reversal. Nobody settles for themselves or their household.");
    }

    private static async Task Dispute(string bank, string id, HttpContext http, EntryDisputeCommands commands)
    {
        if (await Body.Read(http, DisputeEntryRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.DisputeAsync(new BankId(bank), new TransferId(Ids.OrUnknown(id)), request, said), said.DryRun, $"/v1/banks/{bank}/disputes/");
    }

    private static Task Settle(string bank, string id, HttpContext http, EntryDisputeCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, SettleEntryRequestValidator.Instance, commands.SettleAsync);

    private static Task Show(string bank, string id, HttpContext http, ThingRoutes things) =>
        things.ShowAsync<EntryDispute, EntryDisputeView>(bank, id, http, (RefusalCode.EntryDisputeUnknown, "dispute"), EntryDisputeView.Of, http.Caller().Authority.CounterSigns);

    private static Task List(string bank, string? account, string? stage, HttpContext http, ThingRoutes things) =>
        things.ListAsync<EntryDispute, EntryDisputeStage, EntryDisputeView>(bank, http, EntryDisputeView.Of);
}
