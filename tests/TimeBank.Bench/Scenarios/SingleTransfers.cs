namespace TimeBank.Bench.Scenarios;

/// <summary>One transfer a request, over HTTP, 64 connections, a key on each.</summary>
public static class SingleTransfers
{
    public static async Task AgainstPgbenchAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var server = main.Ledger.Server;
        var pgbench = await Pgbench.PrepareAsync(run, main.Ledger);
        var sides = await run.CompareAsync(main.Ledger,
            new Side("transfers", () => run.TransfersAsync(main, server, main.AtRandom(server))),
            new Side("pgbench", () => pgbench.RunAsync(run.Options.Seconds, run.Cancel)));
        run.TopRate = sides[0].Median;
        run.Add(Row.Ratio($"single transfers over HTTP, 64 connections, {run.Options.Count(10_000)} accounts, against pgbench TPC-B-like", "/s", sides[0], sides[1], 1.0));
    }

    public static async Task HotAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var server = main.Ledger.Server;
        var one = main.FileOf(main.Members[0]);
        var sides = await run.CompareAsync(main.Ledger,
            new Side("random", () => run.TransfersAsync(main, server, main.AtRandom(server))),
            new Side("one payer", () => run.TransfersAsync(main, server, WrkScripts.Transfers(server.Url, main.Bank, one, main.MembersFile))),
            new Side("one payee", () => run.TransfersAsync(main, server, WrkScripts.Transfers(server.Url, main.Bank, main.MembersFile, one))));
        run.Add(Row.Ratio("all from one payer, against random", "/s", sides[1], sides[0], 0.9));
        run.Add(Row.Ratio("all to one payee, against random", "/s", sides[2], sides[0], 0.9));
    }
}
