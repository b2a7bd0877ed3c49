using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace TimeBank.Bench.Scenarios;

/// <summary>Search among the offers and requests of a large bank: 50,000 of 100,000 members, 16 who search at once.</summary>
/// <remarks>Words are as frequent as in a language: a few stand in thousands of listings, most in a few. One in ten searches has a slip of the finger,
/// one in six no words.</remarks>
public static class Search
{
    private const int Parallel = 16;
    private const int Vocabulary = 6_000;

    private static readonly string[] s_syllables =
    [
        "ba", "ren", "sol", "ti", "mar", "ken", "du", "pli", "sto", "ga", "lur", "ne", "fi", "hom", "ve", "cra", "win", "jo", "mel", "tor",
        "shu", "bex", "dra", "qui", "zan", "oth", "eml", "urp", "igh", "ash", "olk", "ump", "eft", "arg", "ind", "ost", "ybe", "awn", "ulp", "erd",
    ];
    private static readonly string[] s_categories = [.. Enumerable.Range(0, 24).Select(i => $"category-{i}")];
    private static readonly string[] s_neighbourhoods = [.. Enumerable.Range(0, 40).Select(i => $"quarter-{i}")];
    private static readonly string[] s_days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    private static readonly string[] s_words = [.. Enumerable.Range(0, Vocabulary).Select(WordOf)];

    /// <summary>How often each word comes, as in a language: the second half as often as the first, the third a third as often.</summary>
    private static readonly double[] s_shares = Shares();

    public static async Task RunAsync(BenchRun run)
    {
        var community = await run.OpenAsync("search", 100_000);
        await using var ledger = community.Ledger;
        await PostAsync(run, community);
        await ledger.ScalarAsync<object>("analyze timebank.listing_search");
        using var http = Client(community);
        var random = new Random(2);
        foreach (var (name, query) in ((string, Func<Random, string>)[])[("as people search", Mixed), ("words alone", r => Said(Words(r, 1))), ("frequent words", r => Said(s_words[r.Next(10)])), ("slips", Slip), ("no words", Filters)])
        {
            var paths = Enumerable.Range(0, 5_000).Select(_ => $"/v1/banks/{community.Bank}/listings?{query(random)}").ToArray();
            await AskAsync(run, http, paths, TimeSpan.FromSeconds(run.Options.WarmUpSeconds / 2.0));
            var tail = new List<double>();
            for (var round = 1; round <= run.Options.FewRounds; round++)
            {
                var (latencies, perSecond) = await AskAsync(run, http, paths, TimeSpan.FromSeconds(run.Options.Seconds));
                tail.Add(latencies.Milliseconds(99));
                run.Say($"  {name}, round {round}: {Row.Number(perSecond)}/s, p50 {Row.Number(latencies.Milliseconds(50))} ms, p99 {Row.Number(tail[^1])} ms");
            }
            var what = $"p99 of a search among {run.Options.Count(50_000)} listings, {Parallel} parallel, {name}";
            run.Add(query == Mixed ? Row.AtMost(what, "ms", new Series(tail), 50) : Row.Without(what, "ms", new Series(tail)));
        }
    }

    private static HttpClient Client(Community community)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Parallel }) { BaseAddress = community.Ledger.Server.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", community.Key);
        return http;
    }

    private static Task PostAsync(BenchRun run, Community community)
    {
        var count = run.Options.Volume(50_000);
        run.Say($"posting {count:N0} listings");
        return System.Threading.Tasks.Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = run.Cancel }, async (i, cancel) =>
        {
            var random = new Random(i);
            await Community.PostAsync(community.Ledger.Server.Http, $"/v1/banks/{community.Bank}/listings", new
            {
                account = community.Members[random.Next(community.Members.Count)],
                kind = random.Next(2) == 0 ? "offer" : "request",
                category = s_categories[random.Next(s_categories.Length)],
                title = Words(random, 4),
                description = Words(random, 25),
                neighbourhood = s_neighbourhoods[random.Next(s_neighbourhoods.Length)],
                times = random.Next(3) == 0 ? null : (string[])[$"{s_days[random.Next(7)]}Morning", $"{s_days[random.Next(7)]}Evening"],
            }, cancel);
        });
    }

    private static async Task<(Latencies Latencies, double PerSecond)> AskAsync(BenchRun run, HttpClient http, string[] paths, TimeSpan duration)
    {
        var since = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(async one =>
        {
            var (random, microseconds) = (new Random(one), new List<long>());
            while (Stopwatch.GetElapsedTime(since) < duration)
            {
                var asked = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync(paths[random.Next(paths.Length)], run.Cancel);
                if (answer.StatusCode != HttpStatusCode.OK)
                    throw new BenchException($"A search was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(run.Cancel)}");
                microseconds.Add((long)Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
            }
            return microseconds;
        }));
        long[] sorted = [.. all.SelectMany(m => m).Order()];
        return (new Latencies(sorted), sorted.Length / Stopwatch.GetElapsedTime(since).TotalSeconds);
    }

    private static string Mixed(Random random) => random.Next(30) switch
    {
        < 3 => Slip(random),
        < 8 => Filters(random),
        < 14 => $"{Said(Words(random, 1))}&{Filters(random)}",
        < 20 => Said(Words(random, 2)),
        _ => Said(Words(random, 1)),
    };

    private static string Said(string words) => $"text={Uri.EscapeDataString(words)}";

    /// <summary>Two letters of a word have changed places.</summary>
    private static string Slip(Random random)
    {
        var word = s_words[random.Next(200, Vocabulary)].ToCharArray();
        var at = random.Next(1, word.Length - 2);
        (word[at], word[at + 1]) = (word[at + 1], word[at]);
        return Said(new string(word));
    }

    private static string Filters(Random random) => random.Next(4) switch
    {
        0 => $"kind={(random.Next(2) == 0 ? "offer" : "request")}",
        1 => $"category={s_categories[random.Next(s_categories.Length)]}",
        2 => $"category={s_categories[random.Next(s_categories.Length)]}&neighbourhood={s_neighbourhoods[random.Next(s_neighbourhoods.Length)]}",
        _ => $"neighbourhood={s_neighbourhoods[random.Next(s_neighbourhoods.Length)]}&day={s_days[random.Next(7)]}",
    };

    private static string Words(Random random, int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => WordAt(random.NextDouble())));

    private static string WordAt(double share)
    {
        var at = Array.BinarySearch(s_shares, share);
        return s_words[Math.Min(at < 0 ? ~at : at, Vocabulary - 1)];
    }

    private static string WordOf(int number) =>
        string.Concat(Enumerable.Range(0, 3).Select(i => s_syllables[(number * 7_919L + 13) % 64_000 / (int)Math.Pow(s_syllables.Length, i) % s_syllables.Length])) + (number % 3 == 0 ? "ing" : "");

    private static double[] Shares()
    {
        var weights = Enumerable.Range(0, Vocabulary).Select(i => 1.0 / (i + 10)).ToArray();
        var (sum, total) = (0.0, weights.Sum());
        return [.. weights.Select(w => (sum += w) / total)];
    }
}
