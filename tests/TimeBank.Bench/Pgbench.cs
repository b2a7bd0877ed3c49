using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace TimeBank.Bench;

/// <summary>PostgreSQL's own TPC-B-like benchmark in a second database of the same cluster: the yardstick.</summary>
public sealed partial class Pgbench
{
    private const string Database = "bench";
    private const int FullScale = 50;

    private readonly string _program;
    private readonly Dictionary<string, string> _environment;

    private Pgbench(string program, Dictionary<string, string> environment)
    {
        _program = program;
        _environment = environment;
    }

    /// <summary>Makes the database and fills it: 5,000,000 accounts.</summary>
    public static async Task<Pgbench> PrepareAsync(BenchRun run, LedgerUnderTest ledger)
    {
        var program = Path.Combine(ledger.Postgres.BinariesFolder, "pgbench");
        if (!File.Exists(program))
        {
            program = Programs.Find("pgbench")
                ?? throw new BenchException("pgbench is missing; install it: apt-get install postgresql-contrib (or postgresql, which has it on Debian)");
        }
        var login = new NpgsqlConnectionStringBuilder(ledger.Postgres.SuperuserConnectionString);
        var pgbench = new Pgbench(program, new Dictionary<string, string>
        {
            ["PGHOST"] = login.Host!,
            ["PGUSER"] = login.Username!,
            ["PGPASSWORD"] = login.Password!,
            ["PGDATABASE"] = Database,
            ["LC_ALL"] = "C",
        });
        var scale = run.Options.Volume(FullScale);
        run.Say($"pgbench: filling scale {scale}");
        await ledger.ScalarAsync<object>($"create database {Database}");
        await Child.RunAsync(program, ["-i", "-q", "-s", Text(scale)], pgbench._environment, run.Cancel);
        return pgbench;
    }

    /// <summary>Transactions a second.</summary>
    public async Task<double> RunAsync(int seconds, CancellationToken cancel)
    {
        var output = await Child.RunAsync(_program, ["-M", "prepared", "-c", "32", "-j", "2", "-T", Text(seconds)], _environment, cancel);
        return Tps().Match(output) is { Success: true } tps
            ? double.Parse(tps.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new BenchException($"pgbench said no tps: {output}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex Tps();
}

/// <summary>Programs in PATH.</summary>
public static class Programs
{
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
