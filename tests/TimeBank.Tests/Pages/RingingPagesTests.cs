using System.Net;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>Somebody rings and asks for help: the organiser sees on one page whom she could ring herself.</summary>
[Category("Database"), Category("Browser")]
public sealed class RingingPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _organisers = "", _asks = "";
    private Guid _request;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync(new { language = "en" });
        _bank = _api["/v1".Length..];
        var asks = await EnrolAsync("Ada Ash", "029 2018 0009");
        var met = await EnrolAsync("Met Maple", "029 2018 0001");
        await EnrolAsync("Ben Birch", "029 2018 0002");
        await EnrolAsync("Cara Cedar", null);
        await EnrolAsync("Dai Damson", "029 2018 0004");
        (await Http.PostAsync($"{_api}/contributions", new { helper = met, helped = asks, minutes = 30 })).Status.ShouldBe(HttpStatusCode.Created);
        _request = await PostAsync(asks, "Boxes to the attic", "mondayMorning");
        await PostAsync(asks, "Boxes from the attic", "mondayEvening");
        _organisers = (await Http.JoinWithLoginAsync(_api, new { role = "organiser" })).Login;
        _asks = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = asks })).Login;
    }

    [Test]
    public async Task Three_are_likeliest_each_with_a_number_to_ring_and_when_they_last_met([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.SignedInAsync($"{_bank}/listings/{_request}", _organisers, screen, withScript);
        var helpers = page.Locator("[aria-labelledby=helpers] li");
        (await helpers.CountAsync()).ShouldBe(3);
        var first = await helpers.First.InnerTextAsync();
        first.ShouldContain("Met Maple");
        first.ShouldContain("They last had to do with each other on ");
        (await helpers.First.Locator("a[href^=tel]").GetAttributeAsync("href")).ShouldBe("tel:02920180001");
        (await helpers.Nth(1).InnerTextAsync()).ShouldContain("They have had nothing to do with each other yet.");
        if (withScript)
            await page.LookAsync($"ringing-{screen}");
    }

    [Test]
    public async Task Who_asks_reads_nobody_s_number()
    {
        var page = await Browser.SignedInAsync($"{_bank}/listings/{_request}", _asks, Screen.Phone);

        (await page.Locator("[aria-labelledby=helpers]").CountAsync()).ShouldBe(0);
        (await page.TextContentAsync("main"))!.ShouldNotContain("029 2018 0001", Case.Sensitive);
    }

    [Test]
    public async Task A_part_of_the_day_is_chosen([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.SignedInAsync($"{_bank}/listings", _organisers, screen, withScript);
        (await page.Locator("[aria-labelledby=found] li").CountAsync()).ShouldBe(2);
        await page.SelectOptionAsync("select[name=part]", "evening");
        await page.ClickAsync("form[role=search] button");

        (await page.Locator("[aria-labelledby=found] li").AllInnerTextsAsync()).ShouldHaveSingleItem().ShouldContain("Boxes from the attic");
        (await page.InputValueAsync("select[name=part]")).ShouldBe("evening");
        if (withScript)
            await page.LookAsync($"listings-part-{screen}");
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.SignedInAsync($"{_bank}/listings/{_request}", _organisers, Screen.Phone, language: "ar");
        await page.CheckWordsAsync();
        await page.LookAsync("ringing-arabic");
    }

    private async Task<Guid> EnrolAsync(string name, string? telephone)
    {
        var enrolled = await Http.PostAsync($"{_api}/members/enrolments", new { name, telephone, agreement = "1", skills = new[] { "moving" } });
        enrolled.Status.ShouldBe(HttpStatusCode.Created, enrolled.Text);
        return enrolled.Id;
    }

    private async Task<Guid> PostAsync(Guid account, string title, string time)
    {
        var posted = await Http.PostAsync($"{_api}/listings", new { account, kind = "request", category = "moving", title, times = new[] { time } });
        posted.Status.ShouldBe(HttpStatusCode.Created, posted.Text);
        return posted.Id;
    }
}
