using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A member books a service for her hours and shows the voucher; the desk takes it, and gives a part back.</summary>
[Category("Database"), Category("Browser")]
public sealed class RedemptionPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _anns = "", _desks = "";
    private Guid _ann, _clinic;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        _ann = await Http.OpenAccountAsync(_api, "member", "Ann Ash", floor: 0);
        _clinic = await Http.OpenAccountAsync(_api, "provider", "Law Clinic");
        var ben = await Http.OpenAccountAsync(_api, "member", "Ben", floor: -60_000);
        (await Http.TransferAsync(_api, "exchange", ben, _ann, 1_500)).Status.ShouldBe(System.Net.HttpStatusCode.Created);
        var offered = await Http.PostAsync($"{_api}/services", new { provider = _clinic, name = "Legal advice", lasts = 60, conditions = "Bring your letters", place = "Mill Lane 3" });
        offered.Status.ShouldBe(System.Net.HttpStatusCode.Created);
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
        _desks = (await Http.JoinWithLoginAsync(_api, new { role = "staff", account = _clinic })).Login;
    }

    [Test]
    public async Task She_books_shows_the_voucher_and_the_desk_takes_it([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var had = await Http.BalanceAsync(_api, _ann);
        var ann = await OpenAsync(_anns, screen, withScript);
        await ann.ClickAsync(".menu >> text=Services for your hours");
        if (withScript)
            await ann.LookAsync($"services-{screen}");
        await ann.ClickAsync("text=Legal advice");
        await ann.FillAsync("input[name=on]", "2020-01-01");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("section .wrong"))!.ShouldStartWith("This day has passed.");
        await ann.FillAsync("input[name=on]", DateOnly.FromDateTime(DateTime.UtcNow).AddDays(3).ToString("yyyy-MM-dd"));
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("section.card"))!.ShouldContain("This takes 1 h");
        if (withScript)
            await ann.LookAsync($"service-{screen}");
        await ann.ClickAsync("section.card button");

        (await ann.TextContentAsync(".stage")).ShouldBe("1 h is set aside for it.");
        var code = (await ann.TextContentAsync(".code"))!.Trim();
        (await ann.Locator("svg.qr title").TextContentAsync()).ShouldBe(code);
        if (withScript)
            await ann.LookAsync($"voucher-{screen}");
        await ann.GotoAsync(_bank);
        (await ann.TextContentAsync("[aria-labelledby=booked]"))!.ShouldContain("Legal advice at Law Clinic");

        var desk = await OpenAsync(_desks, screen, withScript);
        await desk.ClickAsync(".menu >> text=Take a voucher");
        await desk.ClickAsync("main form button");
        (await desk.TextContentAsync("#field-code-wrong")).ShouldBe("Type the code.");
        await desk.FillAsync("input[name=Code]", "AAAA-AAAA-A");
        await desk.ClickAsync("main form button");
        (await desk.TextContentAsync("#field-code-wrong"))!.ShouldStartWith("No voucher of yours");
        await desk.FillAsync("input[name=Code]", code.ToLowerInvariant());
        await desk.ClickAsync("main form button");
        (await desk.TextContentAsync("section.card"))!.ShouldContain("for Ann Ash");
        if (withScript)
            await desk.LookAsync($"desk-{screen}");
        await desk.ClickAsync("section.card button");
        (await desk.TextContentAsync("[role=status]"))!.ShouldContain("It was given, and 1 h went to Law Clinic.");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had - 60);
        if (withScript)
            await desk.LookAsync($"desk-taken-{screen}");

        await desk.GotoAsync(await BookingOfAsync(code));
        await desk.ClickAsync("main summary");
        await desk.FillAsync("input[name=Amount]", "15 min");
        await desk.ClickAsync("details button");
        (await desk.TextContentAsync(".stage")).ShouldBe("It was given; 15 min of 1 h came back.");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had - 45);
    }

    [Test]
    public async Task Who_cannot_come_says_so_and_has_her_hours_again()
    {
        var had = await Http.BalanceAsync(_api, _ann);
        var ann = await OpenAsync(_anns, Screen.Phone);
        await ann.GotoAsync($"{_bank}/services");
        await ann.ClickAsync("text=Legal advice");
        await ann.FillAsync("input[name=on]", DateOnly.FromDateTime(DateTime.UtcNow).AddDays(2).ToString("yyyy-MM-dd"));
        await ann.ClickAsync("main form button");
        await ann.ClickAsync("section.card button");
        await ann.ClickAsync("main summary");
        await ann.ClickAsync("details button");
        (await ann.TextContentAsync(".stage")).ShouldBe("It was cancelled. 1 h is free again.");
        (await ann.Locator(".code").CountAsync()).ShouldBe(0);
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had);
        (await ann.GotoAsync($"{_bank}/desk"))!.Status.ShouldBe(403);
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var ann = await OpenAsync(_anns, Screen.Phone, language: "ar");
        await ann.GotoAsync($"{_bank}/services");
        await ann.CheckWordsAsync();
        await ann.ClickAsync("main h2 a");
        await ann.ClickAsync("main form button");
        await ann.CheckWordsAsync();
        await ann.ClickAsync("section.card button");
        await ann.CheckWordsAsync();
        await ann.LookAsync("voucher-arabic");
    }

    private async Task<string> BookingOfAsync(string code)
    {
        var found = await Http.GetAnswerAsync($"{_api}/vouchers/{code}");
        return $"{_bank}/bookings/{(Guid)found.Body!["booking"]!["id"]!}";
    }

    private Task<IPage> OpenAsync(string login, Screen screen, bool withScript = true, string language = "en") =>
        Browser.SignedInAsync(_bank, login, screen, withScript, language);
}
