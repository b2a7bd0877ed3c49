using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Once a minute, and at the end, writes down when keys were last used.</summary>
public sealed class KeyUseWriting(KeyUses uses, TimeProvider clock, ILogger<KeyUseWriting> log) : BackgroundService
{
    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_between, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                await WriteAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await uses.WriteAsync(CancellationToken.None);
        }
        catch (Exception e) when (StoreFaults.IsUnavailable(e))
        {
            log.LogWarning("When keys were used could not be written: {Why}", e.Message);
        }
    }
}
