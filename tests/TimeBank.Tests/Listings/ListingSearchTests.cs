using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Projections;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Listings;

/// <summary>What is found by which words, in which order, page by page.</summary>
[Category("Database")]
public sealed class ListingSearchTests
{
    private static HttpClient Http => RunningServer.Http;

    private sealed record Community(string Bank, Guid Account)
    {
        public static async Task<Community> OpenAsync(string? language)
        {
            var bank = await Http.OpenBankAsync(new { language });
            return new Community(bank, await Http.OpenAccountAsync(bank, "member", "Ann"));
        }

        public async Task PostAsync(string title, string? description = null, string kind = "offer", string category = "other", string? neighbourhood = null, string[]? times = null)
        {
            var posted = await Http.PostAsync($"{Bank}/listings", new { account = Account, kind, category, title, description, neighbourhood, times });
            posted.Status.ShouldBe(HttpStatusCode.Created, posted.Text);
        }

        public async Task<string[]> FindAsync(string query) => [.. (await PageAsync(query))["items"].AsArray().Select(i => (string)i!["title"]!)];

        public async Task<Answer> PageAsync(string query)
        {
            var page = await Http.GetAnswerAsync($"{Bank}/listings?{query}");
            page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
            return page;
        }
    }

    private static string Text(string words) => $"text={Uri.EscapeDataString(words)}";

    [Test]
    public async Task Words_are_found_in_the_forms_of_the_banks_language()
    {
        var english = await Community.OpenAsync("en");
        await english.PostAsync("Gardening and mowing lawns");
        var german = await Community.OpenAsync("de");
        await german.PostAsync("Hilfe in deinen Gärten");

        (await english.FindAsync(Text("gardens"))).Length.ShouldBe(1);
        (await english.FindAsync(Text("mow the lawn"))).Length.ShouldBe(1, "Words such as \"the\" do not count.");
        (await german.FindAsync(Text("Garten"))).Length.ShouldBe(1);
    }

    [Test]
    public async Task Where_a_language_has_no_rules_words_count_as_they_are_written_without_their_accents()
    {
        foreach (var language in (string?[])[null, "cy"])
        {
            var bank = await Community.OpenAsync(language);
            await bank.PostAsync("Coginio a phobi bara brith", "Pêl-droed yn y parc");

            (await bank.FindAsync(Text("bara"))).Length.ShouldBe(1);
            (await bank.FindAsync(Text("pel droed"))).Length.ShouldBe(1);
            (await bank.FindAsync(Text("PÊL"))).Length.ShouldBe(1);
        }
    }

    [Test]
    public async Task Listings_are_found_by_the_part_of_a_day_or_of_any_day_or_if_they_are_by_arrangement()
    {
        var bank = await Community.OpenAsync("en");
        await bank.PostAsync("Monday morning", times: ["mondayMorning"]);
        await bank.PostAsync("Monday evening, Friday morning", times: ["mondayEvening", "fridayMorning"]);
        await bank.PostAsync("By arrangement");

        (await bank.FindAsync("day=monday&part=morning")).ShouldBe(["By arrangement", "Monday morning"]);
        (await bank.FindAsync("part=morning")).ShouldBe(["By arrangement", "Monday evening, Friday morning", "Monday morning"]);
        (await bank.FindAsync("part=evening")).ShouldBe(["By arrangement", "Monday evening, Friday morning"]);
        (await bank.FindAsync("day=monday")).ShouldBe(["By arrangement", "Monday evening, Friday morning", "Monday morning"]);
        (await bank.FindAsync($"{Text("monday")}&day=friday&part=morning")).ShouldBe(["Monday evening, Friday morning"]);
        (await bank.FindAsync("day=sunday&part=afternoon&kind=offer")).ShouldBe(["By arrangement"]);
        (await Http.GetAnswerAsync($"{bank.Bank}/listings?part=night")).Code.ShouldBe("Invalid");
    }

    [Test]
    public async Task What_has_the_words_is_found_however_many_newer_ones_have_not()
    {
        var bank = await Community.OpenAsync("en");
        await bank.PostAsync("A harp to borrow", "Once in a blue moon");
        for (var n = 0; n < 150; n++)
            await bank.PostAsync($"Something else {n}", "Borrow this");

        (await bank.FindAsync(Text("harp"))).ShouldBe(["A harp to borrow"]);
        (await bank.FindAsync(Text("borrow moon"))).ShouldBe(["A harp to borrow"]);
    }

    [Test]
    public async Task What_somebody_offers_who_pauses_is_found_again_when_they_return()
    {
        var bank = await Community.OpenAsync("en");
        var ann = await Http.PostAsync($"{bank.Bank}/members/enrolments", new { name = "Ann", agreement = "1" });
        async Task<Guid> PostAsync(string title) => (await Http.PostAsync($"{bank.Bank}/listings", new { account = ann.Id, kind = "offer", category = "other", title })).Id;
        await PostAsync("Piano lessons");
        await bank.PostAsync("Piano tuning");
        async Task MoveAsync(string noun) => (await Http.PostAsync($"{bank.Bank}/members/{ann.Id}/{noun}", new { })).Status.ShouldBe(HttpStatusCode.OK);

        await MoveAsync("pause");
        (await bank.FindAsync(Text("piano"))).ShouldBe(["Piano tuning"]);
        (await bank.FindAsync("kind=offer")).ShouldBe(["Piano tuning"]);
        await PostAsync("Violin lessons");
        (await bank.FindAsync(Text("lessons"))).ShouldBeEmpty("Nor what is posted while they pause.");
        await MoveAsync("return");
        (await bank.FindAsync(Text("lessons"))).ShouldBe(["Violin lessons", "Piano lessons"], ignoreOrder: true);
        await MoveAsync("departure");
        (await bank.FindAsync(Text("lessons"))).ShouldBeEmpty();
    }

    [Test]
    public async Task What_the_safeguarding_lead_paused_and_what_is_of_somebody_under_18_is_not_found()
    {
        var bank = await Community.OpenAsync("en");
        var lead = (await Http.JoinAsync(bank.Bank, new { role = "safeguardingLead" })).Http;
        var ann = (await Http.PostAsync($"{bank.Bank}/members/enrolments", new { name = "Ann", agreement = "1" })).Id;
        (await Http.PostAsync($"{bank.Bank}/listings", new { account = ann, kind = "request", category = "other", title = "Piano lessons" })).Status.ShouldBe(HttpStatusCode.Created);

        (await lead.PostAsync($"{bank.Bank}/members/{ann}/pause", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await bank.FindAsync(Text("piano"))).ShouldBeEmpty();
        (await lead.PostAsync($"{bank.Bank}/members/{ann}/return", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await bank.FindAsync(Text("piano"))).Length.ShouldBe(1);
        (await Http.PostAsync($"{bank.Bank}/members/{ann}/youth", new { until = "2099-01-01" })).Status.ShouldBe(HttpStatusCode.OK);
        (await bank.FindAsync(Text("piano"))).ShouldBeEmpty();
        (await Http.PostAsync($"{bank.Bank}/members/{ann}/youth", new { until = "2000-01-01" })).Status.ShouldBe(HttpStatusCode.OK);
        (await bank.FindAsync(Text("piano"))).Length.ShouldBe(1);
        lead.Dispose();
    }

    [Test]
    public async Task A_slip_of_the_finger_is_forgiven_where_nothing_else_is_found()
    {
        var bank = await Community.OpenAsync("en");
        await bank.PostAsync("Gardening for beginners");
        await bank.PostAsync("Piano lessons");
        await bank.PostAsync("A gardner's diary");

        var guessed = await bank.PageAsync(Text("paino lesons"));
        var written = await bank.PageAsync(Text("gardner"));

        guessed["items"].AsArray().Select(i => ((string)i!["title"]!, (bool)i["isGuess"]!)).ShouldBe([("Piano lessons", true)]);
        written["items"].AsArray().Select(i => ((string)i!["title"]!, (bool)i["isGuess"]!)).ShouldBe([("A gardner's diary", false)]);
        (await bank.FindAsync(Text("gardenning"))).ShouldContain("Gardening for beginners");
        (await bank.FindAsync(Text("xylophone"))).ShouldBeEmpty();
    }

    [Test]
    public async Task A_title_counts_for_more_than_a_description()
    {
        var bank = await Community.OpenAsync("en");
        await bank.PostAsync("Soup", "With a walk to the market first");
        await bank.PostAsync("A walk");
        await bank.PostAsync("Bread", "After a walk");

        (await bank.FindAsync(Text("walk")))[0].ShouldBe("A walk");
    }

    [Test]
    public async Task It_is_narrowed_by_kind_category_neighbourhood_and_day_with_words_and_without()
    {
        var bank = await Community.OpenAsync("en");
        await bank.PostAsync("Help 1", kind: "offer", category: "cooking", neighbourhood: "north", times: ["mondayMorning", "tuesdayEvening"]);
        await bank.PostAsync("Help 2", kind: "request", category: "cooking", neighbourhood: "south", times: ["mondayEvening"]);
        await bank.PostAsync("Help 3", kind: "offer", category: "moving", neighbourhood: "north");

        foreach (var words in (string[])["", "text=help&"])
        {
            (await Sorted($"{words}")).ShouldBe("123");
            (await Sorted($"{words}kind=offer")).ShouldBe("13");
            (await Sorted($"{words}category=cooking")).ShouldBe("12");
            (await Sorted($"{words}neighbourhood=north")).ShouldBe("13");
            (await Sorted($"{words}day=monday")).ShouldBe("123", "Who says no time does it by arrangement.");
            (await Sorted($"{words}day=tuesday")).ShouldBe("13");
            (await Sorted($"{words}day=sunday&kind=request")).ShouldBe("");
            (await Sorted($"{words}kind=offer&category=cooking&neighbourhood=north&day=tuesday")).ShouldBe("1");
        }
        (await bank.FindAsync("category=cooking&text=moving")).ShouldBeEmpty();
        (await bank.FindAsync("text=moving")).ShouldBe(["Help 3"], "A category is a word, too.");

        async Task<string> Sorted(string query) => string.Concat((await bank.FindAsync(query)).Order().Select(t => t[^1]));
    }

    [TestCase(""), TestCase("text=help&"), TestCase("text=help&kind=offer&")]
    public async Task Pages_show_everything_once(string query)
    {
        var bank = await Community.OpenAsync("en");
        for (var i = 1; i <= 7; i++)
            await bank.PostAsync($"Help {i}", i % 2 == 0 ? "Help and more help" : null);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await bank.PageAsync($"{query}limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page["items"].AsArray().Select(i => (string)i!["title"]!));
            cursor = (string?)page.Body!["next"];
        }
        while (cursor is not null);

        seen.Count.ShouldBe(7);
        seen.Distinct().Count().ShouldBe(7);
        if (query.Length == 0)
            seen.ShouldBe(Enumerable.Range(1, 7).Reverse().Select(i => $"Help {i}"));
    }

    [Test]
    public async Task Few_among_very_many_are_found_as_well()
    {
        var bank = await Community.OpenAsync("en");
        await bank.PostAsync("The oldest", category: "rare");
        // More than it looks along.
        await Task.WhenAll(Enumerable.Range(0, 1_100).Select(i => bank.PostAsync($"Number {i}")));

        (await bank.FindAsync("category=rare")).ShouldBe(["The oldest"]);
        (await bank.FindAsync("category=other&limit=500")).Length.ShouldBe(500);
        (await bank.FindAsync("text=number&limit=500")).Length.ShouldBe(100, "Of very many the newest are weighed.");
    }

    [Test]
    public async Task A_bank_that_changes_its_language_finds_its_listings_in_the_new_one()
    {
        var bank = await Community.OpenAsync(null);
        await bank.PostAsync("Mowing lawns");
        (await bank.PageAsync(Text("mow lawn")))["items"].AsArray().ShouldAllBe(i => (bool)i!["isGuess"]!);
        (await Http.SayAsync(HttpMethod.Put, $"{bank.Bank}/policy", new { language = "en" }, ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.OK);

        await RunningServer.App.Services.GetRequiredService<ListingQueries>().RenewLanguageAsync(100_000, CancellationToken.None);

        var found = await bank.PageAsync(Text("mow lawn"));
        found["items"].AsArray().Select(i => (bool)i!["isGuess"]!).ShouldBe([false]);
    }

    [Test]
    public async Task A_PostgreSQL_without_extensions_finds_whole_words_as_they_are_written()
    {
        await using var ledger = await LedgerOfItsOwn.OpenWithoutExtensionsAsync();
        var bank = await ledger.Http.OpenBankAsync(new { language = "en" });
        var ann = await ledger.Http.OpenAccountAsync(bank, "member", "Ann");
        (await ledger.Http.PostAsync($"{bank}/listings", new { account = ann, kind = "offer", category = "sports", title = "Pêche and gardening" })).Status.ShouldBe(HttpStatusCode.Created);

        foreach (var (words, found) in ((string, int)[])[("garden", 1), ("pêche", 1), ("peche", 0), ("gadren", 0)])
            (await ledger.Http.GetAnswerAsync($"{bank}/listings?{Text(words)}"))["items"].AsArray().Count.ShouldBe(found, words);
    }

    [TestCase("text=%27%29%20%3A%2A%20%7C%20%21"), TestCase("text=%5C%5C%26%26"), TestCase("text=the"), TestCase("text=%E2%80%AE")]
    public async Task Signs_that_mean_something_to_a_database_are_only_signs(string query)
    {
        var bank = await Community.OpenAsync("en");
        await bank.PostAsync("A walk");

        (await bank.FindAsync(query)).ShouldBeEmpty();
    }
}
