namespace TimeBank.Bench.Scenarios;

/// <summary>Two server processes that write to the same bank and so must take turns.</summary>
public static class TwoServers
{
    private const int Connections = 64;

    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var one = main.Ledger.Server;
        await using var two = await main.Ledger.StartSecondServerAsync();
        await run.WarmUpAsync(main, two);
        var shares = new List<double>();
        var sides = await run.CompareAsync(main.Ledger,
            new Side("two servers together", async seconds =>
            {
                var both = await BenchRun.CheckedAsync(main.Ledger, main.Bank,
                    () => Wrk.RunAsync(run, one, main.AtRandom(one), seconds, Connections / 2),
                    () => Wrk.RunAsync(run, two, main.AtRandom(two), seconds, Connections / 2));
                var sum = both.Sum(b => b.PerSecond);
                shares.Add(100 * both.Min(b => b.PerSecond) / sum);
                return sum;
            }),
            new Side("one server", seconds => run.TransfersAsync(main, one, main.AtRandom(one), seconds)));
        run.Add(Row.Ratio("two servers on one bank together (32 connections each), against one (64)", "/s", sides[0], sides[1], 0.5));
        run.Add(Row.AtLeast("share of the slower of the two", "%", Series.Of(shares.TakeLast(run.Options.Rounds)), 30));
    }
}
