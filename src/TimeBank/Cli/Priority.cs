using System.Diagnostics;

namespace TimeBank.Cli;

/// <summary>Long verbs run beside a server, whose callers wait: theirs is the processor first.</summary>
public static class Priority
{
    public static void BelowTheServer()
    {
        using var self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
    }
}
