using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.PaymentRequests;
using TimeBank.Projections;
using TimeBank.Redemptions;
using TimeBank.Schedules;
using TimeBank.Store;
using TimeBank.WorkSessions;

namespace TimeBank.Workers;

/// <summary>Moves on what time moves on: contributions that nobody questioned or that wait for hours, schedules, requests that nobody paid, bookings
/// whose minutes nobody took, and arrangements, appointments and sessions of which people are reminded.</summary>
public sealed class DueThings(
    ThingQueries things, ContributionCommands contributions, PaymentRequestCommands requests, ScheduleCommands schedules, BookingCommands bookings, ArrangementCommands arrangements, WorkSessionCommands sessions,
    TimeProvider clock, ILogger<DueThings> log)
    : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    private const int MostAtOnce = 1_000;

    /// <summary>Of contributions that wait there may be many: each round goes on where the last one ended.</summary>
    private (BankId Bank, ThingId Thing)? _seen;

    protected override async Task RoundAsync(DateTimeOffset now, CancellationToken stopping)
    {
        foreach (var (bank, thing) in await things.DueAsync<Schedule>(now, MostAtOnce, stopping))
            await schedules.MoveOnAsync(bank, thing, now);
        var tomorrow = await things.DueAsync<Arrangement>(now, MostAtOnce, stopping);
        var unpaid = await things.DueAsync<PaymentRequest>(now, MostAtOnce, stopping);
        var meeting = await things.DueAsync<WorkSession>(now, MostAtOnce, stopping);
        var booked = await things.DueAsync<Booking>(now, MostAtOnce, stopping);
        var unquestioned = await things.DueAsync<Contribution>(now, MostAtOnce, stopping);
        var waiting = await things.AtStageAsync<Contribution>(ContributionStage.Waiting.Word(), _seen, MostAtOnce, stopping);
        _seen = waiting.Count < MostAtOnce ? null : waiting[^1];
        await Task.WhenAll(
        [
            .. unpaid.Select(r => requests.MoveOnAsync(r.Bank, r.Thing)),
            .. tomorrow.Select(a => arrangements.RemindAsync(a.Bank, a.Thing)),
            .. meeting.Select(s => sessions.RemindAsync(s.Bank, s.Thing)),
            .. booked.Select(b => bookings.MoveOnAsync(b.Bank, b.Thing)),
            .. unquestioned.Concat(waiting).Select(c => contributions.MoveOnAsync(c.Bank, c.Thing)),
        ]);
    }
}
