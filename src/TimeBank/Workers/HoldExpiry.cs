using TimeBank.Holds;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Every few seconds, writes down the holds that have expired. Nothing depends on its being on time: a hold is dead from its last moment on.</summary>
public sealed class HoldExpiry(HoldQueries holds, HoldCommands commands, TimeProvider clock, ILogger<HoldExpiry> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private const int MostAtOnce = 1_000;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                var due = await holds.DueAsync(clock.GetUtcNow(), MostAtOnce, stopping);
                await Task.WhenAll(due.Select(d => commands.ExpireAsync(d.Bank, d.Hold)));
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("Expired holds wait: {Why}", e.Message);
            }
        }
    }
}
