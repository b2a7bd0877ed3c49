namespace TimeBank.Bench.Scenarios;

/// <summary>Members spend at a provider whose rule passes a share of every receipt on to two projects; counted in entries, two a transfer.</summary>
public static class RuleOnReceipts
{
    private const int Minutes = 120;

    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var server = main.Ledger.Server;
        var providers = await Community.OpenAccountsAsync(run, server.Http, main.Bank, "provider", 2);
        var projects = await Community.OpenAccountsAsync(run, server.Http, main.Bank, "project", 2);
        await Community.PostAsync(server.Http, $"/v1/banks/{main.Bank}/rules", new
        {
            owner = providers[0],
            kinds = new[] { "spend" },
            share = 3000,
            targets = new[] { new { account = projects[0], weight = 1 }, new { account = projects[1], weight = 1 } },
        }, run.Cancel);
        var with = await EntriesOfASpendAsync(run, main, providers[0]);
        var without = await EntriesOfASpendAsync(run, main, providers[1]);
        if (with != 6 || without != 2)
            throw new BenchException($"A spend with the rule made {with} entries and one without {without}; 6 and 2 were expected.");
        var sides = await run.CompareAsync(main.Ledger,
            new Side("with the rule, entries", seconds => EntriesAsync(run, main, providers[0], with, seconds)),
            new Side("without, entries", seconds => EntriesAsync(run, main, providers[1], without, seconds)));
        run.Add(Row.Ratio("one rule with two targets on every receipt, in entries, against none", "entries/s", sides[0], sides[1], 1.5));
    }

    private static async Task<int> EntriesOfASpendAsync(BenchRun run, Community main, Guid provider)
    {
        var spent = await Community.PostAsync(main.Ledger.Server.Http, $"/v1/banks/{main.Bank}/transfers",
            new { kind = "spend", payer = main.Members[0], payee = provider, minutes = Minutes, yes = "paper" }, run.Cancel);
        var posting = await main.GetAsync($"/v1/banks/{main.Bank}/postings/{(string)spent["posting"]!}");
        return 2 * posting["transfers"]!.AsArray().Count;
    }

    private static async Task<double> EntriesAsync(BenchRun run, Community main, Guid provider, int each, int seconds)
    {
        var script = WrkScripts.Transfers(main.Ledger.Server.Url, main, main.MembersFile, main.FileOf(provider), "spend", Minutes);
        return each * await run.TransfersAsync(main, main.Ledger.Server, script, seconds);
    }
}
