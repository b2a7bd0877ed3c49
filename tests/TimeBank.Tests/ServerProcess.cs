using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using TimeBank.Store;

namespace TimeBank.Tests;

/// <summary>A server in a process of its own, to be killed: the built program, <c>serve</c>, on a port that it keeps over restarts.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly string[] _settings;
    private readonly Queue<string> _said = new();
    private Process? _process;

    private ServerProcess(string[] settings, int port)
    {
        _settings = settings;
        var server = new Uri($"http://127.0.0.1:{port}");
        Http = new HttpClient(new SigningIn(server, OperatorAsync)) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(90) };
    }

    public HttpClient Http { get; }

    public int Id => _process!.Id;

    /// <summary>Settings as on the command line, such as <c>--data</c> and a folder.</summary>
    public static async Task<ServerProcess> StartAsync(params string[] settings)
    {
        var server = new ServerProcess(settings, FreePort());
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Waits until requests are answered.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Tools.Require("dotnet", "apt-get install dotnet-sdk-10.0"),
            ["exec", Path.Combine(AppContext.BaseDirectory, "timebank.dll"), "serve", .. _settings, .. Logins.NoLimits.SelectMany(l => (string[])[$"--{l.Key}", l.Value!]), "--urls", Http.BaseAddress!.ToString().TrimEnd('/')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (var tries = 0; ; tries++)
        {
            if (_process.HasExited || tries == 600)
                throw new InvalidOperationException($"The server did not start: {Said}");
            try
            {
                using var answer = await Http.GetAsync("/health/ready");
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(100);
        }
    }

    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    /// <summary>SIGKILL: nothing can be put in order.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop by a signal; the answer is its exit code.</summary>
    public async Task<int> StopAsync(string signal)
    {
        await SignalAsync(_process!.Id, signal);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    public static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is { HasExited: false })
            await StopAsync("TERM");
        _process?.Dispose();
    }

    /// <summary>The process's own store, joined for as long as it takes to make its operator.</summary>
    private async Task<string> OperatorAsync()
    {
        var settings = new ConfigurationBuilder().AddCommandLine(_settings).Build();
        await using var store = await LedgerStore.OpenAsync(settings, owning: false, TestContext.Progress.WriteLine, CancellationToken.None);
        return await Logins.OperatorAsync(store);
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        RunLog.Say(line);
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > 200)
                _said.Dequeue();
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
