using Npgsql;
using TimeBank.Store;

namespace TimeBank.Bench;

/// <summary>A fresh data folder with a server that owns it: its own PostgreSQL cluster, made with the settings that everybody gets.</summary>
public sealed class LedgerUnderTest : IAsyncDisposable
{
    private readonly BenchRun _run;
    private ServerProcess? _server;
    private PrivatePostgres? _postgres;

    private LedgerUnderTest(BenchRun run, string dataFolder)
    {
        _run = run;
        DataFolder = dataFolder;
    }

    public string DataFolder { get; }

    public ServerProcess Server => _server ?? throw new InvalidOperationException("The server was stopped.");

    /// <summary>The cluster, joined: it is the server's.</summary>
    public PrivatePostgres Postgres => _postgres ?? throw new InvalidOperationException("The server was stopped.");

    public static async Task<LedgerUnderTest> StartAsync(BenchRun run, string name)
    {
        var ledger = new LedgerUnderTest(run, Path.Combine(run.Folder, name));
        try
        {
            await ledger.StartAsync();
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync()
    {
        _run.Say($"starting a server on {DataFolder}");
        _server = await ServerProcess.StartOwningAsync(_run, DataFolder);
        _postgres = await PrivatePostgres.StartOrJoinAsync(DataFolder, _ => { }, _run.Cancel);
        await SigningIn.MakeOperatorAsync(DataFolder, _run.Cancel);
    }

    /// <summary>The server ends, and PostgreSQL with it; the data stay.</summary>
    public async Task StopAsync()
    {
        if (_postgres is { } postgres)
            await postgres.DisposeAsync();
        if (_server is { } server)
            await server.DisposeAsync();
        (_postgres, _server) = (null, null);
    }

    public Task<ServerProcess> StartSecondServerAsync() =>
        ServerProcess.StartJoiningAsync(_run, DataFolder + "-second", Postgres.ServerConnectionString, Postgres.OwnerConnectionString);

    public Task<ServerProcess> StartOpenServerAsync() => ServerProcess.StartOpenAsync(_run, DataFolder + "-second", Postgres.ServerConnectionString, Postgres.OwnerConnectionString);

    /// <summary>So that no round pays for the pages that another one wrote.</summary>
    public Task CheckpointAsync() => ScalarAsync<object>("checkpoint");

    /// <summary>Events of a bank, or of all whose names match, counted from the journal: two for each transfer.</summary>
    public async Task<long> EventsAsync(string bank) =>
        await ScalarAsync<long>("select coalesce(sum(last_seq - first_seq + 1), 0)::bigint from timebank.journal where bank like $1", bank);

    public async Task<T?> ScalarAsync<T>(string sql, params object[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(Postgres.SuperuserConnectionString) { Database = "timebank", Pooling = false, CommandTimeout = 600 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(_run.Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        return await command.ExecuteScalarAsync(_run.Cancel) is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var folder in (string[])[DataFolder, DataFolder + "-second"])
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}
