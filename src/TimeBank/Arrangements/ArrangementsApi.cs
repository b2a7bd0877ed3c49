using TimeBank.Listings;
using TimeBank.Projections;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Arrangements;

/// <summary>Routes of arrangements.</summary>
public static class ArrangementsApi
{
    private static readonly (RefusalCode, string) s_unknown = (RefusalCode.ArrangementUnknown, "arrangement");

    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/arrangements", Propose).Takes<ProposeArrangementRequest>().Gives<ArrangementAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Propose an arrangement", "A member answers a listing (a match is one), or an organiser does so for them; an organiser may also name helper and helped. Date and length may follow later.");
        bank.MapGet("/arrangements", List).Gives<Page<ArrangementView>>().Paged()
            .Describe("List arrangements", "In the order in which they were proposed; account narrows to those in which it helps or is helped, stage to those that stand there.");
        bank.MapGet("/arrangements/{id}", Show).Gives<ArrangementView>()
            .Describe("Show an arrangement", "To both sides and to who organises one of them. As long as it is agreed, each side sees how the other is reached, unless one of them is under 18.");
        bank.MapPost("/arrangements/{id}/meeting", Meet).Takes<SetMeetingRequest>().Gives<ArrangementAnswer>().KeyNeeded().DryRunnable()
            .Describe("Set date, length and place", "By either side or an organiser. The side that sets them has said yes by that; the other is asked again.");
        bank.MapPost("/arrangements/{id}/agreement", Agree).Takes<AgreeRequest>().Gives<ArrangementAnswer>().KeyNeeded().DryRunnable()
            .Describe("Say yes to an arrangement", "Each side for itself, or who organises that side, who says how they said it. With the second yes it is agreed.");
        bank.MapPost("/arrangements/{id}/askings", Ask).Takes<AskSideRequest>().Gives<ArrangementAnswer>().KeyNeeded().DryRunnable()
            .Describe("Write down who was asked", "By an organiser: how, and what they said. A no cancels the arrangement.");
        bank.MapPost("/arrangements/{id}/completion", Complete).Takes<CompleteArrangementRequest>().Gives<ArrangementAnswer>().KeyNeeded().DryRunnable()
            .Describe("Say that it was done", "By either side or an organiser. The help is logged as a contribution, as agreed where nothing else is said; said twice, it is logged once.");
        bank.MapPost("/arrangements/{id}/cancellation", Cancel).Takes<EndArrangementRequest>().Gives<ArrangementAnswer>().KeyNeeded().DryRunnable()
            .Describe("Cancel an arrangement", "By either side or an organiser, until it was done.");
        bank.MapPost("/arrangements/{id}/no-show", Miss).Takes<EndArrangementRequest>().Gives<ArrangementAnswer>().KeyNeeded().DryRunnable()
            .Describe("Say that it did not happen", "From its day on, by either side or an organiser.");
        bank.MapGet("/listings/{id}/arrangements", AboutListing).Gives<Page<ArrangementView>>().Paged()
            .Describe("List the arrangements about a listing", "For who posted it and who organises it: who answered or was asked, and what came of it.");
    }

    private static async Task Propose(string bank, HttpContext http, ArrangementCommands commands)
    {
        if (await Body.Read(http, ProposeArrangementRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.ProposeAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/arrangements/");
    }

    private static Task Meet(string bank, string id, HttpContext http, ArrangementCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, SetMeetingRequestValidator.Instance, commands.MeetAsync);

    private static Task Agree(string bank, string id, HttpContext http, ArrangementCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, AgreeRequestValidator.Instance, commands.AgreeAsync);

    private static Task Ask(string bank, string id, HttpContext http, ArrangementCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, AskSideRequestValidator.Instance, commands.AskAsync);

    private static Task Complete(string bank, string id, HttpContext http, ArrangementCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, CompleteArrangementRequestValidator.Instance, commands.CompleteAsync);

    private static Task Cancel(string bank, string id, HttpContext http, ArrangementCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, EndArrangementRequestValidator.Instance, commands.CancelAsync);

    private static Task Miss(string bank, string id, HttpContext http, ArrangementCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, EndArrangementRequestValidator.Instance, commands.MissAsync);

    private static async Task Show(string bank, string id, HttpContext http, AccountQueries accounts, ArrangementQueries arrangements, OtherSide otherSide, ThingRoutes things)
    {
        if (await things.FindAsync<Arrangement>(bank, id, http, s_unknown) is not var (row, _))
            return;
        var view = (await ViewOfAsync(http, new BankId(bank), accounts, arrangements, [row]))(row);
        await Answers.Write(http, view with { Contact = await otherSide.ReachAsync(new BankId(bank), row.Thing, http.Caller(), http.RequestAborted) });
    }

    private static Task List(string bank, string? account, string? stage, HttpContext http, AccountQueries accounts, ArrangementQueries arrangements, ThingRoutes things) =>
        things.ListAsync<Arrangement, ArrangementStage, ArrangementView>(
            bank, http, whose => Sight.RefusedList(http, new BankId(bank), "account", whose, accounts), rows => ViewOfAsync(http, new BankId(bank), accounts, arrangements, rows));

    private static async Task AboutListing(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ArrangementQueries arrangements, ThingQueries things)
    {
        var query = new Query(http);
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var listing = new ThingId(Ids.OrUnknown(id));
        // Everybody reads the listing: who has no part in it is told so, and not that it is not there.
        if (await things.FindAsync<Listing>(new BankId(bank), listing, http.RequestAborted) is not { } row)
        {
            await Problems.Write(http, new Refusal(RefusalCode.ListingUnknown, new Figure("listing", listing.Value)));
            return;
        }
        if (await Sight.Refused(http, new BankId(bank), row.Thing.Account, accounts))
            return;
        var rows = await arrangements.AboutAsync(new BankId(bank), row.Thing, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), await ViewOfAsync(http, new BankId(bank), accounts, arrangements, rows)));
    }

    /// <summary>The sides that are the reader's own accounts.</summary>
    private static List<AccountId> Own(HttpContext http, Arrangement a) => [.. a.Parties.Where(http.Caller().Authority.Accounts.Contains)];

    private static async ValueTask<Func<ThingRow<Arrangement>, ArrangementView>> ViewOfAsync(
        HttpContext http, BankId bank, AccountQueries accounts, ArrangementQueries arrangements, IReadOnlyList<ThingRow<Arrangement>> rows)
    {
        var seen = await Sight.SeenAsync(http, bank, accounts, [.. rows.SelectMany(r => r.Thing.Parties).Distinct()]);
        var texts = await arrangements.TextsAsync(bank, [.. rows.SelectMany(r => r.Thing.Asked).Select(a => a.Text?.Id).OfType<TextId>()], http.RequestAborted);
        return row =>
        {
            var own = Own(http, row.Thing);
            // Who sees a side that is not their own organises it, or reads everything.
            return ArrangementView.Of(row, row.Thing.Parties.Any(p => seen.Contains(p) && !own.Contains(p)) ? null : own, texts);
        };
    }
}
