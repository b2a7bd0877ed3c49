using TimeBank.Banks;
using TimeBank.Projections;
using TimeBank.Redemptions;
using TimeBank.Store;
using TimeBank.Web;
using TimeBank.WorkSessions;

namespace TimeBank.Arrangements;

/// <summary>What is ahead of an account, as a file for calendars: help that was agreed, appointments, and sessions for which somebody signed up.</summary>
internal static class CalendarFile
{
    private const string Path = "/banks/{bank}/accounts/{id}/calendar.ics";

    /// <summary>The nearest.</summary>
    private const int Most = 200;

    public static void Map(WebApplication app) => app.MapGet(Path, Write).ExcludeFromDescription();

    private static async Task Write(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ArrangementQueries arrangements, TimeProvider clock)
    {
        var (of, account) = (new BankId(bank), new AccountId(Ids.OrUnknown(id)));
        if (!await Sight.SeesAsync(http, of, accounts, account) || await accounts.KindAsync(of, account, http.RequestAborted) is null)
        {
            await PageProblems.WriteAsync(http, StatusCodes.Status403Forbidden);
            return;
        }
        var zone = (await banks.FindAsync(of, http.RequestAborted))!.Policy.TimeZone;
        var rows = await arrangements.AheadAsync(of, account, BankCalendar.Date(zone, clock.GetUtcNow()), Most, http.RequestAborted);
        var names = await accounts.NamesAsync(of, [.. rows.Select(r => With(r.Thing, account)).Distinct()], http.RequestAborted);
        http.Response.ContentType = "text/calendar; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=calendar.ics";
        await http.Response.WriteAsync(Appointment.Write(rows.Select(r => Of(r, names.GetValueOrDefault(With(r.Thing, account)) ?? "TimeBank", BankCalendar.Of(zone))), clock.GetUtcNow()), http.RequestAborted);
    }

    /// <summary>Whose name it has.</summary>
    private static AccountId With(Thing thing, AccountId account) => thing switch
    {
        Arrangement a => a.OtherThan(account),
        WorkSession s => s.Plan.Project,
        Booking b => b.Provider == account ? b.Member : b.Provider,
        _ => account,
    };

    private static Appointment Of(ThingRow<Thing> row, string name, Func<DateOnly, TimeOnly, DateTimeOffset> at) => row.Thing switch
    {
        Arrangement { Meeting: { At: { } time } m } => new(row.Thing.Id.Value, m.Date, at(m.Date, time), at(m.Date, time).AddMinutes(m.About.Value), name, row.Text?.Place, row.Text?.Memo),
        Arrangement { Meeting: { } m } => new(row.Thing.Id.Value, m.Date, null, null, name, row.Text?.Place, row.Text?.Memo),
        WorkSession s => new(s.Id.Value, s.Plan.Date, s.Plan.From, s.Plan.Until, name, row.Text?.Place, row.Text?.Memo),
        Booking b => new(b.Id.Value, b.Date, null, null, name, row.Text?.Place, row.Text?.Memo),
        _ => throw new InvalidOperationException($"{row.Thing.GetType().Name} has no date."),
    };
}
