using Npgsql;

namespace TimeBank.Store;

/// <summary>
/// TimeBank's own PostgreSQL cluster in a data folder: made on the first start, reached through a socket that nobody else can
/// open, stopped with the program, recovered after a kill.
/// </summary>
/// <remarks>
/// One process owns a folder. A verb of the command line that runs beside the server joins the server's PostgreSQL and leaves
/// it running. Not for Windows, where <c>ConnectionStrings__TimeBank</c> names a database instead.
/// </remarks>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private static readonly TimeSpan s_joining = TimeSpan.FromSeconds(60);

    private readonly DataFolder _folder;
    private readonly PostgresSecrets _secrets;
    private readonly Ownership? _owned;
    private readonly Writeback? _writeback;

    private PrivatePostgres(DataFolder folder, PostgresSecrets secrets, string binariesFolder, Ownership? owned)
    {
        _folder = folder;
        _secrets = secrets;
        _owned = owned;
        _writeback = owned is null ? null : new Writeback(folder.Cluster);
        BinariesFolder = binariesFolder;
    }

    /// <summary>For root <c>/var/lib/timebank</c>, for others <c>timebank</c> where their data belongs (XDG base directories).</summary>
    public static string DefaultDataFolder => Environment.IsPrivilegedProcess
        ? "/var/lib/timebank"
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data && Path.IsPathFullyQualified(data)
                ? data
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share"),
            "timebank");

    /// <summary>The login <c>timebank_owner</c>: makes and owns the schema, is no superuser.</summary>
    public string OwnerConnectionString => _secrets.OwnerConnection;

    /// <summary>The login <c>timebank_server</c>: owns nothing.</summary>
    public string ServerConnectionString => _secrets.ServerConnection;

    /// <summary>The superuser, in the database <c>postgres</c>: for what concerns the cluster, such as one more database.</summary>
    public string SuperuserConnectionString => _secrets.SuperuserConnection("postgres");

    public string BinariesFolder { get; }

    /// <summary>The postmaster's; 0 while there is none.</summary>
    public int ProcessId => _owned?.ProcessId ?? PostmasterFile.Read(_folder)?.ProcessId ?? 0;

    /// <summary>Completes if PostgreSQL ends and was not asked to; after <see cref="RestartAsync"/> there is a new one. Never completes for one that was joined.</summary>
    public Task ExitedUnexpectedly => _owned?.ExitedUnexpectedly ?? Task.Delay(Timeout.Infinite);

    /// <summary>Starts the folder's cluster, made if need be, and owns it until disposed of.</summary>
    /// <exception cref="DataFolderInUseException">Another process owns the folder; said at once.</exception>
    /// <exception cref="PostgresMissingException">No PostgreSQL fits; the message says what to install.</exception>
    public static async Task<PrivatePostgres> StartAsync(string dataFolder, Action<string> say, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("On Windows TimeBank starts no PostgreSQL of its own: name a database in ConnectionStrings__TimeBank.");
        var user = await PostgresUser.ChooseAsync(DataFolder.OfCluster(dataFolder), cancel);
        var folder = await DataFolder.OpenAsync(dataFolder, user, cancel);
        var claim = folder.Claim();
        try
        {
            await LeftBehind.StopAsync(folder, say, cancel);
            var binaries = await PostgresBinaries.FindAsync(folder, say, cancel);
            var secrets = PostgresSecrets.ReadOrCreate(folder, user);
            if (folder.ClusterMajor is null)
            {
                say($"Making a PostgreSQL {binaries.Major} cluster in {folder.Cluster} …");
                await PostgresCluster.CreateAsync(folder, user, binaries, secrets, cancel);
            }
            var owned = new Ownership(folder, user, binaries, secrets, claim, say);
            try
            {
                await owned.StartAsync(cancel);
                await PostgresCluster.PrepareAsync(secrets, say, cancel);
            }
            catch
            {
                await owned.DisposeAsync();
                throw;
            }
            say($"PostgreSQL {binaries.Major} is ready.");
            return new PrivatePostgres(folder, secrets, binaries.Folder, owned);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>For verbs of the command line: joins the PostgreSQL of a process that owns the folder, or else starts it and owns it.</summary>
    public static async Task<PrivatePostgres> StartOrJoinAsync(string dataFolder, Action<string> say, CancellationToken cancel)
    {
        for (var until = DateTime.UtcNow + s_joining; ; await Task.Delay(200, cancel))
        {
            try
            {
                return await StartAsync(dataFolder, say, cancel);
            }
            catch (DataFolderInUseException inUse)
            {
                // The other process may be starting, or about to stop: then the folder is ours to start.
                if (await TryJoinAsync(new DataFolder(inUse.Folder), cancel) is { } joined)
                {
                    say($"TimeBank runs on {inUse.Folder} already (process {inUse.Holder}); using its PostgreSQL.");
                    return joined;
                }
                if (DateTime.UtcNow > until)
                    throw;
            }
        }
    }

    /// <summary>After an unexpected end: starts PostgreSQL again on the same folder, with the same connection strings. One that runs is left alone.</summary>
    public Task RestartAsync(CancellationToken cancel) =>
        (_owned ?? throw new InvalidOperationException("Only the process that owns PostgreSQL restarts it.")).RestartAsync(cancel);

    public ValueTask DisposeAsync()
    {
        _writeback?.Dispose();
        return _owned?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private static async Task<PrivatePostgres?> TryJoinAsync(DataFolder folder, CancellationToken cancel)
    {
        if (PostmasterFile.Read(folder) is not { IsReady: true } || !File.Exists(folder.Secrets))
            return null;
        var joined = new PrivatePostgres(folder, PostgresSecrets.Read(folder), PostgresBinaries.RunningOn(folder), owned: null);
        try
        {
            // The file of a PostgreSQL that was killed says "ready" too.
            await using var connection = new NpgsqlConnection(joined.OwnerConnectionString + ";Pooling=false");
            await connection.OpenAsync(cancel);
            return joined;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }
}
