using System.Collections.Concurrent;

namespace TimeBank.Store;

/// <summary>Banks in which this server has written since somebody last asked. It saves looking at ten thousand journals in which nothing happened;
/// what a server that died wrote is found by looking at all of them now and then.</summary>
public sealed class FreshBanks
{
    private readonly ConcurrentDictionary<BankId, bool> _written = new();

    /// <summary>Costs the writer nothing that it would notice.</summary>
    public void Add(BankId bank) => _written.TryAdd(bank, true);

    /// <summary>All of them; they are fresh no more.</summary>
    public IReadOnlyList<BankId> Take() => [.. _written.Keys.Where(b => _written.TryRemove(b, out _))];
}
