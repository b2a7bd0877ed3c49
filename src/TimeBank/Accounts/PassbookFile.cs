using System.Globalization;
using System.Text;
using CsvHelper;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>A passbook as a file for spreadsheets, oldest first: with names, in the words of whoever takes it.</summary>
internal static class PassbookFile
{
    public const string Path = "/banks/{bank}/accounts/{id}/passbook.csv";

    private const int OnePage = 1_000;

    public static void Map(WebApplication app) => app.MapGet(Path, Write).ExcludeFromDescription();

    private static async Task Write(string bank, string id, string? month, HttpContext http, AccountQueries accounts, EntryQueries entries, ReadingNotes notes)
    {
        var (of, account, locale) = (new BankId(bank), new AccountId(Ids.OrUnknown(id)), PageLocale.Of(http));
        if (!await Sight.SeesAsync(http, of, accounts, account) || await accounts.KindAsync(of, account, http.RequestAborted) is null)
        {
            await PageProblems.WriteAsync(http, StatusCodes.Status403Forbidden);
            return;
        }
        await notes.ExportedAsync(of, http.Caller(), account);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=passbook.csv";
        // Spreadsheets take a file without the mark for one of another alphabet.
        await http.Response.WriteAsync("\uFEFF", http.RequestAborted);
        await http.Response.WriteAsync(Lines(csv =>
        {
            foreach (var column in (string[])["passbook.day", "passbook.what", "passbook.who", "passbook.minutes", "passbook.then", "help.memo"])
                csv.WriteField(locale[column]);
            csv.NextRecord();
        }), http.RequestAborted);
        await foreach (var page in PagesAsync(entries, of, account, PageDates.Month(month), http.RequestAborted))
        {
            var names = await accounts.NamesAsync(of, [.. page.Select(e => e.Moved.Counterparty).Distinct()], http.RequestAborted);
            await http.Response.WriteAsync(Lines(csv =>
            {
                foreach (var entry in page)
                    WriteLine(csv, entry, names.GetValueOrDefault(entry.Moved.Counterparty), locale);
            }), http.RequestAborted);
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<EntryRow>> PagesAsync(
        EntryQueries entries, BankId bank, AccountId account, (DateOnly First, DateOnly Last)? month, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        for (EntryRow? last = null; ;)
        {
            var page = month is var (from, to)
                ? await entries.ByOccurredAsync(bank, account, newestFirst: false, from, to, null, last is null ? null : (last.Moved.Occurred, last.Version), OnePage, cancel)
                : await entries.ByPostedAsync(bank, account, newestFirst: false, null, null, last?.Version, OnePage, cancel);
            if (page.Count == 0)
                yield break;
            yield return page;
            last = page[^1];
        }
    }

    private static void WriteLine(CsvWriter csv, EntryRow entry, string? name, Locale locale)
    {
        csv.WriteField(PageDates.Write(entry.Moved.Occurred));
        csv.WriteField(locale[$"kind.{Store.Words.Word(entry.Moved.Kind)}"]);
        csv.WriteField(Spreadsheets.Harmless(name));
        csv.WriteField(entry.Amount.Value);
        csv.WriteField(entry.Balance.Value);
        csv.WriteField(Spreadsheets.Harmless(entry.Text?.Memo));
        csv.NextRecord();
    }

    private static string Lines(Action<CsvWriter> write)
    {
        var text = new StringBuilder();
        using (var csv = new CsvWriter(new StringWriter(text), CultureInfo.InvariantCulture))
            write(csv);
        return text.ToString();
    }
}
