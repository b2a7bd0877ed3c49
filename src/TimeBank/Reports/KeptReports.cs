using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Reports;

/// <summary>All that a page of a report shows.</summary>
public sealed record ReportFigures(
    Counted Counted, List<MonthSum> Months, List<(string Category, HelpSum Help)> Categories, List<AreaSum> Areas, List<(AccountId Project, HelpSum Help)> Projects,
    List<FlowSum> Flows, Dictionary<AccountId, string> Names);

/// <summary>Figures for pages: read at most every five seconds for the same months, however many look. The sums themselves follow the journal, and say how far.</summary>
public sealed class KeptReports(ReportQueries queries, AccountQueries accounts, TimeProvider clock)
{
    private const int MostSpans = 1_000;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly KeptBriefly<(BankId Bank, MonthSpan Span), ReportFigures> _kept = new(s_longest, MostSpans, clock);

    /// <summary>Not given up by who leaves: others wait for them, too.</summary>
    public ValueTask<ReportFigures> OfAsync(BankId bank, MonthSpan span) => _kept.GetAsync((bank, span), ReadAsync);

    private async Task<ReportFigures> ReadAsync((BankId Bank, MonthSpan Span) of)
    {
        var (bank, first, last, cancel) = (of.Bank, of.Span.First, of.Span.Last, CancellationToken.None);
        // How far they go is read first: what is added up meanwhile is in them, and is not claimed.
        var counted = await queries.CountedAsync(bank, cancel);
        var projects = await queries.ProjectsAsync(bank, first, last, cancel);
        return new ReportFigures(
            counted, await queries.MonthsAsync(bank, first, last, cancel), await queries.CategoriesAsync(bank, first, last, cancel),
            await queries.NeighbourhoodsAsync(bank, first, last, cancel), projects,
            [.. (await queries.FlowsAsync(bank, first, last, cancel)).Where(f => f.Minutes.Value > 0).OrderByDescending(f => f.Minutes.Value)],
            await accounts.NamesAsync(bank, [.. projects.Select(p => p.Project)], cancel));
    }
}
