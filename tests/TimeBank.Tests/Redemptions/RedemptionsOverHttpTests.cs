using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Projections;
using TimeBank.Redemptions;

namespace TimeBank.Tests.Redemptions;

/// <summary>Services, bookings and vouchers on a server whose clock is turned by hand and whose worker never comes, but when a test calls it.</summary>
[Category("Database")]
public sealed class RedemptionsOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!;
    private HttpClient _organiser = null!, _ann = null!, _ben = null!, _desk = null!;
    private string _bank = "";
    private Guid _annAccount, _benAccount, _clinic;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddDays(1));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync();
        _annAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ann", floor: -3_000);
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben");
        _clinic = await _organiser.OpenAccountAsync(_bank, "provider", "Clinic");
        _ann = (await _organiser.JoinAsync(_bank, new { role = "member", account = _annAccount })).Http;
        _ben = (await _organiser.JoinAsync(_bank, new { role = "member", account = _benAccount })).Http;
        _desk = (await _organiser.JoinAsync(_bank, new { role = "staff", account = _clinic })).Http;
    }

    [TearDown]
    public async Task Stop()
    {
        _organiser.Dispose();
        _ann.Dispose();
        _ben.Dispose();
        _desk.Dispose();
        await _app.DisposeAsync();
    }

    private DateOnly Today => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);

    private async Task<Guid> OfferAsync(int lasts = 60, int? mostAMonth = null, int? noShow = null)
    {
        var offered = await _desk.PostAsync($"{_bank}/services", new { provider = _clinic, name = "Advice", conditions = "Bring the letter.", place = "Room 2", times = "Mondays", category = "law", lasts, mostAMonth, noShow });
        offered.Status.ShouldBe(HttpStatusCode.Created, offered.Text);
        offered.Headers.Location!.OriginalString.ShouldBe($"{_bank}/services/{offered.Id}");
        return offered.Id;
    }

    private Task<Answer> AskAsync(Guid service, HttpClient? by = null, object? more = null, string? key = null) => (by ?? _ann).PostAsync(
        $"{_bank}/bookings", more ?? new { service, member = _annAccount, date = Today, memo = "The landlord." }, key);

    private async Task<(Guid Id, string Code)> BookAsync(Guid service)
    {
        var booked = await AskAsync(service);
        booked.Status.ShouldBe(HttpStatusCode.Created, booked.Text);
        booked.Headers.Location!.OriginalString.ShouldBe($"{_bank}/bookings/{booked.Id}");
        return (booked.Id, (string)booked["voucher"]!);
    }

    private Task<Answer> TakeAsync(string code, object? body = null, HttpClient? by = null) => (by ?? _desk).PostAsync($"{_bank}/vouchers/{code}/capture", body ?? new { });

    private async Task<(long Balance, long Held)> HasAsync(Guid account)
    {
        var balance = await _organiser.GetAnswerAsync($"{_bank}/accounts/{account}/balance");
        return ((long)balance["balance"], (long)balance["held"]);
    }

    private async Task<string> StageAsync(Guid booking) => (string)(await _organiser.GetAnswerAsync($"{_bank}/bookings/{booking}"))["booking"]!["stage"]!;

    [Test]
    public async Task What_is_booked_is_shown_at_the_desk_taken_in_part_and_refunded()
    {
        var (booking, code) = await BookAsync(await OfferAsync());
        (await HasAsync(_annAccount)).ShouldBe((0, 60));

        var seen = await _desk.GetAnswerAsync($"{_bank}/vouchers/{code.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()}");
        ((string)seen["code"]!, (string)seen["service"]!, (string)seen["conditions"]!, (long)seen["booking"]!["minutes"]!).ShouldBe((code, "Advice", "Bring the letter.", 60));
        var taken = await TakeAsync(code, new { minutes = 45 });
        taken.Status.ShouldBe(HttpStatusCode.OK, taken.Text);
        ((string)taken["booking"]!["stage"]!, (string)taken["posting"]!["transfers"]![0]!["kind"]!).ShouldBe(("given", "spend"));
        (await HasAsync(_annAccount)).ShouldBe((-45, 0));

        var refunded = await _desk.PostAsync($"{_bank}/bookings/{booking}/refund", new { minutes = 15, memo = "It was cold." });
        refunded.Status.ShouldBe(HttpStatusCode.OK, refunded.Text);
        (await _desk.PostAsync($"{_bank}/bookings/{booking}/refund", new { minutes = 31 })).Code.ShouldBe("RefundExceedsRest");
        ((await HasAsync(_annAccount)).Balance, (await HasAsync(_clinic)).Balance).ShouldBe((-30, 30));
        var entries = (await _ann.GetAnswerAsync($"{_bank}/accounts/{_annAccount}/entries?order=oldest"))["items"].AsArray();
        entries.Where(e => e!["memo"] is not null).Select(e => ((string)e!["kind"]!, (string)e["memo"]!)).ShouldBe([("spend", "The landlord."), ("refund", "It was cold.")]);
    }

    [Test]
    public async Task Fifty_desks_race_and_every_voucher_is_taken_once()
    {
        const int Vouchers = 200, Desks = 50;
        var service = await OfferAsync(lasts: 3);
        var codes = new List<string>();
        for (var i = 0; i < Vouchers; i++)
            codes.Add((await BookAsync(service)).Code);
        var order = Enumerable.Range(0, Desks).SelectMany(_ => codes).ToArray();
        new Random(7).Shuffle(order);

        var answers = await Task.WhenAll(order.Chunk(Vouchers).Select(async desk =>
        {
            var said = new List<Answer>();
            foreach (var code in desk)
                said.Add(await TakeAsync(code));
            return said;
        }));

        var all = answers.SelectMany(a => a).ToList();
        all.Where(a => a.Status != HttpStatusCode.OK).ShouldBeEmpty();
        all.Count(a => a.Body!["posting"] is not null).ShouldBe(Vouchers);
        ((await HasAsync(_annAccount)), (await HasAsync(_clinic)).Balance).ShouldBe(((-3 * Vouchers, 0), 3 * Vouchers));
    }

    [Test]
    public async Task The_last_place_of_a_month_goes_to_one()
    {
        var service = await OfferAsync(lasts: 30, mostAMonth: 75);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(service)));

        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(2);
        answers.Where(a => a.Status != HttpStatusCode.Created).ShouldAllBe(a => a.Code == "MonthFull");
        ((long)answers.First(a => a.Code == "MonthFull")["accepted"]).ShouldBe(60);
    }

    [Test]
    public async Task A_code_that_is_none_and_one_that_nobody_has_are_answered_alike()
    {
        var (_, code) = await BookAsync(await OfferAsync());
        var misread = code[..^1] + (code[^1] == 'A' ? 'B' : 'A');
        var nobodys = VoucherCode.Of([1, 2, 3, 4, 5, 6, 7, 8]).ToString();
        var elsewhere = await _organiser.OpenAccountAsync(_bank, "provider", "Library");
        var otherDesk = (await _organiser.JoinAsync(_bank, new { role = "staff", account = elsewhere })).Http;

        Answer[] answers =
        [
            await _desk.GetAnswerAsync($"{_bank}/vouchers/{misread}"), await TakeAsync(misread), await _desk.GetAnswerAsync($"{_bank}/vouchers/{nobodys}"), await TakeAsync(nobodys),
            await TakeAsync(code, by: otherDesk), await otherDesk.GetAnswerAsync($"{_bank}/vouchers/{code}"), await _ben.GetAnswerAsync($"{_bank}/vouchers/{code}"), await TakeAsync("%20"),
        ];

        answers.Select(a => (a.Status, a.Text)).Distinct().ShouldHaveSingleItem().Status.ShouldBe(HttpStatusCode.NotFound);
        answers[0].Code.ShouldBe("VoucherUnknown");
        otherDesk.Dispose();
    }

    [Test]
    public async Task What_nobody_takes_in_time_returns_by_itself_and_is_written_down_by_the_worker()
    {
        var service = await OfferAsync(mostAMonth: 60);
        var (booking, code) = await BookAsync(service);
        // Longer than anybody but the organiser here stays signed in.
        _clock.Turn(TimeSpan.FromDays(9));

        (await StageAsync(booking)).ShouldBe("expired");
        (await HasAsync(_annAccount)).ShouldBe((0, 0));
        var late = await TakeAsync(code, by: _organiser);
        (late.Code, (string)late["stage"]!).ShouldBe(("BookingPast", "expired"));

        var due = await _app.Services.GetRequiredService<ThingQueries>().DueAsync<Booking>(_clock.GetUtcNow(), 10_000, CancellationToken.None);
        var commands = _app.Services.GetRequiredService<BookingCommands>();
        foreach (var (bank, thing) in due.Where(b => b.Thing.Value == booking))
            (await commands.MoveOnAsync(bank, thing)).Status.ShouldBe(200);
        (await _organiser.GetAnswerAsync($"{_bank}/bookings?account={_annAccount}&stage=expired"))["items"].AsArray().Count.ShouldBe(1);
    }

    [Test]
    public async Task A_booking_is_cancelled_by_its_member_and_its_hold_is_not_ended_behind_its_back()
    {
        var (booking, code) = await BookAsync(await OfferAsync());
        (await _desk.PostAsync($"{_bank}/holds/{booking}/capture", new { })).Code.ShouldBe("HoldOfBooking");
        (await _ann.PostAsync($"{_bank}/holds/{booking}/release", new { })).Code.ShouldBe("HoldOfBooking");
        (await _ben.PostAsync($"{_bank}/bookings/{booking}/cancellation", new { })).Code.ShouldBe("BookingUnknown");

        (await _ann.PostAsync($"{_bank}/bookings/{booking}/cancellation", new { })).Status.ShouldBe(HttpStatusCode.OK);

        (await HasAsync(_annAccount)).ShouldBe((0, 0));
        (await TakeAsync(code)).Code.ShouldBe("BookingPast");
    }

    [Test]
    public async Task Not_coming_costs_what_the_service_named()
    {
        var (booking, _) = await BookAsync(await OfferAsync(noShow: 2_500));

        (await _desk.PostAsync($"{_bank}/bookings/{booking}/no-show", new { })).Status.ShouldBe(HttpStatusCode.OK);

        (await HasAsync(_annAccount), await StageAsync(booking)).ShouldBe(((-15, 0), "noShow"));
    }

    [Test]
    public async Task The_desk_hears_the_code_from_the_member_and_not_from_here()
    {
        var (booking, code) = await BookAsync(await OfferAsync());

        foreach (var path in (string[])[$"{_bank}/bookings/{booking}", $"{_bank}/bookings?account={_clinic}"])
            (await _desk.GetAnswerAsync(path)).Text.ShouldNotContain(code);
        (await _desk.GetAnswerAsync($"{_bank}/bookings/{booking}/voucher.svg")).Code.ShouldBe("NotPermitted");
        ((string)(await _ann.GetAnswerAsync($"{_bank}/bookings/{booking}"))["booking"]!["voucher"]!).ShouldBe(code);
        (await _ben.GetAnswerAsync($"{_bank}/bookings/{booking}/voucher.png")).Code.ShouldBe("BookingUnknown");
    }

    [Test]
    public async Task The_same_key_gets_the_same_voucher_and_a_dry_run_none()
    {
        var service = await OfferAsync();
        var request = new { service, member = _annAccount, date = Today };
        var first = await AskAsync(service, more: request, key: "once");
        var again = await AskAsync(service, more: request, key: "once");
        var dry = await _ann.PostAsync($"{_bank}/bookings?dryRun=true", request);

        (again.Text, again.Headers.GetValues("Idempotent-Replayed").Single()).ShouldBe((first.Text, "true"));
        (dry.Status, dry.Body!["voucher"]).ShouldBe((HttpStatusCode.OK, null));
        (await HasAsync(_annAccount)).ShouldBe((0, 60));
        var quote = await _ann.GetAnswerAsync($"{_bank}/services/{service}/quote?account={_annAccount}");
        ((long)quote["minutes"], (long)quote["available"], (bool)quote["wouldGo"]).ShouldBe((60, -60, true));
    }

    [Test]
    public async Task A_service_is_seen_by_all_and_changed_by_who_read_it_last()
    {
        var service = await OfferAsync();
        var path = $"{_bank}/services/{service}";
        await BookAsync(service);
        var seen = await _ben.GetAnswerAsync(path);
        (seen.Headers.ETag!.Tag, (string)seen["name"]!, (string)seen["place"]!).ShouldBe(("\"1\"", "Advice", "Room 2"));

        var less = new { name = "Advice", lasts = 60, asks = 45, reason = "Students learn by it." };
        (await _desk.SayAsync(HttpMethod.Put, path, less with { asks = 61 }, ifMatch: "\"1\"")).Code.ShouldBe("AsksMoreThanGiven");
        (await _desk.SayAsync(HttpMethod.Put, path, new { name = "Advice", lasts = 60, asks = 45 }, ifMatch: "\"1\"")).Code.ShouldBe("ReasonNeeded");
        (await _ann.SayAsync(HttpMethod.Put, path, less, ifMatch: "\"1\"")).Code.ShouldBe("NotPermitted");
        (await _desk.SayAsync(HttpMethod.Put, path, less, ifMatch: "\"1\"")).Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await _desk.SayAsync(HttpMethod.Delete, path, ifMatch: "\"1\"")).Code.ShouldBe("VersionMismatch");
        ((string)(await _ben.GetAnswerAsync($"{_bank}/services?account={_clinic}"))["items"][0]!["reason"]!).ShouldBe("Students learn by it.");
        (await _desk.SayAsync(HttpMethod.Delete, path, ifMatch: "\"2\"")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(service)).Code.ShouldBe("ServiceEnded");
        (await _ben.GetAnswerAsync($"{_bank}/services?stage=offered"))["items"].AsArray().ShouldBeEmpty();
        (await AskAsync(Guid.CreateVersion7())).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _ben.GetAnswerAsync($"{_bank}/services/{Guid.CreateVersion7()}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task An_app_books_by_the_members_link_and_an_organiser_with_the_members_word()
    {
        var service = await OfferAsync();
        var (app, key) = await _organiser.KeyAsync(_bank, ofBank: false, "redemptionsWrite", "transfersRead");
        (await AskAsync(service, app)).Code.ShouldBe("NotPermitted");
        (await AskAsync(service, _organiser)).Code.ShouldBe("YesNeeded");
        (await _ann.PostAsync($"{_bank}/accounts/{_annAccount}/links", new { key, most = 60 })).Status.ShouldBe(HttpStatusCode.Created);

        var booked = await AskAsync(service, app);

        (booked.Status, (string)booked["yes"]!).ShouldBe((HttpStatusCode.Created, "link"));
        (await TakeAsync((string)booked["voucher"]!, by: app)).Code.ShouldBe("VoucherUnknown");
        (await app.PostAsync($"{_bank}/bookings/{booked.Id}/cancellation", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(service, _organiser, new { service, member = _annAccount, date = Today, yes = "telephone" })).Status.ShouldBe(HttpStatusCode.Created);
        app.Dispose();
    }
}
