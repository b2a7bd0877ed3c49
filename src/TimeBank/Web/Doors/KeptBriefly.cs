using System.Collections.Concurrent;

namespace TimeBank.Web;

/// <summary>Remembers what was read, for a few seconds at most, so that what another server changes counts here soon;
/// what this server changes is forgotten at once.</summary>
/// <param name="most">So many are remembered; one more, and those that are too old go first, then all.</param>
public sealed class KeptBriefly<TKey, TValue>(TimeSpan longest, int most, TimeProvider clock) where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Kept> _kept = new();

    /// <summary>Many who ask at once wait for one reading. A reading that fails is forgotten.</summary>
    public ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<TValue>> read)
    {
        if (_kept.TryGetValue(key, out var kept) && clock.GetElapsedTime(kept.Since) < longest)
            return kept.Value.Value is { IsCompletedSuccessfully: true } there ? new(there.Result) : new(ReadAsync(key, kept));
        if (_kept.Count >= most)
            MakeRoom();
        // Dated before it is read: what is changed meanwhile is not missed for longer than that.
        var mine = new Kept(clock.GetTimestamp(), new Lazy<Task<TValue>>(() => read(key)));
        var taken = kept is null ? _kept.GetOrAdd(key, mine) : _kept.TryUpdate(key, mine, kept) ? mine : _kept.GetOrAdd(key, mine);
        return new(ReadAsync(key, taken));
    }

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
            return await kept.Value.Value;
        }
        catch
        {
            _kept.TryRemove(KeyValuePair.Create(key, kept));
            throw;
        }
    }

    private void MakeRoom()
    {
        foreach (var (key, kept) in _kept)
        {
            if (clock.GetElapsedTime(kept.Since) >= longest)
                _kept.TryRemove(KeyValuePair.Create(key, kept));
        }
        if (_kept.Count >= most)
            _kept.Clear();
    }

    private sealed record Kept(long Since, Lazy<Task<TValue>> Value);
}
