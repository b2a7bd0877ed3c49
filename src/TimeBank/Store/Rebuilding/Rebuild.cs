using Npgsql;
using NpgsqlTypes;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Projections;

namespace TimeBank.Store;

/// <summary>Makes all guard tables again from the events, in one transaction: it happens wholly or not at all.</summary>
/// <remarks>Writers are kept out meanwhile by a lock on the journal, where every batch begins, and readers by the truncated
/// tables; servers answer 503 and lose nothing. The tables themselves stay, with their indexes, constraints and grants.
/// While a backup or another long reader has the tables it waits, and keeps nobody out.</remarks>
/// <param name="say">Hears, once, that it waits; by default standard error does.</param>
public sealed class Rebuild(string ownerConnectionString, Action<string>? say = null)
{
    // In the order of their names, in which a backup locks them, too: so the two never wait for each other.
    private static readonly string[] GuardTables =
    [
        "accounts", "banks", "holds", "listing_search", "listing_words", "member_skills", "mt_streams", "rights", "rules",
        // Sums of all these, which servers begin anew.
        "tallies", "tally_months", "tally_people", "tally_progress", "tally_reversals",
        "thing_parties", "things", "transfers",
    ];
    private const int MostDeadlocks = 4;

    /// <summary>Longer than PostgreSQL takes to notice a deadlock (1 s), and shorter than servers wait before they answer 503 (5 s).</summary>
    private const string LockTimeout = "1500ms";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly Action<string> _say = say ?? Console.Error.WriteLine;

    /// <param name="report">Hears how many events were read, now and then.</param>
    /// <returns>How many events were read, of how many banks.</returns>
    public async Task<(int Banks, long Events)> RunAsync(Action<long> report, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString)
        {
            Pooling = false, CommandTimeout = 0, ApplicationName = "timebank rebuild",
        }.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var replay = await Replay.OpenAsync(ownerConnectionString, cancel);
        await using var transaction = await LockAsync(connection, cancel);
        var banks = await Replay.ReadAsync(replay.Command("select distinct tenant_id from timebank.mt_events order by 1"), row => row.GetString(0), cancel);
        long events = 0;
        foreach (var bank in banks)
        {
            var work = new BankRebuild(connection, bank);
            await work.RunAsync(replay.EventsAheadAsync(bank, cancel), read => report(events + read), cancel);
            events += work.Events;
        }
        await transaction.CommitAsync(cancel);
        await ExecuteAsync(connection, $"analyze {string.Join(", ", GuardTables.Select(t => "timebank." + t))}", cancel);
        return (banks.Count, events);
    }

    /// <summary>A writer that has read, and waits for the journal, may hold what the truncation waits for: then one of us is sent away, and begins again.
    /// A backup may hold it for an hour: then everything is let go, so that writers get on, and tried again after a pause.</summary>
    private async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var tables = string.Join(", ", GuardTables.Select(t => "timebank." + t));
        var hasSaid = false;
        var deadlocks = 0;
        while (true)
        {
            var transaction = await connection.BeginTransactionAsync(cancel);
            try
            {
                await ExecuteAsync(connection, $"set local lock_timeout = '{LockTimeout}'", cancel);
                await ExecuteAsync(connection, "lock table timebank.journal in share row exclusive mode", cancel);
                await ExecuteAsync(connection, $"lock table {tables} in access exclusive mode", cancel);
                await ExecuteAsync(connection, $"truncate {tables}", cancel);
                await ExecuteAsync(connection, "set local lock_timeout = 0", cancel);
                return transaction;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected && deadlocks < MostDeadlocks)
            {
                await transaction.DisposeAsync();
                deadlocks++;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await transaction.DisposeAsync();
                if (!hasSaid)
                    _say("Waiting for a backup, or for whoever else is reading the tables. Servers go on meanwhile …");
                hasSaid = true;
                await Task.Delay(s_pause, cancel);
            }
            catch
            {
                await transaction.DisposeAsync();
                throw;
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>One bank's rows. Those that never change are copied in as their events go by, the others at the end.</summary>
internal sealed class BankRebuild
{
    private readonly NpgsqlConnection _connection;
    private readonly string _bank;
    private readonly BankFold _fold;
    private readonly List<(Guid Id, TransferRow Row)> _transfers = [];
    private readonly List<(Guid Id, HoldRow Row)> _holds = [];

    public BankRebuild(NpgsqlConnection connection, string bank)
    {
        (_connection, _bank) = (connection, bank);
        _fold = new BankFold(new BankId(bank))
        {
            HoldEnded = (id, hold, ended, _) => _holds.Add((id.Value, HoldRow.Of(hold ?? throw new FoldException($"Hold {id} ended and was never placed."), ended))),
        };
    }

    public long Events { get; private set; }

    /// <param name="pages">All events of the bank, in the order of its journal.</param>
    public async Task RunAsync(IAsyncEnumerable<List<StoredEvent>> pages, Action<long> report, CancellationToken cancel)
    {
        await foreach (var page in pages)
        {
            foreach (var e in page)
                Apply(e);
            Events += page.Count;
            await CopyEndedAsync(cancel);
            report(Events);
        }
        foreach (var (id, hold) in _fold.OpenHolds)
            _holds.Add((id.Value, HoldRow.Of(hold, null)));
        await CopyEndedAsync(cancel);
        await CopyStatesAsync(cancel);
        await ReverseAsync(cancel);
    }

    private void Apply(StoredEvent e)
    {
        if (e.Happened is null)
            throw new RebuildException(_bank, e, e.Unreadable!);
        try
        {
            _fold.Apply(e);
        }
        catch (FoldException impossible)
        {
            throw new RebuildException(_bank, e, impossible.Message);
        }
        if (e.Happened is PassbookEvent.HoursDebited debit)
            _transfers.Add((debit.Transfer.Value, TransferRow.Of(e.Stream, debit)));
    }

    private async Task CopyEndedAsync(CancellationToken cancel)
    {
        if (_transfers.Count > 0)
            await CopyAsync($"transfers (bank, {TransferRow.Columns})", _transfers, (rows, transfer) =>
            {
                rows.Write(transfer.Id, NpgsqlDbType.Uuid);
                rows.Write(0L, NpgsqlDbType.Bigint);
                transfer.Row.Write(rows);
            }, cancel);
        _transfers.Clear();
        if (_holds.Count > 0)
            await CopyAsync($"holds (bank, {HoldRow.Columns})", _holds, (rows, hold) =>
            {
                rows.Write(hold.Id, NpgsqlDbType.Uuid);
                hold.Row.Write(rows);
            }, cancel);
        _holds.Clear();
    }

    private async Task CopyStatesAsync(CancellationToken cancel)
    {
        await CopyAsync($"mt_streams (tenant_id, {StreamRow.Columns})", _fold.Streams, (rows, stream) =>
        {
            rows.Write(stream.Key, NpgsqlDbType.Uuid);
            StreamRow.Of(stream.Value).Write(rows);
        }, cancel);
        await CopyAsync($"accounts (bank, {AccountRow.Columns})", _fold.Accounts, (rows, account) =>
        {
            rows.Write(account.Id.Value, NpgsqlDbType.Uuid);
            AccountRow.Of(account).Write(rows);
        }, cancel);
        await CopyAsync($"rules (bank, {RuleRow.Columns})", _fold.Rules.Values, (rows, rule) =>
        {
            rows.Write(rule.Id.Value, NpgsqlDbType.Uuid);
            rows.Write(rule.Version, NpgsqlDbType.Bigint);
            RuleRow.Of(rule, newest: _fold.NewestRules[rule.Id].Version == rule.Version).Write(rows);
        }, cancel);
        await CopyAsync($"rights (bank, {RightRow.Columns})", _fold.Rights.Values, (rows, right) =>
        {
            rows.Write(right.Id.Value, NpgsqlDbType.Uuid);
            RightRow.Of(right).Write(rows);
        }, cancel);
        await CopyAsync($"things (bank, {ThingsTable.Columns})", _fold.Things.Values, (rows, thing) =>
        {
            rows.Write(thing.Id.Value, NpgsqlDbType.Uuid);
            ThingRow.Of(thing).Write(rows);
        }, cancel);
        await CopyAsync("thing_parties (bank, id, account, kind)", _fold.Things.Values.SelectMany(t => t.Parties.Select(p => (Thing: t, Account: p))), (rows, party) =>
        {
            rows.Write(party.Thing.Id.Value, NpgsqlDbType.Uuid);
            rows.Write(party.Account.Value, NpgsqlDbType.Uuid);
            rows.Put(ThingsTable.KindOf(party.Thing));
        }, cancel);
        await CopyAsync($"member_skills (bank, {MemberSkillsTable.Columns})", _fold.Things.Values.OfType<Member>().SelectMany(m => MemberSkillsTable.Of(m).Select(skill => (Skill: skill, m.Account))), (rows, row) =>
        {
            rows.Put(row.Skill);
            rows.Write(row.Account.Value, NpgsqlDbType.Uuid);
        }, cancel);
        await using var atHome = new NpgsqlCommand(ThingsTable.NoteAllAtHome, _connection) { Parameters = { new() { Value = _bank }, new() { Value = ThingsTable.Help } } };
        await atHome.ExecuteNonQueryAsync(cancel);
        if (_fold.Bank is { } bank)
            await CopyAsync($"banks (bank, {BankRow.Columns})", [bank], (rows, one) => BankRow.Of(one).Write(rows), cancel);
        await using var search = new NpgsqlCommand(ListingSearchTable.Fill, _connection) { Parameters = { new() { Value = _bank } } };
        await search.ExecuteNonQueryAsync(cancel);
    }

    private async Task CopyAsync<T>(string into, IEnumerable<T> items, Action<NpgsqlBinaryImporter, T> write, CancellationToken cancel)
    {
        await using var rows = await _connection.BeginBinaryImportAsync($"copy timebank.{into} from stdin (format binary)", cancel);
        foreach (var item in items)
        {
            await rows.StartRowAsync(cancel);
            rows.Write(_bank, NpgsqlDbType.Text);
            write(rows, item);
        }
        await rows.CompleteAsync(cancel);
    }

    /// <summary>A transfer was copied in before it was known how much of it would be reversed.</summary>
    private async Task ReverseAsync(CancellationToken cancel)
    {
        foreach (var chunk in _fold.Reversed.Chunk(10_000))
        {
            await using var command = new NpgsqlCommand("""
                update timebank.transfers t set reversed = u.minutes from unnest($2, $3) u (id, minutes) where t.bank = $1 and t.id = u.id
                """, _connection)
            {
                Parameters =
                {
                    new() { Value = _bank }, new() { Value = chunk.Select(r => r.Key).ToArray() }, new() { Value = chunk.Select(r => r.Value).ToArray() },
                },
            };
            await command.ExecuteNonQueryAsync(cancel);
        }
    }
}

/// <summary>An event stands in the way of a rebuild; nothing was changed.</summary>
public sealed class RebuildException(string bank, StoredEvent e, string why) : Exception(
    $"Nothing was rebuilt: event {e.Seq} of bank {bank} ({e.Type}) cannot be folded. {why} Run `timebank verify --bank {bank}` to see what else differs.");
