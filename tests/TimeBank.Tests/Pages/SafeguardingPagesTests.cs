using System.Net;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>Somebody is worried: the safeguarding lead reads it, and nobody else learns of it.</summary>
[Category("Database"), Category("Browser")]
public sealed class SafeguardingPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _anns = "", _leads = "", _organisers = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        var ann = await Http.OpenAccountAsync(_api, "member", "Ann Ash");
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = ann })).Login;
        _leads = (await Http.JoinWithLoginAsync(_api, new { role = "safeguardingLead" })).Login;
        _organisers = (await Http.JoinWithLoginAsync(_api, new { role = "organiser" })).Login;
    }

    [Test]
    public async Task She_says_what_worries_her_and_the_lead_looks_after_it([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var name = $"Ben {Guid.NewGuid().ToString("N")[..8]}";
        var ben = await Http.PostAsync($"{_api}/members/enrolments", new { name, agreement = "1" });
        ben.Status.ShouldBe(HttpStatusCode.Created);
        var ann = await OpenAsync(_anns, screen, withScript);
        await ann.ClickAsync(".menu >> text=I am worried about somebody");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("#field-who-wrong")).ShouldBe("Say about whom.");
        if (withScript)
            await ann.LookAsync($"worry-{screen}");
        await ann.FillAsync("input[name=Who]", name);
        await ann.FillAsync("textarea", "He was crying at the gate.");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("[role=status]"))!.ShouldStartWith("It was received.");

        var lead = await OpenAsync(_leads, screen, withScript);
        await lead.ClickAsync(".menu >> text=Concerns");
        if (withScript)
            await lead.LookAsync($"concerns-{screen}");
        await lead.ClickAsync($"li:has-text('{name}') a");
        (await lead.TextContentAsync("blockquote")).ShouldBe("He was crying at the gate.");
        await lead.FillAsync("textarea", "Rang his sister.");
        await lead.ClickAsync("text=Write it down");
        (await lead.TextContentAsync(".stage")).ShouldBe("It is being looked into.");
        await lead.ClickAsync("main summary");
        if (withScript)
            await lead.LookAsync($"concern-{screen}");
        await lead.ClickAsync("details button");
        ((string?)(await Http.GetAnswerAsync($"{_api}/members/{ben.Id}"))["member"]!["stage"]).ShouldBe("paused");
        await lead.ClickAsync("text=It was looked after");
        (await lead.TextContentAsync(".stage")).ShouldBe("It is closed.");

        var organiser = await OpenAsync(_organisers, screen, withScript);
        (await organiser.Locator(".menu >> text=Concerns").CountAsync()).ShouldBe(0);
        (await organiser.GotoAsync(lead.Url))!.Status.ShouldBe(403);
        (await organiser.GotoAsync($"{_bank}/concerns"))!.Status.ShouldBe(403);
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var lead = await Browser.OpenAsync(Screen.Phone, "ar");
        await lead.GotoAsync($"{_bank}/concerns");
        await lead.SignInAsync(_leads);
        await lead.CheckWordsAsync();
        await lead.GotoAsync($"{_bank}/worry");
        await lead.CheckWordsAsync();
        await lead.LookAsync("worry-arabic");
    }

    private Task<IPage> OpenAsync(string login, Screen screen, bool withScript) =>
        Browser.SignedInAsync(_bank, login, screen, withScript);
}
