using TimeBank.Banks;

namespace TimeBank.Store;

/// <summary>A bank on this server: what waits to be decided, and where its journal stood when last seen.</summary>
/// <remarks>No thread and no connection of its own: a writer takes it when something waits, one writer at a time.
/// Everything but the queue is the writer's, who has it at the moment.</remarks>
public sealed class BankQueue(BankId id)
{
    private readonly Lock _lock = new();
    private Queue<LedgerCommand>? _waiting;
    private int _weight;
    private bool _scheduled;
    private bool _retired;

    public BankId Id { get; } = id;

    /// <summary>Null until it was read, and for a bank that is not there.</summary>
    public Bank? Bank { get; set; }

    /// <summary>The last batch known here; −1 before the journal was read.</summary>
    public long Number { get; set; } = -1;
    public byte[] Hash { get; set; } = HashChain.Start;
    public DateTimeOffset Posted { get; set; }

    /// <summary>Accounts remembered under another epoch are forgotten.</summary>
    public int Epoch { get; private set; }

    /// <summary>Claims lost one after the other to another server.</summary>
    public int LostInARow { get; set; }

    /// <summary>So many more batches take the bank's lock before they read.</summary>
    public int LockedBatches { get; set; }

    /// <summary>So many more batches ask the journal first where it stands and which keys were used: another server is at work, or callers repeat themselves.</summary>
    public int CarefulBatches { get; set; }

    public bool MayTrustMemory => CarefulBatches == 0 && Bank is not null && Number > 0;

    /// <summary>Why the bank stands still on this server, if it does: it holds events that this program cannot read.</summary>
    public string? Stopped { get; set; }

    public long LastUsed { get; private set; }

    public void ForgetAll()
    {
        Epoch++;
        Bank = null;
        Number = -1;
    }

    /// <summary><paramref name="schedule"/> is set if a writer must be told.</summary>
    public Enqueued TryEnqueue(LedgerCommand command, int most, out bool schedule)
    {
        lock (_lock)
        {
            schedule = false;
            if (_retired)
                return Enqueued.Retired;
            _waiting ??= new();
            // One is always taken, however heavy.
            if (_waiting.Count > 0 && _weight + command.Weight > most)
                return Enqueued.Full;
            _waiting.Enqueue(command);
            _weight += command.Weight;
            LastUsed = Environment.TickCount64;
            schedule = !_scheduled;
            _scheduled = true;
            return Enqueued.Yes;
        }
    }

    /// <summary>The next ones, as many as weigh no more together; one at least, if one waits.</summary>
    public List<LedgerCommand> Take(int most)
    {
        lock (_lock)
        {
            var taken = new List<LedgerCommand>(Math.Min(most, _waiting!.Count));
            var weight = 0;
            while (_waiting.TryPeek(out var next) && (taken.Count == 0 || weight + next.Weight <= most))
            {
                taken.Add(_waiting.Dequeue());
                weight += next.Weight;
            }
            _weight -= weight;
            return taken;
        }
    }

    /// <summary>The writer is done with it; true if more waits already and it must be scheduled again.</summary>
    public bool Finish()
    {
        lock (_lock)
        {
            _scheduled = _waiting!.Count > 0;
            if (!_scheduled && _waiting.Capacity > 64)
                _waiting = null;
            return _scheduled;
        }
    }

    /// <summary>Takes no more commands, if none waits: the server forgets the bank until it is asked for again.</summary>
    public bool TryRetire()
    {
        lock (_lock)
            return _retired = !_scheduled;
    }
}

/// <summary>Whether a queue took a command.</summary>
public enum Enqueued { Yes, Full, Retired }
