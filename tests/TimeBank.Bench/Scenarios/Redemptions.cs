using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace TimeBank.Bench.Scenarios;

/// <summary>The day at providers' desks: members ask what it takes, book, show their vouchers, and some get their minutes back.</summary>
public static class Redemptions
{
    private const int AtOnce = 32, Providers = 20, Desks = 50;
    private const double Bar = 25;

    private static readonly string[] s_steps = ["quote", "booking", "voucher", "capture", "refund"];

    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        using var http = main.OpenWithKey();
        var bank = $"/v1/banks/{main.Bank}";
        var providers = await Community.OpenAccountsAsync(run, main.Ledger.Server.Http, main.Bank, "provider", Providers);
        var services = new List<Guid>();
        foreach (var provider in providers)
            services.Add((Guid)(await Community.PostAsync(main.Ledger.Server.Http, $"{bank}/services", new { provider, name = "Advice", lasts = 60, noShow = 2500 }, run.Cancel))["id"]!);

        await RoundAsync(run.Options.WarmUpSeconds);
        var tails = s_steps.Select(_ => new List<double>()).ToArray();
        var disturbed = 0;
        for (var round = 1; round <= run.Options.FewRounds; round++)
        {
            await main.Ledger.CheckpointAsync();
            var stolen = new StolenTime();
            var steps = await RoundAsync(run.Options.Seconds);
            if (stolen.Percent > StolenTime.Most && disturbed < StolenTime.MostRepeats)
            {
                run.Say($"  the host took {Row.Number(stolen.Percent)} % of the cores: once more");
                disturbed++;
                round--;
                continue;
            }
            for (var i = 0; i < s_steps.Length; i++)
                tails[i].Add(steps[i].Milliseconds(99));
            run.Say($"  round {round}: {steps[0].Sorted.Length:N0} times the whole way, p99 {string.Join(", ", s_steps.Zip(tails, (s, t) => $"{s} {Row.Number(t[^1])}"))} ms");
        }
        for (var i = 0; i < s_steps.Length; i++)
            run.Add(Row.AtMost($"p99 of a {s_steps[i]}, {AtOnce} at once", "ms", new Series(tails[i]), Bar));
        await RaceAsync(run, main, http, bank, services);

        async Task<Latencies[]> RoundAsync(int seconds)
        {
            var taken = s_steps.Select(_ => new ConcurrentBag<long>()).ToArray();
            var end = Stopwatch.GetTimestamp() + seconds * Stopwatch.Frequency;
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async number =>
            {
                var dice = new Random(number);
                while (Stopwatch.GetTimestamp() < end)
                    await WholeWayAsync(services[dice.Next(services.Count)], main.Members[dice.Next(main.Members.Count)], taken);
            }));
            return [.. taken.Select(t => new Latencies([.. t.Order()]))];
        }

        async Task WholeWayAsync(Guid service, Guid member, ConcurrentBag<long>[] taken)
        {
            await Timed(0, () => Community.GetAsync(http, $"{bank}/services/{service}/quote?account={member}", run.Cancel));
            var booked = await Timed(1, () => BookAsync(run, http, bank, service, member));
            await Timed(2, () => Community.GetAsync(http, $"{bank}/vouchers/{booked["voucher"]}", run.Cancel));
            await Timed(3, () => Community.PostAsync(http, $"{bank}/vouchers/{booked["voucher"]}/capture", new { minutes = 45 }, run.Cancel));
            await Timed(4, () => Community.PostAsync(http, $"{bank}/bookings/{booked["id"]}/refund", new { }, run.Cancel));

            async Task<JsonNode> Timed(int step, Func<Task<JsonNode>> ask)
            {
                var start = Stopwatch.GetTimestamp();
                var answer = await ask();
                taken[step].Add((long)Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                return answer;
            }
        }
    }

    /// <summary>Every desk takes every voucher, each in an order of its own: all hear that it was taken, and one of them took it.</summary>
    private static async Task RaceAsync(BenchRun run, Community main, HttpClient http, string bank, List<Guid> services)
    {
        var codes = new string[run.Options.Volume(1_000)];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (string)(await BookAsync(run, http, bank, services[0], main.Members[i % main.Members.Count]))["voucher"]!;
        var captures = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Desks).Select(async desk =>
        {
            var order = codes.ToArray();
            new Random(desk).Shuffle(order);
            foreach (var code in order)
            {
                if ((await Community.PostAsync(http, $"{bank}/vouchers/{code}/capture", new { }, run.Cancel))["posting"] is not null)
                    Interlocked.Increment(ref captures);
            }
        }));
        if (captures != codes.Length)
            throw new BenchException($"{codes.Length} vouchers were captured {captures} times.");
        run.Add(Row.Without($"{Desks} desks race for {codes.Length:N0} vouchers, each captured once", "s", Series.Of(Stopwatch.GetElapsedTime(start).TotalSeconds)));
    }

    private static Task<JsonNode> BookAsync(BenchRun run, HttpClient http, string bank, Guid service, Guid member) =>
        Community.PostAsync(http, $"{bank}/bookings", new { service, member, date = DateOnly.FromDateTime(DateTime.UtcNow), yes = "paper" }, run.Cancel);
}
