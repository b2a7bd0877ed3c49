using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TimeBank.Store;

/// <summary>How much the journal takes at a time.</summary>
public sealed record JournalLimits
{
    /// <summary>Transfers asked for in one bank that may wait; one more is answered 503. A command that asks for none counts as one.</summary>
    public int MostWaiting { get; init; } = 10_000;

    /// <summary>Transfers asked for in one transaction, unless one command alone asks for more.</summary>
    public int MostInBatch { get; init; } = 512;

    /// <summary>Banks in one transaction.</summary>
    public int MostBanks { get; init; } = 128;

    /// <summary>Writer connections, and as many transactions at a time.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>Banks remembered while nothing of theirs waits.</summary>
    public int MostIdleBanks { get; init; } = 20_000;

    /// <summary>Accounts remembered, over all banks.</summary>
    public int MostAccounts { get; init; } = 400_000;

    /// <summary>Things remembered, and as many holds, over all banks.</summary>
    public int MostThings { get; init; } = 60_000;
}

/// <summary>The door to the ledger: one queue a bank, one writer at a time, one order in which everything was committed.</summary>
public sealed class Journal : IDisposable
{
    private readonly JournalLimits _limits;
    private readonly ConcurrentDictionary<BankId, BankQueue> _banks = new();
    private readonly ReadyBanks _ready = new();
    private readonly Thread[] _writers;

    public Journal(Database database, TimeProvider clock, JournalLimits limits, ILogger<Journal> log)
    {
        _limits = limits;
        var cache = new StateCache(limits.MostAccounts, limits.MostThings);
        // Threads of their own, and blocking calls: a writer's next step must not queue behind the requests that wait for it.
        _writers = [.. Enumerable.Range(1, limits.Writers).Select(n => new Thread(
            () => Run(new JournalWriter(database, new LedgerLoader(cache, clock), cache, Fresh, log))) { Name = $"journal writer {n}", IsBackground = true })];
        foreach (var writer in _writers)
            writer.Start();
    }

    /// <summary>Queues a command; the answer comes when its batch is committed.</summary>
    public Task<Outcome> SubmitAsync(LedgerCommand command)
    {
        // A name that no bank can have is not looked for: it may be nothing that the store can even compare.
        if (!BankId.IsValid(command.Bank.Value))
            return Task.FromResult(command.Decide(new Draft(new Ledger(command.Bank, null, default, default), default, command.Authority)));
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
                    if (schedule && !_ready.TryAdd(queue))
                        Refuse(queue);
                    return command.Answered;
            }
        }
    }

    /// <summary>Banks in which something was written, for those who follow the journal.</summary>
    public FreshBanks Fresh { get; } = new();

    /// <summary>Banks that stand still on this server, and why.</summary>
    public IEnumerable<(BankId Bank, string Why)> Stopped =>
        _banks.Values.Where(q => q.Stopped is not null).Select(q => (q.Id, q.Stopped!));

    /// <summary>Finishes what waits, then stops.</summary>
    public void Dispose()
    {
        _ready.Close();
        foreach (var writer in _writers)
            writer.Join();
    }

    private void Run(JournalWriter writer)
    {
        using (writer)
        {
            while (_ready.WaitAndTake(out var taken))
            {
                for (BankQueue? first = taken; first is not null;)
                {
                    var batches = Take(first);
                    writer.Write(batches);
                    first = null;
                    foreach (var batch in batches)
                    {
                        // A single busy bank stays with its writer, whose connection and caches are warm. While the server stops,
                        // nothing new is scheduled: what is queued is written here.
                        if (!batch.Queue.Finish())
                            continue;
                        if (first is null && _ready.IsEmpty)
                            first = batch.Queue;
                        else if (!_ready.TryAdd(batch.Queue))
                            WriteOut(writer, batch.Queue);
                    }
                    ForgetIdleBanks();
                }
            }
        }
    }

    private void WriteOut(JournalWriter writer, BankQueue queue)
    {
        do
            writer.Write([new Batch(queue, queue.Take(_limits.MostInBatch))]);
        while (queue.Finish());
    }

    /// <summary>The server stops and no writer takes the queue any more: whoever got into it is told.</summary>
    private static void Refuse(BankQueue queue)
    {
        do
            new Batch(queue, queue.Take(int.MaxValue)).Fail(JournalFailure.StoreUnavailable, "The server is stopping.");
        while (queue.Finish());
    }

    private List<Batch> Take(BankQueue first)
    {
        var batches = new List<Batch>();
        var weight = 0;
        for (BankQueue? queue = first; ;)
        {
            var batch = new Batch(queue, queue.Take(_limits.MostInBatch - weight));
            weight += batch.Commands.Sum(c => c.Weight);
            batches.Add(batch);
            if (batches.Count >= _limits.MostBanks || weight >= _limits.MostInBatch || !_ready.TryTake(out queue))
                return batches;
        }
    }

    private void ForgetIdleBanks()
    {
        if (_banks.Count <= _limits.MostIdleBanks)
            return;
        foreach (var queue in _banks.Values.OrderBy(q => q.LastUsed).Take(_banks.Count - _limits.MostIdleBanks / 2))
        {
            if (queue.Stopped is null && queue.TryRetire())
                _banks.TryRemove(KeyValuePair.Create(queue.Id, queue));
        }
    }
}
