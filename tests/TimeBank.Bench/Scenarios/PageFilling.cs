using System.Globalization;

namespace TimeBank.Bench.Scenarios;

/// <summary>What pages of a large bank show beside its members and their hours: by page, the ids that its address may end with.</summary>
/// <remarks>What concerns two people is partly between anybody, so that lists are long, and partly with the bank's first member, who reads some of the pages.</remarks>
public sealed class PageFilling
{
    private const int Projects = 40, Providers = 40, ServicesOfEach = 10, SessionsOfEach = 10, Listings = 5_000, Categories = 24;
    private const int OfTheReader = 5, OfAnybody = 200;

    private readonly Dictionary<string, IReadOnlyList<Guid>> _ids = [];
    private readonly BenchRun _run;
    private readonly Community _large;

    private PageFilling(BenchRun run, Community large) => (_run, _large) = (run, large);

    /// <summary>Who reads pages as a member.</summary>
    public Guid Reader => _large.Members[0];

    public static async Task<PageFilling> FillAsync(BenchRun run, Community large)
    {
        run.Say("filling in what the pages show");
        var filling = new PageFilling(run, large);
        await filling.FillAsync();
        await large.Ledger.ScalarAsync<object>("vacuum analyze");
        return filling;
    }

    /// <summary>Something that this page shows, at random.</summary>
    public Guid Any(string page, Random random) => _ids.TryGetValue(page, out var ids)
        ? ids[random.Next(ids.Count)]
        : throw new BenchException($"Nothing was filled in that {page} could show.");

    private async Task FillAsync()
    {
        var http = _large.Ledger.Server.Http;
        var tomorrow = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        var projects = await Community.OpenAccountsAsync(_run, http, _large.Bank, "project", Projects);
        var providers = await Community.OpenAccountsAsync(_run, http, _large.Bank, "provider", Providers);
        var services = await ManyAsync(Providers * ServicesOfEach, "services", i =>
            new { provider = providers[i / ServicesOfEach], name = $"Service {i}", place = "Room 2", category = "legal-advice", lasts = 60 });
        await JoinAsync();
        var listings = await ManyAsync(_run.Options.Volume(Listings), "listings", i =>
            new { account = Member(i + 1), kind = i % 2 == 0 ? "offer" : "request", category = Category(i / 2), title = $"Number {i} asks for work{i % 200}" });
        foreach (var page in (string[])["accounts/{id}", "accounts/{id}/statement", "people/{id}"])
            Shows(page, _large.Members);
        Shows("projects/{id}", projects);
        Shows("providers/{id}", providers);
        Shows("services/{id}", services);
        Shows("listings/{id}", listings);
        Shows("sessions/{id}", await ManyAsync(Projects * SessionsOfEach, "work-sessions", i =>
            new { project = projects[i / SessionsOfEach], date = Words(tomorrow.AddDays(7 * (i % SessionsOfEach))), from = "10:00", until = "12:00" }));
        Shows("bookings/{id}", await WithTheReaderAsync("bookings", (i, member) =>
            new { service = services[i % services.Length], member, date = Words(tomorrow), yes = "paper" }));
        Shows("arrangements/{id}", await WithTheReaderAsync("arrangements", (i, account) =>
            new { listing = listings[i % (_large.Members.Count - 1) % listings.Length], account, date = Words(tomorrow), at = "10:00", about = 60 }));
        Shows("help/{id}", await WithTheReaderAsync("contributions", (i, helped) =>
            new { helper = Member(i + 1), helped, minutes = 30, category = Category(i), memo = "Shopping." }));
        Shows("concerns/{id}", await ManyAsync(OfAnybody, "concerns", i => new { account = Member(i), way = "telephone", text = "Seemed unwell." }));
        Shows("postings/{id}", [.. (await _large.GetAsync($"/v1/banks/{_large.Bank}/accounts/{Reader}/entries"))["items"]!.AsArray().Select(e => (Guid)e!["posting"]!)]);
    }

    /// <summary>Everybody is a member who said what they do and how they are reached.</summary>
    private async Task JoinAsync()
    {
        _run.Say($"{_large.Members.Count:N0} memberships");
        var agreed = Words(DateOnly.FromDateTime(DateTime.UtcNow));
        await ManyAsync(_large.Members.Count, "members", i => new
        {
            account = _large.Members[i], how = "paper", languages = new[] { "en" }, telephone = $"555 {i:0000000}",
            times = new[] { i % 2 == 0 ? "mondayMorning" : "saturdayAfternoon" }, skills = new[] { Category(i), Category(i % 7) },
        });
        await ManyAsync(_large.Members.Count, i => $"members/{_large.Members[i]}/steps", _ => new { step = "agreed", version = "2026-1", on = agreed });
        await ManyAsync(_large.Members.Count, i => $"members/{_large.Members[i]}/admission", _ => new { });
    }

    private static string Category(int i) => $"category-{i % Categories}";

    private void Shows(string page, IReadOnlyList<Guid> ids) => _ids[$"/banks/{{bank}}/{page}"] = ids;

    private Guid Member(int i) => _large.Members[i % _large.Members.Count];

    /// <summary>Of these the pages show the reader's, as the reader may see them.</summary>
    private async Task<Guid[]> WithTheReaderAsync(string route, Func<int, Guid, object> body)
    {
        await ManyAsync(OfAnybody, route, i => body(i, Member(i + 2)));
        return await ManyAsync(OfTheReader, route, i => body(i, Reader));
    }

    private Task<Guid[]> ManyAsync(int count, string route, Func<int, object> body) => ManyAsync(count, _ => route, body);

    private async Task<Guid[]> ManyAsync(int count, Func<int, string> route, Func<int, object> body)
    {
        var ids = new Guid[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = _run.Cancel }, async (i, cancel) =>
            ids[i] = (Guid)(await Community.PostAsync(_large.Ledger.Server.Http, $"/v1/banks/{_large.Bank}/{route(i)}", body(i), cancel))["id"]!);
        return ids;
    }

    private static string Words(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
