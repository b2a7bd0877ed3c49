using System.Net;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A stranger asks to join, and an organiser sees it.</summary>
[Category("Database"), Category("Browser")]
public sealed class JoinPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _organiser = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        (_organiser, _) = await Http.JoinWithLoginAsync(_api, new { role = "organiser" });
    }

    [Test]
    public async Task A_stranger_says_who_they_are_is_told_what_is_missing_and_loses_nothing([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var name = $"Noor {Guid.NewGuid():N}";
        var page = await Browser.OpenAsync(screen, withScript: withScript);
        await page.GotoAsync($"{_bank}/join");
        await page.FillAsync("input[name=Person]", name);
        await page.FillAsync("input[name=Neighbourhood]", "North End");
        await page.FillAsync("textarea[name=About]", "I can sew.");
        await page.FillAsync("input[name=Born]", "20x1");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("#field-telephone-wrong"))!.ShouldStartWith("Please say how we can reach you");
        (await page.TextContentAsync("#field-born-wrong"))!.ShouldStartWith("Please write the year");
        if (withScript)
            await page.LookAsync($"join-wrong-{screen}");
        (await page.InputValueAsync("input[name=Person]"), await page.InputValueAsync("textarea[name=About]")).ShouldBe((name, "I can sew."));
        await page.FillAsync("input[name=Telephone]", "555 0177");
        await page.FillAsync("input[name=Born]", "");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("[role=status]"))!.ShouldStartWith("Thank you.");
        if (withScript)
            await page.LookAsync($"join-sent-{screen}");

        var today = await Browser.SignedInAsync($"{_bank}/today?kind=members", _organiser, screen);
        (await today.TextContentAsync("main"))!.ShouldContain(name);
        await today.ClickAsync($"li:has-text('{name}') a");
        (await today.TextContentAsync("dl"))!.ShouldContain("I can sew.");
        (await today.TextContentAsync("dl"))!.ShouldContain("north-end");
    }

    [Test]
    public async Task The_page_speaks_arabic_and_a_place_of_which_no_code_can_be_made_is_kept_in_words()
    {
        var page = await Browser.OpenAsync(Screen.Phone, "ar");
        await page.GotoAsync($"{_bank}/join");
        await page.CheckWordsAsync();
        await page.LookAsync("join-arabic");
        await page.FillAsync("input[name=Person]", "نور");
        await page.FillAsync("input[name=Email]", "noor@example.org");
        await page.FillAsync("input[name=Neighbourhood]", "الحي القديم");
        await page.CheckAsync("input[name=Under18]");
        await page.ClickAsync("main form button");
        await page.CheckWordsAsync();

        var members = (await Http.GetAnswerAsync($"{_api}/members?stage=applied&limit=100"))["items"].AsArray();
        var noor = members.Single(m => (string?)m!["name"] == "نور")!;
        ((string)noor["about"]!).ShouldBe("الحي القديم");
        (await Http.GetAnswerAsync($"{_api}/members/{(Guid)noor["member"]!["id"]!}/youth")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_form_that_does_not_come_from_our_page_is_not_taken()
    {
        using var stranger = RunningServer.Nobody(RunningServer.App);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "join", ["Person"] = "Mallory", ["Telephone"] = "1" });

        (await stranger.PostAsync($"{_bank}/join", form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await Http.GetAnswerAsync($"{_api}/members?stage=applied&limit=100"))["items"].AsArray().ShouldNotContain(m => (string?)m!["name"] == "Mallory");
    }
}
