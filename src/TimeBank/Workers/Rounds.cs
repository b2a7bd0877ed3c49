using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>A worker's rounds: one every so often, by the server's clock. While the store does not answer, what is due waits for a later one.</summary>
public abstract class Rounds(TimeSpan every, TimeProvider clock, ILogger log) : BackgroundService
{
    protected abstract Task RoundAsync(DateTimeOffset now, CancellationToken stopping);

    protected sealed override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await RoundAsync(clock.GetUtcNow(), stopping);
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("{Worker}: what is due waits: {Why}", GetType().Name, e.Message);
            }
        }
    }
}
