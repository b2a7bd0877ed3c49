using System.Net;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>Who was invited comes in, and who has lost their password gets another: from a letter or from paper.</summary>
[Category("Database"), Category("Browser")]
public sealed class ComingInPagesTests
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
    public async Task With_the_code_from_paper_she_is_in_at_once([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var ann = await Http.OpenAccountAsync(_api, "member", "Ann");
        var invited = await Http.PostAsync($"{_api}/invitations", new { name = "Ann", standing = new { role = "member", account = ann } });
        var (code, link) = ((string)invited["code"]!, (string)invited["link"]!);
        var page = await Browser.OpenAsync(screen, withScript: withScript);
        await page.GotoAsync(withScript ? new Uri(link).PathAndQuery + new Uri(link).Fragment : "/invitation");
        if (withScript)
        {
            (await page.InputValueAsync("input[name=Code]")).ShouldBe(code);
            page.Url.ShouldNotContain(code, Case.Sensitive, "What is secret stays in no history.");
        }
        else
        {
            await page.FillAsync("input[name=Code]", code.ToLowerInvariant().Replace("-", " "));
        }
        var login = $"ann-{Guid.NewGuid():N}";
        await page.FillAsync("input[name=Login]", login + " x");
        await page.FillAsync("input[name=Password]", "short");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("#field-password-wrong"))!.ShouldStartWith("This is too short");
        (await page.TextContentAsync("#field-login-wrong"))!.ShouldStartWith("At least two letters");
        if (withScript)
            await page.LookAsync($"invitation-wrong-{screen}");
        await page.FillAsync("input[name=Login]", login);
        await page.FillAsync("input[name=Password]", Logins.Password);
        await page.ClickAsync("main form button");

        new Uri(page.Url).AbsolutePath.ShouldBe(_bank);
        (await page.TextContentAsync("h2[dir=auto]")).ShouldBe("Ann");
        await page.GotoAsync("/invitation");
        await page.FillAsync("input[name=Code]", code);
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("#field-code-wrong"))!.ShouldStartWith("This code does not count");
    }

    [Test]
    public async Task A_printed_code_sets_a_new_password_and_an_address_that_nobody_has_is_not_told()
    {
        var ann = await Http.OpenAccountAsync(_api, "member", "Ann");
        var (login, person) = await Http.JoinWithLoginAsync(_api, new { role = "member", account = ann });
        var printed = await Http.PostAsync($"{_api}/people/{person}/codes", new { });
        printed.Status.ShouldBe(HttpStatusCode.Created);
        var page = await Browser.OpenAsync(Screen.Phone, withScript: false);
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("text=I have lost my password");
        await page.FillAsync("input[name=Email]", "nobody-at-all@example.org");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("[role=status]"))!.ShouldStartWith("If a login has this address");
        await page.ClickAsync("text=I have the letter");
        await page.FillAsync("input[name=Code]", "2222-2222-2222-2222");
        await page.FillAsync("input[name=Password]", "a new and longer password");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("#field-code-wrong"))!.ShouldStartWith("This does not count");
        await page.FillAsync("input[name=Code]", (string)printed["code"]!);
        await page.FillAsync("input[name=Password]", "a new and longer password");
        await page.ClickAsync("main form button");

        (await page.TextContentAsync("[role=status]")).ShouldBe("Your new password counts from now on. Sign in with it.");
        await page.SignInAsync(login, "a new and longer password");
        new Uri(page.Url).AbsolutePath.ShouldBe("/");
        (await page.Locator(".cards a").CountAsync()).ShouldBe(1);
    }

    [Test]
    public async Task The_pages_look_right_and_speak_arabic()
    {
        foreach (var path in (string[])["/lost-password", "/password-reset", "/invitation", "/sign-in"])
        {
            foreach (var screen in Screen.All)
            {
                var page = await Browser.OpenAsync(screen);
                await page.GotoAsync(path);
                await page.LookAsync($"{path[1..]}-{screen}");
            }
            var arabic = await Browser.OpenAsync(Screen.Phone, "ar");
            await arabic.GotoAsync(path);
            await arabic.CheckWordsAsync();
        }
    }

    [Test]
    public async Task Nobody_is_led_elsewhere()
    {
        var ann = await Http.OpenAccountAsync(_api, "member", "Ann");
        var (login, _) = await Http.JoinWithLoginAsync(_api, new { role = "member", account = ann });
        foreach (var to in (string[])["//evil.example/", "https://evil.example/", "/\\evil.example"])
        {
            var page = await Browser.OpenAsync(Screen.Phone);
            await page.GotoAsync($"/sign-in?to={Uri.EscapeDataString(to)}");
            await page.SignInAsync(login);
            new Uri(page.Url).PathAndQuery.ShouldBe("/", to);
            await page.GotoAsync($"/language/cy?to={Uri.EscapeDataString(to)}");
            page.Url.ShouldBe(new Uri(Http.BaseAddress!, "/").ToString(), to);
        }
    }
}
