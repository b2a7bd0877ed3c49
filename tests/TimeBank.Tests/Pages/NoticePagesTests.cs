using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Notices;

namespace TimeBank.Tests.Pages;

/// <summary>What people were told, how they want to be told, and who is to be rung up.</summary>
[Category("Database"), Category("Browser")]
public sealed class NoticePagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _anns = "", _organisers = "";
    private Guid _ann, _ben;

    [SetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        (_ann, _ben) = (await Http.OpenAccountAsync(_api, "member", "Ann Ash"), await Http.OpenAccountAsync(_api, "member", "Ben Birch"));
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
        _organisers = (await Http.JoinWithLoginAsync(_api, new { role = "organiser" })).Login;
    }

    [Test]
    public async Task She_reads_what_she_was_told_and_says_how_she_wants_to_be_told([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        await LogAsync(helper: _ben, helped: _ann);
        var page = await Browser.SignedInAsync(_bank, _anns, screen, withScript);
        await page.ClickAsync(".menu summary");
        await page.ClickAsync(".menu details >> text=What you were told");
        (await page.TextContentAsync("main li"))!.ShouldContain("Ben Birch says that you were helped for 30 min");
        (await page.Locator("main li strong").CountAsync()).ShouldBe(1);
        if (withScript)
            await page.LookAsync($"notices-{screen}");
        await page.ClickAsync("text=I have read all of it");
        (await page.Locator("main li strong").CountAsync()).ShouldBe(0);
        await page.ClickAsync("text=How you want to be told");
        if (withScript)
            await page.LookAsync($"notice-settings-{screen}");
        await page.UncheckAsync("input[name=Mail][value=helpWaits]");
        await page.UncheckAsync("input[name=Digest]");
        await page.CheckAsync("input[name=Language][value=cy]");
        await page.ClickAsync("text=Keep it so");
        (await page.TextContentAsync("[role=status]")).ShouldBe("It is kept.");
        (await page.IsCheckedAsync("input[name=Mail][value=helpWaits]"), await page.IsCheckedAsync("input[name=Program][value=helpWaits]"), await page.IsCheckedAsync("input[name=Digest]"), await page.IsCheckedAsync("input[name=Language][value=cy]"))
            .ShouldBe((false, true, false, true));
    }

    [Test]
    public async Task Who_has_no_login_is_rung_up_and_that_is_written_down([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        await LogAsync(helper: _ann, helped: _ben);
        var page = await Browser.SignedInAsync(_bank, _organisers, screen, withScript);
        await page.ClickAsync(".menu summary");
        await page.ClickAsync(".menu details >> text=Whom to ring or write to");
        (await page.TextContentAsync("main li"))!.ShouldContain("Ben Birch");
        (await page.TextContentAsync("main li li"))!.ShouldContain("Ann Ash says that you were helped for 30 min");
        if (withScript)
            await page.LookAsync($"tellings-{screen}");
        await page.ClickAsync("text=I told them by telephone");

        (await page.TextContentAsync("main"))!.ShouldContain("Nobody waits to be told anything.");
        ((string?)(await Http.GetAnswerAsync($"{_api}/tellings?told=true"))["items"]![0]!["notices"]![0]!["toldHow"]).ShouldBe("telephone");
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        await LogAsync(helper: _ann, helped: _ben);
        await LogAsync(helper: _ben, helped: _ann);
        var page = await Browser.SignedInAsync($"{_bank}/tellings", _organisers, Screen.Phone, language: "ar");
        await page.CheckWordsAsync();
        var ann = await Browser.SignedInAsync($"{_bank}/notices", _anns, Screen.Phone, language: "ar");
        await ann.CheckWordsAsync();
        await ann.LookAsync("notices-arabic");
        await ann.GotoAsync($"{_bank}/notices/settings");
        await ann.CheckWordsAsync();
    }

    /// <summary>The helper, whom an organiser writes down, says so.</summary>
    private async Task LogAsync(Guid helper, Guid helped)
    {
        var logged = await Http.PostAsync($"{_api}/contributions", new { helper, helped, minutes = 30 });
        logged.Status.ShouldBe(HttpStatusCode.Created, logged.Text);
        var notices = RunningServer.App.Services.GetRequiredService<NoticeCommands>();
        while (await notices.FollowAsync(new BankId(_bank["/banks/".Length..]), CancellationToken.None))
        {
        }
    }
}
