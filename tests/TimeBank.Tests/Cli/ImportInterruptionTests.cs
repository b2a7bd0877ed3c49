using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using TimeBank.Postings;
using TimeBank.Postings.ImportingTransfers;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;
using TimeBank.Web.Csv;

namespace TimeBank.Tests.Cli;

/// <summary>Imports that are interrupted, by the caller or because the store is away.</summary>
[Category("Database")]
public sealed class ImportInterruptionTests : ImportFixture
{
    [Test]
    public async Task An_import_that_was_interrupted_goes_on_without_a_duplicate()
    {
        const int lines = 3_000;
        await Write(Header + "\n" + string.Concat(Enumerable.Range(1, lines).Select(n => $"exchange,{(n % 2 == 1 ? "Ann,Ben" : "Ben,Ann")},{n},,,,ref {n},\n")));
        using var interrupt = new CancellationTokenSource();
        var check = await CheckAsync(RunningServer.App.Services.GetRequiredService<PostingCommands>());

        var first = await new FileImport(check, done => { if (done == 500) interrupt.Cancel(); }).RunAsync(interrupt.Token);
        var again = await CommandRun.RunAsync("import", "transfers", FilePath, "--bank", BankId);
        var third = await CommandRun.RunAsync("import", "transfers", FilePath, "--bank", BankId);

        first.Ended.ShouldBe(EndedBecause.Interrupted);
        var done = first.Done + first.Refused;
        done.ShouldBeInRange(500, lines - 1);
        again.Out.ShouldContain(" of 3,000 lines imported, ");
        third.ExitCode.ShouldBe(again.ExitCode);
        third.Out.Split(' ')[0].ShouldBe(again.Out.Split(' ')[0]);
        var rows = await Transfers();
        rows.Select(t => t.Text!.ClientReference).ShouldBeUnique();
        rows.Select(t => t.Transfer.Minutes.Value).ShouldBeInOrder();
        rows.Count.ShouldBe(LetPassByTheFloor(lines, out var balance));
        (await Http.BalanceAsync(Bank, Ann)).ShouldBe(balance);
    }

    [Test]
    public async Task When_the_store_is_away_for_a_while_the_import_waits_and_goes_on_in_the_order_of_the_file()
    {
        const int lines = 4_000;
        await Write(Header + "\n" + string.Concat(Enumerable.Range(1, lines).Select(n => $"exchange,{(n % 2 == 1 ? "Ann,Ben" : "Ben,Ann")},{n},,,,,\n")));
        await using var proxy = new CuttableProxy(RunningServer.Store.ServerConnectionString);
        await using var database = new Database(proxy.ConnectionString);
        using var journal = new Journal(database, TimeProvider.System, new JournalLimits { MostInBatch = 100 }, NullLogger<Journal>.Instance);
        var away = Task.CompletedTask;

        var check = await CheckAsync(new PostingCommands(journal));
        var posted = await new FileImport(check, done =>
        {
            if (done == 700)
                away = CutForAWhile(proxy);
        }).RunAsync(CancellationToken.None);

        await away;
        posted.Ended.ShouldBe(EndedBecause.AllRead);
        posted.Done.ShouldBe(LetPassByTheFloor(lines, out var balance));
        (posted.Done + posted.Refused).ShouldBe(lines);
        var rows = await Transfers();
        rows.Count.ShouldBe((int)posted.Done);
        rows.Select(t => t.Transfer.Minutes.Value).ShouldBeInOrder();
        (await Http.BalanceAsync(Bank, Ann)).ShouldBe(balance);

        // Longer than a writer tries by itself (about three seconds).
        static async Task CutForAWhile(CuttableProxy proxy)
        {
            proxy.Cut();
            await Task.Delay(TimeSpan.FromSeconds(5));
            proxy.Mend();
        }
    }

    [Test]
    public async Task When_the_store_stays_away_the_import_gives_up_and_says_what_it_posted()
    {
        await Write($"{Header}\nexchange,Ann,Ben,1,,,,,\n");
        await using var proxy = new CuttableProxy(RunningServer.Store.ServerConnectionString);
        proxy.Cut();
        await using var database = new Database(proxy.ConnectionString);
        using var journal = new Journal(database, TimeProvider.System, new JournalLimits(), NullLogger<Journal>.Instance);

        var check = await CheckAsync(new PostingCommands(journal));
        var posted = await new FileImport(check, _ => { }) { Patience = TimeSpan.FromMilliseconds(1) }
            .RunAsync(CancellationToken.None);

        posted.ShouldBe(new FileImported(0, 0, 0, null, EndedBecause.StoreUnavailable));
    }

    [Test]
    public async Task A_command_that_follows_one_which_was_not_taken_is_not_taken_either()
    {
        var commands = RunningServer.App.Services.GetRequiredService<PostingCommands>();
        var request = new SingleTransferRequest { Kind = TransferKind.Exchange, Payer = Ann, Payee = Ben, Minutes = new Minutes(1) };
        Task<Outcome> Former(JournalFailure failure) => Task.FromResult(new Outcome(0, "") { Failure = failure });

        var first = await commands.TransferAsync(new BankId(BankId), request, Said.CommandLine with { After = Former(JournalFailure.StoreUnavailable) });
        var second = await commands.TransferAsync(new BankId(BankId), request, Said.CommandLine with { After = Former(JournalFailure.KeyReused) });
        var chain = new List<Task<Outcome>> { Former(JournalFailure.StoreUnavailable) };
        for (var i = 0; i < 300; i++)
            chain.Add(commands.TransferAsync(new BankId(BankId), request, Said.CommandLine with { After = chain[^1] }));

        first.Failure.ShouldBe(JournalFailure.StoreUnavailable);
        (await Task.WhenAll(chain)).ShouldAllBe(o => o.Failure == JournalFailure.StoreUnavailable);
        second.Status.ShouldBe(201);
        (await Http.BalanceAsync(Bank, Ben)).ShouldBe(1);
    }

    private async Task<CheckedFile> CheckAsync(PostingCommands commands)
    {
        var accounts = await new AccountNames(RunningServer.App.Services.GetRequiredService<Database>()).ListAsync(new BankId(BankId), CancellationToken.None);
        return CheckedFile.Read(FilePath, new TransferLines(new BankId(BankId), commands, new AccountReferences(accounts), history: false), _ => { }, CancellationToken.None);
    }

    /// <summary>All, oldest first.</summary>
    private async Task<List<TransferWithText>> Transfers()
    {
        var rows = await RunningServer.App.Services.GetRequiredService<TransferQueries>().ListAsync(
            new BankId(BankId), new TransferFilter(null, null, null, null, null, null, null, null), TimeBank.Web.Ids.Largest, 10_000, CancellationToken.None);
        rows.Reverse();
        return rows;
    }

    /// <summary>The same lines by pencil: how many a floor of −720 lets pass, and what Ann has then.</summary>
    private static int LetPassByTheFloor(int lines, out long ann)
    {
        var passed = 0;
        ann = 0;
        for (var n = 1; n <= lines; n++)
        {
            var next = ann + (n % 2 == 1 ? -n : n);
            if (Math.Abs(next) > 720)
                continue;
            ann = next;
            passed++;
        }
        return passed;
    }
}
