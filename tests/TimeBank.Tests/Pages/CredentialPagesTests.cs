using System.Net;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A project drives children home: who sees whose papers, and hears in time when one ends. Where nobody asks for any, nobody reads of them.</summary>
[Category("Database"), Category("Browser")]
public sealed class CredentialPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _login = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        var school = await Http.OpenAccountAsync(_api, "project", "Children home");
        _ann = await Http.OpenAccountAsync(_api, "member", "Ann Ash");
        _ben = await Http.OpenAccountAsync(_api, "member", "Ben Birch");
        (await Http.PostAsync($"{_api}/projects", new { account = school, purpose = "Nobody walks home alone" })).Status.ShouldBe(HttpStatusCode.Created);
        var drives = await Http.PostAsync($"{_api}/projects/{school}/activities", new { name = "Driving", risk = "high", precautions = "Two adults", requires = new[] { "background-check" } });
        drives.Status.ShouldBe(HttpStatusCode.Created, drives.Text);
        _login = (await Http.JoinWithLoginAsync(_api, new { role = "organiser" })).Login;
    }

    [Test]
    public async Task One_is_written_down_waits_before_it_ends_is_renewed_and_revoked([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.SignedInAsync($"{_bank}/people/{_ann}", _login, screen, withScript);
        (await page.TextContentAsync("[aria-labelledby=credentials]"))!.ShouldContain("None is known that counts.");
        await RecordAsync(page, InDays(-1));
        (await page.TextContentAsync("#field-counts-wrong")).ShouldBe("Choose today or a later day.");
        await page.FillAsync("input[name=Counts]", InDays(20));
        await page.ClickAsync("text=Write it down");
        (await page.TextContentAsync("[aria-labelledby=credentials]"))!.ShouldContain("background check of Ann Ash counts until");
        if (withScript)
            await page.LookAsync($"credentials-{screen}");

        await page.GotoAsync($"{_bank}/today");
        (await page.TextContentAsync("[aria-labelledby=waiting-credentials]"))!.ShouldContain("background check of Ann Ash counts until");
        if (withScript)
            await page.LookAsync($"today-credentials-{screen}");
        await page.ClickAsync("[aria-labelledby=waiting-credentials] a");
        await RecordAsync(page, InDays(400));
        await page.GotoAsync($"{_bank}/today");
        (await page.Locator("[aria-labelledby=waiting-credentials]").CountAsync()).ShouldBe(0, "It was renewed.");

        await page.GotoAsync($"{_bank}/people/{_ann}");
        for (var left = 2; left > 0; left--)
        {
            await page.ClickAsync("text=background check counts no more");
            await page.ClickAsync("text=From today it counts no more");
        }
        (await page.TextContentAsync("[aria-labelledby=credentials]"))!.ShouldContain("None is known that counts.");
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var recorded = await Http.PostAsync($"{_api}/members/{_ben}/credentials", new { kind = "background-check", until = InDays(3) });
        recorded.Status.ShouldBe(HttpStatusCode.Created, recorded.Text);
        var page = await Browser.SignedInAsync($"{_bank}/people/{_ben}", _login, Screen.Phone, language: "ar");
        await page.CheckWordsAsync();
        await page.GotoAsync($"{_bank}/today");
        await page.CheckWordsAsync();
        await page.LookAsync("today-credentials-arabic");
        (await Http.PostAsync($"{_api}/members/{_ben}/credentials/{recorded.Id}/revocation", new { })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task Where_nobody_asks_for_any_nobody_reads_of_them()
    {
        var api = await Http.OpenBankAsync();
        var ann = await Http.OpenAccountAsync(api, "member", "Ann Ash");
        var login = (await Http.JoinWithLoginAsync(api, new { role = "organiser" })).Login;
        var page = await Browser.SignedInAsync($"{api["/v1".Length..]}/people/{ann}", login, Screen.Desktop);

        (await page.TextContentAsync("h1")).ShouldBe("Ann Ash");
        (await page.Locator("[aria-labelledby=credentials]").CountAsync()).ShouldBe(0);
    }

    private static async Task RecordAsync(IPage page, string until)
    {
        await page.ClickAsync("text=I have seen one");
        await page.FillAsync("input[name=Counts]", until);
        await page.ClickAsync("text=Write it down");
    }

    private static string InDays(int days) => DateOnly.FromDateTime(DateTime.UtcNow).AddDays(days).ToString("yyyy-MM-dd");
}
