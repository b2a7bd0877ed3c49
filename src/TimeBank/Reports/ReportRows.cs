using System.Globalization;
using System.Text;
using CsvHelper;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Reports;

/// <summary>What a report adds hours up by.</summary>
public enum ReportBy { Month, Category, Neighbourhood, Project }

/// <summary>One line of a report.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Category">Null in a report by category: of none.</param>
/// <param name="Neighbourhood">Null in a report by neighbourhood: of none.</param>
/// <param name="Minutes">Help that was given, less what was taken back.</param>
/// <param name="WithoutHours">So much of it was given without wanting hours for it.</param>
/// <param name="Times">How often.</param>
/// <param name="Received">Help that members of the neighbourhood received.</param>
/// <param name="MembersGave">How many members gave help in the month.</param>
/// <param name="MembersReceived">How many received it.</param>
/// <param name="MembersTookPart">How many did either, or both.</param>
public sealed record ReportRow(
    DateOnly? Month, string? Category, string? Neighbourhood, AccountId? Project, string? Name, Minutes Minutes, Minutes WithoutHours, long Times,
    Minutes? Received = null, long? MembersGave = null, long? MembersReceived = null, long? MembersTookPart = null);

/// <summary>The lines of reports, and the same as a file.</summary>
public sealed class ReportRows(ReportQueries queries, AccountQueries accounts)
{
    public async Task<IReadOnlyList<ReportRow>> ListAsync(BankId bank, ReportBy by, MonthSpan span, CancellationToken cancel)
    {
        var (first, last) = (span.First, span.Last);
        switch (by)
        {
            case ReportBy.Month:
                return [.. (await queries.MonthsAsync(bank, first, last, cancel)).Select(m => Row(m.Help) with { Month = m.Month, MembersGave = m.Gave, MembersReceived = m.Received, MembersTookPart = m.TookPart })];
            case ReportBy.Category:
                return [.. (await queries.CategoriesAsync(bank, first, last, cancel)).Select(c => Row(c.Help) with { Category = OrNone(c.Category) })];
            case ReportBy.Neighbourhood:
                return [.. (await queries.NeighbourhoodsAsync(bank, first, last, cancel)).Select(a => Row(a.Given) with { Neighbourhood = OrNone(a.Neighbourhood), Received = a.Received.Minutes })];
            default:
                var projects = await queries.ProjectsAsync(bank, first, last, cancel);
                var names = await accounts.NamesAsync(bank, [.. projects.Select(p => p.Project)], cancel);
                return [.. projects.Select(p => Row(p.Help) with { Project = p.Project, Name = names.GetValueOrDefault(p.Project) })];
        }
    }

    private static ReportRow Row(HelpSum help) => new(null, null, null, null, null, help.Minutes, help.WithoutHours, help.Times);

    private static string? OrNone(string code) => code.Length == 0 ? null : code;

    /// <summary>Minutes, so that no spreadsheet mistakes them for times of day; only the columns that the report has.</summary>
    public static string ToCsv(ReportBy by, IReadOnlyList<ReportRow> rows)
    {
        (string Column, Func<ReportRow, object?> Value)[] first = by switch
        {
            ReportBy.Month => [("month", r => r.Month?.ToString("yyyy-MM", CultureInfo.InvariantCulture))],
            ReportBy.Category => [("category", r => r.Category)],
            ReportBy.Neighbourhood => [("neighbourhood", r => r.Neighbourhood)],
            _ => [("project", r => r.Project?.Value), ("name", r => Spreadsheets.Harmless(r.Name))],
        };
        (string Column, Func<ReportRow, object?> Value)[] last = by switch
        {
            ReportBy.Month => [("membersGave", r => r.MembersGave), ("membersReceived", r => r.MembersReceived), ("membersTookPart", r => r.MembersTookPart)],
            ReportBy.Neighbourhood => [("received", r => r.Received?.Value)],
            _ => [],
        };
        (string Column, Func<ReportRow, object?> Value)[] columns = [.. first, ("minutes", r => r.Minutes.Value), ("withoutHours", r => r.WithoutHours.Value), ("times", r => r.Times), .. last];
        var text = new StringBuilder();
        using (var csv = new CsvWriter(new StringWriter(text), CultureInfo.InvariantCulture))
        {
            foreach (var (column, _) in columns)
                csv.WriteField(column);
            csv.NextRecord();
            foreach (var row in rows)
            {
                foreach (var (_, value) in columns)
                    csv.WriteField(value(row));
                csv.NextRecord();
            }
        }
        return text.ToString();
    }
}
