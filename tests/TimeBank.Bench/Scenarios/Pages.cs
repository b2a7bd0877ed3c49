using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace TimeBank.Bench.Scenarios;

/// <summary>Each page as its reader waits for it: 16 readers at once in a bank of 100,000 members and 2,000,000 transfers, signed in with cookies.</summary>
/// <remarks>What is measured is the server's time: from the request to the last byte, on the same machine.</remarks>
public static class Pages
{
    private const int Parallel = 16;
    private const int Projects = 40;
    private const int Providers = 40;
    private const int ServicesOfEach = 10;
    private const int SessionsOfEach = 10;
    private const int Listings = 5_000;

    private static readonly TimeSpan s_longestAddingUp = TimeSpan.FromMinutes(60);

    private static readonly (string Page, Func<Random, string> Address)[] s_ofEverybody =
    [
        ("listings", _ => "/listings"),
        ("listings, by a word", random => $"/listings?q=work{random.Next(200)}"),
        ("services", _ => "/services"),
        ("sessions", _ => "/sessions"),
        ("projects", _ => "/projects"),
        ("providers", _ => "/providers"),
        ("notices", _ => "/notices"),
    ];

    public static async Task RunAsync(BenchRun run)
    {
        var large = await run.LargeAsync();
        await FillAsync(run, large);
        await AddedUpAsync(run, large);
        using var organiser = await SignInAsync(large, SigningIn.Login, SigningIn.Password, run.Cancel);
        using var member = await JoinAsync(large, run.Cancel);
        await AskAsync(run, organiser, _ => $"/banks/{large.Bank}/today", run.Options.WarmUpSeconds / 2.0);
        await MeasureAllAsync(run, large, "an organiser", organiser, OfAnOrganiser(large));
        await MeasureAllAsync(run, large, "a member", member, OfAMember(large));
    }

    /// <summary>One after the other; the slowest stands for all of them.</summary>
    private static async Task MeasureAllAsync(BenchRun run, Community large, string who, HttpClient reader, (string Page, Func<Random, string> Address)[] pages)
    {
        var (slowest, most) = ("", new Series([0]));
        foreach (var (page, address) in pages)
        {
            var tail = await MeasureAsync(run, reader, $"{who}'s {page}", random => $"/banks/{large.Bank}{address(random)}");
            if (tail.Median > most.Median)
                (slowest, most) = (page, tail);
        }
        run.Add(Row.AtMost($"p95 of the slowest of {pages.Length} pages of {who} ({slowest}), {Parallel} parallel, {run.Options.Count(100_000)} members, {run.Options.Count(2_000_000)} transfers", "ms", most, 50));
    }

    private static (string Page, Func<Random, string> Address)[] OfAnOrganiser(Community large) =>
    [
        ("passbook", random => $"/accounts/{Anybody(large, random)}"),
        ("passbook, one month", random => $"/accounts/{Anybody(large, random)}?month={DateTime.UtcNow.ToString("yyyy-MM", CultureInfo.InvariantCulture)}"),
        ("passbook, looked through", random => $"/accounts/{Anybody(large, random)}?q=zebedee"),
        ("person", random => $"/people/{Anybody(large, random)}"),
        ("today", _ => "/today"),
        ("people, by a part of the name", random => $"/people?q={random.Next(100, 1_000)}"),
        ("people, by the whole name", random => $"/people?q=Number%20{random.Next(large.Members.Count)}"),
        ("people, by what is in every name", _ => "/people?q=number"),
        ("people, by what is in none", _ => "/people?q=zebedee"),
        .. s_ofEverybody,
        ("credit sheet", _ => "/credit"),
        ("books", _ => "/books"),
        ("report", _ => "/report"),
        ("about", _ => "/about"),
        ("who did what", _ => "/audit"),
        ("what people were told", _ => "/tellings"),
        ("rules", _ => "/rules"),
        ("policy", _ => "/policy"),
    ];

    private static (string Page, Func<Random, string> Address)[] OfAMember(Community large) =>
    [
        ("hours", _ => ""),
        ("passbook", _ => $"/accounts/{large.Members[0]}"),
        .. s_ofEverybody,
    ];

    private static Guid Anybody(Community large, Random random) => large.Members[random.Next(large.Members.Count)];

    private static async Task<Series> MeasureAsync(BenchRun run, HttpClient reader, string page, Func<Random, string> address)
    {
        await AskAsync(run, reader, address, Math.Min(2, run.Options.Seconds / 2.0));
        var tail = new List<double>();
        for (var round = 1; round <= run.Options.FewRounds; round++)
        {
            var latencies = await AskAsync(run, reader, address, run.Options.Seconds);
            tail.Add(latencies.Milliseconds(95));
            run.Say($"  {page}, round {round}: {latencies.Sorted.Length} answers, p50 {Row.Number(latencies.Milliseconds(50))} ms, p95 {Row.Number(tail[^1])} ms");
        }
        return new Series(tail);
    }

    private static async Task<Latencies> AskAsync(BenchRun run, HttpClient reader, Func<Random, string> address, double seconds)
    {
        var since = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(async one =>
        {
            var (random, microseconds) = (new Random(one), new List<long>());
            do
            {
                var (path, asked) = (address(random), Stopwatch.GetTimestamp());
                using var answer = await reader.GetAsync(path, run.Cancel);
                if (answer.StatusCode != HttpStatusCode.OK)
                    throw new BenchException($"{path} was answered {(int)answer.StatusCode}.");
                microseconds.Add((long)Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
            }
            while (Stopwatch.GetElapsedTime(since).TotalSeconds < seconds);
            return microseconds;
        }));
        return new Latencies([.. all.SelectMany(m => m).Order()]);
    }

    /// <summary>What the pages list, beside the members.</summary>
    private static async Task FillAsync(BenchRun run, Community large)
    {
        var http = large.Ledger.Server.Http;
        run.Say("filling in what the pages list");
        var projects = await Community.OpenAccountsAsync(run, http, large.Bank, "project", Projects);
        foreach (var provider in await Community.OpenAccountsAsync(run, http, large.Bank, "provider", Providers))
        {
            for (var i = 0; i < ServicesOfEach; i++)
                await Community.PostAsync(http, $"/v1/banks/{large.Bank}/services", new { provider, name = $"Service {i}", place = "Room 2", category = "legal-advice", lasts = 60 }, run.Cancel);
        }
        var tomorrow = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        foreach (var project in projects)
        {
            for (var i = 0; i < SessionsOfEach; i++)
                await Community.PostAsync(http, $"/v1/banks/{large.Bank}/work-sessions", new { project, date = Words(tomorrow.AddDays(7 * i)), from = "10:00", until = "12:00" }, run.Cancel);
        }
        await System.Threading.Tasks.Parallel.ForAsync(0, run.Options.Volume(Listings), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = run.Cancel }, async (i, cancel) =>
            await Community.PostAsync(http, $"/v1/banks/{large.Bank}/listings", new
            {
                account = large.Members[i % large.Members.Count],
                kind = i % 2 == 0 ? "offer" : "request",
                category = "household",
                title = $"Number {i} asks for work{i % 200}",
            }, cancel));
        await large.Ledger.ScalarAsync<object>("vacuum analyze");
    }

    /// <summary>A report is measured when all hours are in it.</summary>
    private static async Task AddedUpAsync(BenchRun run, Community large)
    {
        run.Say("waiting until all hours are added up");
        for (var since = Stopwatch.GetTimestamp(); !(bool)(await large.GetAsync($"/v1/banks/{large.Bank}/report"))["isAll"]!; await Task.Delay(1_000, run.Cancel))
        {
            if (Stopwatch.GetElapsedTime(since) > s_longestAddingUp)
                throw new BenchException($"After {s_longestAddingUp} some hours are not added up.");
        }
    }

    private static string Words(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Somebody whose account is the first of the members'.</summary>
    private static async Task<HttpClient> JoinAsync(Community large, CancellationToken cancel)
    {
        var login = $"reader-{Guid.NewGuid():N}";
        var invited = await Community.PostAsync(large.Ledger.Server.Http, $"/v1/banks/{large.Bank}/invitations",
            new { name = "Somebody who reads", standing = new { role = "member", account = large.Members[0] } }, cancel);
        using var nobody = new HttpClient { BaseAddress = large.Ledger.Server.Url };
        await Community.PostAsync(nobody, "/v1/invitations/acceptance", new { code = (string)invited["code"]!, login, password = SigningIn.Password }, cancel);
        return await SignInAsync(large, login, SigningIn.Password, cancel);
    }

    /// <summary>What a browser of the bench's one person sends with each request.</summary>
    public static async Task<string> CookiesAsync(Community bank, CancellationToken cancel)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = bank.Ledger.Server.Url };
        using var answer = await browser.PostAsJsonAsync("/v1/sessions", new { login = SigningIn.Login, password = SigningIn.Password, door = "page" }, cancel);
        answer.EnsureSuccessStatusCode();
        return string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
    }

    private static async Task<HttpClient> SignInAsync(Community large, string login, string password, CancellationToken cancel)
    {
        var browser = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Parallel, AllowAutoRedirect = false }) { BaseAddress = large.Ledger.Server.Url };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var answer = await browser.PostAsJsonAsync("/v1/sessions", new { login, password, door = "page" }, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"{login} could not sign in: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
        return browser;
    }
}
