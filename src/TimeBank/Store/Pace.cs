using System.Diagnostics;

namespace TimeBank.Store;

/// <summary>Work for which nobody waits: each part of it is followed by so many times as long a rest, so that it takes no more than its share of the machine.</summary>
/// <remarks>It rests by the machine's time, whatever time it is in the ledger.</remarks>
public sealed class Pace(int restsForWork)
{
    public async Task<TResult> DoAsync<TResult>(Func<Task<TResult>> part, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        var result = await part();
        await Task.Delay(Stopwatch.GetElapsedTime(since) * restsForWork, cancel);
        return result;
    }
}
