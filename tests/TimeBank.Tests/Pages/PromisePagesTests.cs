using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A member promises hours: once on a day ahead, or again and again until she ends it.</summary>
[Category("Database"), Category("Browser")]
public sealed class PromisePagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _anns = "", _bens = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        _ann = await Http.OpenAccountAsync(_api, "member", "Ann Ash");
        await Http.OpenAccountAsync(_api, "pot", "Community chest");
        _ben = await Http.OpenAccountAsync(_api, "member", "Ben Birch");
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
        _bens = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ben })).Login;
    }

    [Test]
    public async Task She_promises_lets_it_rest_goes_on_and_ends_it([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var had = await Http.BalanceAsync(_api, _ann);
        var page = await Browser.SignedInAsync(_bank, _anns, screen, withScript);
        await page.ClickAsync(".menu >> text=Give hours");
        await page.ClickAsync("main >> text=Promise hours");
        if (withScript)
            await page.LookAsync($"promises-{screen}");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("#field-who-wrong")).ShouldBe("Say to whom.");
        await page.FillAsync("input[name=Who]", "chest");
        await page.FillAsync("input[name=Amount]", "half");
        await page.ClickAsync("text=Every month");
        await page.FillAsync("input[name=From]", "2020-01-31");
        await page.FillAsync("input[name=Until]", "2020-01-30");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("#field-amount-wrong"))!.ShouldNotBeEmpty();
        (await page.TextContentAsync("#field-until-wrong")).ShouldBe("Choose a day that does not come before the first one.");
        await page.FillAsync("input[name=Amount]", "½");
        await page.FillAsync("input[name=Until]", "2020-12-31");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("#field-from-wrong")).ShouldBe("Choose a day that is ahead, and an end that comes after it.");
        await page.FillAsync("input[name=From]", "2098-01-31");
        await page.FillAsync("input[name=Until]", "");
        await page.FillAsync("input[name=Memo]", "For the garden fête");
        await page.ClickAsync("text=See what it does");
        var preview = (await page.TextContentAsync("section.card"))!;
        preview.ShouldContain("Ann Ash gives 30 min to Community chest every month.");
        preview.ShouldNotContain("How did they say yes?");
        if (withScript)
            await page.LookAsync($"promise-{screen}");
        await page.ClickAsync("text=Promise it");

        var promise = page.Locator("[aria-labelledby=promised] li").Last;
        await Assertions.Expect(promise).ToContainTextAsync("every month");
        await Assertions.Expect(promise).ToContainTextAsync("For the garden fête");
        await promise.Locator("text=Let it rest").ClickAsync();
        await Assertions.Expect(promise.Locator(".stage")).ToHaveTextAsync("It rests at the moment.");
        if (withScript)
            await page.LookAsync($"promises-rest-{screen}");
        await promise.Locator("text=Go on with it").ClickAsync();
        await Assertions.Expect(promise.Locator(".stage")).ToHaveCountAsync(0);
        await promise.Locator("summary").ClickAsync();
        await promise.Locator("text=End it now").ClickAsync();
        await Assertions.Expect(page.Locator("[aria-labelledby=promised]")).ToHaveCountAsync(0);
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had, "Nothing moves before its day.");
    }

    [Test]
    public async Task Whom_it_goes_to_reads_it_and_changes_nothing()
    {
        var made = await Http.PostAsync($"{_api}/schedules", new { kind = "gift", payer = _ann, payee = _ben, minutes = 20, every = "once", from = "2098-03-01", yes = "paper" });
        made.Status.ShouldBe(System.Net.HttpStatusCode.Created, made.Text);
        var page = await Browser.SignedInAsync($"{_bank}/promises", _bens, Screen.Phone);

        var promise = page.Locator("[aria-labelledby=promised] li").Filter(new LocatorFilterOptions { HasText = "Ann Ash gives 20 min to Ben Birch on" });
        (await promise.CountAsync()).ShouldBe(1);
        (await promise.Locator("button").CountAsync()).ShouldBe(0);
        (await Http.PostAsync($"{_api}/schedules/{made.Id}/end", new { })).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.SignedInAsync($"{_bank}/promises", _anns, Screen.Phone, language: "ar");
        await page.FillAsync("input[name=Who]", "Ben Birch");
        await page.FillAsync("input[name=Amount]", "20");
        await page.ClickAsync("button[value=look]");
        await page.ClickAsync("button[value=now]");
        (await page.Locator("[aria-labelledby=promised] li").CountAsync()).ShouldBe(1);
        await page.CheckWordsAsync();
        await page.LookAsync("promises-arabic");
        await page.ClickAsync("main summary");
        await page.ClickAsync("details button");
    }
}
