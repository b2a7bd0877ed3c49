using TimeBank.Accounts;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Pots;

/// <summary>Routes of requests to pots: between who asks and who decides.</summary>
public static class PotRequestsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/pot-requests", Ask).Takes<AskPotRequest>().Gives<PotRequestAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Ask a pot", "In private, by a member, or by who may act for them. Nothing moves until two different people who may act for the pot have said yes.");
        bank.MapGet("/pot-requests", List).Gives<Page<PotRequestView>>().Paged()
            .Describe("List requests to pots", "In the order in which they were made, for those who decide and for whom they are; account narrows to a pot or a member.");
        bank.MapGet("/pot-requests/figures", Figures).Gives<PotFiguresView>().Describe("Show what a pot granted", "Sums, and nothing of anybody.");
        bank.MapGet("/pot-requests/{id}", Show).Gives<PotRequestView>().Describe("Show a request to a pot", "With its texts.");
        bank.MapPost("/pot-requests/{id}/approval", Approve).Takes<ApprovePotRequest>().Gives<PotRequestChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Say yes for a pot", "The first yes seconds it; the yes of another person grants it. Nobody decides for themselves or their household.");
        bank.MapPost("/pot-requests/{id}/decline", Decline).Takes<DeclinePotRequest>().Gives<PotRequestChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Say no for a pot", "One no declines it.");
        bank.MapPost("/pot-requests/{id}/withdrawal", Withdraw).Takes<WithdrawPotRequest>().Gives<PotRequestChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Withdraw a request to a pot", "By whom it is for, or who may ask for them.");
    }

    private static async Task Ask(string bank, HttpContext http, PotRequestCommands commands)
    {
        if (await Body.Read(http, AskPotRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.AskAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/pot-requests/");
    }

    private static Task Approve(string bank, string id, HttpContext http, PotRequestCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, ApprovePotRequestValidator.Instance, commands.ApproveAsync);

    private static Task Decline(string bank, string id, HttpContext http, PotRequestCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, DeclinePotRequestValidator.Instance, commands.DeclineAsync);

    private static Task Withdraw(string bank, string id, HttpContext http, PotRequestCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, WithdrawPotRequestValidator.Instance, commands.WithdrawAsync);

    private static Task Show(string bank, string id, HttpContext http, ThingRoutes things) =>
        things.ShowAsync<PotRequest, PotRequestView>(bank, id, http, (RefusalCode.PotRequestUnknown, "request"), PotRequestView.Of);

    private static Task List(string bank, string? account, string? stage, HttpContext http, ThingRoutes things) =>
        things.ListAsync<PotRequest, PotRequestStage, PotRequestView>(bank, http, PotRequestView.Of);

    private static async Task Figures(string bank, string? pot, HttpContext http, BankQueries banks, AccountQueries accounts, PotQueries pots)
    {
        var query = new Query(http);
        var asked = query.Id("pot");
        if (asked is null && pot is null)
            query.Wrong("pot", "This is missing.");
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var id = new AccountId(asked!.Value);
        if (await accounts.KindAsync(new BankId(bank), id, http.RequestAborted) is not { } kind)
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, id));
            return;
        }
        if (kind != AccountKind.Pot)
        {
            await Problems.Write(http, new Refusal(RefusalCode.WrongKindOfAccount, new Figure("accountKind", kind)));
            return;
        }
        var sums = await pots.SumsAsync(new BankId(bank), id, http.RequestAborted);
        await Answers.Write(http, new PotFiguresView(id, sums.Asked, sums.Granted, sums.Declined, sums.Minutes));
    }
}
