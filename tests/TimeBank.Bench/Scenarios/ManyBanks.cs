using TimeBank.Web;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using TimeBank.Postings;
using TimeBank.Store;

namespace TimeBank.Bench.Scenarios;

/// <summary>Ten thousand banks on one server.</summary>
public static class ManyBanks
{
    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var server = main.Ledger.Server;
        var banks = await OpenAsync(run, server);
        var file = main.FileOf(banks.Select(b => $"{b.Bank} {b.Key} {b.Payer} {b.Payee}"));
        // Each bank once, and the JIT compiler for batches of many banks.
        await Wrk.RunAsync(run, server, WrkScripts.TransfersInBanks(server.Url, file), run.Options.WarmUpSeconds);
        var sides = await run.CompareAsync(main.Ledger,
            new Side("many banks", async seconds => (await BenchRun.CheckedAsync(main.Ledger, "many-%",
                () => Wrk.RunAsync(run, server, WrkScripts.TransfersInBanks(server.Url, file), seconds)))[0].PerSecond),
            new Side("one bank", seconds => run.TransfersAsync(main, server, main.AtRandom(server), seconds)));
        run.Add(Row.Ratio($"{run.Options.Count(10_000)} banks at random, against one bank", "/s", sides[0], sides[1], 0.4));
        run.Add(Row.AtMost("an idle bank in the server, with two accounts, after one transfer", "bytes", Series.Of(await BytesOfAnIdleBankAsync(main, banks)), 2_048));
    }

    private static async Task<IReadOnlyList<(string Bank, string Key, Guid Payer, Guid Payee)>> OpenAsync(BenchRun run, ServerProcess server)
    {
        run.Say($"opening {run.Options.Count(10_000)} banks");
        using var http = new HttpClient(new SigningIn(server.Url, SigningIn.OfManyBanks)) { BaseAddress = server.Url };
        var banks = new ConcurrentBag<(string, string, Guid, Guid)>();
        await Parallel.ForAsync(0, run.Options.Volume(10_000), new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = run.Cancel }, async (i, cancel) =>
        {
            var bank = $"many-{i}";
            var key = await Community.OpenBankAsync(http, bank, cancel);
            var members = await Community.OpenAccountsAsync(run, http, bank, "member", 2);
            banks.Add((bank, key, members[0], members[1]));
        });
        return [.. banks];
    }

    /// <summary>The server's own journal in this process, where the collector can be asked: resident memory of a process is too rough for that.</summary>
    private static async Task<double> BytesOfAnIdleBankAsync(Community main, IReadOnlyList<(string Bank, string Key, Guid Payer, Guid Payee)> banks)
    {
        await using var database = new Database(main.Ledger.Postgres.ServerConnectionString);
        using var journal = new Journal(database, TimeProvider.System, new JournalLimits(), NullLogger<Journal>.Instance);
        var commands = new PostingCommands(journal);
        // What is made once, such as buffers of connections, is there before it counts, and what earlier scenarios left in pools is gone.
        var first = banks.Count / 5;
        await TouchAsync(0, first);
        var before = Used();
        await TouchAsync(first, banks.Count);
        var each = (Used() - before) / (double)(banks.Count - first);
        return each > 0 ? each : throw new BenchException($"{banks.Count} banks are too few to see what one takes; use a larger --scale.");

        Task TouchAsync(int from, int to) => Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            // A text of its own, as a server has it from the address of a request.
            var bank = new BankId(new string(banks[i].Bank.AsSpan()));
            var request = new SingleTransferRequest { Kind = TransferKind.Exchange, Payer = banks[i].Payer, Payee = banks[i].Payee, Minutes = new Minutes(1) };
            var outcome = await commands.TransferAsync(bank, request, Said.CommandLine with { Key = Guid.NewGuid().ToString() });
            if (outcome.Status != 201)
                throw new BenchException($"Bank {bank} answered {outcome.Status}: {outcome.Body}");
        });

        static long Used()
        {
            for (var i = 0; i < 3; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }
            return GC.GetTotalMemory(forceFullCollection: true);
        }
    }
}
