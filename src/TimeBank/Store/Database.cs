using Npgsql;

namespace TimeBank.Store;

/// <summary>The connections of one server: writers of their own, and a pool for reading.</summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>While the tables are rebuilt, callers hear 503 after so long and come again, rather than wait for the end.</summary>
    private const string LockTimeout = "-c lock_timeout=5s";

    /// <summary>A plan is made once for a connection, perhaps while a table is empty, when reading or sorting all of nothing looks as cheap as
    /// an index; it stays when there are millions of rows. Every statement touches few rows of large tables by their keys: what can be read
    /// by an index, and in its order, is read so.</summary>
    private const string ByIndex =
        "-c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c plan_cache_mode=force_generic_plan -c jit=off";

    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlDataSource _readers;

    public Database(string connectionString)
        : this(connectionString, Priority.Follow)
    {
        Background = new Database(connectionString, Priority.Background);
    }

    private Database(string connectionString, Action<NpgsqlConnection> place)
    {
        Background = this;
        _writers = Source(connectionString, place, s =>
        {
            s.Pooling = false;
            s.MaxAutoPrepare = 60;
            s.AutoPrepareMinUsages = 1;
            s.CommandTimeout = 30;
        });
        _readers = Source(connectionString, place, s =>
        {
            s.MaxPoolSize = 6;
            s.MaxAutoPrepare = 100;
            s.AutoPrepareMinUsages = 2;
            s.CommandTimeout = 60;
            s.NoResetOnClose = true;
        });
    }

    public NpgsqlDataSource Readers => _readers;

    /// <summary>For work for which nobody waits: PostgreSQL's processes that do it take what the others leave.</summary>
    public Database Background { get; }

    public NpgsqlConnection OpenWriter() => _writers.OpenConnection();

    public async Task PingAsync(CancellationToken cancel)
    {
        await using var command = _readers.CreateCommand("select 1 from timebank.journal_format");
        await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>Of PostgreSQL, as it names itself.</summary>
    public async Task<string> VersionAsync(CancellationToken cancel)
    {
        await using var command = _readers.CreateCommand("show server_version");
        return (string)(await command.ExecuteScalarAsync(cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _writers.DisposeAsync();
        await _readers.DisposeAsync();
        if (Background != this)
            await Background.DisposeAsync();
    }

    private static NpgsqlDataSource Source(string connectionString, Action<NpgsqlConnection> place, Action<NpgsqlConnectionStringBuilder> settings)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Timeout = 10, ApplicationName = "timebank", Options = $"-c role=timebank_server {ByIndex} {LockTimeout}",
        };
        settings(builder);
        return new NpgsqlDataSourceBuilder(builder.ConnectionString)
            .UsePhysicalConnectionInitializer(place, connection =>
            {
                place(connection);
                return Task.CompletedTask;
            })
            .Build();
    }
}
