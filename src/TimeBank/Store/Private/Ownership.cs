namespace TimeBank.Store;

/// <summary>Holds the data folder's lock and keeps a postmaster running on it, until disposed of.</summary>
internal sealed class Ownership : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly PostgresUser _user;
    private readonly PostgresBinaries _binaries;
    private readonly PostgresSecrets _secrets;
    private readonly IDisposable _claim;
    private readonly Action<string> _say;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private TaskCompletionSource _exited = NewExit();
    private volatile Postmaster? _postmaster;
    private volatile bool _isStopping;

    public Ownership(DataFolder folder, PostgresUser user, PostgresBinaries binaries, PostgresSecrets secrets, IDisposable claim, Action<string> say)
    {
        (_folder, _user, _binaries, _secrets, _claim, _say) = (folder, user, binaries, secrets, claim, say);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public int ProcessId => _postmaster is { Exited.IsCompleted: false } running ? running.Id : 0;

    public Task ExitedUnexpectedly => Volatile.Read(ref _exited).Task;

    public async Task StartAsync(CancellationToken cancel)
    {
        await PostgresSettings.WriteAsync(_folder, _user, _binaries, _secrets.SocketFolder, cancel);
        var recovers = PostmasterFile.MakeHarmless(_folder, _secrets.SocketFolder);
        _say(recovers
            ? "PostgreSQL was not stopped last time. Recovering: nothing that was committed is lost …"
            : $"Starting PostgreSQL {_binaries.Major} …");
        var postmaster = Postmaster.Start(_folder, _user, _binaries);
        _postmaster = postmaster;
        try
        {
            await postmaster.WaitUntilReadyAsync(_say, cancel);
        }
        catch
        {
            await postmaster.StopAsync();
            throw;
        }
        if (Volatile.Read(ref _exited).Task.IsCompleted)
            Volatile.Write(ref _exited, NewExit());
        _ = WatchAsync(postmaster, Volatile.Read(ref _exited));
    }

    public async Task RestartAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            if (ProcessId != 0)
                return;
            await LeftBehind.StopAsync(_folder, _say, cancel);
            await StartAsync(cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_isStopping)
                return;
            _isStopping = true;
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            if (_postmaster is { } postmaster)
                await postmaster.StopAsync();
            if (_secrets.SocketFolder != _folder.Socket && Directory.Exists(_secrets.SocketFolder))
                Directory.Delete(_secrets.SocketFolder, recursive: true);
        }
        finally
        {
            _claim.Dispose();
            _turn.Release();
        }
    }

    private async Task WatchAsync(Postmaster postmaster, TaskCompletionSource exited)
    {
        await postmaster.Exited;
        if (!_isStopping)
            exited.TrySetResult();
    }

    // A program that ends without disposing still leaves PostgreSQL on its way to a clean stop (an unhandled signal does not come here).
    private void OnProcessExit(object? sender, EventArgs e) => _postmaster?.AskToStop();

    private static TaskCompletionSource NewExit() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
