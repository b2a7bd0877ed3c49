using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Arrangements;
using TimeBank.Projections;

namespace TimeBank.Tests.Arrangements;

/// <summary>From a match to hours given, on two servers whose clock is turned by hand.</summary>
[Category("Database")]
public sealed class ArrangementsOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!, _second = null!;
    private HttpClient _organiser = null!, _ann = null!, _ben = null!, _cora = null!;
    private string _bank = "";
    private Guid _annAccount, _benAccount, _coraAccount, _request;

    [SetUp]
    public async Task Start()
    {
        // Late on a day ahead, in a bank where it is tomorrow already.
        _clock = new TurnedClock(new DateTimeOffset(DateTime.UtcNow.Date.AddDays(2).AddHours(20), TimeSpan.Zero));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _second = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync(new { timeZone = "Pacific/Auckland" });
        _annAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ann");
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben");
        _coraAccount = await _organiser.OpenAccountAsync(_bank, "member", "Cora");
        _ann = (await _organiser.JoinAsync(_bank, new { role = "member", account = _annAccount })).Http;
        _ben = (await _organiser.JoinAsync(_bank, new { role = "member", account = _benAccount })).Http;
        _cora = (await _organiser.JoinAsync(_bank, new { role = "member", account = _coraAccount })).Http;
        await Made(_ann.PostAsync($"{_bank}/members", new { account = _annAccount, how = "page", skills = (string[])["gardening"], reach = (string[])["telephone"], telephone = "555 0101" }));
        await Made(_ben.PostAsync($"{_bank}/members", new { account = _benAccount, how = "paper", telephone = "555 0117", address = "12 Elm Street" }));
        _request = (await Made(_ben.PostAsync($"{_bank}/listings", new { account = _benAccount, kind = "request", category = "gardening", title = "Two apple trees" }))).Id;
    }

    [TearDown]
    public async Task Stop()
    {
        _organiser.Dispose();
        _ann.Dispose();
        _ben.Dispose();
        _cora.Dispose();
        await _app.DisposeAsync();
        await _second.DisposeAsync();
    }

    /// <summary>By the bank's calendar.</summary>
    private string Day(int ahead) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland")).DateTime).AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task<Answer> Made(Task<Answer> asked)
    {
        var answer = await asked;
        ((int)answer.Status).ShouldBeInRange(200, 201, answer.Text);
        return answer;
    }

    private async Task<string> AnsweredAsync(int ahead) =>
        $"{_bank}/arrangements/{(await Made(_ann.PostAsync($"{_bank}/arrangements", new { listing = _request, account = _annAccount, date = Day(ahead), at = "10:00", about = 90, place = "Behind number 9", memo = "Bring a saw." }))).Id}";

    private async Task<string> AgreedAsync(int ahead)
    {
        var arrangement = await AnsweredAsync(ahead);
        await Made(_ben.PostAsync($"{arrangement}/agreement", new { account = _benAccount }));
        return arrangement;
    }

    private async Task RemindAsync(WebApplication app)
    {
        foreach (var (bank, thing) in await app.Services.GetRequiredService<ThingQueries>().DueAsync<Arrangement>(_clock.GetUtcNow(), 1_000, CancellationToken.None))
        {
            if (_bank.EndsWith(bank.Value, StringComparison.Ordinal))
                await app.Services.GetRequiredService<ArrangementCommands>().RemindAsync(bank, thing);
        }
    }

    [Test]
    public async Task A_match_is_proposed_by_one_call_and_is_no_match_any_longer()
    {
        var match = (await _ann.GetAnswerAsync($"{_bank}/members/{_annAccount}/matches")).Body!.AsArray().Single()!;
        ((Guid)match["listing"]!, (string)match["why"]![0]!).ShouldBe((_request, "skill"));

        await AnsweredAsync(1);

        (await _ann.GetAnswerAsync($"{_bank}/members/{_annAccount}/matches")).Body!.AsArray().ShouldBeEmpty();
    }

    [Test]
    public async Task How_the_other_is_reached_passes_when_both_have_agreed_and_not_before_or_after()
    {
        var arrangement = await AnsweredAsync(1);
        (await _ann.GetAnswerAsync(arrangement)).Text.ShouldNotContain("0117");
        (await _ben.GetAnswerAsync(arrangement)).Text.ShouldNotContain("0101");
        (await _cora.GetAnswerAsync(arrangement)).Code.ShouldBe("ArrangementUnknown");

        var agreed = await Made(_ben.PostAsync($"{arrangement}/agreement", new { account = _benAccount }));

        ((string)agreed["stage"]!).ShouldBe("agreed");
        agreed.Text.ShouldNotContain("555");
        var seen = (await _ann.GetAnswerAsync(arrangement)).Body!;
        ((string)seen["contact"]!["telephone"]!, (string)seen["contact"]!["name"]!, (string)seen["place"]!).ShouldBe(("555 0117", "Ben", "Behind number 9"));
        ((string)(await _ben.GetAnswerAsync(arrangement))["contact"]!["telephone"]!).ShouldBe("555 0101");
        (await _organiser.GetAnswerAsync(arrangement)).Text.ShouldNotContain("555");
        (await _ann.GetAnswerAsync($"{_bank}/arrangements?account={_annAccount}")).Text.ShouldNotContain("555");

        await Made(_ben.PostAsync($"{arrangement}/cancellation", new { reason = "Not this week." }));

        (await _ann.GetAnswerAsync(arrangement)).Text.ShouldNotContain("555");
    }

    [Test]
    public async Task The_helpers_word_that_it_was_done_is_a_contribution_which_the_other_confirms()
    {
        var arrangement = await AgreedAsync(0);

        var done = await Made(_ann.PostAsync($"{arrangement}/completion", new { minutes = 100 }, key: "done"));
        var again = await Made(_ann.PostAsync($"{arrangement}/completion", new { minutes = 100 }, key: "done"));
        var others = await Made(_ben.PostAsync($"{arrangement}/completion", new { }));

        foreach (var answer in (Answer[])[again, others])
            ((Guid)answer["contribution"]!).ShouldBe((Guid)done["contribution"]!);
        var contribution = $"{_bank}/contributions/{(Guid)done["contribution"]!}";
        var logged = (await _ben.GetAnswerAsync(contribution)).Body!;
        ((string)logged["contribution"]!["occurred"]!, (long)logged["contribution"]!["minutes"]!, (string)logged["memo"]!).ShouldBe((Day(0), 100, "Bring a saw."));
        await Made(_ben.PostAsync($"{contribution}/confirmation", new { }));
        ((await _organiser.BalanceAsync(_bank, _annAccount)), await _organiser.BalanceAsync(_bank, _benAccount)).ShouldBe((100, -100));
    }

    [Test]
    public async Task Who_asked_sees_who_answered_and_an_organiser_what_each_said()
    {
        var arrangement = await AnsweredAsync(1);
        await Made(_organiser.PostAsync($"{arrangement}/askings", new { account = _benAccount, how = "telephone", said = "later", memo = "After the frost." }));
        var passed = $"{_bank}/arrangements/{(await Made(_organiser.PostAsync($"{_bank}/arrangements", new { listing = _request, account = _coraAccount }))).Id}";
        await Made(_organiser.PostAsync($"{passed}/askings", new { account = _coraAccount, how = "paper", said = "no", memo = "Her back." }));

        var told = await _organiser.GetAnswerAsync($"{_bank}/listings/{_request}/arrangements");
        told["items"].AsArray().Select(a => (string)a!["arrangement"]!["stage"]!).ShouldBe(["proposed", "cancelled"]);
        told["items"].AsArray().Select(a => (string)a!["asked"]![0]!["memo"]!).ShouldBe(["After the frost.", "Her back."]);
        var own = await _ben.GetAnswerAsync($"{_bank}/listings/{_request}/arrangements");
        own["items"].AsArray().Count.ShouldBe(2);
        own.Text.ShouldContain("After the frost.");
        own.Text.ShouldNotContain("Her back.");
        (await _ann.GetAnswerAsync($"{_bank}/listings/{_request}/arrangements")).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task Two_servers_remind_once_also_after_a_sleep()
    {
        var arrangement = await AgreedAsync(3);
        var before = (long)(await _ann.GetAnswerAsync(arrangement))["arrangement"]!["version"]!;
        await RemindAsync(_app);
        ((long)(await _ann.GetAnswerAsync(arrangement))["arrangement"]!["version"]!).ShouldBe(before);
        _clock.Turn(TimeSpan.FromDays(2));

        await Task.WhenAll(RemindAsync(_app), RemindAsync(_second), RemindAsync(_app), RemindAsync(_second));
        await RemindAsync(_second);

        ((long)(await _organiser.GetAnswerAsync(arrangement))["arrangement"]!["version"]!).ShouldBe(before + 1);
    }

    [Test]
    public async Task The_diary_tells_what_is_on_tomorrow_by_the_banks_calendar()
    {
        var arrangement = await AgreedAsync(1);
        await AgreedAsync(2);
        await AnsweredAsync(1);
        var garden = await _organiser.OpenAccountAsync(_bank, "project", "Garden");
        var session = await Made(_organiser.PostAsync($"{_bank}/work-sessions", new { project = garden, date = Day(1), from = "09:00", until = "12:00" }));
        await Made(_ann.PostAsync($"{_bank}/work-sessions/{session.Id}/sign-ups", new { account = _annAccount }));
        var clinic = await _organiser.OpenAccountAsync(_bank, "provider", "Clinic");
        var service = await Made(_organiser.PostAsync($"{_bank}/services", new { provider = clinic, name = "Advice", lasts = 30 }));
        var booking = await Made(_ben.PostAsync($"{_bank}/bookings", new { service = service.Id, member = _benAccount, date = Day(1) }));

        static string Ids(Answer diary) => string.Join(' ', diary["items"].AsArray().Select(l => (string)l!["id"]!).Order());
        Ids(await _organiser.GetAnswerAsync($"{_bank}/diary")).ShouldBe(string.Join(' ', new[] { arrangement.Split('/')[^1], session.Id.ToString(), booking.Id.ToString() }.Order()));
        Ids(await _ann.GetAnswerAsync($"{_bank}/diary?account={_annAccount}&date={Day(1)}")).ShouldBe(string.Join(' ', new[] { arrangement.Split('/')[^1], session.Id.ToString() }.Order()));
        (await _ann.GetAnswerAsync($"{_bank}/diary?account={_benAccount}")).Code.ShouldBe("NotPermitted");
        var line = (await _ann.GetAnswerAsync($"{_bank}/diary?account={_annAccount}"))["items"].AsArray().Single(l => (string)l!["kind"]! == "arrangement")!;
        ((string)line["date"]!, (string)line["place"]!).ShouldBe((Day(1), "Behind number 9"));
    }

    [Test]
    public async Task What_is_ahead_goes_into_a_calendar_and_only_into_ones_own()
    {
        await AgreedAsync(3);
        await AnsweredAsync(4);
        var garden = await _organiser.OpenAccountAsync(_bank, "project", "Garden");
        var session = await Made(_organiser.PostAsync($"{_bank}/work-sessions", new { project = garden, date = Day(1), from = "09:00", until = "12:00" }));
        await Made(_ann.PostAsync($"{_bank}/work-sessions/{session.Id}/sign-ups", new { account = _annAccount }));

        var file = await _ann.GetStringAsync($"{_bank[3..]}/accounts/{_annAccount}/calendar.ics");

        file.Split("\r\n").Where(l => l.StartsWith("SUMMARY", StringComparison.Ordinal)).ShouldBe(["SUMMARY:Garden", "SUMMARY:Ben"]);
        file.ShouldContain($"UID:{session.Id}@timebank\r\n");
        file.ShouldContain("LOCATION:Behind number 9\r\nDESCRIPTION:Bring a saw.\r\n");
        using var others = await _ann.GetAsync($"{_bank[3..]}/accounts/{_benAccount}/calendar.ics");
        others.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task A_series_is_planned_by_one_call_and_said_twice_planned_once()
    {
        var garden = await _organiser.OpenAccountAsync(_bank, "project", "Garden");
        var request = new { project = garden, date = Day(1), from = "09:00", until = "12:00", every = "week", last = Day(1 + 7 * 25), memo = "Watering." };

        var planned = await Made(_organiser.PostAsync($"{_bank}/work-sessions/series", request, key: "series"));
        await Made(_organiser.PostAsync($"{_bank}/work-sessions/series", request, key: "series"));

        planned["sessions"].AsArray().Count.ShouldBe(26);
        planned["sessions"].AsArray().Select(s => (string)s!["code"]!).Distinct().Count().ShouldBeGreaterThan(20);
        var listed = (await _organiser.GetAnswerAsync($"{_bank}/work-sessions?account={garden}&limit=100"))["items"].AsArray();
        listed.Count.ShouldBe(26);
        listed.ShouldAllBe(s => (string)s!["memo"]! == "Watering.");
        (await _organiser.PostAsync($"{_bank}/work-sessions/series", new { project = garden, date = Day(1), from = "09:00", until = "12:00", every = "week", last = Day(7 * 90) })).Code.ShouldBe("SeriesTooLong");
    }
}
