using System.Net;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>How the bank keeps house: what was agreed, whether the books agree, and who did what.</summary>
[Category("Database"), Category("Browser")]
public sealed class HousePagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _organisers = "", _auditors = "", _anns = "";
    private Guid _ann;

    [SetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        _ann = await Http.OpenAccountAsync(_api, "member", "Ann Ash");
        _organisers = (await Http.JoinWithLoginAsync(_api, new { role = "organiser" })).Login;
        _auditors = (await Http.JoinWithLoginAsync(_api, new { role = "auditor" })).Login;
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
    }

    [Test]
    public async Task What_was_agreed_is_changed_after_it_was_seen_what_that_does([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        (await Http.SayAsync(HttpMethod.Put, $"{_api}/policy", new { limits = new { project = new { floor = -60, ceiling = 6000 } }, longestTransfer = 480, timeZone = "Europe/London", categories = new[] { "gardening" } }, ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.OK);
        var page = await Browser.SignedInAsync($"{_bank}/policy", _organisers, screen, withScript);
        if (withScript)
            await page.LookAsync($"policy-{screen}");
        await page.ClickAsync("summary:has-text('Change what we agreed')");
        await page.FillAsync("input[name=Below]", "a lot");
        await page.FillAsync("input[name=Welcome]", "2");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("#field-below-wrong"))!.ShouldStartWith("Write it as");
        (await page.InputValueAsync("input[name=Welcome]")).ShouldBe("2");
        await page.FillAsync("input[name=Below]", "6 h");
        await page.ClickAsync("text=Always new from the community");
        await page.UncheckAsync("input[value=ar]");
        await page.UncheckAsync("input[value=es]");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("section.card"))!.ShouldContain("Nobody's hours change by it");
        (await page.Locator("section.card li").CountAsync()).ShouldBe(4);
        if (withScript)
            await page.LookAsync($"policy-change-{screen}");
        await page.ClickAsync("text=Change it for everybody");

        (await page.Locator("dd").AllTextContentsAsync()).Take(2).ShouldBe(["6 h", "2 h"]);
        var policy = (await Http.GetAnswerAsync($"{_api}/policy")).Body!;
        ((long)policy["limits"]!["member"]!["floor"]!, (long)policy["limits"]!["project"]!["floor"]!, (long)policy["limits"]!["project"]!["ceiling"]!).ShouldBe((-360, -60, 6000));
        ((long)policy["longestTransfer"]!, (string)policy["timeZone"]!, (string)policy["projectWork"]!, (string)policy["categories"]![0]!).ShouldBe((480, "Europe/London", "community", "gardening"));
        policy["pageLanguages"]!.AsArray().Select(l => (string)l!).ShouldBe(["cy", "en"]);
        (await page.Locator(".languages li").AllTextContentsAsync()).ShouldBe(["Cymraeg", "English"]);
    }

    [TestCase("es", "en", "cy, en", TestName = "Who speaks none of them reads English")]
    [TestCase("cy", "cy", "cy, en", TestName = "Who speaks one of them reads it")]
    [TestCase("en", "cy", "cy, es", TestName = "Where there is no English they read the first")]
    [TestCase("ar", "ar", "ar, cy, en, es", TestName = "All are as good as not chosen")]
    public async Task A_page_speaks_a_language_that_its_bank_offers(string browsers, string spoken, string offered)
    {
        (await Http.SayAsync(HttpMethod.Put, $"{_api}/policy", new { pageLanguages = offered.Split(", ") }, ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.OK);
        var page = await Browser.OpenAsync(Screen.Phone, browsers);
        await page.GotoAsync($"{_bank}/about");
        (await page.GetAttributeAsync("html", "lang")).ShouldBe(spoken);
        string.Join(", ", await page.Locator(".languages a").EvaluateAllAsync<string[]>("all => all.map(a => a.lang)")).ShouldBe(offered);

        await page.GotoAsync("/sign-in");
        (await page.GetAttributeAsync("html", "lang")).ShouldBe(browsers, "A page of no bank is there in all.");
        await page.GotoAsync($"{_bank}/books");
        (await page.Locator(".languages a").CountAsync()).ShouldBe(4, "Who is not let in learns nothing of it.");
    }

    [Test]
    public async Task Languages_that_are_none_are_refused_by_name()
    {
        foreach (var offered in (string[][])[[], ["tlh"], ["en", "EN"]])
            (await Http.SayAsync(HttpMethod.Put, $"{_api}/policy", new { pageLanguages = offered }, ifMatch: "\"1\"")).Text.ShouldContain("One or more of ar, cy, en, es.");
    }

    [Test]
    public async Task A_member_reads_what_was_agreed_and_changes_nothing()
    {
        var page = await Browser.SignedInAsync($"{_bank}/policy", _anns, Screen.Phone);
        (await page.Locator("dd").First.TextContentAsync()).ShouldBe("12 h");
        (await page.Locator("summary:has-text('Change')").CountAsync()).ShouldBe(0);
    }

    [Test]
    public async Task The_books_say_whether_they_agree_and_the_trail_who_did_what([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.SignedInAsync(_bank, _auditors, screen, withScript);
        await page.ClickAsync(".menu summary");
        await page.ClickAsync(".menu details >> text=The books");
        (await page.TextContentAsync(".hours")).ShouldBe("All entries agree: what some have, others gave.");
        if (withScript)
            await page.LookAsync($"books-{screen}");
        await page.ClickAsync(".menu summary");
        await page.ClickAsync(".menu details >> text=Who did what");
        (await page.TextContentAsync("tbody"))!.ShouldContain("Somebody got a role");
        if (withScript)
            await page.LookAsync($"audit-{screen}");
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.SignedInAsync(_bank, _organisers, Screen.Phone, language: "ar");
        foreach (var path in (string[])["policy", "books", "audit"])
        {
            await page.GotoAsync($"{_bank}/{path}");
            await page.CheckWordsAsync();
        }
        await page.LookAsync("audit-arabic");
    }
}
