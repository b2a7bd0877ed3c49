using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace TimeBank.Store;

/// <summary>Reads a bank's folder into an installation that has no bank of that id, in one transaction: it happens wholly or not at all.</summary>
/// <remarks>The bank keeps its id, since the hash chain covers it, and its journal keeps its numbers, times and hashes; each hash is worked out again
/// and must be the one that stands there. What follows from the events is made from them, as a rebuild does.</remarks>
public sealed class BankImport(string ownerConnectionString)
{
    private const int EventsAtOnce = 10_000;

    public static BankManifest ReadManifest(string folder) => BankFileReader.ReadManifest(folder);

    /// <summary>Checks every byte of every file before anything else is done with them.</summary>
    public static void Check(string folder, BankManifest manifest, Action<long> report, CancellationToken cancel) => BankFileReader.Check(folder, manifest, report, cancel);

    /// <param name="report">Hears how many events were read, now and then.</param>
    public async Task ReadAsync(string folder, BankManifest manifest, Action<long> report, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString)
        {
            Pooling = false, CommandTimeout = 0, ApplicationName = "timebank import bank",
        }.ConnectionString);
        await connection.OpenAsync(cancel);
        Priority.Follow(connection);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        try
        {
            await RefuseUnfitAsync(connection, manifest, cancel);
            foreach (var texts in BankFileReader.Lines<MovedText>(folder, manifest, BankManifest.Texts).Chunk(EventsAtOnce))
                await WriteAsync(connection, manifest.Bank, texts, cancel);
            var events = new MovedEvents(connection, folder, manifest);
            var states = new BankRebuild(connection, manifest.Bank);
            await states.RunAsync(events.ReadAsync(EventsAtOnce, cancel), report, cancel);
            foreach (var keys in BankFileReader.Lines<MovedKey>(folder, manifest, BankManifest.Keys).Chunk(EventsAtOnce))
                await WriteAsync(connection, manifest.Bank, keys, cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (RebuildException e)
        {
            throw BankFileReader.Damaged(folder, e.Message);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw BankFileReader.Damaged(folder, $"something stands in it twice, or the bank was opened here meanwhile. {e.MessageText}.");
        }
        await using var analyze = new NpgsqlCommand("analyze timebank.mt_events, timebank.mt_streams, timebank.journal, timebank.accounts, timebank.transfers, timebank.things, timebank.texts", connection);
        await analyze.ExecuteNonQueryAsync(cancel);
    }

    private static async Task RefuseUnfitAsync(NpgsqlConnection connection, BankManifest manifest, CancellationToken cancel)
    {
        await using var any = new NpgsqlCommand("""
            select exists (select from timebank.journal where bank = $1) or exists (select from timebank.mt_events where tenant_id = $1)
              or exists (select from timebank.banks where bank = $1) or exists (select from timebank.texts where bank = $1)
              or exists (select from timebank.idempotency_keys where bank = $1) or exists (select from timebank.concerns where bank = $1)
            """, connection) { Parameters = { new() { Value = manifest.Bank } } };
        if ((bool)(await any.ExecuteScalarAsync(cancel))!)
            throw new BankFolderException($"There is a bank {manifest.Bank} here already, or something of one. A bank keeps its id, and is imported where that is free.");
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string bank, MovedText[] texts, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // Where several events name a text it may stand in the file several times.
                new NpgsqlBatchCommand("""
                    insert into timebank.texts (bank, id, salt, body) select $1, id, salt, body::json from unnest($2, $3, $4) u (id, salt, body) on conflict do nothing
                    """).Value(bank).Uuids([.. texts.Select(t => t.Id)]).With(NpgsqlDbType.Bytea, texts.Select(t => t.Salt).ToArray()).Texts([.. texts.Select(t => t.Body)]),
            },
        };
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string bank, MovedKey[] keys, CancellationToken cancel)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            "copy timebank.idempotency_keys (bank, key, request, status, outcome) from stdin (format binary)", cancel);
        foreach (var key in keys)
        {
            await rows.StartRowAsync(cancel);
            rows.Write(bank, NpgsqlDbType.Text);
            rows.Write(key.Key, NpgsqlDbType.Uuid);
            rows.Write(key.Request, NpgsqlDbType.Uuid);
            rows.Write((short)key.Status, NpgsqlDbType.Smallint);
            rows.Write(key.Outcome, NpgsqlDbType.Text);
        }
        await rows.CompleteAsync(cancel);
    }
}
