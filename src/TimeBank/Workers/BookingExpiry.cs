using TimeBank.Projections;
using TimeBank.Redemptions;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Every few seconds, writes down the bookings whose minutes nobody took in time. Nothing depends on its being on time: their holds are dead by themselves.</summary>
public sealed class BookingExpiry(ThingQueries things, BookingCommands commands, TimeProvider clock, ILogger<BookingExpiry> log) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);
    private const int MostAtOnce = 1_000;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                var due = await things.DueAsync<Booking>(clock.GetUtcNow(), MostAtOnce, stopping);
                await Task.WhenAll(due.Select(b => commands.ExpireAsync(b.Bank, b.Thing)));
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("Expired bookings wait: {Why}", e.Message);
            }
        }
    }
}
