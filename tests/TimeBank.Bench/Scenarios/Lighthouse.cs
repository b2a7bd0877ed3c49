using System.Text.Json;
using System.Text.Json.Nodes;

namespace TimeBank.Bench.Scenarios;

/// <summary>What Lighthouse says of the pages that people open most, on its slow telephone, signed in.</summary>
/// <remarks>https://developer.chrome.com/docs/lighthouse. npm fetches it; 12 is the last that runs on Node 20.</remarks>
public static class Lighthouse
{
    private const string Package = "lighthouse@12.8.2";
    private const string Chromium = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

    private const int MostTries = 3;

    /// <summary>In the passbook: more than one of its pages shows.</summary>
    private const int Entries = 25;

    private static readonly string[] s_categories = ["performance", "accessibility", "best-practices"];

    public static async Task RunAsync(BenchRun run)
    {
        if (Programs.Find("npx") is not { } npx)
            throw new BenchException("npx is missing; install it: apt-get install nodejs npm");
        if (Programs.Find("chromium") is not { } chromium)
            throw new BenchException("chromium is missing; install it: apt-get install chromium");
        var main = await run.MainAsync();
        for (var i = 1; i <= Entries; i++)
        {
            await Community.PostAsync(main.Ledger.Server.Http, $"/v1/banks/{main.Bank}/transfers",
                new { kind = "exchange", payer = main.Members[i], payee = main.Members[0], minutes = 30, yes = "paper", memo = "Read aloud" }, run.Cancel);
        }
        var headers = Path.Combine(run.Folder, "headers.json");
        await File.WriteAllTextAsync(headers, JsonSerializer.Serialize(new { Cookie = await Pages.CookiesAsync(main, run.Cancel) }), run.Cancel);
        foreach (var (page, path) in new[] { ("home", "/"), ("passbook", $"/banks/{main.Bank}/accounts/{main.Members[0]}"), ("batch credit", $"/banks/{main.Bank}/credit") })
        {
            var scores = s_categories.ToDictionary(c => c, _ => new List<double>());
            var address = new Uri(main.Ledger.Server.Url, path).ToString();
            for (var round = 1; round <= run.Options.Rounds; round++)
            {
                var file = Path.Combine(run.Folder, "lighthouse.json");
                await AskAsync(run, () => Child.RunAsync(
                    npx, ["--yes", Package, address, "--quiet", "--output=json", $"--output-path={file}",
                        $"--only-categories={string.Join(',', s_categories)}", $"--chrome-flags={Chromium}", $"--extra-headers={headers}"],
                    new Dictionary<string, string> { ["CHROME_PATH"] = chromium }, run.Cancel));
                var report = JsonNode.Parse(await File.ReadAllTextAsync(file, run.Cancel))!;
                if ((string?)report["finalDisplayedUrl"] != address)
                    throw new BenchException($"Instead of {address} it looked at {report["finalDisplayedUrl"]}.");
                foreach (var category in s_categories)
                    scores[category].Add(100 * (double)report["categories"]![category]!["score"]!);
                run.Say($"  {page}, round {round}: {string.Join(", ", s_categories.Select(c => $"{c} {scores[c][^1]:0}"))}{Missing(report)}");
            }
            foreach (var category in s_categories)
                run.Add(Row.AtLeast($"Lighthouse, {category} of {page}, on its telephone", "of 100", new Series(scores[category]), 95));
        }
    }

    /// <summary>Now and then its Chromium records no beginning of a page, and it says itself that it is to be run again.</summary>
    private static async Task AskAsync(BenchRun run, Func<Task> ask)
    {
        for (var more = MostTries - 1; ; more--)
        {
            try
            {
                await ask();
                return;
            }
            catch (BenchException e) when (more > 0 && e.Message.Contains("Please run Lighthouse again", StringComparison.Ordinal))
            {
                run.Say("  once more: it recorded nothing");
            }
        }
    }

    /// <summary>What could be better, by the names of Lighthouse's audits.</summary>
    private static string Missing(JsonNode report)
    {
        var below = s_categories.SelectMany(c => report["categories"]![c]!["auditRefs"]!.AsArray())
            .Where(a => (double?)a!["weight"] > 0).Select(a => (string)a!["id"]!)
            .Where(id => report["audits"]![id]!["score"] is { } score && (double)score < 0.9).ToList();
        return below.Count == 0 ? "" : $" (below: {string.Join(", ", below)})";
    }
}
