using System.Net;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>Somebody is on the telephone: what she asks for is done for her while she speaks, with how she said yes.</summary>
[Category("Database"), Category("Browser")]
public sealed class ForSomebodyPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _organisers = "", _anns = "", _auditors = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync(new { language = "en" });
        _bank = _api["/v1".Length..];
        _ann = await EnrolAsync("Ann Ash");
        _ben = await EnrolAsync("Ben Birch");
        var clinic = await Http.OpenAccountAsync(_api, "provider", "Law Clinic");
        (await Http.PostAsync($"{_api}/services", new { provider = clinic, name = "Legal advice", lasts = 15 })).Status.ShouldBe(HttpStatusCode.Created);
        _organisers = (await Http.JoinWithLoginAsync(_api, new { role = "organiser" })).Login;
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
        _auditors = (await Http.JoinWithLoginAsync(_api, new { role = "auditor" })).Login;
    }

    [Test]
    public async Task She_asks_for_help([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await RingsAsync(screen, withScript);
        await page.ClickAsync("main >> text=Offer or ask");
        (await page.TextContentAsync("main"))!.ShouldContain("You do this for Ben Birch.");
        await page.ClickAsync("text=I need help");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("#field-title-wrong"))!.ShouldStartWith("Say in a few words");
        await page.FillAsync("input[name=Title]", "The gutter leaks");
        await page.ClickAsync("main form button");

        (await page.TextContentAsync("h1")).ShouldBe("The gutter leaks");
        ((Guid)(await Http.GetAnswerAsync($"{_api}/listings/{page.Url.Split('/')[^1]}"))["listing"]!["account"]!).ShouldBe(_ben);
    }

    [Test]
    public async Task She_books_and_hears_the_letters_of_her_voucher([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await RingsAsync(screen, withScript);
        await page.ClickAsync("main >> text=Services for your hours");
        (await page.TextContentAsync("main"))!.ShouldContain("You do this for Ben Birch.");
        await page.ClickAsync("text=Legal advice");
        await page.FillAsync("input[name=on]", InDays(3));
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("section.card"))!.ShouldContain("Ben Birch");
        await page.ClickAsync("text=On paper");
        if (withScript)
            await page.LookAsync($"service-for-somebody-{screen}");
        await page.ClickAsync("section.card button");

        (await page.TextContentAsync(".stage")).ShouldBe("15 min is set aside for it.");
        (await page.TextContentAsync(".code"))!.Trim().ShouldNotBeEmpty();
        var booking = (await Http.GetAnswerAsync($"{_api}/bookings/{page.Url.Split('/')[^1]}"))["booking"]!;
        ((Guid)booking["member"]!, (string)booking["yes"]!).ShouldBe((_ben, "paper"));

        await page.GotoAsync($"{_bank}/people/{_ben}");
        await page.ClickAsync("[aria-labelledby=booked] a");
        await page.ClickAsync("main summary");
        await page.ClickAsync("details button");
        (await page.TextContentAsync(".stage")).ShouldBe("It was cancelled. 15 min is free again.");
    }

    [Test]
    public async Task She_gives_hours_and_promises_some([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var (anns, bens) = (await Http.BalanceAsync(_api, _ann), await Http.BalanceAsync(_api, _ben));
        var page = await RingsAsync(screen, withScript);
        await page.ClickAsync("main >> text=Give hours");
        await page.FillAsync("input[name=Who]", "Ann Ash");
        await page.FillAsync("input[name=Amount]", "10 min");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("section.card"))!.ShouldContain("10 min from Ben Birch to Ann Ash");
        (await page.TextContentAsync("section.card"))!.ShouldContain("How did they say yes?");
        if (withScript)
            await page.LookAsync($"give-for-somebody-{screen}");
        await page.ClickAsync("text=Give it");
        (await page.TextContentAsync("h1"))!.ShouldContain("Ben Birch");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(anns + 10);
        (await Http.BalanceAsync(_api, _ben)).ShouldBe(bens - 10);

        await page.GotoAsync($"{_bank}/people/{_ben}");
        await page.ClickAsync("main >> text=Promise hours");
        await page.FillAsync("input[name=Who]", "Ann Ash");
        await page.FillAsync("input[name=Amount]", "5 min");
        await page.ClickAsync("text=Every two weeks");
        await page.ClickAsync("text=See what it does");
        await page.ClickAsync("text=In person");
        if (withScript)
            await page.LookAsync($"promise-for-somebody-{screen}");
        await page.ClickAsync("text=Promise it");
        (await page.TextContentAsync("[aria-labelledby=promised]"))!.ShouldContain("Ben Birch gives 5 min to Ann Ash again and again. Weeks from one time to the next: 2.");
        page.Url.ShouldEndWith($"?for={_ben}");
        var promised = (await Http.GetAnswerAsync($"{_api}/schedules?account={_ben}&limit=100"))["items"].AsArray()[^1]!["schedule"]!;
        ((string)promised["every"]!, (int)promised["interval"]!, (string)promised["confirmed"]!).ShouldBe(("week", 2, "inPerson"));

        await page.Locator("[aria-labelledby=promised] li").Last.Locator("summary").ClickAsync();
        await page.Locator("[aria-labelledby=promised] li").Last.Locator("text=End it now").ClickAsync();
        page.Url.ShouldEndWith($"?for={_ben}");
    }

    [Test]
    public async Task Who_does_not_organise_her_does_nothing_for_her()
    {
        var ann = await Browser.SignedInAsync(_bank, _anns, Screen.Desktop);
        foreach (var path in (string[])["help", "give", "promises", "listings/new"])
        {
            (await ann.GotoAsync($"{_bank}/{path}?for={_ben}"))!.Status.ShouldBe(200);
            (await ann.Locator("main form").CountAsync()).ShouldBe(0, path);
        }
        var auditor = await Browser.SignedInAsync($"{_bank}/people/{_ben}", _auditors, Screen.Desktop);
        (await auditor.TextContentAsync("h1")).ShouldBe("Ben Birch");
        (await auditor.Locator("main a[href*='for=']").CountAsync()).ShouldBe(0);
        await auditor.GotoAsync($"{_bank}/help?for={_ben}");
        (await auditor.Locator("main form").CountAsync()).ShouldBe(0);
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.SignedInAsync(_bank, _organisers, Screen.Phone, language: "ar");
        foreach (var path in (string[])["help", "give", "promises", "services", "listings/new"])
        {
            await page.GotoAsync($"{_bank}/{path}?for={_ben}");
            await page.CheckWordsAsync();
            await page.CheckWidthAsync(path);
        }
    }

    private async Task<IPage> RingsAsync(Screen screen, bool withScript)
    {
        var page = await Browser.SignedInAsync(_bank, _organisers, screen, withScript);
        await page.ClickAsync(".menu >> text=Find somebody");
        await page.FillAsync("input[name=q]", "Birch");
        await page.ClickAsync("main form button");
        await page.ClickAsync("section li a");
        return page;
    }

    private async Task<Guid> EnrolAsync(string name)
    {
        var enrolled = await Http.PostAsync($"{_api}/members/enrolments", new { name, agreement = "1" });
        enrolled.Status.ShouldBe(HttpStatusCode.Created, enrolled.Text);
        return enrolled.Id;
    }

    private static string InDays(int days) => DateOnly.FromDateTime(DateTime.UtcNow).AddDays(days).ToString("yyyy-MM-dd");
}
