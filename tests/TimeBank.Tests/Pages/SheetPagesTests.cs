using System.Net;
using System.Text;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A sign-in sheet as a file: each line says what it will do, asks where it is not clear, and all of it is one posting.</summary>
[Category("Database"), Category("Browser")]
public sealed class SheetPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _login = "";
    private Guid _ann;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        var garden = await Http.OpenAccountAsync(_api, "project", "Mill Lane Garden");
        _login = (await Http.JoinWithLoginAsync(_api, new { role = "coordinator", account = garden })).Login;
        _ann = await EnrolAsync("Ann Ash", "17");
        await EnrolAsync("Ben Birch", "18");
        await EnrolAsync("Ben Birch", "19");
    }

    [Test]
    public async Task Each_line_says_what_it_does_and_all_are_credited_together([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var had = await Http.BalanceAsync(_api, _ann);
        var page = await Browser.SignedInAsync($"{_bank}/credit", _login, screen, withScript);
        await page.ClickAsync("text=A sign-in sheet as a file");
        await page.ClickAsync("text=Read it");
        (await page.TextContentAsync("#field-sheet-wrong"))!.ShouldStartWith("Choose a file");
        await SendAsync(page, "name,hours\nAnn,2\n");
        (await page.TextContentAsync("[role=alert]")).ShouldBe("This file cannot be read. What is wrong with it, line by line:");
        if (withScript)
            await page.LookAsync($"sheet-wrong-{screen}");
        await SendAsync(page, "who;minutes;memo\n17;90;Weeding\nBen Birch;60;\nNobody at all;30;\nAnn Ash;x;\n");
        (await page.TextContentAsync("[role=alert]")).ShouldBe("Not yet: 3 of 4 lines ask you something.");
        (await page.EvaluateAsync<double>("document.querySelector('progress').position")).ShouldBe(0.25);
        if (withScript)
            await page.LookAsync($"sheet-{screen}");
        await page.SelectOptionAsync("[name=Line-3]", new SelectOptionValue { Index = 1 });
        await page.SelectOptionAsync("[name=Line-4]", "leave");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("#wrong-5")).ShouldBe("The minutes are not a whole number from 1 to 1440.");
        (await page.Locator("[name=Line-4]").InputValueAsync()).ShouldBe("leave", "What was chosen stays.");
        await page.SelectOptionAsync("[name=Line-5]", "leave");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("[role=status]"))!.ShouldContain("People: 2. Together 2 h 30 min for work on Mill Lane Garden.");
        if (withScript)
            await page.LookAsync($"sheet-clear-{screen}");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had, "It was only looked at.");
        await page.ClickAsync("text=Credit them");

        (await page.TextContentAsync("h1")).ShouldBe("What moved together");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had + 90);
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.SignedInAsync($"{_bank}/credit/sheet", _login, Screen.Phone, language: "ar");
        await page.CheckWordsAsync();
        await SendAsync(page, "who,minutes\n17,90\nBen Birch,60\nx,-1\n");
        await page.CheckWordsAsync();
        await page.LookAsync("sheet-arabic");
    }

    private static async Task SendAsync(IPage page, string sheet)
    {
        if (!await page.Locator("input[type=file]").IsVisibleAsync())
            await page.ClickAsync("details:has(input[type=file]) summary");
        await page.SetInputFilesAsync("input[type=file]", new FilePayload { Name = "sheet.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(sheet) });
        await page.ClickAsync("form:has(input[type=file]) button");
    }

    private async Task<Guid> EnrolAsync(string name, string number)
    {
        var enrolled = await Http.PostAsync($"{_api}/members/enrolments", new { name, number, agreement = "1" });
        enrolled.Status.ShouldBe(HttpStatusCode.Created, enrolled.Text);
        return enrolled.Id;
    }
}
