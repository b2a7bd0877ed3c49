using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.FairPlay;
using TimeBank.Projections;
using TimeBank.Schedules;

namespace TimeBank.Tests.Waiting;

/// <summary>The organiser's list, on a server whose clock is turned by hand and whose workers come only when a test calls them.</summary>
[Category("Database")]
public sealed class WaitingOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!;
    private HttpClient _organiser = null!;
    private string _bank = "";
    private Guid _ann, _ben, _garden, _issuer;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(new DateTimeOffset(DateTime.UtcNow.Date.AddDays(2).AddHours(12), TimeSpan.Zero));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync();
        _issuer = await _organiser.IssuerAsync(_bank);
        _ann = (await _organiser.PostAsync($"{_bank}/accounts", new { kind = "member", name = "Ann", neighbourhood = "north" })).Id;
        _garden = (await _organiser.PostAsync($"{_bank}/accounts", new { kind = "project", name = "Garden", neighbourhood = "north" })).Id;
        _ben = (await _organiser.PostAsync($"{_bank}/accounts", new { kind = "member", name = "Ben", neighbourhood = "south", floor = -100 })).Id;
    }

    [TearDown]
    public async Task Stop()
    {
        _organiser.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<Answer> DoneAsync(Task<Answer> asked)
    {
        var answer = await asked;
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }

    private Task<Answer> PostAsync(string path, object body) => DoneAsync(_organiser.PostAsync($"{_bank}/{path}", body));

    private async Task<JsonNode> WaitingAsync(string kind, HttpClient? by = null, string more = "") =>
        (await DoneAsync((by ?? _organiser).GetAnswerAsync($"{_bank}/waiting?kind={kind}{more}"))).Body!.AsArray().Single()!;

    private async Task<int> CountAsync(string kind, HttpClient? by = null) => (int)(await WaitingAsync(kind, by))["count"]!;

    private static IEnumerable<Guid> Ids(JsonNode ofKind) => ofKind["items"]!.AsArray().Select(i => Guid.Parse((string)i!["id"]!));

    /// <summary>What the worker does with this bank.</summary>
    private async Task LookAsync()
    {
        var queries = _app.Services.GetRequiredService<FairPlayQueries>();
        var commands = _app.Services.GetRequiredService<QuestionCommands>();
        var bank = new BankId(_bank["/v1/banks/".Length..]);
        foreach (var news in (await queries.BanksWithNewsAsync(null, 100_000, CancellationToken.None)).Where(n => n.Bank == bank))
            await commands.LookAsync(news, CancellationToken.None);
    }

    private Task<Answer> LogAsync(int minutes, Guid? project = null) => PostAsync("contributions", new { helper = _ann, helped = project is null ? _ben : (Guid?)null, project, minutes });

    [Test]
    public async Task Every_kind_is_counted_and_shown_with_what_waits()
    {
        var logged = (await LogAsync(30)).Id;
        var disputed = (await LogAsync(40)).Id;
        await PostAsync($"contributions/{disputed}/dispute", new { reason = "So long?" });
        var waits = (await LogAsync(200)).Id;
        await PostAsync($"contributions/{waits}/confirmation", new { yes = "telephone" });
        await PostAsync("members", new { account = _ann, how = "telephone" });
        var schedule = (await PostAsync("schedules", new { kind = "exchange", payer = _ben, payee = _ann, minutes = 101, every = "week", from = _clock.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd"), yes = "paper" })).Id;
        foreach (var (member, days) in ((Guid, int)[])[(_ann, 38), (_ben, 39)])
            await PostAsync($"members/{member}/credentials", new { kind = "background-check", until = _clock.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd") });
        _clock.Turn(TimeSpan.FromDays(8));
        var now = _clock.GetUtcNow();
        await _app.Services.GetRequiredService<ScheduleCommands>().MoveOnAsync(new BankId(_bank["/v1/banks/".Length..]), new ThingId(schedule), now);

        var all = (await DoneAsync(_organiser.GetAnswerAsync($"{_bank}/waiting"))).Body!.AsArray();

        all.Select(k => ((string)k!["kind"]!, (int)k["count"]!, (bool)k["isMore"]!)).ShouldBe(
            [("contributions", 1, false), ("disputes", 1, false), ("entries", 0, false), ("hours", 1, false), ("members", 1, false), ("shares", 0, false), ("schedules", 1, false), ("credentials", 1, false), ("fairPlay", 0, false), ("potRequests", 0, false)]);
        all.SelectMany(k => Ids(k!)).ShouldBe([logged, disputed, waits, _ann, schedule, _ann]);
        ((string)all[1]!["items"]![0]!["reason"]!, (string)all[6]!["items"]![0]!["what"]!, (string)all[4]!["items"]![0]!["what"]!, (string)all[7]!["items"]![0]!["what"]!)
            .ShouldBe(("So long?", "belowFloor", "applied", "background-check"));
    }

    [Test]
    public async Task A_kind_goes_page_by_page_and_its_count_stays()
    {
        var ids = new List<Guid>();
        for (var i = 1; i <= 5; i++)
            ids.Add((await LogAsync(i)).Id);

        var first = await WaitingAsync("contributions", more: "&limit=2");
        var second = await WaitingAsync("contributions", more: $"&limit=3&cursor={(string)first["next"]!}");

        Ids(first).Concat(Ids(second)).ShouldBe(ids);
        ((int)first["count"]!, (int)second["count"]!, second["next"]).ShouldBe((5, 5, null));
        (await _organiser.GetAnswerAsync($"{_bank}/waiting?cursor={(string)first["next"]!}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Who_coordinates_a_neighbourhood_sees_what_concerns_it_and_who_countersigns_what_they_may_decide()
    {
        await LogAsync(30);
        await LogAsync(20, _garden);
        await PostAsync("members", new { account = _ann, how = "telephone" });
        _clock.Turn(TimeSpan.FromDays(8));
        var (north, _) = await _organiser.JoinAsync(_bank, new { role = "neighbourhoodCoordinator", neighbourhood = "north" });
        var (south, _) = await _organiser.JoinAsync(_bank, new { role = "neighbourhoodCoordinator", neighbourhood = "south" });
        var (signer, _) = await _organiser.JoinAsync(_bank, new { role = "counterSigner" });
        var (member, _) = await _organiser.JoinAsync(_bank, new { role = "member", account = _ann });

        (await CountAsync("contributions", north), await CountAsync("members", north)).ShouldBe((2, 1));
        (await CountAsync("contributions", south), await CountAsync("members", south)).ShouldBe((1, 0));
        var seen = (await DoneAsync(signer.GetAnswerAsync($"{_bank}/waiting"))).Body!.AsArray();
        seen.Select(k => ((string)k!["kind"]!, (int)k["count"]!)).ShouldBe([("contributions", 2), ("disputes", 0), ("entries", 0)]);
        (await member.GetAnswerAsync($"{_bank}/waiting")).Code.ShouldBe("NotPermitted");
        foreach (var http in (HttpClient[])[north, south, signer, member])
            http.Dispose();
    }

    [Test]
    public async Task A_long_day_is_asked_about_once_and_again_only_when_it_grew_longer()
    {
        await PostAsync("transfers", new { kind = "earn", payer = _issuer, payee = _ann, minutes = 961 });
        (await _organiser.BalanceAsync(_bank, _ann)).ShouldBe(961, "A question blocks nothing.");
        await LookAsync();
        await LookAsync();
        var asked = await WaitingAsync("fairPlay");
        ((int)asked["count"]!, (string)asked["items"]![0]!["what"]!, (long)asked["items"]![0]!["minutes"]!).ShouldBe((1, "tooManyHoursInADay", 961));
        var id = Ids(asked).Single();

        (await _organiser.PostAsync($"{_bank}/questions/{id}/answer", new { note = " " })).Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)(await PostAsync($"questions/{id}/answer", new { note = "Two nights at the shelter." }))["stage"]!).ShouldBe("putAside");
        await LookAsync();
        (await CountAsync("fairPlay")).ShouldBe(0);
        ((string)(await DoneAsync(_organiser.GetAnswerAsync($"{_bank}/questions/{id}")))["note"]!).ShouldBe("Two nights at the shelter.");

        await PostAsync("transfers", new { kind = "earn", payer = _issuer, payee = _ann, minutes = 5 });
        await LookAsync();

        Ids(await WaitingAsync("fairPlay")).Single().ShouldNotBe(id);
    }

    [TestCase("11:29", 1), TestCase("11:30", 0)]
    public async Task Help_that_was_arranged_for_overlapping_times_comes_up_and_blocks_nothing(string second, int questions)
    {
        var today = (string)(await PostAsync("contributions?dryRun=true", new { helper = _ann, project = _garden, minutes = 1 }))["occurred"]!;
        foreach (var (at, about) in ((string, int)[])[("10:00", 90), (second, 60)])
        {
            var arranged = (await PostAsync("arrangements", new { helper = _ann, helped = _garden, date = today, at, about })).Id;
            await PostAsync($"arrangements/{arranged}/agreement", new { account = _ann, yes = "telephone" });
            await PostAsync($"arrangements/{arranged}/agreement", new { account = _garden });
            var logged = (Guid)(await PostAsync($"arrangements/{arranged}/completion", new { }))["contribution"]!;
            await PostAsync($"contributions/{logged}/confirmation", new { });
        }
        (await _organiser.BalanceAsync(_bank, _ann)).ShouldBe(150);

        await LookAsync();

        var asked = await WaitingAsync("fairPlay");
        ((int)asked["count"]!).ShouldBe(questions);
        if (questions > 0)
            ((string)asked["items"]![0]!["what"]!).ShouldBe("overlappingTimes");
    }

    [TestCase("10:30", 1), TestCase("11:00", 0), TestCase(null, 0)]
    public async Task Help_that_was_logged_for_overlapping_times_comes_up_and_blocks_nothing(string? second, int questions)
    {
        foreach (var from in (string?[])["10:00", second])
        {
            var logged = await PostAsync("contributions", new { helper = _ann, project = _garden, minutes = 60, from });
            ((string?)logged.Body!["from"]).ShouldBe(from is null ? null : from + ":00");
            await PostAsync($"contributions/{logged.Id}/confirmation", new { });
        }
        (await _organiser.BalanceAsync(_bank, _ann)).ShouldBe(120);

        await LookAsync();

        var asked = await WaitingAsync("fairPlay");
        ((int)asked["count"]!).ShouldBe(questions);
        if (questions > 0)
            ((string)asked["items"]![0]!["what"]!).ShouldBe("overlappingTimes");
    }

    [Test]
    public async Task A_share_that_a_rule_could_not_pass_on_waits()
    {
        var chest = await _organiser.OpenAccountAsync(_bank, "pot", "Chest", ceiling: 5);
        await PostAsync("rules", new { owner = _garden, kinds = new[] { "grant" }, share = 5_000, targets = new[] { new { account = chest, weight = 1 } } });
        await PostAsync("transfers", new { kind = "grant", payer = _issuer, payee = _garden, minutes = 100 });

        await LookAsync();

        var kept = await WaitingAsync("shares");
        ((int)kept["count"]!, (string)kept["items"]![0]!["what"]!, (long)kept["items"]![0]!["minutes"]!).ShouldBe((1, "aboveCeiling", 50));
        kept["items"]![0]!["accounts"]!.AsArray().Select(a => Guid.Parse((string)a!)).ShouldBe([_garden, chest]);
    }

    [Test]
    public async Task Two_who_only_credit_each_other_and_a_coordinator_above_the_mark_come_up()
    {
        for (var i = 0; i < 2; i++)
        {
            await PostAsync("transfers", new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = 10 });
            await PostAsync("transfers", new { kind = "exchange", yes = "paper", payer = _ben, payee = _ann, minutes = 10 });
        }
        var teo = await _organiser.OpenAccountAsync(_bank, "member", "Teo");
        var (http, person) = await _organiser.JoinAsync(_bank, new { role = "member", account = teo });
        await PostAsync("standings", new { person, role = "coordinator", account = _garden });
        var tag = (await _organiser.GetAnswerAsync($"{_bank}/policy")).Headers.ETag!.Tag;
        await DoneAsync(_organiser.SayAsync(HttpMethod.Put, $"{_bank}/policy", new { coordinatorMark = 60 }, ifMatch: tag));
        await PostAsync("transfers", new { kind = "earn", payer = _issuer, payee = teo, minutes = 61 });

        await LookAsync();

        (await WaitingAsync("fairPlay"))["items"]!.AsArray().Select(i => (string)i!["what"]!).ShouldBe(["onlyEachOther", "coordinatorAboveMark"], ignoreOrder: true);
        http.Dispose();
    }

    [Test]
    public async Task A_member_to_whom_nothing_was_proposed_for_seven_days_waits()
    {
        var (cora, dan, eve) = (await EnrolAsync("Cora"), await EnrolAsync("Dan"), await EnrolAsync("Eve"));
        (await CountAsync("members")).ShouldBe(0);
        _clock.Turn(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        _organiser.Dispose();
        _organiser = RunningServer.Client(_app);

        Ids(await WaitingAsync("members")).ShouldBe([cora, dan, eve]);
        var longest = await WaitingAsync("members", more: "&limit=2");
        Ids(longest).ShouldBe([cora, dan], "Who waits the longest comes first.");
        Ids(await WaitingAsync("members", more: $"&cursor={(string)longest["next"]!}")).ShouldBe([eve]);
        await PostAsync("arrangements", new { helper = cora, helped = _garden });
        await PostAsync("contributions", new { helper = dan, helped = _ben, minutes = 30 });
        var waits = await WaitingAsync("members");
        Ids(waits).ShouldBe([eve]);
        ((string)waits["items"]![0]!["what"]!).ShouldBe("active");
        ((await DoneAsync(_organiser.GetAnswerAsync($"{_bank}/members/{cora}")))["member"]!["joining"]!.AsArray().Select(s => (string)s!["step"]!)).ShouldContain("firstHelpProposed");
        await PostAsync($"members/{eve}/pause", new { });
        (await CountAsync("members")).ShouldBe(0);
    }

    [Test]
    public async Task What_a_pot_is_asked_for_waits_for_those_who_decide_about_it_and_for_nobody_else()
    {
        var (pot, other) = (await _organiser.OpenAccountAsync(_bank, "pot", "Chest"), await _organiser.OpenAccountAsync(_bank, "pot", "Another"));
        await DoneAsync(_organiser.TransferAsync(_bank, "grant", _issuer, pot, 600));
        var asked = (await PostAsync("pot-requests", new { pot, member = _ann, minutes = 60, memo = "For the dentist." })).Id;
        async Task<HttpClient> Joined(object standing) => (await _organiser.JoinAsync(_bank, standing)).Http;
        using var keeper = await Joined(new { role = "coordinator", account = pot });
        using var elsewhere = await Joined(new { role = "coordinator", account = other });
        using var north = await Joined(new { role = "neighbourhoodCoordinator", neighbourhood = "north" });
        using var auditor = await Joined(new { role = "auditor" });
        using var countersigner = await Joined(new { role = "counterSigner" });

        foreach (var who in (HttpClient[])[_organiser, keeper])
        {
            var waits = await WaitingAsync("potRequests", who);
            (Ids(waits).Single(), (int)waits["count"]!, (string)waits["items"]![0]!["memo"]!).ShouldBe((asked, 1, "For the dentist."));
        }
        Ids(await WaitingAsync("potRequests", elsewhere)).ShouldBeEmpty();
        foreach (var who in (HttpClient[])[north, auditor, countersigner])
            (await DoneAsync(who.GetAnswerAsync($"{_bank}/waiting"))).Body!.AsArray().Select(k => (string)k!["kind"]!).ShouldNotContain("potRequests");
        (await DoneAsync(keeper.GetAnswerAsync($"{_bank}/waiting"))).Body!.AsArray().Select(k => (string)k!["kind"]!).ShouldBe(["potRequests"]);

        await DoneAsync(keeper.PostAsync($"{_bank}/pot-requests/{asked}/approval", new { }));
        Ids(await WaitingAsync("potRequests", keeper)).ShouldBeEmpty("It waits for another.");
        Ids(await WaitingAsync("potRequests")).ShouldBe([asked]);
        await PostAsync($"pot-requests/{asked}/approval", new { });
        Ids(await WaitingAsync("potRequests")).ShouldBeEmpty();
    }

    [Test]
    public async Task Nobody_is_asked_to_decide_for_themselves()
    {
        var pot = await _organiser.OpenAccountAsync(_bank, "pot", "Chest");
        var (ann, person) = await _organiser.JoinAsync(_bank, new { role = "member", account = _ann });
        await PostAsync("standings", new { person, role = "coordinator", account = pot });
        var own = (await PostAsync("pot-requests", new { pot, member = _ann, minutes = 60 })).Id;
        var others = (await PostAsync("pot-requests", new { pot, member = _ben, minutes = 60 })).Id;

        Ids(await WaitingAsync("potRequests", ann)).ShouldBe([others]);
        Ids(await WaitingAsync("potRequests")).ShouldBe([own, others]);
        ann.Dispose();
    }

    private async Task<Guid> EnrolAsync(string name) => (await PostAsync("members/enrolments", new { name, neighbourhood = "north", agreement = "1" })).Id;

    [Test]
    public async Task Nobody_credits_their_household_over_HTTP_either_and_a_counter_signer_does()
    {
        var (olga, olgaPerson) = await _organiser.JoinAsync(_bank, new { role = "organiser" });
        var (partner, partnerPerson) = await _organiser.JoinAsync(_bank, new { role = "member", account = _ann });
        var shared = await _organiser.OpenAccountAsync(_bank, "member", "The household");
        foreach (var person in (Guid[])[olgaPerson, partnerPerson])
            await PostAsync("standings", new { person, role = "member", account = shared });
        var (signer, _) = await _organiser.JoinAsync(_bank, new { role = "counterSigner" });
        // Standings are remembered for four seconds.
        _clock.Turn(TimeSpan.FromSeconds(5));
        var id = (await DoneAsync(partner.PostAsync($"{_bank}/contributions", new { helper = _ann, project = _garden, minutes = 30 }))).Id;

        (await olga.PostAsync($"{_bank}/contributions/{id}/confirmation", new { })).Code.ShouldBe("OwnHours");
        (await olga.PostAsync($"{_bank}/contributions/batch", new { project = _garden, lines = new[] { new { helper = _ann, minutes = 5 } } })).Code.ShouldBe("OwnHours");
        Ids(await WaitingAsync("contributions", signer)).ShouldBe([id]);
        ((string)(await DoneAsync(signer.GetAnswerAsync($"{_bank}/contributions/{id}")))["contribution"]!["stage"]!).ShouldBe("logged");
        await DoneAsync(signer.PostAsync($"{_bank}/contributions/{id}/confirmation", new { }));

        (await _organiser.BalanceAsync(_bank, _ann)).ShouldBe(30);
        foreach (var http in (HttpClient[])[olga, partner, signer])
            http.Dispose();
    }
}
