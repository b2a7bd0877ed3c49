using System.Globalization;
using System.Text.Json.Nodes;

namespace TimeBank.Bench.Scenarios;

/// <summary>Balances, balances as of a moment, and pages of a statement, 64 connections.</summary>
public static class Reads
{
    private const int Moments = 2_000;

    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var busy = await FillAsync(run, main);
        var entries = $"/v1/banks/{main.Bank}/accounts/{busy}/entries";
        var pages = await FullPagesAsync(main, entries, 100);
        var sides = await run.CompareAsync(main.Ledger,
            Gets("balance", main.Members.Select(m => $"/v1/banks/{main.Bank}/accounts/{m}/balance")),
            Gets("as of", await MomentsInTheMiddleAsync(main, busy)),
            Gets("page of 20", [$"{entries}?limit=20"]),
            Gets("first page of 100", [$"{entries}?limit=100"]),
            Gets("last page of 100", [pages[^1]]),
            Gets("page of 20 anywhere", pages.Select(p => p.Replace("limit=100", "limit=20", StringComparison.Ordinal))));
        run.Add(Row.AtLeast("balance", "/s", sides[0], 10_000));
        run.Add(Row.AtLeast($"balance as of a moment in the middle of an account of {run.Options.Count(100_000)} entries", "/s", sides[1], 10_000));
        run.Add(Row.AtLeast("statement page of 20 of that account", "/s", sides[2], 10_000));
        run.Add(Row.Without("the same, each request for another of its pages", "/s", sides[5]));
        run.Add(Row.AtLeast("statement page of 100, the first", "/s", sides[3], 3_000));
        run.Add(Row.AtLeast("statement page of 100, the last", "/s", sides[4], 3_000));
        run.Add(Row.Ratio("the last page against the first", "/s", sides[4], sides[3], 0.8));

        Side Gets(string name, IEnumerable<string> paths)
        {
            var file = main.FileOf(paths);
            return new Side(name, async seconds =>
                (await Wrk.RunAsync(run, main.Ledger.Server, WrkScripts.Reads(main.Ledger.Server.Url, main, file), seconds)).PerSecond);
        }
    }

    /// <summary>One member pays until the account has its entries, each by itself, so that they differ in time.</summary>
    private static async Task<Guid> FillAsync(BenchRun run, Community main)
    {
        var busy = main.Members[^1];
        run.Say($"filling an account of {run.Options.Count(100_000)} entries");
        while (await EntriesAsync(main, busy) < run.Options.Volume(100_000))
        {
            var script = WrkScripts.Transfers(main.Ledger.Server.Url, main, main.FileOf(busy), main.MembersFile);
            await Wrk.RunAsync(run, main.Ledger.Server, script, Math.Min(2, run.Options.Seconds));
        }
        return busy;
    }

    private static async Task<long> EntriesAsync(Community main, Guid account) =>
        await NewestAsync(main, account) is { } newest ? (long)newest["version"]! : 0;

    private static async Task<JsonNode?> NewestAsync(Community main, Guid account) =>
        (await main.GetAsync($"/v1/banks/{main.Bank}/accounts/{account}/entries?limit=1"))["items"]!.AsArray().FirstOrDefault();

    /// <summary>Instants of entries from the middle fifth of the account, which is paged through from the newest on.</summary>
    private static async Task<List<string>> MomentsInTheMiddleAsync(Community main, Guid account)
    {
        var newest = (long)(await NewestAsync(main, account))!["version"]!;
        var moments = new List<string>();
        string? cursor = null;
        do
        {
            var page = await main.GetAsync($"/v1/banks/{main.Bank}/accounts/{account}/entries?limit=500{(cursor is null ? "" : $"&cursor={cursor}")}");
            moments.AddRange(page["items"]!.AsArray()
                .Where(e => (long)e!["version"]! is var v && v > newest * 0.4 && v < newest * 0.6)
                .Select(e => (string)e!["posted"]!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        return [.. moments.Distinct().OrderBy(_ => Random.Shared.Next()).Take(Moments)
            .Select(m => string.Create(CultureInfo.InvariantCulture, $"/v1/banks/{main.Bank}/accounts/{account}/balance?at={Uri.EscapeDataString(m)}"))];
    }

    private static async Task<List<string>> FullPagesAsync(Community main, string entries, int limit)
    {
        var pages = new List<string>();
        string? path = $"{entries}?limit={limit}";
        while (path is not null)
        {
            var page = await main.GetAsync(path);
            if (page["items"]!.AsArray().Count == limit)
                pages.Add(path);
            path = (string?)page["next"] is { } next ? $"{entries}?limit={limit}&cursor={next}" : null;
        }
        return pages;
    }
}
