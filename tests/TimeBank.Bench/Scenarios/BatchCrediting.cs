using System.Diagnostics;

namespace TimeBank.Bench.Scenarios;

/// <summary>Saturday's list: 500 volunteers of one project in one call, nothing else to do.</summary>
public static class BatchCrediting
{
    private const int People = 500;
    private const int Lists = 40;

    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var http = main.Ledger.Server.Http;
        var project = (await Community.OpenAccountsAsync(run, http, main.Bank, "project", 1))[0];
        var lines = main.Members.Take(People).Select(m => new { helper = m, minutes = 90 }).ToList();
        var took = new List<double>();
        for (var i = -Lists / 4; i < Lists; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await Community.PostAsync(http, $"/v1/banks/{main.Bank}/contributions/batch", new { project, category = "gardening", memo = "Saturday.", lines }, run.Cancel);
            // The first ones warm it up.
            if (i >= 0)
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        run.Add(Row.AtMost($"a list of {lines.Count} volunteers credited in one posting, with a text for each", "ms", new Series(took), 100));
    }
}
