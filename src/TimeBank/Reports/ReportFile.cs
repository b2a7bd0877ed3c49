using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Reports;

/// <summary>A report as a file for spreadsheets, for who takes it from the page.</summary>
internal static class ReportFile
{
    public const string Path = "/banks/{bank}/report.csv";

    public static void Map(WebApplication app) => app.MapGet(Path, Write).ExcludeFromDescription();

    private static async Task Write(string bank, string? from, string? to, string? by, HttpContext http, ReportRows reports, ReadingNotes notes, TimeProvider clock)
    {
        var of = new BankId(bank);
        var span = ReportSpan.Of(from, to, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).Span;
        var what = Words.TryParse<ReportBy>(by ?? "", out var said) ? said : ReportBy.Month;
        await notes.ExportedAsync(of, http.Caller());
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=hours-by-{what.Word()}.csv";
        // Spreadsheets take a file without the mark for one of another alphabet.
        await http.Response.WriteAsync("\uFEFF" + ReportRows.ToCsv(what, await reports.ListAsync(of, what, span, http.RequestAborted)), http.RequestAborted);
    }
}

/// <summary>The months that a page was asked for.</summary>
internal static class ReportSpan
{
    /// <summary>What is no month, or too many of them, is put right: the months that end with the last one, and that it was.</summary>
    public static (MonthSpan Span, bool WasWrong) Of(string? from, string? to, DateOnly today)
    {
        var (first, last) = (PageDates.Month(from)?.First, PageDates.Month(to)?.First);
        var usual = MonthSpan.UpTo(last ?? today);
        var asked = first is { } month ? usual with { First = month } : usual;
        var isWrong = !asked.IsValid || (first is null && !string.IsNullOrWhiteSpace(from)) || (last is null && !string.IsNullOrWhiteSpace(to));
        return (asked.IsValid ? asked : usual, isWrong);
    }
}
