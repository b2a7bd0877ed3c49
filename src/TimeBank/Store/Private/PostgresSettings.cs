using System.Globalization;

namespace TimeBank.Store;

/// <summary>
/// The cluster's settings, in a file of their own that is written anew at each start, so that a machine with more memory or
/// a newer TimeBank gets its own. What an administrator sets with <c>ALTER SYSTEM</c> still wins.
/// </summary>
internal static class PostgresSettings
{
    public const string FileName = "timebank.conf";

    private const long Mebibyte = 1024 * 1024;

    public static async Task WriteAsync(DataFolder folder, PostgresUser user, PostgresBinaries binaries, string socketFolder, CancellationToken cancel)
    {
        var path = Path.Combine(folder.Cluster, FileName);
        await File.WriteAllTextAsync(path, Text(socketFolder, await WalCompressionAsync(folder, user, binaries, cancel), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes), cancel);
        File.SetUnixFileMode(path, DataFolder.PrivateFile);
        user.Give(path);
    }

    public static string Text(string socketFolder, string walCompression, long memoryBytes)
    {
        var megabytes = memoryBytes / Mebibyte;
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Written by TimeBank at every start; changes made here are lost. Use ALTER SYSTEM instead.

            # Only this machine's owner of the socket's folder gets in, and only with a password.
            listen_addresses = ''
            port = 5432
            unix_socket_directories = '{socketFolder.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            password_encryption = 'scram-sha-256'
            max_connections = 200

            # An hour that was confirmed is on the disk.
            fsync = on
            synchronous_commit = on
            full_page_writes = on

            # Checkpoints are rare and slow, so that commits in between stay even.
            max_wal_size = '8GB'
            min_wal_size = '1GB'
            checkpoint_timeout = '15min'
            checkpoint_completion_target = 0.9
            wal_compression = '{walCompression}'
            wal_buffers = '16MB'

            # Nobody copies this cluster's log elsewhere: what a rebuild or a restore fills anew is written once, and not into the log as well.
            wal_level = 'minimal'
            max_wal_senders = 0

            shared_buffers = '{Math.Clamp(megabytes / 8, 128, 2048)}MB'
            effective_cache_size = '{Math.Max(megabytes / 2, 256)}MB'
            huge_pages = 'try'
            random_page_cost = 1.1
            jit = off
            max_parallel_workers_per_gather = 0
            autovacuum = on
            # A fifth of the usual pace: a page that it marks is written whole into the log.
            autovacuum_vacuum_cost_delay = '10ms'

            timezone = 'UTC'
            log_timezone = 'UTC'
            lc_messages = 'C'
            cluster_name = 'timebank'

            # The log goes to postgres.log in the data folder. Statements and details would carry people's words into it.
            logging_collector = off
            log_destination = 'stderr'
            log_line_prefix = '%m [%p] %q%u@%d '
            log_error_verbosity = 'terse'
            log_min_error_statement = 'panic'
            log_statement = 'none'

            """);
    }

    // lz4 is a choice of those who built the binaries: Debian's have it, npm's do not.
    private static async Task<string> WalCompressionAsync(DataFolder folder, PostgresUser user, PostgresBinaries binaries, CancellationToken cancel)
    {
        var lz4 = await user.RunAsync(cancel, binaries.Postgres, "-D", folder.Cluster, "-c", "wal_compression=lz4", "-C", "wal_compression");
        return lz4.Succeeded ? "lz4" : "pglz";
    }
}
