using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace TimeBank.Store;

/// <summary>How much the journal takes at a time.</summary>
public sealed record JournalLimits
{
    /// <summary>Commands of one bank that may wait; one more is answered 503.</summary>
    public int MostWaiting { get; init; } = 10_000;

    /// <summary>Commands in one transaction.</summary>
    public int MostInBatch { get; init; } = 512;

    /// <summary>Banks in one transaction.</summary>
    public int MostBanks { get; init; } = 128;

    /// <summary>Writer connections, and as many transactions at a time.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>Banks remembered while nothing of theirs waits.</summary>
    public int MostIdleBanks { get; init; } = 20_000;

    /// <summary>Accounts remembered, over all banks.</summary>
    public int MostAccounts { get; init; } = 400_000;
}

/// <summary>The door to the ledger: one queue a bank, one writer at a time, one order in which everything was committed.</summary>
public sealed class Journal : IAsyncDisposable
{
    private readonly JournalLimits _limits;
    private readonly ConcurrentDictionary<BankId, BankQueue> _banks = new();
    private readonly Channel<BankQueue> _ready = Channel.CreateUnbounded<BankQueue>();
    private readonly Task[] _writers;

    public Journal(Database database, TimeProvider clock, JournalLimits limits, ILogger<Journal> log)
    {
        _limits = limits;
        var cache = new StateCache(limits.MostAccounts);
        _writers = [.. Enumerable.Range(0, limits.Writers).Select(_ =>
            Task.Run(() => RunAsync(new JournalWriter(database, new LedgerLoader(cache, clock), cache, log))))];
    }

    /// <summary>Queues a command; the answer comes when its batch is committed.</summary>
    public Task<Outcome> SubmitAsync(Command command)
    {
        while (true)
        {
            var queue = _banks.GetOrAdd(command.Bank, id => new BankQueue(id));
            switch (queue.TryEnqueue(command, _limits.MostWaiting, out var schedule))
            {
                case Enqueued.Full:
                    return Task.FromResult(new Outcome(0, "The bank's queue is full.") { Failure = JournalFailure.Overloaded });
                case Enqueued.Retired:
                    _banks.TryRemove(KeyValuePair.Create(command.Bank, queue));
                    continue;
                default:
                    if (schedule && !_ready.Writer.TryWrite(queue))
                        return Task.FromResult(new Outcome(0, "The server is stopping.") { Failure = JournalFailure.StoreUnavailable });
                    return command.Answered;
            }
        }
    }

    /// <summary>Finishes what waits, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _ready.Writer.TryComplete();
        await Task.WhenAll(_writers);
    }

    private async Task RunAsync(JournalWriter writer)
    {
        await using (writer)
        {
            while (await _ready.Reader.WaitToReadAsync())
            {
                var batches = new List<Batch>();
                var commands = 0;
                while (batches.Count < _limits.MostBanks && commands < _limits.MostInBatch && _ready.Reader.TryRead(out var queue))
                {
                    var batch = new Batch(queue, queue.Take(_limits.MostInBatch - commands));
                    commands += batch.Commands.Count;
                    batches.Add(batch);
                }
                if (batches.Count == 0)
                    continue;
                await writer.WriteAsync(batches);
                foreach (var batch in batches)
                {
                    // While the server stops, the channel takes nothing new: what is queued is written here.
                    while (batch.Queue.Finish() && !_ready.Writer.TryWrite(batch.Queue))
                        await writer.WriteAsync([new Batch(batch.Queue, batch.Queue.Take(_limits.MostInBatch))]);
                }
                ForgetIdleBanks();
            }
        }
    }

    private void ForgetIdleBanks()
    {
        if (_banks.Count <= _limits.MostIdleBanks)
            return;
        foreach (var queue in _banks.Values.OrderBy(q => q.LastUsed).Take(_banks.Count - _limits.MostIdleBanks / 2))
        {
            if (queue.TryRetire())
                _banks.TryRemove(KeyValuePair.Create(queue.Id, queue));
        }
    }
}
