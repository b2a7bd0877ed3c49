using System.Diagnostics.CodeAnalysis;

namespace TimeBank.Store;

/// <summary>Banks that have something waiting and no writer yet, in the order in which they came.</summary>
/// <remarks>A writer that finds none sleeps at once. The library's blocking collection spins before it sleeps, after every batch,
/// on cores that PostgreSQL needs for the next one.</remarks>
internal sealed class ReadyBanks
{
    private readonly object _lock = new();
    private readonly Queue<BankQueue> _banks = new();
    private bool _closed;

    /// <summary>False once the server stops.</summary>
    public bool TryAdd(BankQueue bank)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            _banks.Enqueue(bank);
            Monitor.Pulse(_lock);
            return true;
        }
    }

    public bool TryTake([NotNullWhen(true)] out BankQueue? bank)
    {
        lock (_lock)
            return _banks.TryDequeue(out bank);
    }

    /// <summary>Waits for the next one; false when the server stops and none is left.</summary>
    public bool WaitAndTake([NotNullWhen(true)] out BankQueue? bank)
    {
        lock (_lock)
        {
            while (!_banks.TryDequeue(out bank))
            {
                if (_closed)
                    return false;
                Monitor.Wait(_lock);
            }
            return true;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _banks.Count == 0;
        }
    }

    /// <summary>Takes no more; what it has is still given out.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }
}
