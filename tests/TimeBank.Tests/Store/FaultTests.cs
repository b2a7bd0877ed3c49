using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>What goes wrong below the ledger: lines that are cut, clocks that go back, stores that stall.</summary>
[Category("Database")]
public sealed class FaultTests
{
    private static HttpClient Http => RunningServer.Http;

    [TestCase(CuttingProxy.Cut.BeforeTheAnswer), TestCase(CuttingProxy.Cut.BeforeForwarding)]
    public async Task A_transfer_whose_commit_was_cut_is_made_once_and_answered(CuttingProxy.Cut cut)
    {
        var bank = await Http.OpenBankAsync();
        var (ann, ben) = (await Http.OpenAccountAsync(bank, "member", "Ann"), await Http.OpenAccountAsync(bank, "member", "Ben"));
        await using var cutting = await Cutting.StartAsync();
        cutting.Proxy.CutNext(cut);

        var answer = await cutting.Http.TransferAsync(bank, "exchange", ann, ben, 30);

        cutting.Proxy.Done.ShouldBe(1);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        answer.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        (await Http.BalanceAsync(bank, ben)).ShouldBe(30);
        (await Http.GetAnswerAsync($"{bank}/transfers"))["items"].AsArray().Count.ShouldBe(1);
        // Memory goes on from where it is.
        (await cutting.Http.TransferAsync(bank, "exchange", ann, ben, 30)).Status.ShouldBe(HttpStatusCode.Created);
        (await Http.BalanceAsync(bank, ben)).ShouldBe(60);
    }

    [TestCase(CuttingProxy.Cut.BeforeTheAnswer), TestCase(CuttingProxy.Cut.BeforeForwarding)]
    public async Task A_change_of_settings_whose_commit_was_cut_is_not_taken_for_somebody_elses(CuttingProxy.Cut cut)
    {
        var bank = await Http.OpenBankAsync();
        var ann = await Http.OpenAccountAsync(bank, "member", "Ann");
        await using var cutting = await Cutting.StartAsync();
        cutting.Proxy.CutNext(cut);

        var answer = await cutting.Http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{ann}/settings", new { name = "Anna", floor = -60 }, ifMatch: "\"1\"");

        cutting.Proxy.Done.ShouldBe(1);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        ((long)answer["version"]).ShouldBe(2);
    }

    [Test]
    public async Task A_clock_that_goes_back_never_takes_the_journal_with_it()
    {
        var clock = new TurnedClock(DateTimeOffset.UtcNow.AddHours(1));
        await using var app = await RunningServer.StartServer(RunningServer.Store, clock);
        using var http = RunningServer.Client(app);
        var bank = await http.OpenBankAsync();
        var (ann, ben) = (await http.OpenAccountAsync(bank, "member", "Ann"), await http.OpenAccountAsync(bank, "member", "Ben"));
        var posted = new List<DateTimeOffset>();
        foreach (var turn in (TimeSpan[])[TimeSpan.Zero, -TimeSpan.FromHours(2), TimeSpan.FromSeconds(1), -TimeSpan.FromDays(400)])
        {
            clock.Turn(turn);
            posted.Add(Posted(await http.TransferAsync(bank, "exchange", ann, ben, 1)));
            // Nor does another server, whose clock is an hour behind.
            posted.Add(Posted(await Http.TransferAsync(bank, "exchange", ann, ben, 1)));
        }

        posted.ShouldBe(posted.Order());
        posted.ShouldBeUnique();
        posted[7].ShouldBe(posted[0].AddMicroseconds(7));
        var ids = (await http.GetAnswerAsync($"{bank}/transfers"))["items"].AsArray().Select(t => (string)t!["id"]!).ToList();
        ids.ShouldBe(ids.OrderDescending(StringComparer.Ordinal));
    }

    [Test]
    public async Task A_full_queue_turns_callers_away_and_loses_nobody_who_waits()
    {
        await using var app = await RunningServer.StartServer(RunningServer.Store, limits: new JournalLimits { MostWaiting = 5, MostInBatch = 3, Writers = 1 });
        using var http = RunningServer.Client(app);
        var bank = await http.OpenBankAsync();
        var (ann, ben) = (await http.OpenAccountAsync(bank, "member", "Ann"), await http.OpenAccountAsync(bank, "member", "Ben"));
        await using var connection = new NpgsqlConnection(RunningServer.Store.OwnerConnectionString);
        await connection.OpenAsync();
        await using var stall = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table timebank.journal in access exclusive mode", connection, stall))
            await command.ExecuteNonQueryAsync();

        var all = Enumerable.Range(0, 40).Select(_ => http.TransferAsync(bank, "exchange", ann, ben, 1)).ToList();
        // Three at most are with the writer, who stalls, and five wait.
        for (var answered = 0; answered < 32; answered = all.Count(a => a.IsCompleted))
            await Task.WhenAny(all.Where(a => !a.IsCompleted));
        await stall.RollbackAsync();
        var answers = await Task.WhenAll(all);

        var turnedAway = answers.Where(a => a.Status != HttpStatusCode.Created).ToList();
        turnedAway.ShouldAllBe(a => a.Status == HttpStatusCode.ServiceUnavailable && a.Code == "Overloaded" && a.Headers.RetryAfter != null);
        turnedAway.Count.ShouldBeInRange(32, 35);
        (await http.BalanceAsync(bank, ben)).ShouldBe(answers.Length - turnedAway.Count);
    }

    [Test]
    public async Task A_bank_with_an_event_of_a_newer_program_stands_still_and_stays_so()
    {
        // A server of its own, which is not ready from then on.
        await using var app = await RunningServer.StartServer(RunningServer.Store);
        using var http = RunningServer.Client(app);
        var bank = await http.OpenBankAsync();
        var (ann, ben) = (await http.OpenAccountAsync(bank, "member", "Ann"), await http.OpenAccountAsync(bank, "member", "Ben"));
        (await http.TransferAsync(bank, "exchange", ann, ben, 1)).Status.ShouldBe(HttpStatusCode.Created);
        await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, $"""
            with last as (select * from timebank.journal where bank = '{bank["/v1/banks/".Length..]}' order by number desc limit 1),
            claimed as (insert into timebank.journal select bank, number + 1, gen_random_uuid(), s, s, posted + interval '1 microsecond', hash from last, nextval('timebank.mt_events_sequence') s returning *)
            insert into timebank.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived)
            select first_seq, gen_random_uuid(), '{ann}', 2, '{"{}"}', 'hours_teleported', posted, bank, false from claimed
            """);

        for (var i = 0; i < 3; i++)
        {
            var answer = await http.TransferAsync(bank, "exchange", ann, ben, 1);
            answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, answer.Text);
            answer.Code.ShouldBe("BankStopped");
        }
        (await http.GetAnswerAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        // Nor does a server guess that starts only now and has not seen what was before; who asks beside it gets his answer.
        await using var cold = await RunningServer.StartServer(RunningServer.Store);
        using var late = RunningServer.Client(cold);
        var reads = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => late.GetAnswerAsync($"{bank}/accounts/{(n % 2 == 0 ? ann : ben)}/balance")));
        reads.Select(r => r.Code).ShouldBe(Enumerable.Range(0, 20).Select(n => n % 2 == 0 ? "BankStopped" : null));
        (await late.TransferAsync(bank, "exchange", ann, ben, 1)).Code.ShouldBe("BankStopped");
    }

    [Test]
    public async Task A_full_disk_stops_writing_and_not_reading()
    {
        if (!Environment.IsPrivilegedProcess)
            Tools.Skip("Only root can mount a small file system; run the tests as root.");
        using var folder = new TrialFolder();
        Directory.CreateDirectory(folder.Data);
        using (var mount = System.Diagnostics.Process.Start("mount", ["-t", "tmpfs", "-o", "size=160m,mode=0755", "tmpfs", folder.Data]))
        {
            await mount.WaitForExitAsync();
            if (mount.ExitCode != 0)
                Tools.Skip("A small file system cannot be mounted here; allow mounting (CAP_SYS_ADMIN).");
        }
        try
        {
            await FillAsync(folder);
        }
        finally
        {
            using var unmount = System.Diagnostics.Process.Start("umount", [folder.Data]);
            await unmount.WaitForExitAsync();
        }
    }

    private static async Task FillAsync(TrialFolder folder)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("data", folder.Data)]).Build();
        await using var store = await LedgerStore.OpenAsync(settings, owning: true, folder.Say, CancellationToken.None);
        await using var app = await RunningServer.StartServer(store);
        using var http = RunningServer.Client(app);
        var bank = await http.OpenBankAsync(new { limits = new { member = new { floor = -1_000_000 } } });
        var (ann, ben) = (await http.OpenAccountAsync(bank, "member", "Ann"), await http.OpenAccountAsync(bank, "member", "Ben"));
        (await http.TransferAsync(bank, "exchange", ann, ben, 1)).Status.ShouldBe(HttpStatusCode.Created);
        var made = 1;
        var filling = Path.Combine(folder.Data, "filling");
        await using (var file = File.Create(filling))
        {
            try
            {
                while (true)
                    await file.WriteAsync(new byte[64 * 1024]);
            }
            catch (IOException)
            {
                // Full.
            }
        }
        Answer answer;
        var memo = new string('m', 500);
        while ((answer = await http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes = 1, memo })).Status == HttpStatusCode.Created)
            made.ShouldBeLessThan(20_000, (++made).ToString(CultureInfo.InvariantCulture));

        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, answer.Text);
        answer.Code.ShouldBe("StoreUnavailable");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        for (var i = 0; i < 5; i++)
        {
            (await http.BalanceAsync(bank, ben)).ShouldBe(made);
            (await http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes = 1, memo })).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }
        File.Delete(filling);
        (await http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes = 1, memo })).Status.ShouldBe(HttpStatusCode.Created);
        (await http.BalanceAsync(bank, ben)).ShouldBe(made + 1);
    }

    private static DateTimeOffset Posted(Answer answer) => DateTimeOffset.Parse((string)answer["posted"]!, CultureInfo.InvariantCulture);

    /// <summary>A server of its own, which reaches PostgreSQL through a proxy that cuts.</summary>
    private sealed class Cutting(string folder, CuttingProxy proxy, LedgerStore store, Microsoft.AspNetCore.Builder.WebApplication app) : IAsyncDisposable
    {
        public CuttingProxy Proxy => proxy;
        public HttpClient Http { get; } = RunningServer.Client(app);

        public static async Task<Cutting> StartAsync()
        {
            var folder = Directory.CreateTempSubdirectory("tb-cut-").FullName;
            var login = new NpgsqlConnectionStringBuilder(RunningServer.Store.ServerConnectionString);
            var proxy = new CuttingProxy(folder, Path.Combine(login.Host!, ".s.PGSQL.5432"));
            login.Host = folder;
            var settings = new ConfigurationBuilder().AddInMemoryCollection([
                new("data", folder), new("ConnectionStrings:TimeBank", login.ConnectionString), new("ConnectionStrings:TimeBankOwner", RunningServer.Store.OwnerConnectionString)]).Build();
            var store = await LedgerStore.OpenAsync(settings, owning: true, TestContext.Out.WriteLine, CancellationToken.None);
            return new Cutting(folder, proxy, store, await RunningServer.StartServer(store));
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await app.DisposeAsync();
            await store.DisposeAsync();
            await proxy.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
