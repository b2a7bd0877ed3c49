using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace TimeBank.Bench;

/// <summary>What went wrong, and how to mend it; the scenario has no result.</summary>
public sealed class BenchException(string message) : Exception(message);

/// <summary>A program that was started and will be ended, also when the bench is interrupted.</summary>
public sealed class Child : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const int MostLines = 200;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _name;
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();

    private Child(Process process, string name, Action<string>? heard)
    {
        _process = process;
        _name = name;
        process.OutputDataReceived += (_, line) => Hear(line.Data, heard);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, heard);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines that it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _lines);
        }
    }

    /// <param name="name">For people, if it is not the program's.</param>
    public static Child Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, Action<string>? heard = null, string? name = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        return new Child(Process.Start(start)!, name ?? Path.GetFileName(program), heard);
    }

    /// <summary>Runs a program to its end and answers what it wrote.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancel)
    {
        await using var child = Start(program, arguments, environment);
        await child.SucceedAsync(cancel);
        return child.Output;
    }

    /// <summary>Waits for the end, which must be a good one.</summary>
    public async Task SucceedAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        ThrowIfFailed();
    }

    public void ThrowIfFailed()
    {
        if (_process.HasExited && _process.ExitCode != 0)
            throw new BenchException($"{_name} ended with {_process.ExitCode}: {Output.Trim()}");
    }

    /// <summary>Asks it to stop, and ends it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, Sigterm);
            using var patience = new CancellationTokenSource(s_patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
        _process.Dispose();
    }

    private void Hear(string? line, Action<string>? heard)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MostLines)
                _lines.Dequeue();
        }
        heard?.Invoke(line);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
