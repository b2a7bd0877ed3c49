using Npgsql;
using NpgsqlTypes;
using TimeBank.Holds;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

public sealed record HoldRow(Hold Hold, TextBody? Text);

/// <summary>Queries over holds.</summary>
public sealed class HoldQueries(Database database)
{
    private const string Select = """
        select h.id, h.payer, h.payee, h.minutes, h.kind, h.category, h.text, h.text_hash, h.expires_at, h.status, h.taken, h.transfer, x.body
        from timebank.holds h left join timebank.texts x on x.bank = h.bank and x.id = h.text
        """;

    public async Task<HoldRow?> FindAsync(BankId bank, HoldId id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Select} where h.bank = $1 and h.id = $2").Value(bank.Value).Value(id.Value), Read, cancel))
        .SingleOrDefault();

    /// <summary>In the order in which they were placed.</summary>
    public Task<List<HoldRow>> ListAsync(BankId bank, AccountId? account, bool openOnly, Guid after, int limit, DateTimeOffset now, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {Select}
            where h.bank = $1 and h.id > $2 and ($3::uuid is null or h.payer = $3 or h.payee = $3)
              and (not $4 or (h.status = 'open' and h.expires_at > $6))
            order by h.id limit $5
            """)
            .Value(bank.Value).Value(after).Value(account?.Value, NpgsqlDbType.Uuid).Value(openOnly).Value((long)limit).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz), Read, cancel);

    /// <summary>Open holds whose time has come, over all banks, oldest first.</summary>
    public Task<List<(BankId Bank, HoldId Hold)>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, BankScope.All, new NpgsqlBatchCommand(
            "select bank, id from timebank.holds where status = 'open' and expires_at <= $1 order by expires_at limit $2")
            .Value(now.UtcDateTime, NpgsqlDbType.TimestampTz).Value((long)limit),
            row => (new BankId(row.GetString(0)), new HoldId(row.GetGuid(1))), cancel);

    private static HoldRow Read(NpgsqlDataReader row) =>
        new(HoldsTable.Read(row, 0), row.TextOrNull(12) is { } body ? TextBody.Parse(body) : null);
}
