using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TimeBank.Store;

/// <summary>The few calls of the operating system for which .NET has no name.</summary>
internal static class Posix
{
    public enum Signal { Interrupt = 2, Quit = 3, Kill = 9 }

    /// <summary>An owner or group that <see cref="ChangeOwner"/> leaves as it is.</summary>
    public const uint Unchanged = uint.MaxValue;

    /// <summary>Sends a signal; a process that is gone already is no error, since that is what signals here are for.</summary>
    public static void Send(int processId, Signal signal)
    {
        const int noSuchProcess = 3;
        if (kill(processId, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error and not noSuchProcess)
            throw new Win32Exception(error, $"cannot send {signal} to process {processId}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (chown(path, user, group) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"cannot change the owner of {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>The path without symbolic links, as the kernel shows it for a process's working directory; null if it leads nowhere.</summary>
    public static string? TryRealPath(string path)
    {
        var resolved = realpath(path, IntPtr.Zero);
        var real = Marshal.PtrToStringUTF8(resolved);
        free(resolved);
        return real;
    }

    /// <summary>From -20, the first, to 19, the last. False if the process is somebody else's or gone.</summary>
    public static bool TrySetPriority(int processId, int priority)
    {
        const int ofProcess = 0;
        return setpriority(ofProcess, (uint)processId, priority) == 0;
    }

    /// <summary>The kernel begins to write what a file holds in memory, and nobody waits for it.</summary>
    public static void BeginWriting(SafeFileHandle file)
    {
        const uint write = 2;
        if (sync_file_range(file, 0, 0, write) != 0)
            throw new IOException($"cannot begin to write: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int sync_file_range(SafeFileHandle file, long offset, long bytes, uint flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);

    [DllImport("libc", SetLastError = true)]
    private static extern int chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);

    [DllImport("libc")]
    private static extern int setpriority(int which, uint who, int priority);

    [DllImport("libc")]
    private static extern IntPtr realpath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, IntPtr resolved);

    [DllImport("libc")]
    private static extern void free(IntPtr memory);
}
