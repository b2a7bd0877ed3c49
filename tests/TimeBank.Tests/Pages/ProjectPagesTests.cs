using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>Projects, providers, and what goes on from one to the other by itself.</summary>
[Category("Database"), Category("Browser")]
public sealed class ProjectPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _coordinators = "", _staffs = "", _anns = "";
    private Guid _garden, _clinic, _ann;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        (_garden, _clinic) = (await Http.OpenAccountAsync(_api, "project", "Mill Lane Garden"), await Http.OpenAccountAsync(_api, "provider", "Law Clinic"));
        await Http.OpenAccountAsync(_api, "project", "Library");
        _ann = await Http.OpenAccountAsync(_api, "member", "Ann Ash");
        _coordinators = (await Http.JoinWithLoginAsync(_api, new { role = "coordinator", account = _garden })).Login;
        _staffs = (await Http.JoinWithLoginAsync(_api, new { role = "staff", account = _clinic })).Login;
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
    }

    [Test]
    public async Task A_project_says_what_it_is_for_and_shows_its_hours_to_who_runs_it([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await OpenAsync(_coordinators, screen, withScript);
        await MoreAsync(page, "Projects");
        if (withScript)
            await page.LookAsync($"projects-{screen}");
        await page.ClickAsync("text=Mill Lane Garden");
        (await page.TextContentAsync("main"))!.ShouldContain("Somebody for tests");
        await page.ClickAsync("summary:has-text('Say what it is for')");
        await page.FillAsync("textarea[name=Purpose]", $"Beans for the street, as seen on {screen}");
        await page.ClickAsync("text=Write it down");
        (await page.TextContentAsync("main"))!.ShouldContain($"Beans for the street, as seen on {screen}");
        if (withScript)
            await page.LookAsync($"project-{screen}");

        var ann = await OpenAsync(_anns, screen, withScript);
        await ann.GotoAsync($"{_bank}/projects/{_garden}");
        (await ann.TextContentAsync("main"))!.ShouldContain("Beans for the street");
        (await ann.Locator("main >> text=Somebody for tests").CountAsync()).ShouldBe(0);
        (await ann.Locator("main .hours").CountAsync()).ShouldBe(0);
    }

    [Test]
    public async Task A_provider_adds_a_service_and_says_what_goes_on_by_itself([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await OpenAsync(_staffs, screen, withScript);
        await MoreAsync(page, "Who gives services");
        await page.ClickAsync("text=Law Clinic");
        await page.ClickAsync("summary:has-text('Add a service')");
        await page.FillAsync("input[name=Title]", "First advice");
        await page.ClickAsync("details button");
        (await page.TextContentAsync("#field-lasts-wrong")).ShouldBe("Say how long it takes, or how many hours it asks.");
        (await page.InputValueAsync("input[name=Title]")).ShouldBe("First advice");
        await page.FillAsync("input[name=Lasts]", "1:30");
        await page.ClickAsync("details button");
        (await page.Locator("main li >> text=First advice").CountAsync()).ShouldBeGreaterThan(0);
        if (withScript)
            await page.LookAsync($"provider-{screen}");

        await MoreAsync(page, "What goes on by itself");
        await page.ClickAsync("main >> text=Write a rule");
        await page.FillAsync("input[name=Share]", "0,001");
        await page.ClickAsync("text=Read it as a sentence");
        (await page.TextContentAsync("#field-share-wrong"))!.ShouldStartWith("A number above 0");
        (await page.TextContentAsync("#to-0-wrong")).ShouldBe("Say who gets it.");
        await page.FillAsync("input[name=Share]", "12.5");
        await page.SelectOptionAsync("#to-0", new SelectOptionValue { Label = "Mill Lane Garden" });
        await page.SelectOptionAsync("#to-1", new SelectOptionValue { Label = "Library" });
        await page.FillAsync("#parts-0", "2");
        await page.ClickAsync("text=Read it as a sentence");
        Plain(await page.TextContentAsync("section.card")).ShouldContain("Of what comes in for Law Clinic (Service used), 12.5 % goes on at once to: Mill Lane Garden (2 of 3 parts) · Library (1 of 3 parts).");
        if (withScript)
            await page.LookAsync($"rule-new-{screen}");
        await page.ClickAsync("text=Let it count");
        await page.ClickAsync("summary:has-text('End this rule') >> nth=0");
        if (withScript)
            await page.LookAsync($"rules-{screen}");
        (await Http.GetAnswerAsync($"{_api}/rules?owner={_clinic}"))["items"]!.AsArray().Count(r => (bool)r!["active"]!).ShouldBe(1);
        await page.ClickAsync("details button >> text=End it >> nth=0");
        (await Http.GetAnswerAsync($"{_api}/rules?owner={_clinic}"))["items"]!.AsArray().Count(r => (bool)r!["active"]!).ShouldBe(0);
        (await page.Locator(".stage").First.TextContentAsync()).ShouldBe("This rule has ended.");
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.SignedInAsync(_bank, _staffs, Screen.Phone, language: "ar");
        foreach (var path in (string[])["projects", $"projects/{_garden}", "providers", $"providers/{_clinic}", "rules", "rules/new"])
        {
            await page.GotoAsync($"{_bank}/{path}");
            await page.CheckWordsAsync();
        }
        await page.LookAsync("rule-new-arabic");
    }

    private static async Task MoreAsync(IPage page, string way)
    {
        await page.ClickAsync(".menu summary");
        await page.ClickAsync($".menu details >> text={way}");
    }

    private static string Plain(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private Task<IPage> OpenAsync(string login, Screen screen, bool withScript) => Browser.SignedInAsync(_bank, login, screen, withScript);
}
