using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Shouldly;
using TimeBank.Cli;

namespace TimeBank.Tests.Store;

/// <summary>Real processes, really killed, under load. <c>TIMEBANK_LONG=1</c> kills ten times each instead of twice.</summary>
[Category("Database")]
public sealed class CrashTests
{
    private static readonly int s_times = Environment.GetEnvironmentVariable("TIMEBANK_LONG") == "1" ? 10 : 2;

    [Test]
    public async Task Whatever_is_killed_nothing_acknowledged_is_lost_and_nothing_is_applied_twice()
    {
        using var folder = new TrialFolder();
        await using var server = await ServerProcess.StartAsync("--data", folder.Data);
        var bank = await server.Http.OpenBankAsync(new { limits = new { member = new { floor = -1_000_000_000 } } });
        var members = new List<Guid>();
        for (var i = 0; i < 8; i++)
            members.Add(await server.Http.OpenAccountAsync(bank, "member", $"Member {i}"));
        using var stop = new CancellationTokenSource();
        var acknowledged = new ConcurrentDictionary<string, (Guid Id, Guid Payer, Guid Payee, long Minutes)>();
        var load = Enumerable.Range(0, 16).Select(n => KeepPostingAsync(server.Http, bank, members, n, acknowledged, stop.Token)).ToList();

        for (var i = 0; i < s_times; i++)
        {
            await GrowAsync(acknowledged, 200);
            await server.KillAsync();
            await server.StartAgainAsync();
            await GrowAsync(acknowledged, 200);
            await ServerProcess.SignalAsync(Postmaster(folder), "KILL");
            await GrowAsync(acknowledged, 200);
            if (await BackendAsync(Postmaster(folder)) is { } backend)
                await ServerProcess.SignalAsync(backend, "KILL");
            await GrowAsync(acknowledged, 200);
        }
        await stop.CancelAsync();
        await Task.WhenAll(load);

        await TheBooksAgreeAsync(server.Http, bank, members, acknowledged);
        await server.KillAsync();
        await server.StartAgainAsync();
        await TheBooksAgreeAsync(server.Http, bank, members, acknowledged);
        (await CommandLine.RunAsync(["verify", "--data", folder.Data])).ShouldBe(0, "verify finds a difference");
        TestContext.Out.WriteLine($"{acknowledged.Count} acknowledged");
    }

    [Test]
    public async Task PostgreSQL_may_be_restarted_under_load()
    {
        using var folder = new TrialFolder();
        await using var server = await ServerProcess.StartAsync("--data", folder.Data);
        var bank = await server.Http.OpenBankAsync(new { limits = new { member = new { floor = -1_000_000_000 } } });
        List<Guid> members = [await server.Http.OpenAccountAsync(bank, "member", "Ann"), await server.Http.OpenAccountAsync(bank, "member", "Ben")];
        using var stop = new CancellationTokenSource();
        var acknowledged = new ConcurrentDictionary<string, (Guid, Guid, Guid, long)>();
        var load = Enumerable.Range(0, 4).Select(n => KeepPostingAsync(server.Http, bank, members, n, acknowledged, stop.Token)).ToList();
        await GrowAsync(acknowledged, 50);
        // PostgreSQL's fast shutdown, as an administrator would ask for it.
        await ServerProcess.SignalAsync(Postmaster(folder), "INT");
        await GrowAsync(acknowledged, 100);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await TheBooksAgreeAsync(server.Http, bank, members, acknowledged);
    }

    [TestCase("TERM"), TestCase("INT")]
    public async Task A_signal_stops_the_server_and_its_PostgreSQL_under_load(string signal)
    {
        using var folder = new TrialFolder();
        await using var server = await ServerProcess.StartAsync("--data", folder.Data);
        var bank = await server.Http.OpenBankAsync(new { limits = new { member = new { floor = -1_000_000_000 } } });
        List<Guid> members = [await server.Http.OpenAccountAsync(bank, "member", "Ann"), await server.Http.OpenAccountAsync(bank, "member", "Ben")];
        using var stop = new CancellationTokenSource();
        var acknowledged = new ConcurrentDictionary<string, (Guid, Guid, Guid, long)>();
        var load = Enumerable.Range(0, 4).Select(n => KeepPostingAsync(server.Http, bank, members, n, acknowledged, stop.Token)).ToList();
        await GrowAsync(acknowledged, 50);
        var postmaster = Postmaster(folder);

        (await server.StopAsync(signal)).ShouldBe(0, server.Said);

        Directory.Exists($"/proc/{postmaster}").ShouldBeFalse();
        File.Exists(folder.PostmasterPid).ShouldBeFalse();
        await server.StartAgainAsync();
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await TheBooksAgreeAsync(server.Http, bank, members, acknowledged);
    }

    /// <summary>Posts until told to stop, and repeats each posting with its key until it is acknowledged.</summary>
    internal static async Task KeepPostingAsync(
        HttpClient http, string bank, List<Guid> members, int n,
        ConcurrentDictionary<string, (Guid, Guid, Guid, long)> acknowledged, CancellationToken stop)
    {
        var random = new Random(n);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{n}-{i}");
            var (payer, payee) = (members[random.Next(members.Count / 2)], members[members.Count / 2 + random.Next(members.Count / 2)]);
            var minutes = random.Next(1, 100);
            var since = Stopwatch.StartNew();
            while (true)
            {
                try
                {
                    var answer = await http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer, payee, minutes, clientReference = key }, key);
                    if (answer.Status == HttpStatusCode.Created)
                    {
                        acknowledged.TryAdd(key, (answer.Id, payer, payee, minutes)).ShouldBeTrue();
                        break;
                    }
                    answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, answer.Text);
                    answer.Headers.RetryAfter.ShouldNotBeNull();
                }
                catch (HttpRequestException)
                {
                    // The server is gone for a while: said again with the same key.
                }
                since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(120));
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    internal static async Task GrowAsync<T>(ConcurrentDictionary<string, T> acknowledged, int by)
    {
        var goal = acknowledged.Count + by;
        var since = Stopwatch.StartNew();
        while (acknowledged.Count < goal)
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), "Nothing goes on.");
            await Task.Delay(20);
        }
    }

    /// <summary>Every acknowledged posting stands in the ledger once, nothing else does, and the balances are their sums.</summary>
    internal static async Task TheBooksAgreeAsync(
        HttpClient http, string bank, List<Guid> members, ConcurrentDictionary<string, (Guid Id, Guid Payer, Guid Payee, long Minutes)> acknowledged)
    {
        var kept = new Dictionary<string, Guid>();
        string? cursor = null;
        do
        {
            var page = await PatientlyAsync(http, $"{bank}/transfers?limit=500{(cursor is null ? "" : $"&cursor={cursor}")}");
            foreach (var transfer in page["items"].AsArray())
                kept.TryAdd((string)transfer!["clientReference"]!, Guid.Parse((string)transfer["id"]!)).ShouldBeTrue($"{transfer} stands twice.");
            cursor = (string?)page.Body!["next"];
        }
        while (cursor is not null);
        kept.ShouldBe(acknowledged.ToDictionary(a => a.Key, a => a.Value.Id), ignoreOrder: true);
        foreach (var member in members)
            ((long)(await PatientlyAsync(http, $"{bank}/accounts/{member}/balance"))["balance"]).ShouldBe(acknowledged.Values.Sum(a => a.Payee == member ? a.Minutes : a.Payer == member ? -a.Minutes : 0));
        ((long)(await PatientlyAsync(http, $"{bank}/trial-balance"))["sum"]).ShouldBe(0);
    }

    /// <summary>PostgreSQL may still be recovering: until then a reader is told to try again.</summary>
    internal static async Task<Answer> PatientlyAsync(HttpClient http, string path)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var answer = await http.GetAnswerAsync(path);
            if (answer.Status == HttpStatusCode.OK)
                return answer;
            answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, answer.Text);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        }
    }

    private static int Postmaster(TrialFolder folder) => int.Parse(File.ReadLines(folder.PostmasterPid).First(), CultureInfo.InvariantCulture);

    /// <summary>A process of PostgreSQL that serves a connection; null if there is none just now.</summary>
    private static async Task<int?> BackendAsync(int postmaster)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)))
        {
            try
            {
                var stat = await File.ReadAllTextAsync($"/proc/{process}/stat");
                var parent = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
                if (parent == postmaster.ToString(CultureInfo.InvariantCulture) && (await File.ReadAllTextAsync($"/proc/{process}/cmdline")).Contains("timebank_server", StringComparison.Ordinal))
                    return int.Parse(process!, CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }
        return null;
    }
}
