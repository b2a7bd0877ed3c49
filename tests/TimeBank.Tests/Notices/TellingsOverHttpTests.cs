using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Notices;

/// <summary>Those who are told by telephone or on paper.</summary>
[Category("Database")]
public sealed class TellingsOverHttpTests
{
    private NoticeTown _town = null!;

    [SetUp]
    public async Task Start() => _town = await NoticeTown.OpenAsync();

    [TearDown]
    public async Task Stop() => await _town.DisposeAsync();

    private async Task<List<JsonNode>> ToTellAsync(HttpClient http, string query = "")
    {
        await _town.FollowAsync();
        return [.. (await _town.GetAsync(http, $"tellings{query}"))["items"].AsArray().Select(i => i!)];
    }

    private Task<Answer> TellAsync(HttpClient by, Guid account, string how, params string[] notices) => by.PostAsync($"{_town.Bank}/tellings", new { account, notices, how });

    [Test]
    public async Task Who_has_no_login_is_told_by_telephone_and_it_is_written_down_by_whom()
    {
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/members", new { account = _town.Ann, how = "paper", telephone = "555 0100", address = "Elm Street 4", languages = new[] { "cy" }, reach = new[] { "telephone" } }));
        await _town.GiftAsync();

        var ann = (await ToTellAsync(_town.Organiser)).Single();
        ((string)ann["account"]!, (string)ann["name"]!, (string)ann["telephone"]!, (string)ann["address"]!, (string)ann["language"]!)
            .ShouldBe((_town.Ann.ToString(), "Ann", "555 0100", "Elm Street 4", "cy"));
        var notices = ann["notices"]!.AsArray();
        notices.Select(n => (string)n!["text"]!).ShouldBe(
            ["Rydym wedi cael eich cais i ymuno. Bydd rhywun yn cysylltu â chi.", "Rhoesoch 1 awr 30 mun i Ben. Cewch holi amdano am 30 diwrnod."], ignoreOrder: true);

        var ids = notices.Select(n => (string)n!["id"]!).ToArray();
        var told = await _town.DoneAsync(TellAsync(_town.Organiser, _town.Ann, "telephone", ids));
        told["notices"].AsArray().Count.ShouldBe(2);
        (await ToTellAsync(_town.Organiser)).ShouldBeEmpty();
        var (second, _) = await _town.Organiser.JoinAsync(_town.Bank, new { role = "organiser" });
        await _town.DoneAsync(TellAsync(second, _town.Ann, "paper", ids));
        var me = (string)(await _town.Organiser.GetAnswerAsync("/v1/me"))["person"]!;
        (await ToTellAsync(_town.Organiser, "?told=true")).Single()["notices"]!.AsArray()
            .ShouldAllBe(n => (string)n!["toldBy"]! == me && (string)n["toldHow"]! == "telephone" && n["told"] != null);
        second.Dispose();
    }

    [Test]
    public async Task Who_has_a_login_is_told_so_only_if_they_want_it()
    {
        var (ann, _) = await _town.JoinAsync(_town.Ann);
        await _town.GiftAsync();
        (await ToTellAsync(_town.Organiser)).ShouldBeEmpty();

        await _town.DoneAsync(ann.PostAsync($"{_town.Bank}/members", new { account = _town.Ann, how = "page", reach = new[] { "paper", "program" } }));
        await _town.GiftAsync(60);
        (await ToTellAsync(_town.Organiser)).Single()["notices"]!.AsArray().Select(n => (string)n!["text"]!).ShouldBe(["You gave 1 h to Ben. You may question it for 30 days."]);
        (await _town.ToldAsync(ann)).Count.ShouldBe(2);
        ann.Dispose();
    }

    [Test]
    public async Task Who_organises_a_neighbourhood_tells_its_members_and_no_others()
    {
        var (north, _) = await _town.Organiser.JoinAsync(_town.Bank, new { role = "neighbourhoodCoordinator", neighbourhood = "north" });
        await _town.GiftAsync();
        await _town.DoneAsync(_town.Organiser.TransferAsync(_town.Bank, "gift", _town.Ben, _town.Ann, 30));

        (await ToTellAsync(_town.Organiser)).Select(m => (string)m["name"]!).ShouldBe(["Ann", "Ben"]);
        (await ToTellAsync(north)).Select(m => (string)m["name"]!).ShouldBe(["Ann"]);
        var bens = (string)(await ToTellAsync(_town.Organiser))[1]["notices"]![0]!["id"]!;
        (await TellAsync(north, _town.Ben, "telephone", bens)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await TellAsync(_town.Organiser, _town.Ann, "telephone", bens)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await north.GetAnswerAsync($"{_town.Bank}/accounts/{_town.Ben}/notice-settings")).Code.ShouldBe("NotPermitted");
        var page = await _town.GetAsync(_town.Organiser, "tellings?limit=1");
        (await _town.GetAsync(_town.Organiser, $"tellings?limit=1&cursor={(string)page["next"]!}"))["items"].AsArray().Select(m => (string)m!["name"]!).ShouldBe(["Ben"]);
        north.Dispose();
    }

    [Test]
    public async Task How_a_member_without_a_login_wants_to_be_told_an_organiser_writes_down()
    {
        var path = $"{_town.Bank}/accounts/{_town.Ben}/notice-settings";
        await _town.DoneAsync(_town.Organiser.SayAsync(HttpMethod.Put, path, new { language = "es", ways = new { hoursReceived = new { tell = true } } }, ifMatch: "\"1\""));
        (await _town.Organiser.SayAsync(HttpMethod.Put, path, new { }, ifMatch: "\"1\"")).Code.ShouldBe("VersionMismatch");
        ((bool)(await _town.DoneAsync(_town.Organiser.GetAnswerAsync(path)))["ways"]!["hoursReceived"]!["tell"]!).ShouldBeTrue();
        await _town.GiftAsync();

        (await ToTellAsync(_town.Organiser))[1]["notices"]!.AsArray().Select(n => (string)n!["text"]!).ShouldBe(["Ann te ha dado 1 h 30 min."]);
        (await _town.Organiser.GetAnswerAsync($"{_town.Bank}/accounts/{Guid.NewGuid()}/notice-settings")).Code.ShouldBe("AccountUnknown");
    }

    [TestCase("""{"notices":["01990000-0000-7000-8000-000000000001"],"how":"paper"}"""), TestCase("""{"account":"01990000-0000-7000-8000-000000000001","notices":[],"how":"paper"}""")]
    [TestCase("""{"account":"01990000-0000-7000-8000-000000000001","notices":["01990000-0000-7000-8000-000000000001"],"how":"pigeon"}""")]
    public async Task What_was_told_must_say_to_whom_what_and_how(string body) => ((int)(await _town.Organiser.SayAsync(HttpMethod.Post, $"{_town.Bank}/tellings", body)).Status).ShouldBe(400);
}
