namespace TimeBank.Bench.Scenarios;

/// <summary>A million lines in one request, each by itself.</summary>
public static class Bulk
{
    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        if (!await BulkClient.IsThereAsync(main.Ledger.Server, main.Bank, run.Cancel))
            throw new BenchException("The server has no route postings/bulk.");
        await BulkClient.PostAsync(run, main, run.Options.Volume(50_000));
        var sides = await run.CompareWarmAsync(main.Ledger, run.Options.FewRounds,
            new Side("bulk", _ => BulkClient.PostAsync(run, main, run.Options.Volume(1_000_000))),
            new Side("single", seconds => run.TransfersAsync(main, main.Ledger.Server, main.AtRandom(main.Ledger.Server), seconds)));
        run.Add(Row.Ratio($"bulk, independent, {run.Options.Count(1_000_000)} lines, against single transfers", "/s", sides[0], sides[1], 1.2));
    }
}
