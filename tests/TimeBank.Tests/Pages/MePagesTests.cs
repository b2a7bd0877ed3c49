using Microsoft.Playwright;
using Shouldly;
using TimeBank.Tests.Access;

namespace TimeBank.Tests.Pages;

/// <summary>One's own login: another password, a second lock, and hours given away.</summary>
[Category("Database"), Category("Browser")]
public sealed class MePagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
    }

    [Test]
    public async Task She_takes_another_password_and_a_second_lock([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var ann = await Http.OpenAccountAsync(_api, "member", "Ann");
        var (login, _) = await Http.JoinWithLoginAsync(_api, new { role = "member", account = ann });
        var page = await Browser.OpenAsync(screen, withScript: withScript);
        await page.GotoAsync("/me");
        await page.SignInAsync(login);
        if (withScript)
            await page.LookAsync($"me-{screen}");
        await page.FillAsync("input[name=Old]", "not her password");
        await page.FillAsync("input[name=New]", "another good password");
        await page.ClickAsync("[aria-labelledby=password] button");
        (await page.TextContentAsync("#field-old-wrong"))!.ShouldStartWith("This is not your password");
        await page.FillAsync("input[name=Old]", Logins.Password);
        await page.FillAsync("input[name=New]", "another good password");
        await page.ClickAsync("[aria-labelledby=password] button");
        (await page.TextContentAsync("[role=status]"))!.ShouldStartWith("Your new password counts from now on.");

        await page.FillAsync("input[name=Present]", "another good password");
        await page.ClickAsync("[aria-labelledby=second] button");
        var secret = (await page.TextContentAsync("[aria-labelledby=second] .code"))!.Trim();
        if (withScript)
            await page.LookAsync($"me-second-{screen}");
        await page.FillAsync("input[name=Code]", "000000");
        await page.ClickAsync("[aria-labelledby=second] button");
        (await page.TextContentAsync("#field-code-wrong"))!.ShouldStartWith("Type the six digits");
        await page.FillAsync("input[name=Code]", PeopleAtTheDoor.CodeOf(secret, DateTimeOffset.UtcNow));
        await page.ClickAsync("[aria-labelledby=second] button");
        var recovery = (await page.Locator("[aria-labelledby=codes] .code").First.TextContentAsync())!.Trim();
        if (withScript)
            await page.LookAsync($"me-codes-{screen}");

        await page.ClickAsync("header button");
        await page.GotoAsync("/me");
        await page.SignInAsync(login, "another good password");
        await page.FillAsync("input[name=Password]", "another good password");
        await page.FillAsync("input[name=Code]", recovery.ToLowerInvariant());
        await page.ClickAsync("main button");
        (await page.TextContentAsync("[aria-labelledby=second]"))!.ShouldContain("you are also asked for a code");
    }

    [Test]
    public async Task She_gives_hours_away_and_sees_first_what_moves([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var ann = await Http.OpenAccountAsync(_api, "member", $"Ann {Guid.NewGuid():N}");
        var pot = await Http.OpenAccountAsync(_api, "pot", $"Chest {Guid.NewGuid():N}");
        var ben = await Http.OpenAccountAsync(_api, "member", "Ben", floor: -600);
        await Http.TransferAsync(_api, "exchange", ben, ann, 90);
        var (login, _) = await Http.JoinWithLoginAsync(_api, new { role = "member", account = ann });
        var name = (string)(await Http.GetAnswerAsync($"{_api}/accounts/{pot}"))["name"]!;
        var page = await Browser.OpenAsync(screen, withScript: withScript);
        await page.GotoAsync($"{_bank}/give");
        await page.SignInAsync(login);
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("#field-who-wrong")).ShouldBe("Say to whom.");
        await page.FillAsync("input[name=Who]", name[..12]);
        await page.FillAsync("input[name=Amount]", "30 min");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("section.card"))!.ShouldContain($"30 min from");
        (await Http.BalanceAsync(_api, pot)).ShouldBe(0, "It was only looked at.");
        if (withScript)
            await page.LookAsync($"give-{screen}");
        await page.ClickAsync("text=Give it");

        (await page.TextContentAsync(".hours")).ShouldBe("You have 1 h.");
        (await Http.BalanceAsync(_api, pot)).ShouldBe(30);
        (await page.Locator("tbody tr").First.InnerTextAsync()).ShouldContain("Gift");
    }

    [Test]
    public async Task What_changes_elsewhere_changes_here_within_a_second()
    {
        var ann = await Http.OpenAccountAsync(_api, "member", "Ann");
        var ben = await Http.OpenAccountAsync(_api, "member", "Ben", floor: -600);
        var (login, _) = await Http.JoinWithLoginAsync(_api, new { role = "member", account = ann });
        var page = await Browser.OpenAsync(Screen.Phone);
        await page.GotoAsync($"{_bank}/accounts/{ann}");
        var stream = page.WaitForResponseAsync(r => r.Url.EndsWith("/changes", StringComparison.Ordinal));
        await page.SignInAsync(login);
        (await stream).Status.ShouldBe(200);
        (await page.TextContentAsync(".hours")).ShouldBe("You have given as much as you received.");

        await Http.TransferAsync(_api, "exchange", ben, ann, 45);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Assertions.Expect(page.Locator(".hours")).ToContainTextAsync("45 min");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));

        using var bens = (await Http.JoinAsync(_api, new { role = "member", account = ben })).Http;
        (await bens.GetAnswerAsync($"{_bank}/accounts/{ann}/changes")).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task A_month_of_the_passbook_is_shown_and_taken_along()
    {
        var ann = await Http.OpenAccountAsync(_api, "member", "=Ann");
        var ben = await Http.OpenAccountAsync(_api, "member", "=Ben", floor: -600);
        await Http.TransferAsync(_api, "exchange", ben, ann, 45);
        var (login, _) = await Http.JoinWithLoginAsync(_api, new { role = "member", account = ann });
        var page = await Browser.OpenAsync(Screen.Phone);
        await page.GotoAsync($"{_bank}/accounts/{ann}?month=2020-01");
        await page.SignInAsync(login);
        (await page.TextContentAsync("main"))!.ShouldContain("Nothing came and nothing went in this month.");
        await page.GotoAsync($"{_bank}/accounts/{ann}?month={DateTime.UtcNow:yyyy-MM}");
        (await page.Locator("tbody tr").CountAsync()).ShouldBe(1);
        await page.LookAsync("passbook-month");

        var address = (await page.GetAttributeAsync("a[href*='.csv']", "href"))!;
        var file = await (await page.Context.APIRequest.GetAsync(address)).TextAsync();
        file.Split('\n')[0].ShouldContain("Day,What,With,Minutes,Then there were,What was done?");
        file.ShouldContain("Help between members,'=Ben,45,45,", Case.Sensitive, "A name is no formula.");
        (await page.Context.APIRequest.GetAsync($"{_bank}/accounts/{ben}/passbook.csv")).Status.ShouldBe(403);
    }
}
