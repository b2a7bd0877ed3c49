using System.Globalization;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Listings;

/// <summary>Routes of offers and requests.</summary>
public static class ListingsApi
{
    public const int MostWords = 200;

    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/listings", Post).Takes<PostListingRequest>().Gives<ListingAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Post an offer or a request", "By the account's holder, or by who organises it. It is found for 90 days unless expires says otherwise.");
        bank.MapGet("/listings", Search).Gives<Page<FoundListingView>>().Paged()
            .Describe("Search offers and requests", "Those that are open: with text the most fitting first, without it the newest. Where nothing has the words as they were written, it guesses what was meant. All that are open are looked through; of those that have the words the newest hundred are weighed and listed: who finds as many says more words.");
        bank.MapGet("/listings/{id}", Show).Gives<ListingView>().Describe("Show an offer or a request", "Its ETag is what a change must match.");
        bank.MapGet("/listings/{id}/helpers", Helpers).Gives<IReadOnlyList<LikelyToHelp>>()
            .Describe("Find who would be likely to help", "For a request, by who asks or organises who asks: the most likely first, each with why, and when the two last had to do with each other. Nobody who pauses, is under 18, or is kept apart from who asks. None for an offer.");
        bank.MapPut("/listings/{id}", Rewrite).Takes<RewriteListingRequest>().Gives<ListingAnswer>().IfMatchNeeded().DryRunnable()
            .Describe("Change an offer or a request", "As long as it is open, and the whole of it. What expires is left out lasts 90 days from now: so it is renewed.");
        bank.MapPost("/listings/{id}/fulfilment", Fulfil).Takes<EndListingRequest>().Gives<ListingAnswer>().KeyNeeded().DryRunnable()
            .Describe("Say that it is done", "Who asked was helped, or what was offered is taken.");
        bank.MapPost("/listings/{id}/withdrawal", Withdraw).Takes<EndListingRequest>().Gives<ListingAnswer>().KeyNeeded().DryRunnable()
            .Describe("Withdraw an offer or a request", "It is found no more.");
        bank.MapGet("/accounts/{id}/listings", OfAccount).Gives<Page<ListingView>>().Paged()
            .Describe("List an account's offers and requests", "Also those that have ended, in the order in which they were posted.");
    }

    private static async Task Post(string bank, HttpContext http, ListingCommands commands)
    {
        if (await Body.Read(http, PostListingRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await commands.PostAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/listings/");
    }

    private static async Task Rewrite(string bank, string id, HttpContext http, ListingCommands commands)
    {
        if (await Body.Read(http, RewriteListingRequestValidator.Instance, keyNeeded: false) is not var (request, said) || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.RewriteAsync(new BankId(bank), new ThingId(Ids.OrUnknown(id)), request, version, said), said.DryRun);
    }

    private static Task Fulfil(string bank, string id, HttpContext http, ListingCommands commands) => End(bank, id, http, commands.FulfilAsync);

    private static Task Withdraw(string bank, string id, HttpContext http, ListingCommands commands) => End(bank, id, http, commands.WithdrawAsync);

    private static async Task End(string bank, string id, HttpContext http, Func<BankId, ThingId, EndListingRequest, Said, Task<Outcome>> end)
    {
        if (await Body.Read(http, EndListingRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await end(new BankId(bank), new ThingId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, ThingQueries things)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var listing = new ThingId(Ids.OrUnknown(id));
        if (await things.FindAsync<Listing>(new BankId(bank), listing, http.RequestAborted) is not { } row || (IsOutside(http) && !row.Thing.Terms.IsPublic))
        {
            await Problems.Write(http, new Refusal(RefusalCode.ListingUnknown, new Figure("listing", listing.Value)));
            return;
        }
        ETags.Set(http, row.Thing.Version);
        await Answers.Write(http, ListingView.Of(row));
    }

    private static async Task Helpers(string bank, string id, HttpContext http, BankQueries banks, ThingQueries things, AccountQueries accounts, WhoCouldHelp helpers, TimeProvider clock)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var listing = new ThingId(Ids.OrUnknown(id));
        if (await things.FindAsync<Listing>(new BankId(bank), listing, http.RequestAborted) is not { Thing: var request })
            await Problems.Write(http, new Refusal(RefusalCode.ListingUnknown, new Figure("listing", listing.Value)));
        else if (!await Sight.Refused(http, new BankId(bank), request.Account, accounts))
            await Answers.Write(http, await helpers.FindAsync(new BankId(bank), request, clock.GetUtcNow(), WhoCouldHelp.Most, http.RequestAborted));
    }

    private static async Task Search(
        string bank, string? text, string? kind, string? category, string? neighbourhood, string? day, string? part, HttpContext http, BankQueries banks, ListingQueries listings, TimeProvider clock)
    {
        var query = new Query(http);
        var words = query.Text("text");
        if (words?.Length > MostWords)
            query.Wrong("text", $"At most {MostWords} characters.");
        var search = new ListingSearch(words, query.Word<ListingKind>("kind"), query.Code("category"), query.Code("neighbourhood"), query.Word<DayOfWeek>("day"), IsOutside(http), query.Word<PartOfDay>("part"));
        var limit = query.Limit();
        var after = After(query);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var found = await listings.SearchAsync(new BankId(bank), search, after, clock.GetUtcNow(), limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(found, limit, CursorOf, FoundListingView.Of));
    }

    private static async Task OfAccount(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ThingQueries things, TimeProvider clock)
    {
        var query = new Query(http);
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        var account = new AccountId(Ids.OrUnknown(id));
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank) || await Sight.Refused(http, new BankId(bank), account, accounts))
            return;
        if (await accounts.FindAsync(new BankId(bank), account, clock.GetUtcNow(), http.RequestAborted) is null)
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, account), account.Value);
            return;
        }
        var rows = await things.ListAsync<Listing>(new BankId(bank), account, null, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), ListingView.Of));
    }

    /// <summary>A partner app that is no system of the bank's own sees what is public.</summary>
    private static bool IsOutside(HttpContext http) => http.Caller().Key is { OfBank: false };

    private static string CursorOf(FoundListing found) => Query.ToCursor(found.Rank, found.Listing.Id.Value);

    /// <summary>Guesses come on one page: nothing follows on them.</summary>
    private static ListingPlace After(Query query)
    {
        if (query.Cursor(2) is not [var rank, var id])
            return ListingPlace.First;
        if (float.TryParse(rank, NumberStyles.Float, CultureInfo.InvariantCulture, out var fits) && float.IsFinite(fits) && Guid.TryParseExact(id, "D", out var last))
            return new ListingPlace(fits, last);
        query.WrongCursor();
        return ListingPlace.First;
    }

    private static Task WriteChanged(HttpContext http, Outcome outcome, bool dryRun, string? location = null) =>
        ETags.Write<Listing>(http, outcome, changed => changed.Version, dryRun, location);
}
