using Npgsql;
using NpgsqlTypes;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Somebody's worry about a person.</summary>
/// <param name="Account">The person's account.</param>
/// <param name="By">Who raised it: a person or an app.</param>
public sealed record Concern(Guid Id, AccountId Account, DateTimeOffset Raised, Guid By, string Body, DateTimeOffset? Closed);

/// <summary>Concerns about persons. They are texts about people and nothing else: no event tells of them, no export holds them.</summary>
public sealed class ConcernQueries(Database database)
{
    private const string Columns = "id, account, raised, by, body, closed";

    public Task RaiseAsync(BankId bank, Concern concern, CancellationToken cancel) =>
        Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(
            "insert into timebank.concerns (bank, id, account, raised, by, body) values ($1, $2, $3, $4, $5, $6) on conflict do nothing")
            .Value(bank.Value).Value(concern.Id).Value(concern.Account.Value).Value(concern.Raised.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Value(concern.By).Value(concern.Body), cancel);

    /// <summary>Oldest first.</summary>
    public Task<List<Concern>> ListAsync(BankId bank, AccountId? account, bool openOnly, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select {Columns} from timebank.concerns
            where bank = $1 and id > $2 and ($3::uuid is null or account = $3) and (closed is null or not $4) order by id limit $5
            """).Value(bank.Value).Value(after).Value(account?.Value, NpgsqlDbType.Uuid).Value(openOnly).Value((long)limit), Read, cancel);

    public async Task<Concern?> FindAsync(BankId bank, Guid id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"select {Columns} from timebank.concerns where bank = $1 and id = $2")
            .Value(bank.Value).Value(id), Read, cancel)).SingleOrDefault();

    /// <summary>Null if there is none. Closing twice keeps the first time.</summary>
    public async Task<Concern?> CloseAsync(BankId bank, Guid id, DateTimeOffset now, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand(
            $"update timebank.concerns set closed = coalesce(closed, $3) where bank = $1 and id = $2 returning {Columns}")
            .Value(bank.Value).Value(id).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz), Read, cancel)).SingleOrDefault();

    private static Concern Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), new AccountId(row.GetGuid(1)), row.Instant(2), row.GetGuid(3), row.GetString(4), row.IsDBNull(5) ? null : row.Instant(5));
}
