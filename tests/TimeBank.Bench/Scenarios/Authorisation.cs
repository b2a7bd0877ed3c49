namespace TimeBank.Bench.Scenarios;

/// <summary>Single transfers with an organiser's key, through doors, limits and row security, against a server that has none of them.</summary>
public static class Authorisation
{
    /// <summary>Access may cost at most 15 % of the rate.</summary>
    private const double Least = 0.85;

    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var server = main.Ledger.Server;
        await using var open = await main.Ledger.StartOpenServerAsync();
        await run.WarmUpAsync(main, open);
        var sides = await run.CompareAsync(main.Ledger,
            new Side("with a key", seconds => TransfersAsync(server, "nobypassrls", seconds)),
            new Side("open", seconds => TransfersAsync(open, "bypassrls", seconds)));
        run.Add(Row.Ratio("with an organiser's key, against a server that asks nobody and a database that hides nothing", "/s", sides[0], sides[1], Least));

        async Task<double> TransfersAsync(ServerProcess through, string rowSecurity, int seconds)
        {
            await main.Ledger.ScalarAsync<object>($"alter role timebank_server {rowSecurity}");
            return await run.TransfersAsync(main, through, main.AtRandom(through), seconds);
        }
    }
}
