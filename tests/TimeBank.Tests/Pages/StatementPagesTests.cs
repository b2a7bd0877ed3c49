using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A statement to print and to keep: what there was, what came and went, and what there is.</summary>
[Category("Database"), Category("Browser")]
public sealed class StatementPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private static readonly DateOnly s_today = DateOnly.FromDateTime(DateTime.UtcNow);

    private string _api = "", _bank = "", _login = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        var enrolled = await Http.PostAsync($"{_api}/members/enrolments", new { name = "Ann Ash", number = "A-17", agreement = "1" });
        enrolled.Status.ShouldBe(System.Net.HttpStatusCode.Created, enrolled.Text);
        (_ann, _ben) = (enrolled.Id, await Http.OpenAccountAsync(_api, "member", "Ben Birch", floor: -6_000));
        foreach (var (kind, payer, payee, minutes, daysAgo) in ((string, Guid, Guid, int, int)[])
            [("exchange", _ben, _ann, 90, 100), ("exchange", _ben, _ann, 60, 3), ("exchange", _ann, _ben, 200, 2)])
            (await Http.PostAsync($"{_api}/transfers", new { kind, yes = "paper", payer, payee, minutes, occurred = s_today.AddDays(-daysAgo) })).Status.ShouldBe(System.Net.HttpStatusCode.Created);
        _login = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
    }

    [Test]
    public async Task It_begins_with_what_there_was_and_ends_with_what_there_is([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var page = await OpenAsync(screen, withScript);
        await page.ClickAsync("text=A statement to print");
        await page.FillAsync("input[name=from]", PageDay(-10));
        await page.FillAsync("input[name=to]", PageDay(0));
        await page.ClickAsync("main form button");

        (await page.TextContentAsync("dl"))!.ShouldContain("Ann Ash");
        (await page.TextContentAsync("dl"))!.ShouldContain("A-17");
        var rows = await page.Locator("tbody tr").AllInnerTextsAsync();
        rows.Count.ShouldBe(4);
        rows[0].ShouldContain("1 h 30 min");
        rows[1].ShouldContain("came: 1 h");
        rows[1].ShouldContain("Ben Birch");
        rows[1].ShouldContain("2 h 30 min");
        rows[2].ShouldContain("went: 3 h 20 min");
        rows[3].ShouldContain("50 min below zero");
        if (withScript)
            await page.LookAsync($"statement-{screen}");
    }

    [Test]
    public async Task On_paper_there_is_nothing_to_press()
    {
        var page = await OpenAsync(Screen.Desktop, true);
        await page.GotoAsync($"{_bank}/accounts/{_ann}/statement?from={PageDay(-10)}");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print, ColorScheme = ColorScheme.Light });

        foreach (var (what, isPrinted) in ((string, bool)[])[("table", true), ("dl", true), ("main form", false), (".menu", false), ("header", false), ("footer", false), ("main .aside >> nth=0", false)])
            (await page.IsVisibleAsync(what)).ShouldBe(isPrinted, what);
        await page.LookAsync("statement-printed");
    }

    [Test]
    public async Task Days_that_are_the_wrong_way_round_are_said_so_beside_their_field()
    {
        var page = await OpenAsync(Screen.Phone, true);
        await page.GotoAsync($"{_bank}/accounts/{_ann}/statement?from={PageDay(0)}&to={PageDay(-5)}");

        (await page.TextContentAsync("#field-from-wrong")).ShouldBe("The first day is later than the last. Choose an earlier one.");
        (await page.InputValueAsync("input[name=from]")).ShouldBe(PageDay(0));
    }

    [Test]
    public async Task A_month_without_entries_has_the_same_figure_at_both_ends()
    {
        var page = await OpenAsync(Screen.Phone, true);
        await page.GotoAsync($"{_bank}/accounts/{_ann}/statement?from={PageDay(-60)}&to={PageDay(-30)}");

        (await page.Locator("tbody tr").AllInnerTextsAsync()).ShouldAllBe(row => row.Contains("1 h 30 min"));
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.SignedInAsync($"{_bank}/accounts/{_ann}/statement?from={PageDay(-10)}", _login, Screen.Phone, language: "ar");
        await page.CheckWordsAsync();
        await page.LookAsync("statement-arabic");
    }

    private static string PageDay(int days) => s_today.AddDays(days).ToString("yyyy-MM-dd");

    private Task<IPage> OpenAsync(Screen screen, bool withScript) => Browser.SignedInAsync($"{_bank}/accounts/{_ann}", _login, screen, withScript);
}
