using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Holds;

/// <summary>A hold as it stands, with its texts. One that is past its time is expired, written down or not.</summary>
public sealed record HoldView(
    HoldId Id, AccountId Payer, AccountId Payee, Minutes Minutes, TransferKind Kind, DateTimeOffset ExpiresAt, HoldStatus Status, Minutes Taken,
    TransferId? Transfer, string? Category, string? Memo, string? ClientReference, SortedDictionary<string, string>? Metadata)
{
    public static HoldView Of(HoldRow row, DateTimeOffset now)
    {
        var (h, text) = row;
        return new HoldView(h.Id, h.Payer, h.Payee, h.Minutes, h.Kind, h.ExpiresAt, h.StatusAt(now), h.Taken, h.Transfer,
            h.Category, text?.Memo, text?.ClientReference, text?.Metadata);
    }
}

/// <summary>Routes of holds.</summary>
public static class HoldsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/holds", Place).Takes<PlaceHoldRequest>().Gives<HoldAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Place a hold", "Sets minutes aside at the payer and keeps room for them at the payee, until it is captured, released, or expires.");
        bank.MapGet("/holds", List).Gives<Page<HoldView>>().Paged().Describe("List holds", "In the order in which they were placed; account narrows to its payer or payee, open=true to what can still be captured.");
        bank.MapGet("/holds/{id}", Show).Gives<HoldView>().Describe("Show a hold", "With its texts.");
        bank.MapPost("/holds/{id}/capture", Capture).Takes<CaptureRequest>().Gives<CaptureAnswer>().KeyNeeded().DryRunnable()
            .Describe("Capture a hold", "The payee takes what was held, or less; the rest is free again. An open hold can always be captured.");
        bank.MapPost("/holds/{id}/release", Release).Takes<ReleaseRequest>().Gives<HoldAnswer>().KeyNeeded().DryRunnable()
            .Describe("Release a hold", "Everything held is free again.");
    }

    private static async Task Place(string bank, HttpContext http, HoldCommands commands)
    {
        if (await Body.Read(http, PlaceHoldRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.PlaceAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/holds/");
    }

    private static async Task Capture(string bank, string id, HttpContext http, HoldCommands commands)
    {
        if (await Body.Read(http, CaptureRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.CaptureAsync(new BankId(bank), new HoldId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Release(string bank, string id, HttpContext http, HoldCommands commands)
    {
        if (await Body.Read(http, ReleaseRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.ReleaseAsync(new BankId(bank), new HoldId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts, HoldQueries holds)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var hold = new HoldId(Ids.OrUnknown(id));
        if (await holds.FindAsync(new BankId(bank), hold, http.RequestAborted) is { } row
            && await Sight.SeesAsync(http, new BankId(bank), accounts, row.Hold.Payer, row.Hold.Payee))
            await Answers.Write(http, HoldView.Of(row, clock.GetUtcNow()));
        else
            await Problems.Write(http, new Refusal(RefusalCode.HoldUnknown, new Figure("hold", hold.Value)));
    }

    private static async Task List(
        string bank, string? account, string? open, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts, HoldQueries holds)
    {
        var query = new Query(http);
        var party = query.Id("account");
        var openOnly = query.Flag("open");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank)
            || await Sight.RefusedList(http, new BankId(bank), "account", party, accounts))
            return;
        var now = clock.GetUtcNow();
        var rows = await holds.ListAsync(new BankId(bank), party is { } p ? new AccountId(p) : null, openOnly, after, limit + 1, now, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Hold.Id), r => HoldView.Of(r, now)));
    }
}
