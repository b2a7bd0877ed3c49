using System.Collections.Concurrent;

namespace TimeBank.Web;

/// <summary>Remembers what was read, for a few seconds at most, so that what another server changes counts here soon;
/// what this server changes is forgotten at once.</summary>
/// <param name="most">So many are remembered; then those that are too old go, and what finds no room is read each time: a flood drives nobody out.</param>
/// <param name="keeps">What is worth being remembered; left out: everything.</param>
public sealed class KeptBriefly<TKey, TValue>(TimeSpan longest, int most, TimeProvider clock, Func<TValue, bool>? keeps = null) where TKey : notnull
{
    private static readonly TimeSpan s_betweenSweeps = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TKey, Kept> _kept = new();
    private readonly Lock _sweeping = new();
    private long? _swept;

    /// <summary>Many who ask at once wait for one reading. A reading that fails is forgotten.</summary>
    public ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<TValue>> read)
    {
        if (_kept.TryGetValue(key, out var kept) && clock.GetElapsedTime(kept.Since) < longest)
            return kept.Value.Value is { IsCompletedSuccessfully: true } there ? new(there.Result) : new(ReadAsync(key, kept));
        if (kept is null && _kept.Count >= most && !MakeRoom())
            return new(read(key));
        // Dated before it is read: what is changed meanwhile is not missed for longer than that.
        var mine = new Kept(clock.GetTimestamp(), new Lazy<Task<TValue>>(() => read(key)), kept?.IsKnown ?? false);
        var taken = kept is null ? _kept.GetOrAdd(key, mine) : _kept.TryUpdate(key, mine, kept) ? mine : _kept.GetOrAdd(key, mine);
        return new(ReadAsync(key, taken));
    }

    /// <summary>Whether something worth being remembered was read of it before, too old by now or not.</summary>
    public bool Knows(TKey key) => _kept.TryGetValue(key, out var kept) && kept.IsKnown;

    /// <summary>Forgets what was read longer ago than that.</summary>
    public void ForgetOlder(TKey key, TimeSpan age)
    {
        if (_kept.TryGetValue(key, out var kept) && clock.GetElapsedTime(kept.Since) >= age)
            _kept.TryRemove(KeyValuePair.Create(key, kept));
    }

    public void Forget(TKey key) => _kept.TryRemove(key, out _);

    private async Task<TValue> ReadAsync(TKey key, Kept kept)
    {
        try
        {
            var value = await kept.Value.Value;
            if (keeps?.Invoke(value) == false)
                _kept.TryRemove(KeyValuePair.Create(key, kept));
            else
                kept.IsKnown = true;
            return value;
        }
        catch
        {
            _kept.TryRemove(KeyValuePair.Create(key, kept));
            throw;
        }
    }

    /// <summary>False if all that is there is still good. Looked for once a second, however many ask.</summary>
    private bool MakeRoom()
    {
        lock (_sweeping)
        {
            if (_swept is { } last && clock.GetElapsedTime(last) < s_betweenSweeps)
                return _kept.Count < most;
            _swept = clock.GetTimestamp();
            foreach (var (key, kept) in _kept)
            {
                if (clock.GetElapsedTime(kept.Since) >= longest)
                    _kept.TryRemove(KeyValuePair.Create(key, kept));
            }
            return _kept.Count < most;
        }
    }

    /// <param name="isKnown">Whether it was before it was read again.</param>
    private sealed class Kept(long since, Lazy<Task<TValue>> value, bool isKnown)
    {
        public long Since => since;
        public Lazy<Task<TValue>> Value => value;
        public bool IsKnown { get; set; } = isKnown;
    }
}
