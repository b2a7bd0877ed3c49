using System.Net;
using Microsoft.AspNetCore.Builder;
using Shouldly;

namespace TimeBank.Tests.WorkSessions;

/// <summary>A Saturday in the garden, on a server whose clock is turned by hand.</summary>
[Category("Database")]
public sealed class WorkSessionsOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!;
    private HttpClient _organiser = null!, _ann = null!, _ben = null!, _teo = null!;
    private string _bank = "";
    private Guid _annAccount, _benAccount, _garden;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(new DateTimeOffset(DateTime.UtcNow.Date.AddDays(2).AddHours(9), TimeSpan.Zero));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync();
        _annAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ann");
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben");
        _garden = await _organiser.OpenAccountAsync(_bank, "project", "Garden");
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
        await _app.DisposeAsync();
    }

    [Test]
    public async Task From_the_first_name_to_the_credited_list()
    {
        var planned = await _teo.PostAsync($"{_bank}/work-sessions", new
        {
            project = _garden, date = _clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), from = "09:00", until = "12:00", places = 1, category = "gardening", memo = "Bring gloves.",
        });
        planned.Status.ShouldBe(HttpStatusCode.Created, planned.Text);
        var (session, code) = ($"{_bank}/work-sessions/{planned.Id}", (string)planned["code"]!);

        (await _ann.PostAsync($"{session}/sign-ups", new { account = _annAccount })).Status.ShouldBe(HttpStatusCode.OK);
        var second = await _ben.PostAsync($"{session}/sign-ups", new { account = _benAccount });
        ((bool)second["people"][0]!["waits"]!, second["people"].AsArray().Count, second.Body!["code"]).ShouldBe((true, 1, null));
        (await _ann.PostAsync($"{session}/check-ins", new { account = _annAccount, code = "WRONG" })).Code.ShouldBe("CodeWrong");
        (await _ann.PostAsync($"{session}/check-ins", new { account = _annAccount, code })).Status.ShouldBe(HttpStatusCode.OK);
        (await _teo.PostAsync($"{session}/check-ins", new { account = _benAccount })).Status.ShouldBe(HttpStatusCode.OK);
        // As long as a session of a person signed in lasts.
        _clock.Turn(TimeSpan.FromMinutes(28));
        (await _ann.PostAsync($"{session}/check-outs", new { account = _annAccount, code })).Status.ShouldBe(HttpStatusCode.OK);
        (await _teo.PostAsync($"{session}/credit", new { })).Code.ShouldBe("CheckOutMissing");
        (await _ann.PostAsync($"{session}/credit", new { })).Code.ShouldBe("NotPermitted");

        var credited = await _teo.PostAsync($"{session}/credit", new { minutes = new[] { new { helper = _benAccount, minutes = 60, memo = "Left early." } } });

        credited.Status.ShouldBe(HttpStatusCode.OK, credited.Text);
        (await _ann.BalanceAsync(_bank, _annAccount), await _ben.BalanceAsync(_bank, _benAccount)).ShouldBe((30, 60));
        ((long)credited["credited"]!["new"]!).ShouldBe(90);
        var seen = await _ann.GetAnswerAsync(session);
        ((string)seen["memo"]!, seen["session"]!["people"]!.AsArray().Count, seen["session"]!["code"]).ShouldBe(("Bring gloves.", 1, null));
        (await _organiser.GetAnswerAsync(session))["session"]!["people"]!.AsArray().Count.ShouldBe(2);
        (await _ben.GetAnswerAsync($"{_bank}/work-sessions?account={_annAccount}")).Code.ShouldBe("NotPermitted");
        (await _ben.GetAnswerAsync($"{_bank}/work-sessions?account={_garden}&stage=credited"))["items"].AsArray().Count.ShouldBe(1);
    }
}
