using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Contributions;
using TimeBank.Projections;

namespace TimeBank.Tests.Contributions;

/// <summary>Contributions on a server whose clock is turned by hand and whose worker never comes, but when a test calls it.</summary>
[Category("Database")]
public sealed class ContributionsOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!;
    /// <summary>A session ends long before a fortnight has passed; a key of the bank's own systems does not.</summary>
    private HttpClient _system = null!;
    private HttpClient _organiser = null!, _ann = null!, _ben = null!, _teo = null!;
    private string _bank = "";
    private Guid _annAccount, _benAccount, _garden;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddDays(1));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync();
        _annAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ann");
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben", floor: -100);
        _garden = await _organiser.OpenAccountAsync(_bank, "project", "Garden");
        _system = (await _organiser.KeyAsync(_bank, ofBank: true, "transfersRead")).Http;
        _ann = (await _organiser.JoinAsync(_bank, new { role = "member", account = _annAccount })).Http;
        _ben = (await _organiser.JoinAsync(_bank, new { role = "member", account = _benAccount })).Http;
        _teo = (await _organiser.JoinAsync(_bank, new { role = "coordinator", account = _garden })).Http;
    }

    [TearDown]
    public async Task Stop()
    {
        _organiser.Dispose();
        _ann.Dispose();
        _ben.Dispose();
        _teo.Dispose();
        _system.Dispose();
        await _app.DisposeAsync();
    }

    [Test]
    public async Task What_was_said_of_a_contribution_before_it_was_corrected_stays_in_its_history()
    {
        var id = await LogAsync(_ann, ToBen(90));
        (await SayAsync(_ann, id, "correction", new { minutes = 60, category = "shopping" })).Status.ShouldBe(HttpStatusCode.OK);
        (await SayAsync(_ben, id, "wish", new { wish = "nothing" })).Code.ShouldBe("NotPermitted");
        (await SayAsync(_ann, id, "wish", new { wish = "nothing" })).Status.ShouldBe(HttpStatusCode.OK);
        (await SayAsync(_ben, id, "confirmation")).Status.ShouldBe(HttpStatusCode.OK);

        var history = (await _ben.GetAnswerAsync($"{_bank}/contributions/{id}"))["history"].AsArray();

        history.Select(h => (string)h!["what"]!).ShouldBe(["logged", "corrected", "wished", "confirmed", "credited"]);
        history.Take(2).Select(h => ((string)h!["by"]!, (int)h["minutes"]!)).ShouldBe([("helper", 90), ("helper", 60)]);
        (await _organiser.BalanceAsync(_bank, _benAccount)).ShouldBe(0);
    }

    private async Task<Guid> LogAsync(HttpClient by, object claim)
    {
        var logged = await by.PostAsync($"{_bank}/contributions", claim);
        logged.Status.ShouldBe(HttpStatusCode.Created, logged.Text);
        logged.Headers.Location!.OriginalString.ShouldBe($"{_bank}/contributions/{logged.Id}");
        return logged.Id;
    }

    private Task<Answer> SayAsync(HttpClient by, Guid id, string what, object? body = null, string? key = null) =>
        by.PostAsync($"{_bank}/contributions/{id}/{what}", body ?? new { }, key);

    private object ToBen(int minutes, string? memo = null) => new { helper = _annAccount, helped = _benAccount, minutes, category = "shopping", memo };

    private async Task<string> StageAsync(Guid id) => (string)(await _system.GetAnswerAsync($"{_bank}/contributions/{id}"))["contribution"]!["stage"]!;

    private async Task MoveOnAsync()
    {
        var things = _app.Services.GetRequiredService<ThingQueries>();
        var commands = _app.Services.GetRequiredService<ContributionCommands>();
        var due = await things.DueAsync<Contribution>(_clock.GetUtcNow(), 1_000, CancellationToken.None);
        var waiting = await things.AtStageAsync<Contribution>("waiting", null, 10_000, CancellationToken.None);
        foreach (var (bank, thing) in due.Concat(waiting).Where(c => _bank.EndsWith(c.Bank.Value, StringComparison.Ordinal)))
            (await commands.MoveOnAsync(bank, thing)).Status.ShouldBe(200);
    }

    [Test]
    public async Task What_one_side_logs_the_other_confirms_and_both_passbooks_tell_what_was_done()
    {
        var id = await LogAsync(_ann, ToBen(90, "Carried it up four floors."));
        (await StageAsync(id)).ShouldBe("logged");
        (await SayAsync(_ann, id, "confirmation")).Code.ShouldBe("OwnHours");

        var confirmed = await SayAsync(_ben, id, "confirmation");

        confirmed.Status.ShouldBe(HttpStatusCode.OK, confirmed.Text);
        ((string)confirmed["contribution"]!["stage"]!, (string)confirmed["contribution"]!["confirmed"]!).ShouldBe(("credited", "themselves"));
        (await _ann.BalanceAsync(_bank, _annAccount), await _ben.BalanceAsync(_bank, _benAccount)).ShouldBe((90, -90));
        foreach (var (http, account) in ((HttpClient, Guid)[])[(_ann, _annAccount), (_ben, _benAccount)])
        {
            var entry = (await http.GetAnswerAsync($"{_bank}/accounts/{account}/entries"))["items"]!.AsArray().Single()!;
            ((string)entry["memo"]!, (string)entry["category"]!).ShouldBe(("Carried it up four floors.", "shopping"));
        }
        ((string)(await _ben.GetAnswerAsync($"{_bank}/contributions/{id}"))["memo"]!).ShouldBe("Carried it up four floors.");
    }

    [Test]
    public async Task What_both_sides_logged_is_proposed_as_one_and_counts_once()
    {
        var (anns, bens) = (await LogAsync(_ann, ToBen(90)), await LogAsync(_ben, ToBen(75)));

        var seen = await _ben.GetAnswerAsync($"{_bank}/contributions/{anns}");
        Guid.Parse((string)seen["alike"]!.AsArray().Single()!["id"]!).ShouldBe(bens);
        (await SayAsync(_ben, anns, "confirmation", new { twin = Guid.NewGuid() })).Code.ShouldBe("NotTheSameHelp");
        (await SayAsync(_ann, bens, "confirmation", new { twin = anns })).Status.ShouldBe(HttpStatusCode.OK);

        (await StageAsync(anns), await StageAsync(bens)).ShouldBe(("withdrawn", "credited"));
        (await _ann.BalanceAsync(_bank, _annAccount), await _ben.BalanceAsync(_bank, _benAccount)).ShouldBe((75, -75));
        (await _ben.GetAnswerAsync($"{_bank}/contributions/{anns}"))["alike"]!.AsArray().ShouldBeEmpty();
    }

    [Test]
    public async Task Two_who_confirm_at_once_and_one_who_repeats_move_the_hours_once()
    {
        var id = await LogAsync(_ann, ToBen(90));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? SayAsync(_ben, id, "confirmation", key: "ben-says-yes")
            : SayAsync(_organiser, id, "confirmation", new { yes = "telephone" })));

        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        (await _ben.BalanceAsync(_bank, _benAccount)).ShouldBe(-90);
    }

    [Test]
    public async Task What_waits_is_credited_after_the_persons_next_receipt()
    {
        var id = await LogAsync(_ann, ToBen(110));
        ((string)(await SayAsync(_ben, id, "confirmation"))["contribution"]!["stage"]!).ShouldBe("waiting");
        await MoveOnAsync();
        (await StageAsync(id)).ShouldBe("waiting");

        await _organiser.TransferAsync(_bank, "earn", await _organiser.IssuerAsync(_bank), _benAccount, 10);
        await MoveOnAsync();

        (await StageAsync(id)).ShouldBe("credited");
        (await _ben.BalanceAsync(_bank, _benAccount)).ShouldBe(-100);
    }

    [Test]
    public async Task Work_on_a_project_confirms_itself_after_fourteen_days()
    {
        var id = await LogAsync(_ann, new { helper = _annAccount, project = _garden, minutes = 60 });
        _clock.Turn(TimeSpan.FromDays(14) - TimeSpan.FromMinutes(1));
        await MoveOnAsync();
        (await StageAsync(id)).ShouldBe("logged");

        _clock.Turn(TimeSpan.FromMinutes(2));
        await MoveOnAsync();

        (await StageAsync(id)).ShouldBe("credited");
        ((long)(await _system.GetAnswerAsync($"{_bank}/contributions/{id}"))["contribution"]!["new"]!).ShouldBe(60);
    }

    [Test]
    public async Task A_list_is_previewed_and_then_credited_in_one_posting()
    {
        var list = new { project = _garden, category = "gardening", memo = "Saturday.", lines = new[] { new { helper = _annAccount, minutes = 90 }, new { helper = _benAccount, minutes = 45 } } };
        var preview = await _teo.PostAsync($"{_bank}/contributions/batch?dryRun=true", list);
        preview.Status.ShouldBe(HttpStatusCode.OK, preview.Text);
        (await _ann.BalanceAsync(_bank, _annAccount)).ShouldBe(0);

        var credited = await _teo.PostAsync($"{_bank}/contributions/batch", list);

        credited.Status.ShouldBe(HttpStatusCode.Created, credited.Text);
        ((long)credited["minutes"], (long)credited["new"], credited["contributions"].AsArray().Count).ShouldBe((135, 135, 2));
        (await _ann.BalanceAsync(_bank, _annAccount), await _ben.BalanceAsync(_bank, _benAccount)).ShouldBe((90, 45));
        var mine = (await _ann.GetAnswerAsync($"{_bank}/contributions?account={_annAccount}"))["items"].AsArray();
        ((string)mine.Single()!["memo"]!, (string)mine.Single()!["contribution"]!["stage"]!).ShouldBe(("Saturday.", "credited"));
        (await _ann.GetAnswerAsync($"{_bank}/contributions/{(string)credited["contributions"][1]!}")).Code.ShouldBe("ContributionUnknown");
    }

    [Test]
    public async Task Lists_go_page_by_page_and_are_narrowed_by_account_and_stage()
    {
        var ids = new List<Guid>();
        for (var i = 1; i <= 5; i++)
            ids.Add(await LogAsync(_ann, ToBen(i)));
        await SayAsync(_ben, ids[2], "decline", new { reason = "That was Cora." });

        var first = await _organiser.GetAnswerAsync($"{_bank}/contributions?limit=2");
        var second = await _organiser.GetAnswerAsync($"{_bank}/contributions?limit=2&cursor={(string)first["next"]!}");
        var declined = await _ben.GetAnswerAsync($"{_bank}/contributions?account={_benAccount}&stage=declined");

        Ids(first).Concat(Ids(second)).ShouldBe(ids.Take(4));
        Ids(declined).ShouldBe([ids[2]]);
        ((string)declined["items"][0]!["reason"]!).ShouldBe("That was Cora.");
        (await _ann.GetAnswerAsync($"{_bank}/contributions?account={_benAccount}")).Code.ShouldBe("NotPermitted");
        (await _organiser.GetAnswerAsync($"{_bank}/contributions?stage=gone")).Status.ShouldBe(HttpStatusCode.BadRequest);

        static IEnumerable<Guid> Ids(Answer page) => page["items"].AsArray().Select(i => Guid.Parse((string)i!["contribution"]!["id"]!));
    }

    [Test]
    public async Task What_is_settled_with_fewer_minutes_goes_back()
    {
        var id = await LogAsync(_ann, ToBen(90));
        await SayAsync(_ben, id, "confirmation");
        (await SayAsync(_ben, id, "dispute", new { reason = "It was an hour." })).Status.ShouldBe(HttpStatusCode.OK);
        (await SayAsync(_ann, id, "settlement", new { minutes = 90, reason = "No." })).Code.ShouldBe("NotPermitted");

        var settled = await SayAsync(_organiser, id, "settlement", new { minutes = 60, reason = "Both remember an hour." });

        settled.Status.ShouldBe(HttpStatusCode.OK, settled.Text);
        ((string)settled["posting"]!["transfers"]![0]!["kind"]!).ShouldBe("reversal");
        (await _ann.BalanceAsync(_bank, _annAccount), await _ben.BalanceAsync(_bank, _benAccount)).ShouldBe((60, -60));
        ((string)(await _ben.GetAnswerAsync($"{_bank}/contributions/{id}"))["reason"]!).ShouldBe("Both remember an hour.");
    }

    [Test]
    public async Task A_key_of_an_app_debits_no_member_without_that_members_link()
    {
        var (app, key) = await _organiser.KeyAsync(_bank, ofBank: false, "contributionsWrite");
        var id = await LogAsync(app, ToBen(30));
        (await SayAsync(app, id, "confirmation", new { yes = "telephone" })).Code.ShouldBe("NotPermitted");
        (await _ben.BalanceAsync(_bank, _benAccount)).ShouldBe(0);

        (await _ben.PostAsync($"{_bank}/accounts/{_benAccount}/links", new { key, most = 30 })).Status.ShouldBe(HttpStatusCode.Created);

        (await SayAsync(app, id, "confirmation")).Status.ShouldBe(HttpStatusCode.OK);
        (await SayAsync(app, await LogAsync(app, ToBen(31)), "confirmation")).Code.ShouldBe("NotPermitted");
        app.Dispose();
    }
}
