using Npgsql;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>When keys were last used. No rule depends on it.</summary>
public sealed class KeyUseQueries(Database database)
{
    public async Task<Dictionary<RightId, DateTimeOffset>> LastAsync(BankId bank, IReadOnlyList<RightId> keys, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("select id, last_used from timebank.key_uses where bank = $1 and id = any ($2)")
            .Value(bank.Value).Uuids([.. keys.Select(k => k.Value)]), row => (Id: new RightId(row.GetGuid(0)), Used: row.Instant(1)), cancel))
        .ToDictionary(u => u.Id, u => u.Used);

    public Task WriteAsync(IReadOnlyList<(BankId Bank, RightId Key, DateTimeOffset Used)> uses, CancellationToken cancel) =>
        Rows.ChangeAsync(database, BankScope.Of(uses.Select(u => u.Bank)), new NpgsqlBatchCommand("""
            insert into timebank.key_uses (bank, id, last_used) select * from unnest($1, $2, $3)
            on conflict (bank, id) do update set last_used = greatest(key_uses.last_used, excluded.last_used)
            """)
            .Texts([.. uses.Select(u => u.Bank.Value)]).Uuids([.. uses.Select(u => u.Key.Value)]).Instants([.. uses.Select(u => u.Used.UtcDateTime)]), cancel);
}
