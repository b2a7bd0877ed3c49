using System.Collections.Concurrent;
using Npgsql;
using TimeBank.Banks;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Queries over banks.</summary>
public sealed class BankQueries(Database database)
{
    // A bank is never deleted, so that one that was there is there.
    private readonly ConcurrentDictionary<string, bool> _there = new();

    public async ValueTask<bool> ExistsAsync(BankId bank, CancellationToken cancel) =>
        _there.ContainsKey(bank.Value) || await FindAsync(bank, cancel) is not null;

    public async Task<Bank?> FindAsync(BankId bank, CancellationToken cancel)
    {
        if (!BankId.IsValid(bank.Value))
            return null;
        var found = await Rows.ReadAsync(database, bank, BanksTable.Load([bank.Value]), row => BanksTable.Read(row, 0), cancel);
        if (found.Count == 1 && _there.Count < 100_000)
            _there[bank.Value] = true;
        return found.SingleOrDefault();
    }

    /// <param name="among">Only these; null: all.</param>
    public Task<List<Bank>> ListAsync(string[]? among, string? after, int limit, CancellationToken cancel) => Rows.ReadAsync(
        database, BankScope.All,
        BanksTable.List().Value(after ?? "").Value((long)limit).Value(among, NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text),
        row => BanksTable.Read(row, 0), cancel);
}
