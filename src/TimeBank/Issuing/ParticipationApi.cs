using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Issuing;

/// <summary>Who took part in a month, counted; no balances, and nothing of anybody.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Gave">Members who helped.</param>
/// <param name="Received">Members who were helped, or used a service.</param>
/// <param name="Contributions">How often somebody helped, also for no hours.</param>
/// <param name="Minutes">How long they helped, less what was taken back since.</param>
public sealed record ParticipationView(DateOnly Month, long Gave, long Received, long Contributions, Minutes Minutes);

/// <summary>The report of participation.</summary>
/// <param name="CountedThrough">What was posted up to then is counted; null: nothing is counted yet.</param>
/// <param name="IsAll">Whether nothing was posted since: what is posted now is counted some seconds later.</param>
public sealed record ParticipationReport(DateOnly From, DateOnly To, IReadOnlyList<ParticipationView> Months, DateTimeOffset? CountedThrough, bool IsAll);

/// <summary>The route of the report of participation.</summary>
public static class ParticipationApi
{
    public static void Map(RouteGroupBuilder bank) =>
        bank.MapGet("/participation", Show).Gives<ParticipationReport>()
            .Describe("Report participation", "By month: how many members gave and how many received, how often and how long, by the date on which the help was given. Sums only, and no balances. Up to 36 months; a month without help has zeros.");

    private static async Task Show(string bank, string? from, string? to, HttpContext http, BankQueries banks, ReportQueries reports, TimeProvider clock)
    {
        var query = new Query(http);
        var (first, last, _) = query.Months(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var id = new BankId(bank);
        var counted = await reports.CountedAsync(id, http.RequestAborted);
        var months = (await reports.MonthsAsync(id, first, last, http.RequestAborted)).ConvertAll(
            m => new ParticipationView(m.Month, m.Gave, m.Received, m.Help.Times - m.OfProviders.Times, m.Help.Minutes - m.OfProviders.Minutes));
        await Answers.Write(http, new ParticipationReport(first, last, months, counted.Through, counted.IsAll));
    }
}
