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
            new Side("transfers", seconds => run.TransfersAsync(main, server, main.AtRandom(server), seconds)),
            new Side("pgbench", seconds => pgbench.RunAsync(seconds, run.Cancel)));
        run.Add(Row.Ratio($"single transfers over HTTP, 64 connections, {run.Options.Count(10_000)} accounts, against pgbench TPC-B-like", "/s", sides[0], sides[1], 1.0));
    }

    public static async Task HotAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var server = main.Ledger.Server;
        var one = main.FileOf(main.Members[0]);
        var sides = await run.CompareAsync(main.Ledger,
            new Side("random", seconds => run.TransfersAsync(main, server, main.AtRandom(server), seconds)),
            new Side("one payer", seconds => run.TransfersAsync(main, server, WrkScripts.Transfers(server.Url, main, one, main.MembersFile), seconds)),
            new Side("one payee", seconds => run.TransfersAsync(main, server, WrkScripts.Transfers(server.Url, main, main.MembersFile, one), seconds)));
        run.Add(Row.Ratio("all from one payer, against random", "/s", sides[1], sides[0], 0.9));
        run.Add(Row.Ratio("all to one payee, against random", "/s", sides[2], sides[0], 0.9));
    }
}
