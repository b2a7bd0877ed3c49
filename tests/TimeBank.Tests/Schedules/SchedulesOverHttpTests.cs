using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Projections;
using TimeBank.Schedules;

namespace TimeBank.Tests.Schedules;

/// <summary>Schedules on servers whose clock is turned by hand and whose workers never come, but when a test calls them.</summary>
[Category("Database")]
public sealed class SchedulesOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!, _second = null!;
    /// <summary>A session ends long before a week has passed; a key of the bank's own systems does not.</summary>
    private HttpClient _system = null!;
    private HttpClient _organiser = null!, _ben = null!;
    private string _bank = "";
    private Guid _annAccount, _benAccount;

    [SetUp]
    public async Task Start()
    {
        // Noon of a day ahead, so that eight o'clock is past.
        _clock = new TurnedClock(new DateTimeOffset(DateTime.UtcNow.Date.AddDays(2).AddHours(12), TimeSpan.Zero));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _second = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync();
        _annAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ann");
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben", floor: -100);
        _system = (await _organiser.KeyAsync(_bank, ofBank: true, "accountsRead", "transfersRead", "transfersWrite")).Http;
        _ben = (await _organiser.JoinAsync(_bank, new { role = "member", account = _benAccount })).Http;
    }

    [TearDown]
    public async Task Stop()
    {
        _organiser.Dispose();
        _ben.Dispose();
        _system.Dispose();
        await _app.DisposeAsync();
        await _second.DisposeAsync();
    }

    private string Today => _clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<Guid> EveryWeekAsync(int minutes)
    {
        var made = await _ben.PostAsync($"{_bank}/schedules", new { kind = "exchange", payer = _benAccount, payee = _annAccount, minutes, every = "week", from = Today, memo = "Thank you." });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made.Id;
    }

    private async Task MoveOnAsync(WebApplication app)
    {
        var now = _clock.GetUtcNow();
        foreach (var (bank, thing) in await app.Services.GetRequiredService<ThingQueries>().DueAsync<Schedule>(now, 1_000, CancellationToken.None))
        {
            if (_bank.EndsWith(bank.Value, StringComparison.Ordinal))
                await app.Services.GetRequiredService<ScheduleCommands>().MoveOnAsync(bank, thing, now);
        }
    }

    [Test]
    public async Task Weeks_that_passed_while_nothing_ran_are_made_up_for_and_two_servers_double_none()
    {
        await EveryWeekAsync(10);
        _clock.Turn(TimeSpan.FromDays(29));

        await Task.WhenAll(MoveOnAsync(_app), MoveOnAsync(_second), MoveOnAsync(_app), MoveOnAsync(_second));

        (await _system.BalanceAsync(_bank, _benAccount)).ShouldBe(-40);
        var dates = (await _system.GetAnswerAsync($"{_bank}/accounts/{_benAccount}/entries?order=oldest"))["items"].AsArray().Select(e => DateOnly.Parse((string)e!["occurred"]!)).ToList();
        dates.Zip(dates.Skip(1), (a, b) => b.DayNumber - a.DayNumber).ShouldBe([7, 7, 7]);
    }

    [Test]
    public async Task A_date_on_which_the_rules_say_no_keeps_its_reason_and_the_owner_sees_it()
    {
        var id = await EveryWeekAsync(101);
        _clock.Turn(TimeSpan.FromDays(7));
        await MoveOnAsync(_app);

        var schedule = (await _system.GetAnswerAsync($"{_bank}/schedules/{id}"))["schedule"];

        ((string)schedule["missed"]!, (string)schedule["stage"]!, schedule["posting"]).ShouldBe(("belowFloor", "active", null));
        (await _system.BalanceAsync(_bank, _benAccount)).ShouldBe(0);
    }

    [Test]
    public async Task Paused_and_ended_it_moves_nothing()
    {
        var id = await EveryWeekAsync(10);
        (await _system.PostAsync($"{_bank}/schedules/{id}/pause", new { })).Status.ShouldBe(HttpStatusCode.OK);
        _clock.Turn(TimeSpan.FromDays(8));
        await MoveOnAsync(_app);
        (await _system.PostAsync($"{_bank}/schedules/{id}/resumption", new { })).Status.ShouldBe(HttpStatusCode.OK);
        await MoveOnAsync(_app);
        (await _system.BalanceAsync(_bank, _benAccount)).ShouldBe(0);

        _clock.Turn(TimeSpan.FromDays(7));
        await MoveOnAsync(_app);
        (await _system.PostAsync($"{_bank}/schedules/{id}/end", new { })).Status.ShouldBe(HttpStatusCode.OK);
        _clock.Turn(TimeSpan.FromDays(70));
        await MoveOnAsync(_app);

        (await _system.BalanceAsync(_bank, _benAccount)).ShouldBe(-10);
        ((string)(await _system.GetAnswerAsync($"{_bank}/schedules?account={_benAccount}&stage=ended"))["items"][0]!["memo"]!).ShouldBe("Thank you.");
    }
}
