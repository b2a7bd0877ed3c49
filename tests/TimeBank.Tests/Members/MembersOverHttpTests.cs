using System.Net;
using Microsoft.AspNetCore.Builder;
using Shouldly;

namespace TimeBank.Tests.Members;

/// <summary>The way in and out over HTTP, what is said of oneself, and what would suit a member.</summary>
[Category("Database")]
public sealed class MembersOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!;
    private HttpClient _organiser = null!, _ann = null!;
    private string _bank = "";
    private Guid _annAccount, _benAccount;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync();
        _annAccount = (await _organiser.PostAsync($"{_bank}/accounts", new { kind = "member", name = "Ann", neighbourhood = "north" })).Id;
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben");
        _ann = (await _organiser.JoinAsync(_bank, new { role = "member", account = _annAccount })).Http;
    }

    [TearDown]
    public async Task Stop()
    {
        _organiser.Dispose();
        _ann.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<Answer> DoneAsync(Task<Answer> asked)
    {
        var answer = await asked;
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }

    private Task<Answer> SayAsync(HttpClient by, string what, object? body = null) => by.PostAsync($"{_bank}/members/{_annAccount}/{what}", body ?? new { });

    [Test]
    public async Task Somebody_applies_agrees_is_admitted_pauses_returns_and_leaves()
    {
        var applied = await DoneAsync(_ann.PostAsync($"{_bank}/members", new
        {
            account = _annAccount, how = "page", skills = new[] { "cooking" }, languages = new[] { "en" }, times = new[] { "mondayMorning" }, reach = new[] { "telephone", "paper" },
            willing = "hoursAWeek", telephone = "555 0100", address = "Elm Street 4", ageBand = "from65To79",
        }));
        applied.Headers.Location!.OriginalString.ShouldBe($"{_bank}/members/{_annAccount}");
        (applied.Id, (string)applied["stage"]!).ShouldBe((_annAccount, "applied"));
        (await SayAsync(_organiser, "admission")).Code.ShouldBe("AgreementNeeded");
        (await SayAsync(_ann, "steps", new { step = "agreed", version = "1" })).Code.ShouldBe("NotPermitted");
        await DoneAsync(SayAsync(_organiser, "steps", new { step = "agreed", version = "2026-1" }));
        ((string)(await DoneAsync(SayAsync(_organiser, "admission")))["stage"]!).ShouldBe("active");
        ((string)(await DoneAsync(SayAsync(_ann, "pause")))["stage"]!).ShouldBe("paused");
        ((string)(await DoneAsync(SayAsync(_ann, "return")))["stage"]!).ShouldBe("active");

        var shown = await DoneAsync(_ann.GetAnswerAsync($"{_bank}/members/{_annAccount}"));
        ((string)shown["name"]!, (string)shown["telephone"]!, (string)shown["address"]!, (string)shown["ageBand"]!).ShouldBe(("Ann", "555 0100", "Elm Street 4", "from65To79"));
        shown["member"]!["joining"]!.AsArray().Select(s => ((string)s!["step"]!, (string?)s["version"])).ShouldBe([("agreed", "2026-1")]);
        var left = await DoneAsync(SayAsync(_ann, "departure"));
        ((string)left["member"]!["stage"]!, (string)left["account"]!).ShouldBe(("left", "closed"));
        (await SayAsync(_ann, "return")).Code.ShouldBe("MemberPast");
    }

    [Test]
    public async Task What_they_say_of_themselves_is_changed_by_who_has_read_it_and_read_by_nobody_else()
    {
        await DoneAsync(_ann.PostAsync($"{_bank}/members", new { account = _annAccount, how = "page", telephone = "555 0100" }));
        var tag = (await _ann.GetAnswerAsync($"{_bank}/members/{_annAccount}")).Headers.ETag!.Tag;
        await DoneAsync(_ann.SayAsync(HttpMethod.Put, $"{_bank}/members/{_annAccount}", new { skills = new[] { "moving" }, telephone = "555 0101" }, ifMatch: tag));
        (await _ann.SayAsync(HttpMethod.Put, $"{_bank}/members/{_annAccount}", new { }, ifMatch: tag)).Code.ShouldBe("VersionMismatch");
        var (ben, _) = await _organiser.JoinAsync(_bank, new { role = "member", account = _benAccount });

        ((string)(await _ann.GetAnswerAsync($"{_bank}/members/{_annAccount}"))["telephone"]!).ShouldBe("555 0101");
        (await ben.GetAnswerAsync($"{_bank}/members/{_annAccount}")).Code.ShouldBe("NotPermitted");
        (await ben.GetAnswerAsync($"{_bank}/members")).Code.ShouldBe("NotPermitted");
        ben.Dispose();
    }

    [Test]
    public async Task Nobody_waits_unseen_for_more_than_seven_days()
    {
        await DoneAsync(_organiser.PostAsync($"{_bank}/members", new { account = _annAccount, how = "telephone" }));
        await DoneAsync(_organiser.PostAsync($"{_bank}/members", new { account = _benAccount, how = "paper" }));
        _clock.Turn(TimeSpan.FromDays(6));
        using var organiser = RunningServer.Client(_app);
        (await WaitingAsync(organiser)).ShouldBeEmpty();
        await DoneAsync(SayAsync(organiser, "steps", new { step = "talked" }));

        _clock.Turn(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        using var next = RunningServer.Client(_app);

        (await WaitingAsync(next)).ShouldBe([_benAccount]);
        Ids(await DoneAsync(next.GetAnswerAsync($"{_bank}/members?stage=applied"))).ShouldBe([_annAccount, _benAccount]);
    }

    [Test]
    public async Task Who_organises_a_neighbourhood_sees_its_members()
    {
        foreach (var account in (Guid[])[_annAccount, _benAccount])
            await DoneAsync(_organiser.PostAsync($"{_bank}/members", new { account, how = "page" }));
        var (north, _) = await _organiser.JoinAsync(_bank, new { role = "neighbourhoodCoordinator", neighbourhood = "north" });

        Ids(await DoneAsync(north.GetAnswerAsync($"{_bank}/members"))).ShouldBe([_annAccount]);
        north.Dispose();
    }

    [Test]
    public async Task What_suits_a_member_comes_first_and_says_why()
    {
        await DoneAsync(_ann.PostAsync($"{_bank}/members", new { account = _annAccount, how = "page", skills = new[] { "cooking", "moving" }, times = new[] { "mondayMorning" } }));
        async Task Ask(string title, string category, string? neighbourhood, string time, string kind = "request", Guid? account = null) =>
            await DoneAsync(_organiser.PostAsync($"{_bank}/listings", new { account = account ?? _benAccount, kind, category, title, neighbourhood, times = new[] { time } }));
        await Ask("Near and then", "cooking", "north", "mondayMorning");
        await Ask("Near", "moving", "north", "sundayEvening");
        await Ask("That day", "moving", "south", "mondayEvening");
        await Ask("Far", "cooking", null, "fridayEvening");
        await Ask("Another skill", "law", "north", "mondayMorning");
        await Ask("An offer", "cooking", "north", "mondayMorning", "offer");
        await Ask("Her own", "cooking", "north", "mondayMorning", account: _annAccount);

        var matches = (await DoneAsync(_ann.GetAnswerAsync($"{_bank}/members/{_annAccount}/matches"))).Body!.AsArray();

        matches.Select(m => $"{(string)m!["title"]!}: {string.Join(' ', m["why"]!.AsArray().Select(w => (string)w!))}").ShouldBe(
            ["Near and then: skill neighbourhood time", "Near: skill neighbourhood", "That day: skill day", "Far: skill"]);
        await DoneAsync(SayAsync(_ann, "departure"));
        (await DoneAsync(_ann.GetAnswerAsync($"{_bank}/members/{_annAccount}/matches"))).Body!.AsArray().ShouldBeEmpty();
    }

    [Test]
    public async Task Who_names_no_skill_is_shown_what_is_near()
    {
        await DoneAsync(_ann.PostAsync($"{_bank}/members", new { account = _annAccount, how = "page" }));
        foreach (var neighbourhood in (string?[])["north", "south"])
            await DoneAsync(_organiser.PostAsync($"{_bank}/listings", new { account = _benAccount, kind = "request", category = "moving", title = $"In the {neighbourhood}", neighbourhood }));

        var matches = (await DoneAsync(_ann.GetAnswerAsync($"{_bank}/members/{_annAccount}/matches"))).Body!.AsArray();

        matches.Select(m => (string)m!["title"]!).ShouldBe(["In the north", "In the south"]);
        matches[1]!["why"]!.AsArray().ShouldBeEmpty();
    }

    private async Task<IEnumerable<Guid>> WaitingAsync(HttpClient http) => Ids(await DoneAsync(http.GetAnswerAsync($"{_bank}/members?waiting=true")));

    private static List<Guid> Ids(Answer page) =>
        [.. page["items"].AsArray().Select(i => Guid.Parse((string)i!["member"]!["id"]!))];
}
