namespace TimeBank.Postings;

/// <summary>Counts the bulk requests of each caller that are under way: each holds memory, and may last for hours.</summary>
public sealed class BulkPlaces(BulkLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _taken = [];

    /// <summary>Null if the caller has as many as there may be.</summary>
    public IDisposable? TryTake(Guid caller)
    {
        lock (_lock)
        {
            var taken = _taken.GetValueOrDefault(caller);
            if (taken >= limits.AtOnce)
                return null;
            _taken[caller] = taken + 1;
            return new Place(this, caller);
        }
    }

    private void GiveBack(Guid caller)
    {
        lock (_lock)
        {
            if (--_taken[caller] == 0)
                _taken.Remove(caller);
        }
    }

    private sealed class Place(BulkPlaces places, Guid caller) : IDisposable
    {
        public void Dispose() => places.GiveBack(caller);
    }
}
