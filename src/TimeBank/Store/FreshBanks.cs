using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace TimeBank.Store;

/// <summary>Banks in which this server has written since somebody last asked. It saves looking at ten thousand journals in which nothing happened;
/// what a server that died wrote is found by looking at all of them now and then.</summary>
public sealed class FreshBanks
{
    private ImmutableArray<Reader> _readers = [];

    /// <summary>Costs the writer nothing that it would notice.</summary>
    public void Add(BankId bank)
    {
        foreach (var reader in _readers)
            reader.Add(bank);
    }

    /// <summary>Whoever follows asks for themselves: what one took is still fresh for the others. What was written before is not told.</summary>
    public Reader Read()
    {
        var reader = new Reader();
        ImmutableInterlocked.Update(ref _readers, readers => readers.Add(reader));
        return reader;
    }

    public sealed class Reader
    {
        private readonly ConcurrentDictionary<BankId, bool> _written = new();

        /// <summary>Whether nothing was written since.</summary>
        public bool IsQuiet => _written.IsEmpty;

        internal void Add(BankId bank) => _written.TryAdd(bank, true);

        /// <summary>All of them; they are fresh no more.</summary>
        public IReadOnlyList<BankId> Take() => [.. _written.Keys.Where(b => _written.TryRemove(b, out _))];
    }
}
