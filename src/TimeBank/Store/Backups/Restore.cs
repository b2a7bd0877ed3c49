using System.IO.Compression;
using System.Text.Json;
using Npgsql;

namespace TimeBank.Store;

/// <summary>Reads a backup into an empty ledger, in one transaction. Every member is checked before PostgreSQL sees a byte of it.</summary>
public sealed class Restore(string ownerConnectionString)
{
    /// <summary>The manifest alone; throws if the file is not a backup, or one that this program does not know.</summary>
    public static BackupManifest ReadManifest(string file)
    {
        try
        {
            using var zip = ZipFile.OpenRead(file);
            return ReadManifest(zip, file);
        }
        catch (InvalidDataException damaged)
        {
            throw new BackupException($"{file} is not a whole backup: {damaged.Message} Take another one.");
        }
    }

    /// <param name="report">Hears how many bytes were read, now and then.</param>
    public async Task<BackupManifest> ReadAsync(string file, Action<long> report, CancellationToken cancel)
    {
        try
        {
            using var zip = ZipFile.OpenRead(file);
            var manifest = ReadManifest(zip, file);
            await ReadAsync(zip, manifest, file, report, cancel);
            return manifest;
        }
        catch (InvalidDataException damaged)
        {
            throw Damaged(file, damaged.Message);
        }
    }

    private static BackupManifest ReadManifest(ZipArchive zip, string file)
    {
        var member = zip.GetEntry(BackupManifest.Member) ?? throw Damaged(file, "it has no manifest.");
        BackupManifest manifest;
        try
        {
            using var json = member.Open();
            manifest = JsonSerializer.Deserialize<BackupManifest>(json, BackupManifest.Json) ?? throw Damaged(file, "its manifest is empty.");
        }
        catch (JsonException e)
        {
            throw Damaged(file, "its manifest cannot be read. " + e.Message);
        }
        if (manifest.Format > BackupManifest.CurrentFormat || manifest.JournalFormat > SchemaMigrations.Format)
            throw new BackupException($"{file} was written by a newer TimeBank. Restore it with that one.");
        return manifest;
    }

    private async Task ReadAsync(ZipArchive zip, BackupManifest manifest, string file, Action<long> report, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString)
        {
            Pooling = false, CommandTimeout = 0, ApplicationName = "timebank restore",
        }.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // A server that runs here waits with its first batch until the ledger is restored, or stays empty.
        await ExecuteAsync(connection, "lock table timebank.journal in share row exclusive mode", cancel);
        await RefuseUnfitAsync(connection, manifest, file, cancel);
        await ExecuteAsync(connection, "delete from timebank.journal_format", cancel);
        long bytes = 0;
        foreach (var table in manifest.Tables)
        {
            await ReadAsync(connection, zip, table, file, read => report(bytes + read), cancel);
            bytes += table.Bytes;
        }
        await ExecuteAsync(connection, $"""
            select setval('timebank.mt_events_sequence', greatest({manifest.Sequence}, coalesce((select max(last_seq) from timebank.journal), 1)))
            """, cancel);
        await transaction.CommitAsync(cancel);
        await ExecuteAsync(connection, $"analyze {string.Join(", ", manifest.Tables.Select(t => BackupTable.Quoted(t.Name)))}", cancel);
    }

    private static async Task RefuseUnfitAsync(NpgsqlConnection connection, BackupManifest manifest, string file, CancellationToken cancel)
    {
        var here = await LedgerTables.ReadAsync(connection, cancel);
        foreach (var (name, _) in here.Where(t => t.Name != "journal_format"))
        {
            await using var any = new NpgsqlCommand($"select exists (select from {BackupTable.Quoted(name)})", connection);
            if ((bool)(await any.ExecuteScalarAsync(cancel))!)
                throw new BackupException($"The ledger here is not empty (there are rows in {name}). Restore into a new data folder (--data) or a new database.");
        }
        var unknown = manifest.SchemaFiles.Except(await LedgerTables.SchemaFilesAsync(connection, cancel)).ToList();
        if (unknown.Count > 0)
            throw new BackupException($"{file} was written by a newer TimeBank (it knows {string.Join(", ", unknown)}). Restore it with that one.");
        // Names go into statements: only those that are tables and columns here do.
        foreach (var table in manifest.Tables)
        {
            if (here.Find(t => t.Name == table.Name).Columns is not { } columns || table.Columns.Except(columns).Any())
                throw Damaged(file, $"its manifest names a table or column that is not known, in {table.Name}.");
        }
    }

    private static async Task ReadAsync(
        NpgsqlConnection connection, ZipArchive zip, BackupTable table, string file, Action<long> report, CancellationToken cancel)
    {
        var member = zip.GetEntry(table.Member) ?? throw Damaged(file, $"{table.Member} is missing.");
        // PostgreSQL sees no byte of what is not what was written: it would take a broken length for a row without end.
        await using (var whole = member.Open())
        {
            if ((await HashedCopy.RunAsync(whole, Stream.Null, read => report(read / 2), cancel)).Sha256 != table.Sha256)
                throw Damaged(file, $"{table.Member} is not what was written (its SHA-256 differs).");
        }
        try
        {
            await using var from = member.Open();
            await using var rows = await connection.BeginRawBinaryCopyAsync($"copy {table.Copy} from stdin (format binary)", cancel);
            try
            {
                await HashedCopy.RunAsync(from, rows, read => report((table.Bytes + read) / 2), cancel);
            }
            catch
            {
                await rows.CancelAsync();
                throw;
            }
        }
        catch (PostgresException e)
        {
            throw Damaged(file, $"PostgreSQL does not take {table.Member}: {e.MessageText}.");
        }
        await using var count = new NpgsqlCommand($"select count(*) from {BackupTable.Quoted(table.Name)}", connection);
        if ((long)(await count.ExecuteScalarAsync(cancel))! is var found && found != table.Rows)
            throw Damaged(file, $"{table.Member} has {found} rows, not {table.Rows}.");
    }

    private static BackupException Damaged(string file, string why) =>
        new($"{file} is damaged: {why} Nothing was restored; take another backup.");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
