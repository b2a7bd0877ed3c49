using Npgsql;
using NpgsqlTypes;
using TimeBank.Safeguarding;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>A concern with what was said.</summary>
public sealed record ConcernRow(Concern Concern, string Body);

/// <summary>A line of the safeguarding lead's log of a concern.</summary>
public sealed record ConcernNote(Guid Id, DateTimeOffset Written, Guid By, string Body);

/// <summary>Concerns about persons and visits. They are texts about people and nothing else: no event tells of them, no export holds them.</summary>
public sealed class ConcernQueries(Database database)
{
    private const string Columns = "id, account, visit, way, raised, by, stage, closed, body";

    /// <summary>Keeps it, unless it was sent before: then the one that is kept already.</summary>
    /// <param name="sent">What tells a repetition; null: nothing does.</param>
    public async Task<Concern> RaiseAsync(BankId bank, ConcernRow row, Guid? sent, CancellationToken cancel)
    {
        var kept = await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(
            "insert into timebank.concerns (bank, id, account, visit, way, raised, by, stage, body, sent) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing")
            .Value(bank.Value).Value(row.Concern.Id).Value(row.Concern.Account?.Value, NpgsqlDbType.Uuid).Value(row.Concern.Visit?.Value, NpgsqlDbType.Uuid)
            .Value(row.Concern.Way.Word()).Value(row.Concern.Raised.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Value(row.Concern.By).Value(row.Concern.Is.Word()).Value(row.Body).Value(sent, NpgsqlDbType.Uuid), cancel);
        return kept == 1 ? row.Concern : (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"select {Columns} from timebank.concerns where bank = $1 and sent = $2")
            .Value(bank.Value).Value(sent, NpgsqlDbType.Uuid), Read, cancel)).SingleOrDefault()?.Concern ?? row.Concern;
    }

    /// <summary>Oldest first.</summary>
    public Task<List<ConcernRow>> ListAsync(BankId bank, AccountId? account, ConcernStage? stage, bool openOnly, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select {Columns} from timebank.concerns
            where bank = $1 and id > $2 and ($3::uuid is null or account = $3) and (closed is null or not $4) and ($5::text is null or stage = $5) order by id limit $6
            """).Value(bank.Value).Value(after).Value(account?.Value, NpgsqlDbType.Uuid).Value(openOnly).Value(stage?.Word(), NpgsqlDbType.Text).Value((long)limit), Read, cancel);

    public async Task<ConcernRow?> FindAsync(BankId bank, Guid id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"select {Columns} from timebank.concerns where bank = $1 and id = $2")
            .Value(bank.Value).Value(id), Read, cancel)).SingleOrDefault();

    /// <summary>Takes a concern to where a decision led, unless another decision came first: then false. One that is about somebody who was erased goes when it is closed.</summary>
    public async Task<bool> MoveAsync(BankId bank, Concern from, Concern to, CancellationToken cancel)
    {
        var moved = await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(
            "update timebank.concerns set stage = $3, closed = $4 where bank = $1 and id = $2 and stage = $5")
            .Value(bank.Value).Value(from.Id).Value(to.Is.Word()).Value(to.Closed?.UtcDateTime, NpgsqlDbType.TimestampTz).Value(from.Is.Word()), cancel);
        if (to.Is == ConcernStage.Closed)
            await DeleteAsync(bank, "forget and id = $2", from.Id, cancel);
        return moved == 1;
    }

    public Task NoteAsync(BankId bank, Guid concern, ConcernNote note, Guid? sent, CancellationToken cancel) =>
        Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(
            "insert into timebank.concern_notes (bank, id, concern, written, by, body, sent) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing")
            .Value(bank.Value).Value(note.Id).Value(concern).Value(note.Written.UtcDateTime, NpgsqlDbType.TimestampTz).Value(note.By).Value(note.Body).Value(sent, NpgsqlDbType.Uuid), cancel);

    /// <summary>The log, oldest first.</summary>
    public Task<List<ConcernNote>> NotesAsync(BankId bank, Guid concern, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("select id, written, by, body from timebank.concern_notes where bank = $1 and concern = $2 order by id")
            .Value(bank.Value).Value(concern), row => new ConcernNote(row.GetGuid(0), row.Instant(1), row.GetGuid(2), row.GetString(3)), cancel);

    /// <summary>A person is erased: what was closed goes, and what is open when it is closed. Nobody who may erase puts away what only the lead reads, or learns that it is there.</summary>
    public async Task ForgetAsync(BankId bank, AccountId account, CancellationToken cancel)
    {
        await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand("update timebank.concerns set forget = true where bank = $1 and account = $2")
            .Value(bank.Value).Value(account.Value), cancel);
        await DeleteAsync(bank, "forget and account = $2", account.Value, cancel);
    }

    /// <summary>Of closed ones only; their logs first, so that what broke off is finished by doing it again.</summary>
    private async Task DeleteAsync(BankId bank, string which, Guid id, CancellationToken cancel)
    {
        await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(
            $"delete from timebank.concern_notes where bank = $1 and concern in (select id from timebank.concerns where bank = $1 and stage = 'closed' and {which})")
            .Value(bank.Value).Value(id), cancel);
        await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand($"delete from timebank.concerns where bank = $1 and stage = 'closed' and {which}")
            .Value(bank.Value).Value(id), cancel);
    }

    private static ConcernRow Read(NpgsqlDataReader row) => new(
        new Concern(
            row.GetGuid(0), row.UuidOrNull(1) is { } account ? new AccountId(account) : null, row.UuidOrNull(2) is { } visit ? new ThingId(visit) : null,
            Words.TryParse<ConcernWay>(row.GetString(3), out var way) ? way : throw new UnknownEventException("concern", null), row.Instant(4), row.GetGuid(5),
            Words.TryParse<ConcernStage>(row.GetString(6), out var stage) ? stage : throw new UnknownEventException("concern", null),
            row.IsDBNull(7) ? null : row.Instant(7)),
        row.GetString(8));
}
