using System.Globalization;

namespace TimeBank.Bench;

/// <summary>The real executable, as a process of its own: what is measured is what people run.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const string Serves = "TimeBank serves on ";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>More than any load asks for: what is measured is the ledger, not what it refuses.</summary>
    private static readonly string[] s_noLimits = ["--Limits:RequestsPerMinute", "1000000000", "--Limits:SignInsPerMinute", "1000000000", "--Limits:AnonymousPerMinute", "1000000000"];

    private readonly Child _child;

    private ServerProcess(Child child, Uri url)
    {
        _child = child;
        Url = url;
        Http = new HttpClient(new SigningIn(url)) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
    }

    public Uri Url { get; }

    public HttpClient Http { get; }

    /// <summary>The last lines that it wrote.</summary>
    public string Output => _child.Output;

    /// <summary>The most memory that the process ever had resident, in MiB: VmHWM of proc(5).</summary>
    public double MostMemoryMebibytes =>
        double.Parse(Machine.FieldOf($"/proc/{_child.ProcessId}/status", "VmHWM").Split(' ')[0], CultureInfo.InvariantCulture) / 1024;

    /// <summary>A server that owns the data folder and its PostgreSQL.</summary>
    public static Task<ServerProcess> StartOwningAsync(BenchRun run, string dataFolder) => StartAsync(run, ["--data", dataFolder], null);

    /// <summary>One more server on the same ledger. Passwords go by the environment: everybody on the machine can read a command line.</summary>
    public static Task<ServerProcess> StartJoiningAsync(BenchRun run, string dataFolder, string serverConnection, string ownerConnection) => StartAsync(
        run, ["--data", dataFolder], Connections(serverConnection, ownerConnection));

    /// <summary>The same without doors: see <see cref="OpenServer"/>.</summary>
    public static Task<ServerProcess> StartOpenAsync(BenchRun run, string dataFolder, string serverConnection, string ownerConnection) => StartAsync(
        run, ["--data", dataFolder], Connections(serverConnection, ownerConnection), [typeof(OpenServer).Assembly.Location, OpenServer.Name]);

    /// <summary>One of the program's verbs, at its end or not.</summary>
    public static Child StartVerb(string verb, params IEnumerable<string> arguments) =>
        Child.Start(Dotnet, ["exec", Program, verb, .. arguments], name: $"timebank {verb}");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _child.DisposeAsync();
    }

    private static Dictionary<string, string> Connections(string server, string owner) => new() { ["ConnectionStrings__TimeBank"] = server, ["ConnectionStrings__TimeBankOwner"] = owner };

    private static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>The build copies it beside the bench, in the same configuration.</summary>
    private static string Program
    {
        get
        {
            var beside = Path.Combine(AppContext.BaseDirectory, "timebank.dll");
            return File.Exists(Path.ChangeExtension(beside, ".runtimeconfig.json"))
                ? beside
                : throw new BenchException($"{beside} is missing with its runtimeconfig.json. Build it: dotnet build -c Release tests/TimeBank.Bench");
        }
    }

    private static async Task<ServerProcess> StartAsync(BenchRun run, IReadOnlyList<string> settings, IReadOnlyDictionary<string, string>? environment, string[]? program = null)
    {
        var serving = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var child = Child.Start(Dotnet, ["exec", .. program ?? [Program, "serve"], "--urls", "http://127.0.0.1:0", .. s_noLimits, .. settings], environment, line =>
        {
            if (line.StartsWith(Serves, StringComparison.Ordinal))
                serving.TrySetResult(new Uri(line[Serves.Length..].Split(' ', ',')[0]));
        });
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(run.Cancel);
            var first = await Task.WhenAny(serving.Task, child.SucceedAsync(ended.Token), Task.Delay(s_patience, ended.Token));
            await ended.CancelAsync();
            if (first == serving.Task)
                return new ServerProcess(child, await serving.Task);
            run.Cancel.ThrowIfCancellationRequested();
            throw new BenchException($"The server did not start: {child.Output}");
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }
}
