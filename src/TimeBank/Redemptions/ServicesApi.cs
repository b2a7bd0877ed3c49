using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Redemptions;

/// <summary>Routes of services: what providers offer to members for their hours.</summary>
public static class ServicesApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/services", Offer).Takes<OfferServiceRequest>().Gives<ServiceAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Offer a service", "By the provider's staff or an organiser. One hour is one hour: a service asks as many minutes as it lasts, or fewer with a reason; what is not a person's time asks a fixed number, with a reason.");
        bank.MapGet("/services", List).Gives<Page<ServiceView>>().Paged()
            .Describe("List services", "In the order in which they were offered; account narrows to one provider, stage to those that stand there. Everybody of the bank sees them.");
        bank.MapGet("/services/{id}", Show).Gives<ServiceView>().Describe("Show a service", "With its texts. Its ETag is what a change must match; bookings leave it as it is.");
        bank.MapPut("/services/{id}", Rewrite).Takes<ServiceTermsRequest>().Gives<ServiceAnswer>().IfMatchNeeded().DryRunnable()
            .Describe("Change a service", "From the next booking on. All stands as given; bookings that were made keep what they were made for.");
        bank.MapDelete("/services/{id}", End).Gives<ServiceAnswer>().IfMatchNeeded().DryRunnable()
            .Describe("End a service", "No more bookings; those that were made stay.");
        bank.MapGet("/services/{id}/quote", Quote).Gives<QuoteAnswer>()
            .Describe("Ask what a booking would take", "How many minutes, what the member has available, and whether it would go on that date. A booking with dryRun=true tells the same by the booking's own answer.");
    }

    private static async Task Offer(string bank, HttpContext http, ServiceCommands commands)
    {
        if (await Body.Read(http, OfferServiceRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await commands.OfferAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/services/");
    }

    private static async Task Rewrite(string bank, string id, HttpContext http, ServiceCommands commands)
    {
        if (await Body.Read(http, ServiceTermsRequestValidator.Instance, keyNeeded: false) is not var (request, said) || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.RewriteAsync(new BankId(bank), new ThingId(Ids.OrUnknown(id)), request, version, said), said.DryRun);
    }

    private static async Task End(string bank, string id, HttpContext http, ServiceCommands commands)
    {
        if (await Body.None(http) is not { } said || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.EndAsync(new BankId(bank), new ThingId(Ids.OrUnknown(id)), version, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, ThingQueries things)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var service = Ids.OrUnknown(id);
        if (await things.FindAsync<Service>(new BankId(bank), new ThingId(service), http.RequestAborted) is not { } row)
        {
            await Problems.Write(http, new Refusal(RefusalCode.ServiceUnknown, new Figure("service", service)), service);
            return;
        }
        ETags.Set(http, row.Thing.Edition);
        await Answers.Write(http, ServiceView.Of(row));
    }

    private static Task List(string bank, string? account, string? stage, HttpContext http, ThingRoutes things) =>
        things.ListAsync<Service, ServiceStage, ServiceView>(
            bank, http, _ => ValueTask.FromResult(false), _ => ValueTask.FromResult<Func<ThingRow<Service>, ServiceView>>(ServiceView.Of));

    private static async Task Quote(string bank, string id, string? account, string? date, HttpContext http, BookingCommands commands)
    {
        var query = new Query(http);
        var member = query.Id("account");
        var on = query.Date("date");
        if (on?.Year > BookServiceRequestValidator.LastYear)
            query.Wrong("date", BookServiceRequestValidator.TooFar);
        if (member is null && !http.Request.Query.ContainsKey("account"))
            query.Wrong("account", "Whose account would give the minutes.");
        if (await query.RefusedAsync())
            return;
        await Answers.Write(http, await commands.QuoteAsync(new BankId(bank), new ThingId(Ids.OrUnknown(id)), new AccountId(member!.Value), on, Said.Of(http)), dryRun: true);
    }

    private static Task WriteChanged(HttpContext http, Outcome outcome, bool dryRun, string? location = null) =>
        ETags.Write<Service>(http, outcome, changed => changed.Edition, dryRun, location);
}
