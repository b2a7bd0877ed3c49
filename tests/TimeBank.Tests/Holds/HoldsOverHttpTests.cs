using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Shouldly;

namespace TimeBank.Tests.Holds;

/// <summary>Holds on a server whose clock is turned by hand and whose worker never comes: nobody writes down what has expired.</summary>
[Category("Database")]
public sealed class HoldsOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private string _bank = "";
    private Guid _ann, _clinic;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddDays(1));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _http = RunningServer.Client(_app);
        _bank = await _http.OpenBankAsync();
        _ann = await _http.OpenAccountAsync(_bank, "member", "Ann", floor: -100);
        _clinic = await _http.OpenAccountAsync(_bank, "provider", "Clinic", ceiling: 150);
    }

    [TearDown]
    public async Task Stop()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Test]
    public async Task A_hold_sets_minutes_aside_and_keeps_room()
    {
        var placed = await PlaceAsync(80);
        placed.Status.ShouldBe(HttpStatusCode.Created, placed.Text);

        (await FiguresAsync()).ShouldBe((0, 80, -80));
        (await _http.TransferAsync(_bank, "spend", _ann, _clinic, 21)).Code.ShouldBe("BelowFloor");
        var ben = await _http.OpenAccountAsync(_bank, "member", "Ben", floor: -1000);
        (await _http.TransferAsync(_bank, "spend", ben, _clinic, 71)).Code.ShouldBe("AboveCeiling");
        (await _http.TransferAsync(_bank, "spend", ben, _clinic, 70)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_hold_is_captured_once_whatever_floor_and_freeze_say_and_the_rest_is_free()
    {
        var hold = (await PlaceAsync(80, memo: "first visit")).Id;
        await _http.SayAsync(HttpMethod.Put, $"{_bank}/accounts/{_ann}/freeze", new { });

        var captured = await _http.PostAsync($"{_bank}/holds/{hold}/capture", new { minutes = 50 });
        var again = await _http.PostAsync($"{_bank}/holds/{hold}/capture", new { minutes = 50 });
        var other = await _http.PostAsync($"{_bank}/holds/{hold}/capture", new { minutes = 51 });

        captured.Status.ShouldBe(HttpStatusCode.OK, captured.Text);
        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Body!["posting"].ShouldBeNull();
        (other.Status, other.Code).ShouldBe((HttpStatusCode.Conflict, "HoldNotOpen"));
        ((int)other["status"], (string?)other["holdStatus"]).ShouldBe((409, "captured"));
        (await FiguresAsync()).ShouldBe((-50, 0, -50));
        var shown = await _http.GetAnswerAsync($"{_bank}/holds/{hold}");
        ((string?)shown["memo"], (long)shown["taken"]).ShouldBe(("first visit", 50));
        var transfer = await _http.GetAnswerAsync($"{_bank}/transfers/{(string)shown["transfer"]!}");
        ((string?)transfer["memo"], (string?)transfer["hold"]).ShouldBe(("first visit", hold.ToString()));
    }

    [Test]
    public async Task A_released_hold_frees_everything_and_captures_nothing()
    {
        var hold = (await PlaceAsync(80)).Id;
        (await _http.PostAsync($"{_bank}/holds/{hold}/capture", new { minutes = 81 })).Code.ShouldBe("CaptureExceedsHold");

        (await _http.PostAsync($"{_bank}/holds/{hold}/release", new { })).Status.ShouldBe(HttpStatusCode.OK);

        (await FiguresAsync()).ShouldBe((0, 0, 0));
        (await _http.PostAsync($"{_bank}/holds/{hold}/capture", new { })).Code.ShouldBe("HoldNotOpen");
    }

    [Test]
    public async Task A_hold_is_dead_from_its_last_moment_on_though_nobody_wrote_it_down()
    {
        var hold = (await PlaceAsync(80, lasting: TimeSpan.FromMinutes(10))).Id;
        var placed = _clock.GetUtcNow();
        var number = await JournalNumberAsync();
        _clock.Turn(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(10));
        (await FiguresAsync()).ShouldBe((0, 80, -80));
        _clock.Turn(TimeSpan.FromTicks(10));

        (await FiguresAsync()).ShouldBe((0, 0, 0));
        ((string?)(await _http.GetAnswerAsync($"{_bank}/holds/{hold}"))["status"]).ShouldBe("expired");
        (await _http.GetAnswerAsync($"{_bank}/holds?open=true"))["items"].AsArray().ShouldBeEmpty();
        var balance = await _http.GetAnswerAsync($"{_bank}/accounts/{_ann}/balance");
        ((long)balance["held"], (long)balance["available"]).ShouldBe((0, 0));
        (await HeldAtAsync(_clock.GetUtcNow())).ShouldBe(0);
        (await HeldAtAsync(placed)).ShouldBe(80);
        (await JournalNumberAsync()).ShouldBe(number, "Reading writes nothing.");

        // The next command on the payer writes it down first, and has the minutes.
        (await _http.TransferAsync(_bank, "spend", _ann, _clinic, 100)).Status.ShouldBe(HttpStatusCode.Created);
        (await _http.PostAsync($"{_bank}/holds/{hold}/capture", new { })).Code.ShouldBe("HoldNotOpen");
        // What was before stays as it was, also between the hold's death and its being written down.
        (await HeldAtAsync(placed)).ShouldBe(80);
        (await HeldAtAsync(placed.AddMinutes(10))).ShouldBe(0);
    }

    [Test]
    public async Task A_hold_ends_later_than_now()
    {
        (await PlaceAsync(1, lasting: TimeSpan.Zero)).Code.ShouldBe("ExpiryNotAhead");
        (await PlaceAsync(1, lasting: TimeSpan.FromTicks(10))).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task An_account_that_an_open_hold_names_does_not_close()
    {
        var hold = (await PlaceAsync(10)).Id;
        (await _http.PostAsync($"{_bank}/accounts/{_clinic}/closure", new { })).Code.ShouldBe("HoldsOpen");
        await _http.PostAsync($"{_bank}/holds/{hold}/release", new { });
        (await _http.PostAsync($"{_bank}/accounts/{_clinic}/closure", new { })).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Posted at the moment that the clock shows: the journal is not ahead of it.</summary>
    private Task<Answer> PlaceAsync(long minutes, TimeSpan? lasting = null, string? memo = null)
    {
        _clock.Turn(TimeSpan.FromSeconds(1));
        return _http.PostAsync($"{_bank}/holds", new { yes = "paper", payer = _ann, payee = _clinic, minutes, memo, expiresAt = _clock.GetUtcNow() + (lasting ?? TimeSpan.FromHours(1)) });
    }

    private async Task<(long Balance, long Held, long Available)> FiguresAsync()
    {
        var shown = await _http.GetAnswerAsync($"{_bank}/accounts/{_ann}");
        return ((long)shown["balance"], (long)shown["held"], (long)shown["available"]);
    }

    private async Task<long> HeldAtAsync(DateTimeOffset at) =>
        (long)(await _http.GetAnswerAsync($"{_bank}/accounts/{_ann}/balance?at={at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)}"))["held"];

    private Task<string> JournalNumberAsync() => Store.Sql.AskAsync(
        RunningServer.Store.OwnerConnectionString, $"select max(number) from timebank.journal where bank = '{_bank["/v1/banks/".Length..]}'");
}
