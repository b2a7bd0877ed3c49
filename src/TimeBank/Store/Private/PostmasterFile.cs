using System.Globalization;

namespace TimeBank.Store;

/// <summary>PostgreSQL's <c>postmaster.pid</c>: which process serves the cluster, and whether it is ready.</summary>
internal sealed record PostmasterFile(int ProcessId, string Status)
{
    private const int StatusLine = 7;

    public bool IsReady => Status == "ready";

    /// <summary>Null if there is none, or none that can be read as one: PostgreSQL writes it line by line.</summary>
    public static PostmasterFile? Read(DataFolder folder)
    {
        try
        {
            var lines = File.ReadAllLines(PathIn(folder));
            return lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid)
                ? new PostmasterFile(pid, lines.Length > StatusLine ? lines[StatusLine].Trim() : "")
                : null;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Lets a PostgreSQL start that was not stopped: a stale file names a process that may be a stranger's by now, and
    /// PostgreSQL would wait for it. The file is not deleted, for its other lines let PostgreSQL notice that backends of
    /// the former one still hold its memory; it takes no offence at the number of its own parent, which we write.
    /// </summary>
    /// <returns>Whether there was such a file, that is, whether recovery follows.</returns>
    public static bool MakeHarmless(DataFolder folder, string socketFolder)
    {
        // The socket's lock names the same process; in a folder of our own nothing else can be meant.
        foreach (var leftover in new[] { ".s.PGSQL.5432", ".s.PGSQL.5432.lock" })
            File.Delete(Path.Combine(socketFolder, leftover));

        var path = PathIn(folder);
        if (!File.Exists(path))
            return false;
        var lines = File.ReadAllLines(path);
        if (Read(folder) is null)
            File.Delete(path);
        else
            File.WriteAllText(path, string.Join('\n', [Environment.ProcessId.ToString(CultureInfo.InvariantCulture), .. lines[1..], ""]));
        return true;
    }

    private static string PathIn(DataFolder folder) => Path.Combine(folder.Cluster, "postmaster.pid");
}
