using System.Net;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A day of work on a project: the code on the wall, who is here, and everybody credited in the end.</summary>
[Category("Database"), Category("Browser")]
public sealed class SessionPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _coordinators = "", _anns = "";
    private Guid _garden, _ann, _ben, _cara;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        _garden = await Http.OpenAccountAsync(_api, "project", "Mill Lane Garden");
        (_ann, _ben, _cara) = (await Http.OpenAccountAsync(_api, "member", "Ann Ash"), await Http.OpenAccountAsync(_api, "member", "Ben Birch"), await Http.OpenAccountAsync(_api, "member", "Cara Cedar"));
        _coordinators = (await Http.JoinWithLoginAsync(_api, new { role = "coordinator", account = _garden })).Login;
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
    }

    [Test]
    public async Task Who_comes_checks_in_by_the_wall_or_is_ticked_and_all_are_credited([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var (had, bens) = (await Http.BalanceAsync(_api, _ann), await Http.BalanceAsync(_api, _ben));
        var page = await OpenAsync(_coordinators, screen, withScript);
        await page.ClickAsync(".menu >> text=Working together");
        await page.ClickAsync("text=Plan a day of work");
        await page.FillAsync("input[name=From]", "14:00");
        await page.FillAsync("input[name=Until]", "10:00");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("#field-until-wrong")).ShouldBe("It has to end later than it begins, on the same day.");
        (await page.InputValueAsync("input[name=From]")).ShouldBe("14:00");
        if (withScript)
            await page.LookAsync($"session-new-{screen}");
        await page.FillAsync("input[name=From]", "00:00");
        await page.FillAsync("input[name=Until]", "23:59");
        await page.FillAsync("input[name=Memo]", "Weeding; bring gloves");
        await page.ClickAsync("main form button");
        var code = (await page.TextContentAsync(".poster"))!;
        code.Length.ShouldBe(5);

        var ann = await OpenAsync(_anns, Screen.Phone, withScript);
        await ann.GotoAsync(new Uri(page.Url).AbsolutePath);
        (await ann.Locator(".poster").CountAsync()).ShouldBe(0, "The code stands on the wall, and nowhere else.");
        await ann.ClickAsync("text=I will come");
        if (withScript)
            await ann.LookAsync($"session-member-{screen}");
        await ann.ClickAsync("main >> text=I am here");
        await ann.FillAsync("input[name=code]", "QQQQQ");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("#field-code-wrong"))!.ShouldStartWith("No day of work has this code today.");
        await ann.FillAsync("input[name=code]", code.ToLowerInvariant());
        await ann.ClickAsync("main form button");
        await ann.ClickAsync("text=Ann Ash has come");
        (await ann.TextContentAsync("main .card"))!.ShouldContain("Ann Ash: here.");
        if (withScript)
            await ann.LookAsync($"check-in-{screen}");

        if (!withScript)
            await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#people")).ToContainTextAsync("Here: 1.");
        await page.FillAsync("input[name=Who]", "Ben Birch");
        await page.ClickAsync("form:has(input[name=Who]) button");
        await page.FillAsync("input[name=Who]", "Cara");
        await page.ClickAsync("form:has(input[name=Who]) button");
        (await page.TextContentAsync("#people"))!.ShouldContain("Here: 3.");
        await page.ClickAsync("[aria-label='Goes home: Ben Birch']");
        (await page.TextContentAsync("#people"))!.ShouldContain("Here: 2. Gone home: 1.");
        await page.ClickAsync("text=See what it does");
        (await page.Locator("#credit ~ form .wrong").CountAsync()).ShouldBe(2, "When Ann and Cara left, nobody wrote down.");
        if (withScript)
            await page.LookAsync($"session-{screen}");
        await page.Locator(".field:has-text('Ann Ash') input").FillAsync("2");
        await page.Locator(".field:has-text('Ben Birch') input").FillAsync("1:15");
        await page.Locator(".field:has-text('Cara Cedar') input").FillAsync("0");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("section:has(#credit)"))!.ShouldContain("People: 2. Together 3 h 15 min for work on Mill Lane Garden.");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had, "It was only looked at.");
        await page.ClickAsync("text=Credit them");

        (await page.TextContentAsync(".stage")).ShouldBe("It is over, and everybody who came was credited.");
        ((await Http.BalanceAsync(_api, _ann)) - had, (await Http.BalanceAsync(_api, _ben)) - bens).ShouldBe((120, 75));
    }

    [Test]
    public async Task All_go_home_together_and_it_may_be_called_off()
    {
        var session = await PlanAsync();
        foreach (var who in (Guid[])[_ann, _ben])
            (await Http.PostAsync($"{_api}/work-sessions/{session}/check-ins", new { account = who })).Status.ShouldBe(HttpStatusCode.OK);
        var page = await OpenAsync(_coordinators, Screen.Desktop, true);
        await page.GotoAsync($"{_bank}/sessions/{session}");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        (await page.IsVisibleAsync(".poster"), await page.IsVisibleAsync("#people"), await page.IsVisibleAsync("#credit")).ShouldBe((true, false, false), "The wall is all that is printed.");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });
        await page.ClickAsync("text=All of them go home now");
        (await page.TextContentAsync("#people"))!.ShouldContain("Here: 0. Gone home: 2.");
        await page.ClickAsync("summary:has-text('Call it off')");
        await page.ClickAsync("details button:has-text('Call it off')");
        (await page.TextContentAsync(".stage")).ShouldBe("It was called off. Nobody was credited.");
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var session = await PlanAsync();
        (await Http.PostAsync($"{_api}/work-sessions/{session}/check-ins", new { account = _ben })).Status.ShouldBe(HttpStatusCode.OK);
        var page = await Browser.SignedInAsync(_bank, _coordinators, Screen.Phone, language: "ar");
        foreach (var path in (string[])["sessions", "sessions/new", $"sessions/{session}"])
        {
            await page.GotoAsync($"{_bank}/{path}");
            await page.CheckWordsAsync();
        }
        await page.LookAsync("session-arabic");
        var ann = await Browser.SignedInAsync($"{_bank}/check-in", _anns, Screen.Phone, language: "ar");
        await ann.CheckWordsAsync();
    }

    private async Task<Guid> PlanAsync()
    {
        var planned = await Http.PostAsync($"{_api}/work-sessions", new { project = _garden, date = DateTime.UtcNow.ToString("yyyy-MM-dd"), from = "00:00:00", until = "23:59:00" });
        planned.Status.ShouldBe(HttpStatusCode.Created, planned.Text);
        return planned.Id;
    }

    private Task<IPage> OpenAsync(string login, Screen screen, bool withScript) => Browser.SignedInAsync(_bank, login, screen, withScript);
}
