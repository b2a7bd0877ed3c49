using System.Net;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>Somebody asks for help, somebody answers, they find a day, and the help is written down.</summary>
[Category("Database"), Category("Browser")]
public sealed class ListingPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _anns = "", _bens = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync(new { language = "en" });
        _bank = _api["/v1".Length..];
        _anns = await JoinAsync("Ann Ash", "029 2018 0001");
        _bens = await JoinAsync("Ben Birch", "029 2018 0002");
    }

    [Test]
    public async Task From_a_request_to_help_given([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var title = $"A lift to the doctor {Guid.NewGuid().ToString("N")[..6]}";
        var ann = await OpenAsync(_anns, screen, withScript);
        await ann.ClickAsync(".menu >> text=Find help, offer help");
        if (withScript)
            await ann.LookAsync($"listings-{screen}");
        await ann.ClickAsync("main >> text=I need help");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("#field-title-wrong"))!.ShouldStartWith("Say in a few words");
        if (withScript)
            await ann.LookAsync($"listing-new-{screen}");
        await ann.FillAsync("input[name=Title]", title);
        await ann.SelectOptionAsync("select[name=Category]", "seeing-a-doctor");
        await ann.FillAsync("textarea", "On a Tuesday, if you can");
        await ann.FillAsync("input[name=About]", "1:30");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("h1")).ShouldBe(title);

        var ben = await OpenAsync(_bens, screen, withScript);
        await ben.GotoAsync($"{_bank}/listings");
        await ben.FillAsync("input[name=q]", "lift " + title[^6..]);
        await ben.ClickAsync("main form button");
        await ben.ClickAsync($"[aria-labelledby=found] >> text={title}");
        if (withScript)
            await ben.LookAsync($"listing-{screen}");
        await ben.FillAsync("input[name=Memo]", "I have a car");
        await ben.ClickAsync("text=I can help");
        (await ben.TextContentAsync(".stage")).ShouldBe("It needs a day.");
        (await ben.TextContentAsync("main"))!.ShouldNotContain("029 2018 0001", Case.Sensitive, "Numbers pass when both agree.");
        await ben.FillAsync("input[name=Day]", DateOnly.FromDateTime(DateTime.UtcNow).ToString("yyyy-MM-dd"));
        await ben.FillAsync("input[name=About]", "1:30");
        await ben.ClickAsync("text=Propose it");
        (await ben.TextContentAsync(".stage")).ShouldBe("It waits for the yes of Ann Ash.");
        if (withScript)
            await ben.LookAsync($"arrangement-{screen}");

        await ann.GotoAsync(_bank);
        await ann.ClickAsync($"[aria-labelledby=arranged] li:has-text('waits for the yes') a");
        await ann.ClickAsync("text=That suits me");
        (await ann.TextContentAsync(".stage")).ShouldBe("Both said yes.");
        (await ann.TextContentAsync("[aria-labelledby=contact]"))!.ShouldContain("029 2018 0002");
        if (withScript)
            await ann.LookAsync($"arrangement-agreed-{screen}");
        await ann.ClickAsync("text=It was done");
        await ann.ClickAsync("main a.button");
        (await ann.TextContentAsync("main"))!.ShouldContain("Ben Birch helped Ann Ash for 1 h 30 min");
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var ann = await OpenAsync(_anns, Screen.Phone, language: "ar");
        await ann.GotoAsync($"{_bank}/listings/new");
        await ann.FillAsync("input[name=Title]", "درس");
        await ann.ClickAsync("main form button");
        await ann.CheckWordsAsync();
        await ann.GotoAsync($"{_bank}/listings");
        await ann.CheckWordsAsync();
        await ann.LookAsync("listings-arabic");
    }

    private async Task<string> JoinAsync(string name, string telephone)
    {
        var enrolled = await Http.PostAsync($"{_api}/members/enrolments", new { name, telephone, agreement = "1" });
        enrolled.Status.ShouldBe(HttpStatusCode.Created, enrolled.Text);
        return (await Http.JoinWithLoginAsync(_api, new { role = "member", account = enrolled.Id })).Login;
    }

    private Task<IPage> OpenAsync(string login, Screen screen, bool withScript = true, string language = "en") =>
        Browser.SignedInAsync(_bank, login, screen, withScript, language);
}
