using System.IO.Enumeration;

namespace TimeBank.Store;

/// <summary>Has Linux write what PostgreSQL's tables grew by within a second or two, a little at a time.</summary>
/// <remarks>PostgreSQL grows a table by pages of zeros, which Linux keeps in memory for thirty seconds and then writes all at once: 200 MB at
/// 3,500 transfers a second, for which the next commits waited up to 150 ms. It only begins to write earlier what would be written anyway;
/// what a commit promises rests on PostgreSQL's own waiting for its log.</remarks>
public sealed class Writeback : IDisposable
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);
    private static readonly EnumerationOptions s_everything = new() { RecurseSubdirectories = true };

    private readonly string _tables;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread? _thread;

    /// <param name="cluster">PostgreSQL's data directory.</param>
    public Writeback(string cluster)
    {
        _tables = Path.Combine(cluster, "base");
        if (!OperatingSystem.IsLinux())
            return;
        _thread = new Thread(Run) { Name = "writeback", IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
    }

    /// <summary>Begins to write what changed since; how many files that are.</summary>
    public static int Begin(string tables, DateTimeOffset since)
    {
        var begun = 0;
        foreach (var path in new FileSystemEnumerable<string>(tables, (ref FileSystemEntry e) => e.ToFullPath(), s_everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry e) => !e.IsDirectory && e.LastWriteTimeUtc >= since,
        })
        {
            try
            {
                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                Posix.BeginWriting(file);
                begun++;
            }
            catch (FileNotFoundException)
            {
                // A table that was dropped since needs no writing.
            }
        }
        return begun;
    }

    private void Run()
    {
        for (var since = DateTimeOffset.UtcNow; !_stop.Wait(s_rest);)
        {
            var now = DateTimeOffset.UtcNow;
            try
            {
                // The time of a file is that of the kernel's last tick: a moment behind the clock.
                Begin(_tables, since - s_rest);
            }
            catch (IOException)
            {
                // Linux writes by itself what is not begun here; if the disk is ill, PostgreSQL says so to those who wait for it.
            }
            since = now;
        }
    }
}
