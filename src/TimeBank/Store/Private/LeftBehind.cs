using System.Globalization;

namespace TimeBank.Store;

/// <summary>
/// Processes of PostgreSQL that a killed TimeBank, or a killed PostgreSQL, left at work on a cluster. They are stopped
/// before a new one starts: so the settings are ours, and so is the process, whose end can be watched.
/// </summary>
internal static class LeftBehind
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_notice = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_impatience = TimeSpan.FromSeconds(10);

    public static async Task StopAsync(DataFolder folder, Action<string> say, CancellationToken cancel)
    {
        var postmaster = PostmasterFile.Read(folder)?.ProcessId;
        if (postmaster is { } pid && On(folder).Contains(pid))
        {
            say($"Stopping the PostgreSQL that a former run left at work (process {pid}) …");
            Posix.Send(pid, Posix.Signal.Interrupt);
            if (!await GoneAsync(() => On(folder).Contains(pid), s_patience, cancel))
            {
                Posix.Send(pid, Posix.Signal.Quit);
                await GoneAsync(() => On(folder).Contains(pid), s_impatience, cancel);
            }
        }

        // What has lost its postmaster ends by itself as soon as it notices, and one that is busy does not notice.
        foreach (var (signal, patience) in new[] { (Posix.Signal.Quit, s_notice), (Posix.Signal.Kill, s_impatience) })
        {
            if (await GoneAsync(() => On(folder).Count > 0, patience, cancel))
                return;
            foreach (var orphan in On(folder))
                Posix.Send(orphan, signal);
        }
        if (!await GoneAsync(() => On(folder).Count > 0, s_impatience, cancel))
            throw new PostgresFailedException($"Processes of a former PostgreSQL on {folder.Cluster} cannot be ended: {string.Join(", ", On(folder))}");
    }

    /// <summary>Every process of PostgreSQL works in its cluster's folder, and the kernel tells: a number in a file may be a stranger's by now.</summary>
    private static IReadOnlyList<int> On(DataFolder folder) => OperatingSystem.IsLinux()
        ? [.. ProcessIds().Where(pid => IsPostgresIn(folder, pid))]
        : PostmasterFile.Read(folder) is { } file && IsRunningPostgres(file.ProcessId) ? [file.ProcessId] : [];

    private static IEnumerable<int> ProcessIds()
    {
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid))
                yield return pid;
        }
    }

    private static bool IsPostgresIn(DataFolder folder, int pid)
    {
        try
        {
            var at = new FileInfo($"/proc/{pid}/cwd").LinkTarget;
            return (at is null ? IsPostmasterOf(folder, pid) : at == folder.Cluster)
                && File.ReadAllText($"/proc/{pid}/comm").StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It ended while we looked, or it is another user's, who cannot be at work in our folder.
        }
    }

    /// <summary>Root in a container may not see where another user's process works (that takes CAP_SYS_PTRACE), and PostgreSQL is another
    /// user's there. Its command line, which anybody reads, names the folder; those of its children do not, and they end with it.</summary>
    private static bool IsPostmasterOf(DataFolder folder, int pid) =>
        Environment.IsPrivilegedProcess && File.ReadAllText($"/proc/{pid}/cmdline").Contains($"\0-D\0{folder.Cluster}\0", StringComparison.Ordinal);

    private static bool IsRunningPostgres(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false; // No such process.
        }
    }

    private static async Task<bool> GoneAsync(Func<bool> isThere, TimeSpan patience, CancellationToken cancel)
    {
        for (var until = DateTime.UtcNow + patience; isThere(); await Task.Delay(50, cancel))
        {
            if (DateTime.UtcNow > until)
                return false;
        }
        return true;
    }
}
