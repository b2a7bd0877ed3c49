using System.Diagnostics;
using Npgsql;

namespace TimeBank.Store;

/// <summary>Long verbs run beside a server, whose callers wait: theirs is the processor first.</summary>
public static class Priority
{
    private const int Lowest = 19;

    private static bool s_isBelow;

    /// <summary>From here on this process takes only what the server leaves.</summary>
    public static void BelowTheServer()
    {
        using var self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.Idle;
        s_isBelow = true;
    }

    /// <summary>PostgreSQL's process that works for this connection follows, if it runs on this machine and is ours to ask;
    /// somebody else's database stays as its administrator wants it.</summary>
    public static void Follow(NpgsqlConnection connection)
    {
        if (s_isBelow && OperatingSystem.IsLinux() && Path.IsPathRooted(connection.Host))
            Posix.TrySetPriority(connection.ProcessID, Lowest);
    }
}
