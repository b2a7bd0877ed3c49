using System.Diagnostics;
using System.Globalization;

namespace TimeBank.Bench.Scenarios;

/// <summary>What becomes of it after two million transfers between a hundred thousand accounts, on a cluster of their own.</summary>
public static class LargeBank
{
    /// <summary>The empty side is a cluster made anew for each round: tables are shared by all banks of a cluster, so an empty bank beside the
    /// full one would hide what it costs, and an empty one that is used again is not empty.</summary>
    public static async Task RunAsync(BenchRun run)
    {
        var large = await run.LargeAsync();
        var sides = await run.CompareWarmAsync(large.Ledger, run.Options.Rounds,
            new Side("full", seconds => run.TransfersAsync(large, large.Ledger.Server, large.AtRandom(large.Ledger.Server), seconds)),
            new Side("empty", async seconds =>
            {
                var empty = await run.OpenAsync("empty", 100_000);
                await using var ledger = empty.Ledger;
                await run.WarmUpAsync(empty, ledger.Server);
                await ledger.CheckpointAsync();
                return await run.TransfersAsync(empty, ledger.Server, empty.AtRandom(ledger.Server), seconds);
            }));
        run.Add(Row.Ratio($"after {run.Options.Count(2_000_000)} transfers, {run.Options.Count(100_000)} accounts, against an empty bank of as many", "/s", sides[0], sides[1], 0.8));
    }

    public static async Task WhileVerbsRunAsync(BenchRun run)
    {
        var large = await run.LargeAsync();
        var sides = await run.CompareWarmAsync(large.Ledger, run.Options.Rounds,
            new Side("while both run", async seconds =>
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(run.Cancel);
                var verify = AgainAndAgainAsync("verify", ["--bank", large.Bank, "--data", large.Ledger.DataFolder], ended.Token);
                var export = AgainAndAgainAsync("export", ["--bank", large.Bank, "--format", "ndjson", "--output", Path.Combine(run.Folder, "export.ndjson"), "--data", large.Ledger.DataFolder], ended.Token);
                // The verbs' own start is not what is measured.
                await Task.Delay(TimeSpan.FromSeconds(2), run.Cancel);
                try
                {
                    return await run.TransfersAsync(large, large.Ledger.Server, large.AtRandom(large.Ledger.Server), seconds);
                }
                finally
                {
                    await ended.CancelAsync();
                    await Task.WhenAll(verify, export);
                }
            }),
            new Side("alone", seconds => run.TransfersAsync(large, large.Ledger.Server, large.AtRandom(large.Ledger.Server), seconds)));
        run.Add(Row.Ratio($"while a verify and an export of the {run.Options.Count(2_000_000)} run, against without", "/s", sides[0], sides[1], 0.5));
    }

    /// <summary>The large server's own peak: it took all that came before, too.</summary>
    public static async Task MemoryAsync(BenchRun run)
    {
        var large = await run.LargeAsync();
        var server = large.Ledger.Server;
        long touched = 0;
        for (var seconds = run.Options.Seconds; touched < large.Members.Count; seconds *= 2)
        {
            var script = WrkScripts.Transfers(server.Url, large, large.MembersFile, large.MembersFile, inTurn: true);
            // Each run begins with the first account again, so one run must reach the last; two accounts a transfer.
            touched = 2 * (await Wrk.RunAsync(run, server, script, seconds)).Requests;
        }
        run.Add(Row.AtMost($"server process, most memory (VmHWM) with {run.Options.Count(100_000)} accounts touched", "MiB", Series.Of(server.MostMemoryMebibytes), 400));
    }

    /// <summary>Nothing else runs meanwhile; the time of the whole command counts, with the start and stop of its PostgreSQL.</summary>
    public static async Task RebuildAsync(BenchRun run)
    {
        var large = await run.LargeAsync();
        var events = await large.Ledger.ScalarAsync<long>("select count(*) from timebank.mt_events");
        await large.Ledger.StopAsync();
        var rates = new List<double>();
        try
        {
            for (var round = 1; round <= run.Options.FewRounds; round++)
            {
                var since = Stopwatch.StartNew();
                await using var rebuild = ServerProcess.StartVerb("rebuild", "--data", large.Ledger.DataFolder);
                await rebuild.SucceedAsync(run.Cancel);
                rates.Add(events / since.Elapsed.TotalSeconds);
                run.Say($"  round {round}: {Row.Number(rates[^1])}/s");
            }
        }
        finally
        {
            if (!run.Cancel.IsCancellationRequested)
                await large.Ledger.StartAsync();
        }
        run.Add(Row.AtLeast($"rebuild of all guard tables and projections, {events.ToString("N0", CultureInfo.InvariantCulture)} events", "events/s", new Series(rates), 100_000));
    }

    /// <summary>A verb that ends early starts over; one that fails is no load, so it is an error.</summary>
    private static async Task AgainAndAgainAsync(string verb, IReadOnlyList<string> arguments, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await using var running = ServerProcess.StartVerb(verb, arguments);
            try
            {
                await running.SucceedAsync(ended);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
