using TimeBank.Notices;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Every few seconds, sends the letters that are due.</summary>
public sealed class NoticeMailSending(NoticeMailing mailing, TimeProvider clock, ILogger<NoticeMailSending> log) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await mailing.SendDueAsync(stopping);
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("Letters wait: {Why}", e.Message);
            }
        }
    }
}
