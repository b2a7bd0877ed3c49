namespace TimeBank.Store;

/// <summary>States under keys, of which those that were not used for long are forgotten.</summary>
/// <remarks>Two generations: what is used moves to the young one; when that is full it becomes the old one and the former old one is forgotten.</remarks>
internal sealed class Generations<TKey, TState>(int most) where TKey : notnull
{
    private readonly Lock _lock = new();
    private Dictionary<TKey, TState> _young = [];
    private Dictionary<TKey, TState> _old = [];

    public bool TryFind(TKey key, out TState? state)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out state))
                return true;
            if (!_old.Remove(key, out state))
                return false;
            Keep(key, state);
            return true;
        }
    }

    public void Put(TKey key, TState state)
    {
        lock (_lock)
            Keep(key, state);
    }

    public void Forget(TKey key)
    {
        lock (_lock)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    private void Keep(TKey key, TState state)
    {
        if (_young.Count >= most / 2 && !_young.ContainsKey(key))
        {
            _old = _young;
            _young = [];
        }
        _young[key] = state;
    }
}
