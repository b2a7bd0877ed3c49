namespace TimeBank.Bench.Scenarios;

/// <summary>A part of the comparison that can be run by itself.</summary>
public sealed record Scenario(string Name, string What, Func<BenchRun, Task> RunAsync)
{
    /// <summary>In this order, because the later ones fill the cluster; the last six have large ones of their own.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("transfers", "single transfers against pgbench", SingleTransfers.AgainstPgbenchAsync),
        new("hot", "all from one payer, all to one payee", SingleTransfers.HotAsync),
        new("access", "what authorisation costs", Authorisation.RunAsync),
        new("p99", "latency at half of the top rate", Latency.RunAsync),
        new("two-servers", "two servers on one bank", TwoServers.RunAsync),
        new("rule", "a rule with two targets on every receipt", RuleOnReceipts.RunAsync),
        new("reads", "balances, as-of, statements", Reads.RunAsync),
        new("redemptions", "quote, booking, voucher, capture, refund, 32 at once; 50 desks race", Redemptions.RunAsync),
        new("bulk", "independent bulk of 1,000,000 lines", Bulk.RunAsync),
        new("batch", "500 volunteers credited in one call", BatchCrediting.RunAsync),
        new("many-banks", "10,000 banks; memory of an idle one", ManyBanks.RunAsync),
        new("search", "search among 50,000 listings of 100,000 members", Search.RunAsync),
        new("lighthouse", "what Lighthouse says of home, passbook, batch credit", Lighthouse.RunAsync),
        new("import", "100,000 members and 1,000,000 transfers from files", Import.RunAsync),
        new("large", "after 2,000,000 transfers", LargeBank.RunAsync),
        new("pages", "each page, 16 readers, after 2,000,000 transfers", Pages.RunAsync),
        new("verify-export", "while verify and export run", LargeBank.WhileVerbsRunAsync),
        new("memory", "the server's most memory", LargeBank.MemoryAsync),
        new("rebuild", "rebuild of guard tables and projections", LargeBank.RebuildAsync),
    ];
}
