using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.RateLimiting;

namespace TimeBank.Web;

/// <summary>So many requests in a window of time for each client. A client's window begins with its first request after the last one ended.</summary>
/// <remarks>Counts are kept while their window lasts, and only so many: who comes then shares a count with others, so that a flood of
/// addresses costs no memory.</remarks>
public sealed class Quota
{
    private const int SharedCounts = 256;

    private readonly ConcurrentDictionary<UInt128, Count> _counts = new();
    private readonly Count?[] _shared = new Count?[SharedCounts];
    private readonly FixedWindowRateLimiterOptions _options;
    private readonly long _length;
    private readonly int _mostClients;
    private long _swept = Stopwatch.GetTimestamp();
    private int _clients;

    /// <param name="name">As the header fields call it.</param>
    /// <param name="most">Requests in a window.</param>
    public Quota(string name, int most, TimeSpan window, int mostClients = 50_000)
    {
        (Name, _mostClients) = (name, mostClients);
        Policy = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={most};w={Math.Ceiling(window.TotalSeconds)}");
        _length = (long)(window.TotalSeconds * Stopwatch.Frequency);
        // The library's window is a little shorter than ours, so that it begins anew whenever ours does, whatever two looks at the clock differ by.
        _options = new FixedWindowRateLimiterOptions { PermitLimit = most, Window = window * 0.99, QueueLimit = 0, AutoReplenishment = false };
    }

    public string Name { get; }

    /// <summary>As <c>RateLimit-Policy</c> says it.</summary>
    public string Policy { get; }

    /// <summary>Clients whose counts are kept.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Takes one request of a client's, if one is left.</summary>
    public Allowance Take(UInt128 client) => (_counts.TryGetValue(client, out var count) ? count : New(client)).Take();

    private Count New(UInt128 client)
    {
        var now = Stopwatch.GetTimestamp();
        var swept = Volatile.Read(ref _swept);
        if (now - swept >= (Clients < _mostClients ? _length : Stopwatch.Frequency) && Interlocked.CompareExchange(ref _swept, now, swept) == swept)
            ForgetEnded(now);
        if (Clients >= _mostClients)
        {
            ref var shared = ref _shared[unchecked((uint)client.GetHashCode()) % SharedCounts];
            return LazyInitializer.EnsureInitialized(ref shared, () => new Count(this));
        }
        var mine = new Count(this);
        var kept = _counts.GetOrAdd(client, mine);
        if (ReferenceEquals(kept, mine))
            Interlocked.Increment(ref _clients);
        return kept;
    }

    private void ForgetEnded(long now)
    {
        foreach (var (client, count) in _counts)
        {
            if (count.HasEnded(now) && _counts.TryRemove(KeyValuePair.Create(client, count)))
                Interlocked.Decrement(ref _clients);
        }
    }

    /// <summary>One client's window.</summary>
    private sealed class Count(Quota quota)
    {
        private readonly Lock _lock = new();

        private readonly FixedWindowRateLimiter _limiter = new(quota._options);
        private long _began = Stopwatch.GetTimestamp();

        public bool HasEnded(long now) => now - Volatile.Read(ref _began) >= quota._length;

        public Allowance Take()
        {
            lock (_lock)
            {
                var now = Stopwatch.GetTimestamp();
                if (HasEnded(now))
                {
                    _limiter.TryReplenish();
                    Volatile.Write(ref _began, now);
                }
                using var lease = _limiter.AttemptAcquire();
                var left = lease.IsAcquired ? _limiter.GetStatistics()!.CurrentAvailablePermits : 0;
                var rest = _began + quota._length - now;
                return new Allowance(quota, lease.IsAcquired, left, (rest + Stopwatch.Frequency - 1) / Stopwatch.Frequency);
            }
        }
    }
}
