using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Projections;
using TimeBank.Redemptions;
using TimeBank.WorkSessions;

namespace TimeBank.Tests.Notices;

/// <summary>What people are told in the program, and how they want to be told.</summary>
[Category("Database")]
public sealed class NoticesOverHttpTests
{
    private NoticeTown _town = null!;
    private HttpClient _ann = null!, _ben = null!;

    [SetUp]
    public async Task Start()
    {
        _town = await NoticeTown.OpenAsync();
        (_ann, _ben) = ((await _town.JoinAsync(_town.Ann)).Http, (await _town.JoinAsync(_town.Ben)).Http);
    }

    [TearDown]
    public async Task Stop()
    {
        _ann.Dispose();
        _ben.Dispose();
        await _town.DisposeAsync();
    }

    private Task<Answer> LogAsync(int minutes = 90) => _town.DoneAsync(_ann.PostAsync($"{_town.Bank}/contributions", new { helper = _town.Ann, helped = _town.Ben, minutes }));

    private Task<Answer> SetAsync(HttpClient by, object settings, string tag = "\"1\"") => by.SayAsync(HttpMethod.Put, $"{_town.Bank}/notice-settings", settings, ifMatch: tag);

    [Test]
    public async Task Who_is_asked_is_told_and_who_asked_hears_the_answer_and_nobody_what_they_did_themselves()
    {
        var help = (await LogAsync()).Id;
        (await _town.ToldAsync(_ben)).ShouldBe([$"Ann says that you were helped for 1 h 30 min on {NoticeTown.Today}. Is that so? It waits for your yes."]);
        (await _town.ToldAsync(_ann)).ShouldBeEmpty();

        await _town.DoneAsync(_ben.PostAsync($"{_town.Bank}/contributions/{help}/confirmation", new { }));
        (await _town.ToldAsync(_ann)).ShouldBe([$"You received 1 h 30 min for your help on {NoticeTown.Today}."]);
        (await _town.ToldAsync(_ben)).Count.ShouldBe(1);
        var notice = (await _town.GetAsync(_ann, "notices"))["items"][0]!;
        ((string)notice["kind"]!, (string)notice["subject"]!, (string)notice["other"]!, (long)notice["minutes"]!, (string)notice["account"]!)
            .ShouldBe(("helpCredited", help.ToString(), _town.Ben.ToString(), 90, _town.Ann.ToString()));
    }

    [Test]
    public async Task What_others_did_with_an_account_each_of_its_logins_is_told()
    {
        var (other, _) = await _town.JoinAsync(_town.Ann);
        await _town.GiftAsync();

        foreach (var login in (HttpClient[])[_ann, other])
            (await _town.ToldAsync(login)).ShouldBe(["You gave 1 h 30 min to Ben. You may question it for 30 days."]);
        (await _town.ToldAsync(_ben)).ShouldBe(["Ann gave you 1 h 30 min."]);
        other.Dispose();
    }

    [Test]
    public async Task Bookings_requests_schedules_listings_and_steps_are_told()
    {
        var clinic = await _town.Organiser.OpenAccountAsync(_town.Bank, "provider", "Clinic");
        var (desk, _) = await _town.Organiser.JoinAsync(_town.Bank, new { role = "staff", account = clinic });
        var service = (await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/services", new { provider = clinic, name = "Advice", lasts = 60 }))).Id;
        var today = DateOnly.FromDateTime(_town.Clock.GetUtcNow().UtcDateTime);
        var booking = await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/bookings", new { service, member = _town.Ann, date = today, yes = "telephone" }));
        var gone = await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/bookings", new { service, member = _town.Ann, date = today, yes = "telephone" }));
        await _town.DoneAsync(desk.PostAsync($"{_town.Bank}/vouchers/{(string)booking["voucher"]!}/capture", new { }));
        await _town.DoneAsync(desk.PostAsync($"{_town.Bank}/bookings/{gone.Id}/cancellation", new { }));
        await _town.DoneAsync(_ben.PostAsync($"{_town.Bank}/payment-requests", new { kind = "exchange", payer = _town.Ann, payee = _town.Ben, minutes = 30, expiresAt = "2999-01-01T00:00:00Z" }));
        var listing = (await _town.DoneAsync(_ann.PostAsync($"{_town.Bank}/listings", new { account = _town.Ann, kind = "offer", category = "cooking", title = "Soup" }))).Id;
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/listings/{listing}/withdrawal", new { }));
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/members", new { account = _town.Ann, how = "invited" }));

        (await _town.ToldAsync(_ann)).ShouldBe(
        [
            $"You have a booking with Clinic on {NoticeTown.Today}. 1 h are set aside for it.", $"You have a booking with Clinic on {NoticeTown.Today}. 1 h are set aside for it.",
            $"Your booking with Clinic on {NoticeTown.Today} was used, and 1 h went there. You may question it for 30 days.",
            $"Your booking with Clinic on {NoticeTown.Today} was cancelled. 1 h are free again.", "Ben asks you for 30 min. Nothing moves until you say yes.",
            "Your offer or request was taken down.", "You are invited to join.",
        ], ignoreOrder: true);
        (await _town.ToldAsync(desk)).ShouldBe([$"Ann has a booking with you on {NoticeTown.Today}, for 1 h.", $"Ann has a booking with you on {NoticeTown.Today}, for 1 h."]);
        desk.Dispose();
    }

    [Test]
    public async Task Who_has_an_appointment_or_a_place_is_reminded_once_on_the_day_before()
    {
        var today = DateOnly.FromDateTime(_town.Clock.GetUtcNow().UtcDateTime);
        var clinic = await _town.Organiser.OpenAccountAsync(_town.Bank, "provider", "Clinic");
        var garden = await _town.Organiser.OpenAccountAsync(_town.Bank, "project", "Garden");
        var service = (await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/services", new { provider = clinic, name = "Advice", lasts = 60 }))).Id;
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/bookings", new { service, member = _town.Ann, date = today.AddDays(3), yes = "telephone" }));
        var session = (await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/work-sessions", new { project = garden, date = today.AddDays(3), from = "10:00", until = "12:00" }))).Id;
        await _town.DoneAsync(_ben.PostAsync($"{_town.Bank}/work-sessions/{session}/sign-ups", new { account = _town.Ben }));
        (await RemindAsync()).ShouldBe(0);
        _town.Clock.Turn(new DateTimeOffset(today.AddDays(2), new TimeOnly(12, 0), TimeSpan.Zero) - _town.Clock.GetUtcNow());

        (await RemindAsync()).ShouldBe(2);
        (await RemindAsync()).ShouldBe(0);

        // Whoever was signed in is so no longer.
        using var organiser = RunningServer.Client(_town.App);
        var ((ann, _), (ben, _)) = (await organiser.JoinAsync(_town.Bank, new { role = "member", account = _town.Ann }), await organiser.JoinAsync(_town.Bank, new { role = "member", account = _town.Ben }));
        var day = today.AddDays(3).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        (await _town.ToldAsync(ann)).Count(t => t == $"A reminder: on {day} you have an appointment with Clinic, for 1 h.").ShouldBe(1);
        (await _town.ToldAsync(ben)).Count(t => t == $"A reminder: Garden meets on {day}.").ShouldBe(1);
        ann.Dispose();
        ben.Dispose();
    }

    /// <summary>As the worker does it, with the two kinds of things. How many there were.</summary>
    private async Task<int> RemindAsync()
    {
        var services = _town.App.Services;
        async Task<List<(BankId Bank, ThingId Thing)>> DueAsync<TThing>() where TThing : Thing =>
            [.. (await services.GetRequiredService<ThingQueries>().DueAsync<TThing>(_town.Clock.GetUtcNow(), 1_000, CancellationToken.None)).Where(d => d.Bank == _town.Id)];
        var (booked, meeting) = (await DueAsync<Booking>(), await DueAsync<WorkSession>());
        foreach (var (bank, thing) in booked)
            await services.GetRequiredService<BookingCommands>().MoveOnAsync(bank, thing);
        foreach (var (bank, thing) in meeting)
            await services.GetRequiredService<WorkSessionCommands>().RemindAsync(bank, thing);
        return booked.Count + meeting.Count;
    }

    [Test]
    public async Task What_is_not_read_comes_first_page_by_page_and_only_ones_own_counts_as_read()
    {
        for (var i = 1; i <= 5; i++)
            await _town.GiftAsync(i);
        await _town.FollowAsync();
        var all = (await _town.GetAsync(_ann, "notices"))["items"].AsArray().Select(n => Guid.Parse((string)n!["id"]!)).ToList();
        all.Count.ShouldBe(5);

        (await _town.DoneAsync(_ben.PostAsync($"{_town.Bank}/notices/readings", new { notices = all })))["read"].GetValue<int>().ShouldBe(0);
        (await _town.DoneAsync(_ann.PostAsync($"{_town.Bank}/notices/readings", new { notices = new[] { all[0], all[2], Guid.NewGuid() } })))["read"].GetValue<int>().ShouldBe(2);

        (await AllAsync("order=unread")).ShouldBe([all[1], all[3], all[4], all[0], all[2]]);
        (await AllAsync("order=newest")).ShouldBe(all);
        (await _town.DoneAsync(_ann.PostAsync($"{_town.Bank}/notices/readings", new { upTo = all[0] })))["read"].GetValue<int>().ShouldBe(3);
        (await _town.GetAsync(_ann, "notices"))["items"].AsArray().ShouldAllBe(n => n!["read"] != null);
    }

    private async Task<List<Guid>> AllAsync(string query)
    {
        var (seen, cursor) = (new List<Guid>(), "");
        do
        {
            var page = await _town.GetAsync(_ann, $"notices?limit=2&{query}{cursor}");
            seen.AddRange(page["items"].AsArray().Select(n => Guid.Parse((string)n!["id"]!)));
            cursor = (string?)page.Body!["next"] is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        return seen;
    }

    [Test]
    public async Task Each_kind_is_switched_off_and_the_language_is_theirs()
    {
        var settings = await _town.GetAsync(_ann, "notice-settings");
        settings.Headers.ETag!.Tag.ShouldBe("\"1\"");
        ((bool)settings["digest"], settings["ways"]!["helpWaits"]!.ToJsonString()).ShouldBe((true, """{"program":true,"mail":true,"tell":true}"""));
        (await SetAsync(_ben, new { ways = new { hoursReceived = new { program = false } } })).Headers.ETag!.Tag.ShouldBe("\"2\"");
        await _town.DoneAsync(SetAsync(_ann, new { language = "cy", digest = false }));
        (await SetAsync(_ann, new { language = "es" })).Code.ShouldBe("VersionMismatch");
        (await SetAsync(_ann, new { language = "tlh" }, "\"1\"")).Code.ShouldBe("Invalid");
        (await _ann.SayAsync(HttpMethod.Put, $"{_town.Bank}/notice-settings", new { })).Status.ShouldBe(HttpStatusCode.PreconditionRequired);
        await _town.GiftAsync();

        (await _town.ToldAsync(_ann)).ShouldBe(["Rhoesoch 1 awr 30 mun i Ben. Cewch holi amdano am 30 diwrnod."]);
        (await _town.ToldAsync(_ben)).ShouldBeEmpty();
        ((bool)(await _town.GetAsync(_ann, "notice-settings"))["digest"]).ShouldBeFalse();
    }

    [Test]
    public async Task Without_a_word_of_their_own_they_hear_the_language_of_their_profile_or_of_the_bank()
    {
        await _town.DoneAsync(_ann.PostAsync($"{_town.Bank}/members", new { account = _town.Ann, how = "page", languages = new[] { "tlh", "es" } }));
        var policy = await _town.Organiser.GetAnswerAsync($"{_town.Bank}/policy");
        await _town.DoneAsync(_town.Organiser.SayAsync(HttpMethod.Put, $"{_town.Bank}/policy", new { timeZone = "UTC", language = "ar" }, ifMatch: policy.Headers.ETag!.Tag));
        await _town.GiftAsync();

        (await _town.ToldAsync(_ann)).ShouldContain("Has dado 1 h 30 min a Ben. Puedes preguntar por ello durante 30 días.");
        (await _town.ToldAsync(_ben)).ShouldBe(["أعطاك Ann 1 س 30 د."]);
    }

    [TestCase("notices?order=oldest"), TestCase("notices?cursor=x"), TestCase("notices?cursor=bmV3fHg"), TestCase("notices?limit=0"), TestCase("notices?limit=501")]
    public async Task A_wrong_question_is_a_clear_problem(string path) => (await _ann.GetAnswerAsync($"{_town.Bank}/{path}")).Code.ShouldBe("Invalid");

    [TestCase("""{}"""), TestCase("""{"upTo":"01990000-0000-7000-8000-000000000001","notices":[]}""")]
    public async Task Either_some_are_read_or_all_up_to_one(string body) => (await _ann.SayAsync(HttpMethod.Post, $"{_town.Bank}/notices/readings", body)).Code.ShouldBe("Invalid");

    [TestCase("""{"ways":{"nothing":{"mail":true}}}"""), TestCase("""{"ways":{"helpWaits":null}}"""), TestCase("""{"ways":{"helpWaits":{"pigeon":true}}}"""), TestCase("""{"ways":[]}"""), TestCase("""{"language":"../en"}""")]
    public async Task Settings_that_mean_nothing_are_refused(string body) => ((int)(await _ann.SayAsync(HttpMethod.Put, $"{_town.Bank}/notice-settings", body, ifMatch: "\"1\"")).Status).ShouldBe(400);

    [Test]
    public async Task Two_servers_follow_one_bank_and_nobody_is_told_twice_or_not_at_all()
    {
        var other = await _town.AddServerAsync();
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _town.GiftAsync(1)));
            await Task.WhenAll(_town.FollowAsync(), _town.FollowAsync(other), _town.FollowAsync(), _town.FollowAsync(other));
        }

        (await _town.GetAsync(_ann, "notices?limit=500"))["items"].AsArray().Count.ShouldBe(60);
        (await _town.GetAsync(_ben, "notices?limit=500"))["items"].AsArray().Count.ShouldBe(60);
    }

    [Test]
    public async Task Whoever_takes_along_what_is_kept_about_them_takes_what_they_were_told()
    {
        await _town.GiftAsync();
        await _town.FollowAsync();

        var mine = (await _town.DoneAsync(_ann.GetAnswerAsync("/v1/me/data")))["banks"][0]!;
        ((bool)mine["noticeSettings"]!["digest"]!, (string)mine["accounts"]![0]!["notices"]![0]!["kind"]!).ShouldBe((true, "hoursGiven"));
    }

    [Test]
    public async Task What_happened_more_than_a_week_ago_is_no_news()
    {
        await _town.GiftAsync();
        _town.Clock.Turn(TimeSpan.FromDays(8));
        await _town.FollowAsync();
        // The hands of the shared server's clock stand where they stood, and it may have been first.
        using var again = RunningServer.Client(_town.App);
        var told = await again.GetAnswerAsync($"{_town.Bank}/tellings");
        told["items"].AsArray().Count.ShouldBe(0);
    }

    [Test]
    public async Task A_name_that_was_erased_is_not_told_any_more()
    {
        await _town.GiftAsync();
        (await _town.ToldAsync(_ben)).ShouldBe(["Ann gave you 1 h 30 min."]);
        var people = await _town.GetAsync(_town.Organiser, $"standings?account={_town.Ann}");
        var person = (string)people["items"][0]!["person"]!;
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/accounts/{_town.Ann}/closure", new { forgiveFrom = await _town.Organiser.IssuerAsync(_town.Bank), reason = "She left." }));
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/people/{person}/erasure", new { }));

        (await _town.ToldAsync(_ben)).ShouldContain("somebody gave you 1 h 30 min.");
        (await Access.PeopleAtTheDoor.SqlAsync<long>($"select count(*) from timebank.notices where bank = '{_town.Id}' and (account = '{_town.Ann}' or recipient = '{person}')")).ShouldBe([0]);
    }
}
