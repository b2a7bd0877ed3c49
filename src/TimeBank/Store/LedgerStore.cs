namespace TimeBank.Store;

/// <summary>Where the ledger lies: a database that the settings name, or else the program's own in its data folder.</summary>
public sealed class LedgerStore : IAsyncDisposable
{
    private readonly PrivatePostgres? _private;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _watching;

    private LedgerStore(string dataFolder, string serverConnectionString, string ownerConnectionString, PrivatePostgres? own, Action<string> say)
    {
        DataFolder = dataFolder;
        ServerConnectionString = serverConnectionString;
        OwnerConnectionString = ownerConnectionString;
        _private = own;
        _watching = own is null ? Task.CompletedTask : RestartWhenItDiesAsync(own, say);
    }

    /// <summary>Files that are not the database's: results of bulk requests that wait to be read.</summary>
    public string DataFolder { get; }

    public string ServerConnectionString { get; }
    public string OwnerConnectionString { get; }

    /// <summary>PostgreSQL's own programs, if the cluster is ours.</summary>
    public string? BinariesFolder => _private?.BinariesFolder;

    /// <summary>The superuser of our own cluster; null where the settings name a database.</summary>
    public string? SuperuserConnectionString => _private?.SuperuserConnectionString;

    /// <summary>Reads the settings <c>ConnectionStrings:TimeBank</c> (and <c>ConnectionStrings:TimeBankOwner</c>, if another login owns the
    /// schema) and <c>data</c>; brings the schema up to date.</summary>
    /// <param name="owning">True for a server, which must have the data folder to itself; a verb of the command line joins a server that runs.</param>
    public static async Task<LedgerStore> OpenAsync(IConfiguration settings, bool owning, Action<string> say, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(settings["data"] ?? PrivatePostgres.DefaultDataFolder);
        LedgerStore store;
        if (settings.GetConnectionString("TimeBank") is { Length: > 0 } given)
        {
            store = new LedgerStore(folder, given, settings.GetConnectionString("TimeBankOwner") is { Length: > 0 } owner ? owner : given, null, say);
        }
        else
        {
            var own = owning
                ? await PrivatePostgres.StartAsync(folder, say, cancel)
                : await PrivatePostgres.StartOrJoinAsync(folder, say, cancel);
            store = new LedgerStore(folder, own.ServerConnectionString, own.OwnerConnectionString, own, say);
        }
        try
        {
            await SchemaMigrations.ApplyAsync(store.OwnerConnectionString, say, cancel);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _watching;
        if (_private is not null)
            await _private.DisposeAsync();
        _disposing.Dispose();
    }

    private async Task RestartWhenItDiesAsync(PrivatePostgres own, Action<string> say)
    {
        while (!_disposing.IsCancellationRequested)
        {
            var ended = own.ExitedUnexpectedly;
            await Task.WhenAny(ended, Task.Delay(Timeout.Infinite, _disposing.Token));
            if (!ended.IsCompleted || _disposing.IsCancellationRequested)
                return;
            say("PostgreSQL ended unexpectedly; starting it again …");
            try
            {
                await own.RestartAsync(_disposing.Token);
                say("PostgreSQL runs again.");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                say($"It did not start: {e.Message} Trying again in 5 seconds.");
                await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(5), _disposing.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
