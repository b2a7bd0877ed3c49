using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using CsvHelper;
using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Reinvestment;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>One line of a statement. Minutes are signed: what came is more than zero, what went is less.</summary>
[JsonConverter(typeof(EntryViewConverter))]
public sealed record EntryView(
    long Version, TransferId Transfer, PostingId Posting, DateTimeOffset Posted, DateOnly Occurred, TransferKind Kind, AccountId Counterparty,
    Minutes Minutes, Minutes Balance, string? Category, string? Memo, string? ClientReference, SortedDictionary<string, string>? Metadata,
    string? Reason, HoldId? Hold, RuleRef? Rule, TransferId? Reverses, OverrideKind? Override, Yes? Yes)
{
    public static EntryView Of(EntryRow row)
    {
        var m = row.Moved;
        return new EntryView(row.Version, m.Transfer, m.Transfer.Posting, row.Posted, m.Occurred, m.Kind, m.Counterparty, row.Amount, row.Balance,
            m.Category, row.Text?.Memo, row.Text?.ClientReference, row.Text?.Metadata, row.Text?.Reason, m.Hold, m.Rule, m.Reverses, m.Override, m.Yes);
    }
}

/// <summary>A part of a statement.</summary>
/// <param name="Next">The cursor with which the same address goes on; null at the end.</param>
/// <param name="AsOf">What was posted later is not in it.</param>
public sealed record StatementPage(IReadOnlyList<EntryView> Items, string? Next, DateTimeOffset AsOf);

public sealed record TrialBalanceView(DateTimeOffset AsOf, IReadOnlyList<KindTotal> Kinds, Minutes Sum);

/// <summary>Routes of statements and the trial balance.</summary>
public static class StatementsApi
{
    private const string Csv = "text/csv";

    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapGet("/accounts/{id}/entries", Entries).Gives<StatementPage>().Paged()
            .Describe("List an account's entries",
                "The passbook, with the running balance on every line. by=posted (from and to are instants) or by=occurred (dates), both ends included; " +
                "order=newest or oldest. As of a moment (?at=): without what was posted later. As JSON, or by Accept as text/csv or application/x-ndjson; the Link header says where it goes on.");
        bank.MapGet("/trial-balance", TrialBalance).Gives<TrialBalanceView>()
            .Describe("Show the trial balance", "What each kind of account has together, now or as of a moment (?at=). The sum over all is 0.");
    }

    private static async Task TrialBalance(string bank, string? at, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts)
    {
        var query = new Query(http);
        var now = clock.GetUtcNow();
        var moment = query.PastInstant("at", now);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var kinds = await accounts.TrialBalanceAsync(new BankId(bank), moment, http.RequestAborted);
        await Answers.Write(http, new TrialBalanceView(
            moment ?? now, [.. kinds.OrderBy(k => k.Kind)], new Minutes(kinds.Sum(k => k.Balance.Value))));
    }

    private static async Task Entries(
        string bank, string id, string? by, string? order, string? from, string? to, string? at,
        HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts, EntryQueries entries, ReadingNotes notes)
    {
        var query = new Query(http);
        var byOccurred = OneOf(query, "by", by, "posted", "occurred");
        var oldestFirst = OneOf(query, "order", order, "newest", "oldest");
        var limit = query.Limit();
        var now = clock.GetUtcNow();
        var moment = query.PastInstant("at", now);
        var account = new AccountId(Ids.OrUnknown(id));
        var form = Accepted(http);
        Func<Task<IReadOnlyList<EntryRow>>> read;
        Func<EntryRow, string> cursorOf;
        if (byOccurred)
        {
            var (first, last) = (query.Date("from"), query.Date("to"));
            var after = OccurredCursor(query);
            read = () => entries.ByOccurredAsync(new BankId(bank), account, !oldestFirst, first, last, moment, after, limit + 1, http.RequestAborted);
            cursorOf = row => Query.ToCursor(row.Moved.Occurred.ToString("O", CultureInfo.InvariantCulture), row.Version);
        }
        else
        {
            var (first, last) = (query.Instant("from"), query.Instant("to"));
            last = moment < last || last is null ? moment : last;
            var after = PostedCursor(query);
            read = () => entries.ByPostedAsync(new BankId(bank), account, !oldestFirst, first, last, after, limit + 1, http.RequestAborted);
            cursorOf = row => Query.ToCursor(row.Version);
        }
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        if (form is null)
        {
            await Problems.Write(http, ProblemTable.NotAcceptable);
            return;
        }
        if (await Sight.Refused(http, new BankId(bank), account, accounts))
            return;
        var rows = await read();
        if (rows.Count == 0 && await accounts.BalanceAsync(new BankId(bank), account, null, now, http.RequestAborted) is null)
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, account), account.Value);
            return;
        }
        if (form is Csv or Answers.NdJson)
            await notes.ExportedAsync(new BankId(bank), http.Caller(), account);
        await Write(http, form, query.Page(rows, limit, cursorOf, EntryView.Of), moment ?? now);
    }

    private static async Task Write(HttpContext http, string form, Page<EntryView> page, DateTimeOffset asOf)
    {
        switch (form)
        {
            case Csv:
                http.Response.ContentType = Csv + "; charset=utf-8";
                await http.Response.WriteAsync(ToCsv(page.Items), http.RequestAborted);
                break;
            case Answers.NdJson:
                http.Response.ContentType = Answers.NdJson;
                await http.Response.WriteAsync(string.Concat(page.Items.Select(e => ApiJson.Write(e) + "\n")), http.RequestAborted);
                break;
            default:
                await Answers.Write(http, new StatementPage(page.Items, page.Next, asOf));
                break;
        }
    }

    private static string ToCsv(IReadOnlyList<EntryView> page)
    {
        var text = new StringBuilder();
        using var csv = new CsvWriter(new StringWriter(text), CultureInfo.InvariantCulture);
        foreach (var column in (string[])["posted", "occurred", "kind", "minutes", "balance", "counterparty", "category", "memo", "clientReference", "transfer"])
            csv.WriteField(column);
        csv.NextRecord();
        foreach (var e in page)
        {
            csv.WriteField(e.Posted.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            csv.WriteField(e.Occurred.ToString("O", CultureInfo.InvariantCulture));
            csv.WriteField(Store.Words.Word(e.Kind));
            csv.WriteField(e.Minutes.Value);
            csv.WriteField(e.Balance.Value);
            csv.WriteField(e.Counterparty.Value);
            csv.WriteField(e.Category);
            csv.WriteField(Spreadsheets.Harmless(e.Memo));
            csv.WriteField(Spreadsheets.Harmless(e.ClientReference));
            csv.WriteField(e.Transfer.Value);
            csv.NextRecord();
        }
        csv.Flush();
        return text.ToString();
    }

    private static bool OneOf(Query query, string name, string? given, string first, string second)
    {
        if (given is not null && given != first && given != second)
            query.Wrong(name, $"{first} or {second}.");
        return given == second;
    }

    private static long? PostedCursor(Query query)
    {
        if (query.Cursor(1) is not [var version])
            return null;
        if (long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            return after;
        query.WrongCursor();
        return null;
    }

    private static (DateOnly, long)? OccurredCursor(Query query)
    {
        if (query.Cursor(2) is not [var date, var version])
            return null;
        if (DateOnly.TryParseExact(date, "O", out var occurred) && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            return (occurred, after);
        query.WrongCursor();
        return null;
    }

    /// <summary>The form that the caller likes best; null if it is none of ours.</summary>
    private static string? Accepted(HttpContext http)
    {
        var accept = http.Request.GetTypedHeaders().Accept;
        if (accept.Count == 0)
            return "application/json";
        foreach (var type in accept.OrderByDescending(a => a.Quality ?? 1))
        {
            if (type.MatchesMediaType("application/json"))
                return "application/json";
            if (type.MatchesMediaType(Csv))
                return Csv;
            if (type.MatchesMediaType(Answers.NdJson))
                return Answers.NdJson;
        }
        return null;
    }
}
