using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Listings;
using TimeBank.Projections;

namespace TimeBank.Tests.Listings;

/// <summary>Offers and requests from the first word to the last, on a server whose clock is turned by hand.</summary>
[Category("Database")]
public sealed class ListingsOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!;
    private HttpClient _organiser = null!, _ann = null!, _ben = null!;
    private string _bank = "";
    private Guid _annAccount, _benAccount;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync(new { language = "en" });
        _annAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ann");
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben");
        _ann = (await _organiser.JoinAsync(_bank, new { role = "member", account = _annAccount })).Http;
        _ben = (await _organiser.JoinAsync(_bank, new { role = "member", account = _benAccount })).Http;
    }

    [TearDown]
    public async Task Stop()
    {
        _organiser.Dispose();
        _ann.Dispose();
        _ben.Dispose();
        await _app.DisposeAsync();
    }

    private object Offer(string title) => new { account = _annAccount, kind = "offer", category = "household", title };

    private async Task<Guid> PostAsync(object listing)
    {
        var posted = await _ann.PostAsync($"{_bank}/listings", listing);
        posted.Status.ShouldBe(HttpStatusCode.Created, posted.Text);
        posted.Headers.Location!.OriginalString.ShouldBe($"{_bank}/listings/{posted.Id}");
        return posted.Id;
    }

    private async Task<string[]> TitlesAsync(string query, HttpClient? by = null)
    {
        var page = await (by ?? _ben).GetAnswerAsync($"{_bank}/listings?{query}");
        page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
        return [.. page["items"].AsArray().Select(i => (string)i!["title"]!)];
    }

    private Task<Answer> EndAsync(HttpClient by, Guid id, string how) => by.PostAsync($"{_bank}/listings/{id}/{how}", new { });

    [Test]
    public async Task What_one_posts_another_reads_and_finds()
    {
        var id = await PostAsync(new
        {
            account = _annAccount, kind = "request", category = "moving", title = "Carry a wardrobe", description = "Two floors.", place = "Elm Street 4",
            neighbourhood = "north", times = new[] { "saturdayMorning", "fridayEvening" }, about = 60, isPublic = true,
        });

        var shown = await _ben.GetAnswerAsync($"{_bank}/listings/{id}");

        ((string)shown["title"]!, (string)shown["description"]!, (string)shown["place"]!).ShouldBe(("Carry a wardrobe", "Two floors.", "Elm Street 4"));
        var listing = shown["listing"]!;
        ((string)listing["stage"]!, (string)listing["kind"]!, (string)listing["category"]!, (long)listing["about"]!, (bool)listing["isPublic"]!).ShouldBe(("open", "request", "moving", 60, true));
        listing["times"]!.AsArray().Select(t => (string)t!).ShouldBe(["fridayEvening", "saturdayMorning"]);
        DateTimeOffset.Parse((string)listing["expires"]!).ShouldBe(_clock.GetUtcNow().AddDays(90), TimeSpan.FromSeconds(5));
        (await TitlesAsync("text=wardrobe")).ShouldBe(["Carry a wardrobe"]);
        (await TitlesAsync("text=elm")).ShouldBe(["Carry a wardrobe"]);
    }

    [Test]
    public async Task Who_has_read_it_says_it_anew_and_it_is_found_by_the_new_words_only()
    {
        var id = await PostAsync(Offer("Mending socks"));
        var anew = new { kind = "offer", category = "household", title = "Mending trousers" };
        (await _ben.SayAsync(HttpMethod.Put, $"{_bank}/listings/{id}", anew, ifMatch: "\"1\"")).Code.ShouldBe("NotPermitted");
        (await _ann.SayAsync(HttpMethod.Put, $"{_bank}/listings/{id}", anew)).Code.ShouldBe("IfMatchMissing");
        (await _ann.SayAsync(HttpMethod.Put, $"{_bank}/listings/{id}?dryRun=true", anew, ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.OK);

        var changed = await _ann.SayAsync(HttpMethod.Put, $"{_bank}/listings/{id}", anew, ifMatch: (await _ann.GetAnswerAsync($"{_bank}/listings/{id}")).Headers.ETag!.Tag);

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        changed.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await _ann.SayAsync(HttpMethod.Put, $"{_bank}/listings/{id}", anew, ifMatch: "\"1\"")).Code.ShouldBe("VersionMismatch");
        (await TitlesAsync("text=trousers")).ShouldBe(["Mending trousers"]);
        (await TitlesAsync("text=socks")).ShouldBeEmpty();
    }

    [Test]
    public async Task What_has_ended_is_found_no_more_and_stays_on_the_list_of_its_account()
    {
        var ids = new List<Guid>();
        foreach (var title in (string[])["Open", "Done", "Taken back", "Forgotten"])
            ids.Add(await PostAsync(Offer(title)));
        await EndAsync(_ann, ids[1], "fulfilment");
        await EndAsync(_organiser, ids[2], "withdrawal");
        (await EndAsync(_ben, ids[0], "withdrawal")).Code.ShouldBe("NotPermitted");
        (await EndAsync(_ann, ids[1], "withdrawal")).Code.ShouldBe("ListingPast");
        (await TitlesAsync("")).ShouldBe(["Forgotten", "Open"]);
        await _ann.SayAsync(HttpMethod.Put, $"{_bank}/listings/{ids[0]}", new { kind = "offer", category = "household", title = "Open", expires = _clock.GetUtcNow().AddDays(200) }, ifMatch: "\"1\"");
        _clock.Turn(TimeSpan.FromDays(90) + TimeSpan.FromMinutes(1));
        // Tokens have ended meanwhile.
        using var organiser = RunningServer.Client(_app);

        (await TitlesAsync("", organiser)).ShouldBe(["Open"], "It is past its time, whether that was written down or not.");
        foreach (var (bank, thing) in (await _app.Services.GetRequiredService<ThingQueries>().DueAsync<Listing>(_clock.GetUtcNow(), 10_000, CancellationToken.None))
            .Where(l => _bank.EndsWith(l.Bank.Value, StringComparison.Ordinal)))
            (await _app.Services.GetRequiredService<ListingCommands>().ExpireAsync(bank, thing)).Status.ShouldBe(200);

        var all = (await organiser.GetAnswerAsync($"{_bank}/accounts/{_annAccount}/listings"))["items"].AsArray();

        all.Select(l => (string)l!["listing"]!["stage"]!).ShouldBe(["open", "fulfilled", "withdrawn", "expired"]);
    }

    [Test]
    public async Task What_somebody_offers_who_has_left_is_found_no_more()
    {
        await PostAsync(Offer("Company"));
        await _organiser.OpenAccountAsync(_bank, "pot", "Chest");
        (await _organiser.PostAsync($"{_bank}/accounts/{_annAccount}/closure", new { })).Status.ShouldBe(HttpStatusCode.OK);

        (await TitlesAsync("text=company")).ShouldBeEmpty();
        (await TitlesAsync("")).ShouldBeEmpty();
    }

    [Test]
    public async Task A_partner_app_sees_what_is_public()
    {
        var hidden = await PostAsync(Offer("For us"));
        await PostAsync(new { account = _annAccount, kind = "offer", category = "household", title = "For all", isPublic = true });
        var (app, _) = await _organiser.KeyAsync(_bank, ofBank: false, "accountsRead");
        var (own, _) = await _organiser.KeyAsync(_bank, ofBank: true, "accountsRead");

        (await TitlesAsync("", app)).ShouldBe(["For all"]);
        (await TitlesAsync("text=us", app)).ShouldBeEmpty();
        (await app.GetAnswerAsync($"{_bank}/listings/{hidden}")).Code.ShouldBe("ListingUnknown");
        (await TitlesAsync("", own)).ShouldBe(["For all", "For us"]);
        (await app.PostAsync($"{_bank}/listings", Offer("By an app"))).Code.ShouldBe("NotPermitted");
        app.Dispose();
        own.Dispose();
    }

    [Test]
    public async Task An_account_s_list_is_for_who_sees_the_account()
    {
        (await _ben.GetAnswerAsync($"{_bank}/accounts/{_annAccount}/listings")).Code.ShouldBe("NotPermitted");
        (await _organiser.GetAnswerAsync($"{_bank}/accounts/{Guid.CreateVersion7()}/listings")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _ann.GetAnswerAsync($"{_bank}/accounts/{_annAccount}/listings")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
