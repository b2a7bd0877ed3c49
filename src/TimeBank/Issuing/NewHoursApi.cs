using System.Globalization;
using System.Text;
using CsvHelper;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Issuing;

/// <summary>Minutes that came new from the community for a project in a month, by the date on which the help was given.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Project">Null: for a person, or for something else.</param>
/// <param name="Kind">earn: for help that was given; others as they were transferred.</param>
/// <param name="IsAboveMark">Whether the project had more in that month than the bank's mark.</param>
public sealed record NewHoursView(DateOnly Month, AccountId? Project, string? Name, TransferKind Kind, Minutes Minutes, bool IsAboveMark);

/// <summary>The report of new hours.</summary>
/// <param name="Mark">Minutes for one project in a month above which it warns; null: never.</param>
public sealed record NewHoursReport(DateOnly From, DateOnly To, Minutes? Mark, Minutes Minutes, IReadOnlyList<NewHoursView> Rows);

/// <summary>Routes of the report of new hours.</summary>
public static class NewHoursApi
{
    private const string Csv = "text/csv";

    public static void Map(RouteGroupBuilder bank) =>
        bank.MapGet("/new-hours", Show).Gives<NewHoursReport>()
            .Describe("Report new hours", "Hours that came new from the community because nobody else had them, by project and month, less what was taken back; with a mark that warns, if the bank's policy sets one. Up to 36 months, as JSON or CSV.");

    private static async Task Show(string bank, string? from, string? to, HttpContext http, BankQueries banks, NewHoursQueries newHours, ReadingNotes notes, TimeProvider clock)
    {
        var query = new Query(http);
        var (first, last, until) = query.Months(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        if (await query.RefusedAsync())
            return;
        if (await banks.FindAsync(new BankId(bank), http.RequestAborted) is not { } found)
        {
            await Problems.Write(http, new Refusal(RefusalCode.BankUnknown));
            return;
        }
        var rows = await newHours.ListAsync(found.Id, found.Issuer, first, until, http.RequestAborted);
        var mark = found.Policy.NewHoursMark;
        var above = rows.Where(r => r.Project is not null).GroupBy(r => (r.Month, r.Project)).Where(g => g.Sum(r => r.Minutes.Value) > mark?.Value).Select(g => g.Key).ToHashSet();
        var views = rows.ConvertAll(r => new NewHoursView(r.Month, r.Project, r.Name, r.Kind, r.Minutes, above.Contains((r.Month, r.Project))));
        if (http.Request.GetTypedHeaders().Accept is [var only] && only.MatchesMediaType(Csv) && !only.MatchesMediaType("application/json"))
        {
            await notes.ExportedAsync(found.Id, http.Caller());
            http.Response.ContentType = Csv + "; charset=utf-8";
            await http.Response.WriteAsync(ToCsv(views), http.RequestAborted);
            return;
        }
        await Answers.Write(http, new NewHoursReport(first, last, mark, new Minutes(views.Sum(v => v.Minutes.Value)), views));
    }

    private static string ToCsv(IReadOnlyList<NewHoursView> rows)
    {
        var text = new StringBuilder();
        using var csv = new CsvWriter(new StringWriter(text), CultureInfo.InvariantCulture);
        foreach (var column in (string[])["month", "project", "name", "kind", "minutes", "isAboveMark"])
            csv.WriteField(column);
        csv.NextRecord();
        foreach (var row in rows)
        {
            csv.WriteField(row.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture));
            csv.WriteField(row.Project?.Value);
            csv.WriteField(Spreadsheets.Harmless(row.Name));
            csv.WriteField(row.Kind.Word());
            csv.WriteField(row.Minutes.Value);
            csv.WriteField(row.IsAboveMark ? "true" : "false");
            csv.NextRecord();
        }
        csv.Flush();
        return text.ToString();
    }
}
