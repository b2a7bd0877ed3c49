using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Listings;

/// <summary>Who would be likely to help with a request, best first, each with why.</summary>
[Category("Database")]
public sealed class WhoCouldHelpTests
{
    private string _bank = "";
    private Guid _asker;
    private HttpClient _asking = null!;

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _asker = await EnrolAsync("Ada", "north", languages: ["en", "cy"]);
        _asking = (await Http.JoinAsync(_bank, new { role = "member", account = _asker })).Http;
    }

    [TearDown]
    public void Leave() => _asking.Dispose();

    [Test]
    public async Task The_most_likely_comes_first_and_each_says_why()
    {
        var met = await EnrolAsync("Met before", "south", ["moving"]);
        await EnrolAsync("Says nothing of herself", "north");
        await EnrolAsync("Near, then, and understood", "north", ["moving"], ["mondayMorning"], ["cy"]);
        await EnrolAsync("On that day", "south", ["moving"], ["mondayEvening"]);
        var offers = await EnrolAsync("Offers it", null, ["moving"]);
        await PostAsync(offers, "offer");
        await EnrolAsync("Does other things", "north", ["law"], ["mondayMorning"], ["cy"]);
        await DoneAsync(Http.PostAsync($"{_bank}/contributions", new { helper = met, helped = _asker, minutes = 30 }));

        var found = await HelpersAsync(await PostAsync(_asker));

        found.Select(h => $"{(string)h!["name"]!}: {string.Join(' ', h["why"]!.AsArray().Select(w => (string)w!))}").ShouldBe(
        [
            "Near, then, and understood: skill neighbourhood time language", "Offers it: offer skill", "Met before: skill met", "On that day: skill day",
            "Says nothing of herself: neighbourhood",
        ]);
        ((string)found[2]!["lastContact"]!).ShouldBe(DateTime.UtcNow.ToString("yyyy-MM-dd", null));
        found[0]!.AsObject().Select(m => m.Key).ShouldBe(["account", "name", "why"], "No hours, and no way to reach them.");
    }

    [Test]
    public async Task Who_pauses_is_under_18_is_kept_apart_or_was_asked_already_is_left_out()
    {
        var all = new Dictionary<string, Guid>();
        foreach (var name in (string[])["paused", "young", "apart", "asked", "left", "not now", "there"])
            all[name] = await EnrolAsync(name, null, ["moving"], willing: name == "not now" ? "notNow" : null);
        var lead = (await Http.JoinAsync(_bank, new { role = "safeguardingLead" })).Http;
        var request = await PostAsync(_asker);
        await DoneAsync(Http.PostAsync($"{_bank}/members/{all["paused"]}/pause", new { }));
        await DoneAsync(Http.PostAsync($"{_bank}/members/{all["young"]}/youth", new { until = "2099-01-01" }));
        await DoneAsync(lead.PostAsync($"{_bank}/apart", new { first = _asker, second = all["apart"] }));
        await DoneAsync(Http.PostAsync($"{_bank}/arrangements", new { listing = request, account = all["asked"] }));
        await DoneAsync(Http.PostAsync($"{_bank}/members/{all["left"]}/departure", new { }));

        (await HelpersAsync(request)).Select(h => (string)h!["name"]!).ShouldBe(["there"]);
        await DoneAsync(Http.PostAsync($"{_bank}/members/{all["paused"]}/return", new { }));
        (await HelpersAsync(request)).Select(h => (string)h!["name"]!).ShouldBe(["paused", "there"], ignoreOrder: true);
        lead.Dispose();
    }

    [Test]
    public async Task Who_asks_and_who_organises_them_sees_it_and_nobody_else()
    {
        await EnrolAsync("Ben", null, ["moving"]);
        var request = await PostAsync(_asker);
        var (north, south) = (await JoinAsync(new { role = "neighbourhoodCoordinator", neighbourhood = "north" }), await JoinAsync(new { role = "neighbourhoodCoordinator", neighbourhood = "south" }));
        var other = await JoinAsync(new { role = "member", account = await EnrolAsync("Cora", "north") });

        foreach (var who in (HttpClient[])[_asking, north, Http])
            (await DoneAsync(who.GetAnswerAsync($"{_bank}/listings/{request}/helpers"))).Body!.AsArray().ShouldNotBeEmpty();
        foreach (var who in (HttpClient[])[other, south])
            (await who.GetAnswerAsync($"{_bank}/listings/{request}/helpers")).Code.ShouldBe("NotPermitted");
        var elsewhere = await Http.OpenBankAsync();
        (await Http.GetAnswerAsync($"{elsewhere}/listings/{request}/helpers")).Code.ShouldBe("ListingUnknown");
        foreach (var client in (HttpClient[])[north, south, other])
            client.Dispose();
    }

    [Test]
    public async Task Nobody_is_named_for_an_offer_nor_for_what_has_ended_nor_from_another_bank()
    {
        var elsewhere = await Http.OpenBankAsync();
        await DoneAsync(Http.PostAsync($"{elsewhere}/members/enrolments", new { name = "Elsewhere", skills = (string[])["moving"], agreement = "1" }));
        (await HelpersAsync(await PostAsync(_asker))).ShouldBeEmpty();
        await EnrolAsync("Ben", null, ["moving"]);

        (await HelpersAsync(await PostAsync(_asker, "offer"))).ShouldBeEmpty();
        var ended = await PostAsync(_asker);
        (await HelpersAsync(ended)).Count.ShouldBe(1);
        await DoneAsync(Http.PostAsync($"{_bank}/listings/{ended}/withdrawal", new { }));
        (await HelpersAsync(ended)).ShouldBeEmpty();
    }

    private async Task<HttpClient> JoinAsync(object standing) => (await Http.JoinAsync(_bank, standing)).Http;

    private async Task<JsonArray> HelpersAsync(Guid listing) => (await DoneAsync(_asking.GetAnswerAsync($"{_bank}/listings/{listing}/helpers"))).Body!.AsArray();

    private async Task<Guid> PostAsync(Guid account, string kind = "request") => (await DoneAsync(Http.PostAsync(
        $"{_bank}/listings", new { account, kind, category = "moving", title = "A wardrobe", neighbourhood = "north", times = (string[])["mondayMorning"] }))).Id;

    private async Task<Guid> EnrolAsync(string name, string? neighbourhood, string[]? skills = null, string[]? times = null, string[]? languages = null, string? willing = null) =>
        (await DoneAsync(Http.PostAsync($"{_bank}/members/enrolments", new { name, neighbourhood, skills, times, languages, willing, agreement = "1" }))).Id;

    private static async Task<Answer> DoneAsync(Task<Answer> asked)
    {
        var answer = await asked;
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }
}
