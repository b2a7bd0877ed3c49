using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Reports;

/// <summary>Help that was given in some months, by the date on which it was given.</summary>
/// <param name="From">The first day of the first month.</param>
/// <param name="To">The first day of the last month.</param>
/// <param name="CountedThrough">What was posted up to then is counted; null: nothing is counted yet.</param>
/// <param name="IsAll">Whether nothing was posted since: what is posted now is counted some seconds later.</param>
public sealed record HoursReport(DateOnly From, DateOnly To, ReportBy By, DateTimeOffset? CountedThrough, bool IsAll, IReadOnlyList<ReportRow> Rows);

/// <summary>Routes of the report of hours.</summary>
public static class ReportApi
{
    private const string Csv = "text/csv";

    public static void Map(RouteGroupBuilder bank) =>
        bank.MapGet("/report", Show).Gives<HoursReport>()
            .Describe("Report hours of help", "What members gave each other, projects and through providers, less what was taken back, also where nobody wanted hours for it: by month with how many members took part, by category, by neighbourhood or by project. Up to 36 months, as JSON or CSV.");

    private static async Task Show(
        string bank, string? from, string? to, string? by, HttpContext http, BankQueries banks, ReportQueries queries, ReportRows reports, ReadingNotes notes, TimeProvider clock)
    {
        var query = new Query(http);
        var what = query.Word<ReportBy>("by") ?? ReportBy.Month;
        var (first, last, _) = query.Months(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var span = new MonthSpan(first, last);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var id = new BankId(bank);
        // Before the sums are read: they may go further than it says, and never less far.
        var counted = await queries.CountedAsync(id, http.RequestAborted);
        var rows = await reports.ListAsync(id, what, span, http.RequestAborted);
        if (http.Request.GetTypedHeaders().Accept is [var only] && only.MatchesMediaType(Csv) && !only.MatchesMediaType("application/json"))
        {
            await notes.ExportedAsync(id, http.Caller());
            http.Response.ContentType = Csv + "; charset=utf-8";
            await http.Response.WriteAsync(ReportRows.ToCsv(what, rows), http.RequestAborted);
            return;
        }
        await Answers.Write(http, new HoursReport(first, last, what, counted.Through, counted.IsAll, rows));
    }
}
