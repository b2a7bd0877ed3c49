using System.Collections.Concurrent;
using TimeBank.Projections;

namespace TimeBank.Access;

/// <summary>When each key was last let in: counted in memory, written down once a minute.</summary>
public sealed class KeyUses(KeyUseQueries stored, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(BankId, RightId), DateTimeOffset> _used = new();

    public void Note(BankId bank, RightId key) => _used[(bank, key)] = clock.GetUtcNow();

    /// <summary>For those of the keys that were ever used.</summary>
    public async Task<IReadOnlyDictionary<RightId, DateTimeOffset>> LastAsync(BankId bank, IReadOnlyList<RightId> keys, CancellationToken cancel)
    {
        var last = await stored.LastAsync(bank, keys, cancel);
        foreach (var key in keys)
        {
            if (_used.TryGetValue((bank, key), out var here) && !(last.GetValueOrDefault(key) > here))
                last[key] = here;
        }
        return last;
    }

    /// <summary>Writes down what was counted since. What cannot be written is counted again.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        var uses = _used.ToArray();
        if (uses.Length == 0)
            return;
        await stored.WriteAsync([.. uses.Select(u => (u.Key.Item1, u.Key.Item2, u.Value))], cancel);
        foreach (var use in uses)
            _used.TryRemove(use);
    }
}
