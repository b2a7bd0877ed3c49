using System.Diagnostics;
using Npgsql;

namespace TimeBank.Store;

/// <summary>Long verbs run beside a server, and workers in it: whoever waits for an answer has the processor first.</summary>
public static class Priority
{
    private const int Lowest = 19;

    /// <summary>About a tenth of what others get beside it. Not the lowest: it may hold for a moment what another needs.</summary>
    private const int InBackground = 10;

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
        if (s_isBelow)
            Set(connection, Lowest);
    }

    /// <summary>The same for a connection on which nobody waits for an answer.</summary>
    public static void Background(NpgsqlConnection connection) => Set(connection, s_isBelow ? Lowest : InBackground);

    private static void Set(NpgsqlConnection connection, int priority)
    {
        if (OperatingSystem.IsLinux() && Path.IsPathRooted(connection.Host))
            Posix.TrySetPriority(connection.ProcessID, priority);
    }
}
