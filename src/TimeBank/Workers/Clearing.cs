using TimeBank.Access;
using TimeBank.Notices;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Workers;

/// <summary>When the server starts, and then once an hour, removes what is kept for a time only: results of bulk requests, letters that nobody took,
/// invitations past their time, old notices.</summary>
public sealed class Clearing(BulkFolder bulk, Mail mail, NoticeCommands notices, IServiceScopeFactory scopes, TimeProvider clock, ILogger<Clearing> log) : BackgroundService
{
    private static readonly TimeSpan s_between = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_between, clock);
        do
        {
            await TryAsync("Results of bulk requests", () => Task.Run(bulk.RemoveOld, stopping));
            await TryAsync("Letters", () => Task.Run(mail.RemoveOldLetters, stopping));
            await TryAsync("Invitations", () => RemoveInvitationsAsync(stopping));
            await TryAsync("Notices", () => notices.RemoveOldAsync(stopping));
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task RemoveInvitationsAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Invitations>().RemoveExpiredAsync(stopping);
    }

    private async Task TryAsync(string what, Func<Task> remove)
    {
        try
        {
            await remove();
        }
        catch (Exception e) when (StoreFaults.IsUnavailable(e) || e is UnauthorizedAccessException)
        {
            log.LogWarning("{What} past their time stay until the next hour: {Why}", what, e.Message);
        }
    }
}
