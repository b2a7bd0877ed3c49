using System.IO.Compression;
using System.Text.Json;
using Npgsql;

namespace TimeBank.Store;

/// <summary>Writes the whole ledger, as of one moment, to one zip file: a member for each table, then the manifest.</summary>
public sealed class Backup(string ownerConnectionString)
{
    /// <summary>The file is there only when it is whole: until then it is called FILE.partial.</summary>
    /// <param name="report">Hears how many bytes were read, now and then.</param>
    public async Task<BackupManifest> WriteAsync(string file, Action<long> report, CancellationToken cancel)
    {
        var partial = file + ".partial";
        try
        {
            BackupManifest manifest;
            await using (var stream = new FileStream(partial, new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 1 << 16, Options = FileOptions.Asynchronous,
                // It holds everything about everybody.
                UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                manifest = await WriteAsync(stream, report, cancel);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, file, overwrite: true);
            return manifest;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>About how much there is to read, in bytes.</summary>
    public async Task<long> EstimateAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return (long)(await new NpgsqlCommand("select coalesce(sum(pg_table_size(oid)), 0)::bigint from pg_class where relnamespace in ('timebank'::regnamespace, 'people'::regnamespace) and relkind = 'r'", connection).ExecuteScalarAsync(cancel))!;
    }

    private async Task<BackupManifest> WriteAsync(Stream file, Action<long> report, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        var named = await LedgerTables.ReadAsync(connection, cancel);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        // Under a snapshot older than a rebuild's commit the tables that it truncated are empty. So whoever truncates is waited for,
        // and kept out, before the first SELECT takes the snapshot; neither of these two statements takes one.
        await using (var locks = new NpgsqlCommand(
            $"set transaction read only; lock table {string.Join(", ", named.Select(t => BackupTable.Quoted(t.Name)))} in access share mode", connection))
            await locks.ExecuteNonQueryAsync(cancel);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        var tables = new List<BackupTable>();
        long bytes = 0;
        foreach (var (name, columns) in await LedgerTables.ReadAsync(connection, cancel))
        {
            var table = new BackupTable(name, columns, 0, 0, "");
            await using var member = zip.CreateEntry(table.Member, CompressionLevel.Fastest).Open();
            var before = bytes;
            var (length, sha) = await CopyAsync(connection, table, member, read => report(before + read), cancel);
            bytes += length;
            var rows = (long)(await new NpgsqlCommand($"select count(*) from {BackupTable.Quoted(name)}", connection).ExecuteScalarAsync(cancel))!;
            tables.Add(table with { Rows = rows, Bytes = length, Sha256 = sha });
        }
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat,
            (int)(await new NpgsqlCommand("select format from timebank.journal_format", connection).ExecuteScalarAsync(cancel))!,
            DateTimeOffset.UtcNow,
            await LedgerTables.SchemaFilesAsync(connection, cancel),
            (long)(await new NpgsqlCommand("select last_value from timebank.mt_events_sequence", connection).ExecuteScalarAsync(cancel))!,
            tables);
        await using var last = zip.CreateEntry(BackupManifest.Member).Open();
        await JsonSerializer.SerializeAsync(last, manifest, BackupManifest.Json, cancel);
        return manifest;
    }

    private static async Task<(long Bytes, string Sha256)> CopyAsync(
        NpgsqlConnection connection, BackupTable table, Stream member, Action<long> report, CancellationToken cancel)
    {
        await using var rows = await connection.BeginRawBinaryCopyAsync($"copy {table.Copy} to stdout (format binary)", cancel);
        return await HashedCopy.RunAsync(rows, member, report, cancel);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString)
        {
            Pooling = false, CommandTimeout = 0, ApplicationName = "timebank backup",
        }.ConnectionString);
        await connection.OpenAsync(cancel);
        Priority.Follow(connection);
        return connection;
    }
}

/// <summary>The tables of the ledger and of logins, whatever they are by now.</summary>
internal static class LedgerTables
{
    /// <summary>All but the list of schema files, which the program itself writes when it makes the schema, and what sessions are sealed with:
    /// a backup is no key to them; and the words of titles, which a trigger makes of listing_search. What refers to other rows comes after these.</summary>
    public static async Task<List<(string Name, string[] Columns)>> ReadAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        await Replay.ReadAsync(new NpgsqlCommand("""
            select case c.relnamespace when 'people'::regnamespace then 'people.' else '' end || c.relname as name, array_agg(a.attname::text order by a.attnum)
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            where c.relnamespace in ('timebank'::regnamespace, 'people'::regnamespace) and c.relkind = 'r' and c.relname not in ('schema_files', 'protection_keys', 'listing_words')
            group by c.oid, c.relname, c.relnamespace
            order by exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'), name
            """, connection), row => (row.GetString(0), row.GetFieldValue<string[]>(1)), cancel);

    public static async Task<List<string>> SchemaFilesAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        await Replay.ReadAsync(new NpgsqlCommand("select name from timebank.schema_files order by name", connection), row => row.GetString(0), cancel);
}
