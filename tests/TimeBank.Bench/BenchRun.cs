using System.Diagnostics;

namespace TimeBank.Bench;

/// <summary>One side of a comparison: what it is called, and what a round of so many seconds gives.</summary>
public sealed record Side(string Name, Func<int, Task<double>> Measure);

/// <summary>One run of the bench: what scenarios share, and their results.</summary>
public sealed class BenchRun(Options options, string folder, CancellationToken cancel) : IAsyncDisposable
{
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private Community? _main;
    private Community? _large;

    public Options Options { get; } = options;

    /// <summary>Scratch files and data folders, gone afterwards.</summary>
    public string Folder { get; } = folder;

    public CancellationToken Cancel { get; } = cancel;

    public List<Row> Rows { get; } = [];

    public string MachineDescription { get; private set; } = "";

    public void Say(string what) => Console.Error.WriteLine($"[{_since.Elapsed:hh\\:mm\\:ss}] {what}");

    public void Add(Row row)
    {
        Rows.Add(row);
        Say(row.Bar.Length == 0 && row.Met ? $"{row.What}: {row.Figure}" : $"{(row.Met ? "met" : "MISSED")}: {row.What}: {row.Figure} (bar {row.Bar})");
    }

    /// <summary>10,000 members of one bank on a fresh cluster, and a server that is warm.</summary>
    public async Task<Community> MainAsync()
    {
        return _main ??= await ReadyAsync(await OpenAsync("main", 10_000), transfers: 0);
    }

    /// <summary>100,000 members and 2,000,000 transfers on a fresh cluster of their own; the main one ends.</summary>
    public async Task<Community> LargeAsync()
    {
        if (_large is not null)
            return _large;
        await CloseAsync(_main);
        _main = null;
        return _large = await ReadyAsync(await OpenAsync("large", 100_000), Options.Volume(2_000_000));
    }

    /// <summary>A fresh cluster with one bank of so many members.</summary>
    public async Task<Community> OpenAsync(string name, int members)
    {
        var ledger = await LedgerUnderTest.StartAsync(this, name);
        try
        {
            if (MachineDescription.Length == 0)
                MachineDescription = await Machine.DescribeAsync(ledger, Options);
            return await Community.OpenAsync(this, ledger, "bank", Options.Volume(members));
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    public async Task WarmUpAsync(Community community, ServerProcess server)
    {
        Say($"warming up for {Options.WarmUpSeconds} s");
        var warm = await Wrk.RunAsync(this, server, community.AtRandom(server), Options.WarmUpSeconds);
        Say($"  {Row.Number(warm.PerSecond)}/s");
    }

    /// <summary>A round of transfers, each of which must stand in the journal: an answer that is a replay or a dream counts nothing.</summary>
    public async Task<double> TransfersAsync(Community community, ServerProcess server, string script, int seconds) =>
        (await CheckedAsync(community.Ledger, community.Bank, () => Wrk.RunAsync(this, server, script, seconds)))[0].PerSecond;

    /// <summary>Runs of wrk whose transfers are compared with the journals of the banks whose names match.</summary>
    public static async Task<WrkResult[]> CheckedAsync(LedgerUnderTest ledger, string banks, params IReadOnlyList<Func<Task<WrkResult>>> runs)
    {
        var before = await ledger.EventsAsync(banks);
        var results = await Task.WhenAll(runs.Select(run => run()));
        var made = (await ledger.EventsAsync(banks) - before) / 2;
        var answered = results.Sum(r => r.Requests);
        return made >= answered ? results : throw new BenchException($"{answered} transfers were answered and {made} are in the journal.");
    }

    /// <summary>The sides in turn, round by round, each after a CHECKPOINT; first each once for a short time that does not count, because its
    /// code is yet to be compiled.</summary>
    public async Task<Series[]> CompareAsync(LedgerUnderTest ledger, params IReadOnlyList<Side> sides)
    {
        foreach (var side in sides)
            await side.Measure(Math.Max(2, Options.WarmUpSeconds / 4));
        return await CompareWarmAsync(ledger, Options.Rounds, sides);
    }

    public async Task<Series[]> CompareWarmAsync(LedgerUnderTest ledger, int rounds, params IReadOnlyList<Side> sides)
    {
        var values = sides.Select(_ => new List<double>()).ToArray();
        for (var round = 1; round <= rounds; round++)
        {
            for (var i = 0; i < sides.Count; i++)
            {
                Cancel.ThrowIfCancellationRequested();
                await ledger.CheckpointAsync();
                values[i].Add(await sides[i].Measure(Options.Seconds));
                Say($"  round {round} of {rounds}, {sides[i].Name}: {Row.Number(values[i][^1])}");
            }
        }
        return [.. values.Select(v => new Series(v))];
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(_main);
        await CloseAsync(_large);
    }

    /// <summary>Filled and warm, or gone: one that was half filled would be measured as if it were full.</summary>
    private async Task<Community> ReadyAsync(Community community, int transfers)
    {
        try
        {
            if (transfers > 0)
                await Filling.TransfersAsync(this, community, transfers);
            await WarmUpAsync(community, community.Ledger.Server);
            return community;
        }
        catch
        {
            await community.Ledger.DisposeAsync();
            throw;
        }
    }

    private static async Task CloseAsync(Community? community)
    {
        if (community is not null)
            await community.Ledger.DisposeAsync();
    }
}
