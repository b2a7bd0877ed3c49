using System.Diagnostics;

namespace TimeBank.Store;

/// <summary>The running PostgreSQL: one child process of ours, the parent of all its own.</summary>
internal sealed class Postmaster
{
    private static readonly TimeSpan s_fastStop = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_immediateStop = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly DataFolder _folder;

    private Postmaster(Process process, DataFolder folder)
    {
        _process = process;
        _folder = folder;
        Id = process.Id;
        Exited = process.WaitForExitAsync(CancellationToken.None);
    }

    public int Id { get; }

    public Task Exited { get; }

    public static Postmaster Start(DataFolder folder, PostgresUser user, PostgresBinaries binaries)
    {
        folder.PrepareLog(user);
        // The log is the shell's to open, so that it goes on without us. A session of its own keeps the terminal's Ctrl-C from
        // PostgreSQL: the server stops it when it has finished its own work. `exec` keeps one process, our child.
        string[] command = ["sh", "-c", "exec \"$1\" -D \"$2\" >>\"$3\" 2>&1", "sh", binaries.Postgres, folder.Cluster, folder.Log];
        var start = PostgresBinaries.OnPath("setsid") is { } setsid ? user.Program(setsid, command) : user.Program(command[0], command[1..]);
        var process = Process.Start(start) ?? throw new InvalidOperationException("PostgreSQL did not start");
        process.StandardInput.Close();
        return new Postmaster(process, folder);
    }

    /// <summary>Waits until it takes connections, however long recovery lasts, as long as it lives.</summary>
    public async Task WaitUntilReadyAsync(Action<string> say, CancellationToken cancel)
    {
        for (var (next, waited) = (TimeSpan.FromSeconds(10), Stopwatch.StartNew()); ; await Task.Delay(20, cancel))
        {
            if (Exited.IsCompleted)
                throw new PostgresFailedException($"PostgreSQL did not start. {await LastWordsAsync()}");
            if (PostmasterFile.Read(_folder) is { IsReady: true } file && file.ProcessId == Id)
                return;
            if (waited.Elapsed > next)
            {
                say($"PostgreSQL is still starting, for {waited.Elapsed.TotalSeconds:0} seconds now …");
                next += TimeSpan.FromSeconds(10);
            }
        }
    }

    /// <summary>A fast shutdown: sessions end, everything is written, the next start needs no recovery. Harder if that takes too long.</summary>
    public async Task StopAsync()
    {
        foreach (var (signal, patience) in new[]
        {
            (Posix.Signal.Interrupt, s_fastStop), (Posix.Signal.Quit, s_immediateStop), (Posix.Signal.Kill, s_immediateStop),
        })
        {
            if (Exited.IsCompleted)
                break;
            Posix.Send(Id, signal);
            await Task.WhenAny(Exited, Task.Delay(patience));
        }
        _process.Dispose();
    }

    /// <summary>Asks it to stop and does not wait: all that a process can do that is ending itself.</summary>
    public void AskToStop()
    {
        if (!Exited.IsCompleted)
            Posix.Send(Id, Posix.Signal.Interrupt);
    }

    private async Task<string> LastWordsAsync()
    {
        var errors = await _process.StandardError.ReadToEndAsync();
        var log = File.ReadLines(_folder.Log).TakeLast(12);
        return $"The end of {_folder.Log}:{Environment.NewLine}{string.Join(Environment.NewLine, log)}{Environment.NewLine}{errors}".TrimEnd();
    }
}
