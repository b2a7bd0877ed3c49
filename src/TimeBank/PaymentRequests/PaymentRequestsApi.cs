using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.PaymentRequests;

/// <summary>Routes of requests for payment.</summary>
public static class PaymentRequestsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/payment-requests", Ask).Takes<AskForPaymentRequest>().Gives<PaymentRequestAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Ask for minutes", "Whoever acts for an account asks another. Nothing moves until the payer says yes.");
        bank.MapGet("/payment-requests", List).Gives<Page<PaymentRequestView>>().Paged()
            .Describe("List requests for payment", "In the order in which they were made; account narrows to those that it asked or was asked, stage to those that stand there.");
        bank.MapGet("/payment-requests/{id}", Show).Gives<PaymentRequestView>().Describe("Show a request for payment", "With its texts.");
        bank.MapPost("/payment-requests/{id}/payment", Pay).Takes<PayRequest>().Gives<PaymentRequestChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Pay what was asked for", "The payer says yes, or an organiser who says how the payer said it. The minutes move by all the rules of a transfer.");
        bank.MapPost("/payment-requests/{id}/decline", Decline).Takes<DeclinePaymentRequest>().Gives<PaymentRequestChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Decline a request for payment", "By the payer.");
        bank.MapPost("/payment-requests/{id}/withdrawal", Withdraw).Takes<WithdrawPaymentRequest>().Gives<PaymentRequestChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Withdraw a request for payment", "By who asked.");
    }

    private static async Task Ask(string bank, HttpContext http, PaymentRequestCommands commands)
    {
        if (await Body.Read(http, AskForPaymentRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.AskAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/payment-requests/");
    }

    private static Task Pay(string bank, string id, HttpContext http, PaymentRequestCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, PayRequestValidator.Instance, commands.PayAsync);

    private static Task Decline(string bank, string id, HttpContext http, PaymentRequestCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, DeclinePaymentRequestValidator.Instance, commands.DeclineAsync);

    private static Task Withdraw(string bank, string id, HttpContext http, PaymentRequestCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, WithdrawPaymentRequestValidator.Instance, commands.WithdrawAsync);

    private static Task Show(string bank, string id, HttpContext http, TimeProvider clock, ThingRoutes things) =>
        things.ShowAsync<PaymentRequest, PaymentRequestView>(bank, id, http, (RefusalCode.PaymentRequestUnknown, "request"), r => ViewOf(r, clock.GetUtcNow()));

    private static Task List(string bank, string? account, string? stage, HttpContext http, TimeProvider clock, ThingRoutes things)
    {
        var now = clock.GetUtcNow();
        return things.ListAsync<PaymentRequest, PaymentRequestStage, PaymentRequestView>(bank, http, r => ViewOf(r, now));
    }

    private static PaymentRequestView ViewOf(ThingRow<PaymentRequest> row, DateTimeOffset now)
    {
        var answer = PaymentRequestAnswer.Of(row.Thing);
        return new PaymentRequestView(
            row.Thing.Due <= now ? answer with { Stage = PaymentRequestStage.Expired } : answer, row.Text?.Memo, row.Reason?.Reason);
    }
}
