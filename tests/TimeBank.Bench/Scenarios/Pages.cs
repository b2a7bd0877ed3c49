using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using TimeBank.Web;

namespace TimeBank.Bench.Scenarios;

/// <summary>Every page as its readers wait for it: 16 readers at once in a bank of 100,000 members and 2,000,000 transfers, signed in with cookies.</summary>
/// <remarks>What is measured is the server's time: from the request to the last byte, on the same machine. A round is a tenth of one of transfers.</remarks>
public static class Pages
{
    private const int Parallel = 16;
    private const string Passbook = "/banks/{bank}/accounts/{id}", Statement = "/banks/{bank}/accounts/{id}/statement";
    private const string People = "/banks/{bank}/people", Listings = "/banks/{bank}/listings", SignIn = "/sign-in";

    private static readonly TimeSpan s_longestAddingUp = TimeSpan.FromMinutes(60);

    /// <summary>A page that a reader opens, and how: what they look for there.</summary>
    private sealed record Visit(string Name, Func<Random, string> Address);

    public static async Task RunAsync(BenchRun run)
    {
        var large = await run.LargeAsync();
        var filling = await PageFilling.FillAsync(run, large);
        await AddedUpAsync(run, large);
        const Who AnOrganiser = Who.Organiser | Who.Operator | Who.SignedIn;
        using var organiser = await SignInAsync(large, SigningIn.Login, SigningIn.Password, run.Cancel);
        await AskAsync(run, organiser, _ => $"/banks/{large.Bank}/today", run.Options.WarmUpSeconds / 2.0);
        await MeasureAllAsync(run, "an organiser", organiser, Visits(large, AnOrganiser, filling.Any));
        using var member = await JoinAsync(large, new { role = "member", account = filling.Reader }, run.Cancel);
        await MeasureAllAsync(run, "a member", member, Visits(large, Who.Member | Who.SignedIn, (page, random) => page is Passbook or Statement ? filling.Reader : filling.Any(page, random)));
        using var stranger = Browser(large);
        await MeasureAllAsync(run, "a stranger", stranger, Visits(large, Who.Anybody, filling.Any));
        using var lead = await JoinAsync(large, new { role = "safeguardingLead" }, run.Cancel);
        await MeasureAllAsync(run, "a safeguarding lead alone", lead, Visits(large, Who.SafeguardingLead, filling.Any, except: AnOrganiser));
    }

    /// <summary>What is looked for on a page, beside what it shows at first.</summary>
    private static (string Page, string How, Func<Random, string> Query)[] Searches(Community large) =>
    [
        (Passbook, "one month", _ => $"month={ThisMonth}"),
        (Passbook, "looked through", _ => "q=zebedee"),
        (Statement, "one month", _ => $"month={ThisMonth}"),
        (People, "by a part of the name", random => $"q={random.Next(100, 1_000)}"),
        (People, "by the whole name", random => $"q=Number%20{random.Next(large.Members.Count)}"),
        (People, "by what is in every name", _ => "q=number"),
        (People, "by what is in none", _ => "q=zebedee"),
        (Listings, "by a word", random => $"q=work{random.Next(200)}"),
    ];

    private static string ThisMonth => DateTime.UtcNow.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>Every page whose door lets them in, and every way of looking through it.</summary>
    private static Visit[] Visits(Community large, Who reader, Func<string, Random, Guid> idOf, Who except = Who.None)
    {
        var pages = PageDoors.Paths.Where(p => PageDoors.Find(p) is { } door && (door.Who & reader) != 0 && (door.Who & except) == 0).ToArray();
        return
        [
            .. pages.Select(page => new Visit(page, random => Address(page, random))),
            .. Searches(large).Where(s => pages.Contains(s.Page)).Select(s => new Visit($"{s.Page}, {s.How}", random => $"{Address(s.Page, random)}?{s.Query(random)}")),
        ];

        string Address(string page, Random random) =>
            (page.Contains("{id}", StringComparison.Ordinal) ? page.Replace("{id}", idOf(page, random).ToString(), StringComparison.Ordinal) : page)
            .Replace("{bank}", large.Bank, StringComparison.Ordinal);
    }

    /// <summary>One after the other; the slowest stands for all of them.</summary>
    private static async Task MeasureAllAsync(BenchRun run, string who, HttpClient reader, Visit[] visits)
    {
        var (slowest, most) = ("", new Series([0]));
        foreach (var visit in visits)
        {
            var tail = await MeasureAsync(run, reader, $"{who}: {visit.Name}", visit.Address);
            if (tail.Median > most.Median)
                (slowest, most) = (visit.Name, tail);
        }
        run.Add(Row.AtMost($"p95 of the slowest of {visits.Length} pages of {who} ({slowest}), {Parallel} parallel, {run.Options.Count(100_000)} members, {run.Options.Count(2_000_000)} transfers", "ms", most, 50));
    }

    private static async Task<Series> MeasureAsync(BenchRun run, HttpClient reader, string page, Func<Random, string> address)
    {
        var seconds = run.Options.Seconds / 10.0;
        await AskAsync(run, reader, address, seconds / 2);
        var tail = new List<double>();
        for (var round = 1; round <= run.Options.FewRounds; round++)
        {
            var latencies = await AskAsync(run, reader, address, seconds);
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
                // A page may lead on to the one that its reader needs, and who is sent to sign in saw nothing.
                if (answer.StatusCode != HttpStatusCode.OK || (answer.RequestMessage!.RequestUri!.AbsolutePath == SignIn && path != SignIn))
                    throw new BenchException($"{path} was answered {(int)answer.StatusCode} by {answer.RequestMessage!.RequestUri}.");
                microseconds.Add((long)Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
            }
            while (Stopwatch.GetElapsedTime(since).TotalSeconds < seconds);
            return microseconds;
        }));
        return new Latencies([.. all.SelectMany(m => m).Order()]);
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

    /// <summary>Somebody of the bank who signed in.</summary>
    private static async Task<HttpClient> JoinAsync(Community large, object standing, CancellationToken cancel)
    {
        var login = $"reader-{Guid.NewGuid():N}";
        var invited = await Community.PostAsync(large.Ledger.Server.Http, $"/v1/banks/{large.Bank}/invitations", new { name = "Somebody who reads", standing }, cancel);
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
        var browser = Browser(large);
        using var answer = await browser.PostAsJsonAsync("/v1/sessions", new { login, password, door = "page" }, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"{login} could not sign in: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
        return browser;
    }

    private static HttpClient Browser(Community large)
    {
        var browser = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Parallel }) { BaseAddress = large.Ledger.Server.Url };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return browser;
    }
}
