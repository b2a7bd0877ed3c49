using TimeBank.Banks;
using TimeBank.Projections;
using TimeBank.Redemptions;
using TimeBank.Store;
using TimeBank.Web;
using TimeBank.WorkSessions;

namespace TimeBank.Arrangements;

/// <summary>What is on at a date, and for whom.</summary>
/// <param name="Kind">arrangement, booking or work_session.</param>
/// <param name="At">By the bank's clock; null: no time was said.</param>
/// <param name="Accounts">Whom it concerns, as far as the reader may know.</param>
public sealed record DiaryLine(string Kind, ThingId Id, DateOnly Date, DateTimeOffset? At, IReadOnlyList<AccountId> Accounts, string? Memo, string? Place);

/// <summary>The route of the diary.</summary>
public static class DiaryApi
{
    public static void Map(RouteGroupBuilder bank) => bank.MapGet("/diary", Show).Gives<Page<DiaryLine>>().Paged()
        .Describe("What is on", "Agreed arrangements, bookings and planned sessions of a date, tomorrow if none is said: of an account, or of all to who reads everything.");

    private static async Task Show(
        string bank, string? account, string? date, HttpContext http, BankQueries banks, AccountQueries accounts, ArrangementQueries arrangements, TimeProvider clock)
    {
        var query = new Query(http);
        var (whose, on) = (query.Id("account"), query.Date("date"));
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank) || await Sight.RefusedList(http, new BankId(bank), "account", whose, accounts))
            return;
        var zone = (await banks.FindAsync(new BankId(bank), http.RequestAborted))!.Policy.TimeZone;
        var at = BankCalendar.Of(zone);
        var of = whose is { } one ? new AccountId(one) : (AccountId?)null;
        var rows = await arrangements.OnAsync(new BankId(bank), on ?? BankCalendar.Date(zone, clock.GetUtcNow()).AddDays(1), of, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), r => LineOf(r, of, at)));
    }

    private static DiaryLine LineOf(ThingRow<Thing> row, AccountId? of, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        var thing = of is { } reader ? row.Thing.For(reader) : row.Thing;
        var (date, moment) = thing switch
        {
            Arrangement { Meeting: { } m } => (m.Date, m.At is { } time ? at(m.Date, time) : (DateTimeOffset?)null),
            WorkSession s => (s.Plan.Date, s.Plan.From),
            Booking b => (b.Date, null),
            _ => throw new InvalidOperationException($"{thing.GetType().Name} has no date."),
        };
        return new DiaryLine(ThingsTable.KindOf(thing), thing.Id, date, moment, [.. thing.Parties], row.Text?.Memo, row.Text?.Place);
    }
}
