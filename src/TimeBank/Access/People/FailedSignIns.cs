using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>A sign-in that failed.</summary>
/// <param name="Locks">Whether it was one too many.</param>
public sealed record FailedSignIn(PersonId Person, Door Door, bool Locks);

/// <summary>Notes sign-ins that failed, after their answer: it must not take longer for a login that is there.</summary>
/// <remarks>A login that rests fails without a note, so that nobody can fill the audit trail from outside. Of logins that nobody has
/// only the number is told, in the log.</remarks>
public sealed class FailedSignIns(PersonNotes notes, TimeProvider clock, ILogger<FailedSignIns> log) : QueuedWork<FailedSignIn>(log)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);
    private long _unknown;

    public void CountUnknown() => Interlocked.Increment(ref _unknown);

    protected override async Task DoAsync(FailedSignIn work)
    {
        var by = new Actor(work.Door, null);
        await notes.NoteAsync(work.Person, Noted.SignInFailed, by);
        if (work.Locks)
            await notes.NoteAsync(work.Person, Noted.LockedOut, by);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(base.ExecuteAsync(stoppingToken), TellUnknownAsync(stoppingToken));

    private async Task TellUnknownAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        await using var last = stopping.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
            Tell();
        Tell();
    }

    private void Tell()
    {
        if (Interlocked.Exchange(ref _unknown, 0) is > 0 and var count)
            log.LogWarning("{Count} sign-ins failed with logins that nobody has.", count);
    }
}
