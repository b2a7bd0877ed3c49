using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A device of one's own keeps a key, which stands for login name and password.</summary>
[Category("Database"), Category("Browser")]
public sealed class PasskeyPagesTests
{
    /// <summary>Browsers make passkeys for names, not for numbers.</summary>
    private static string Origin => $"http://localhost:{new Uri(RunningServer.App.Urls.First()).Port}";

    private string _login = "";

    [SetUp]
    public async Task Open()
    {
        var api = await RunningServer.Http.OpenBankAsync();
        var ann = await RunningServer.Http.OpenAccountAsync(api, "member", "Ann");
        _login = (await RunningServer.Http.JoinWithLoginAsync(api, new { role = "member", account = ann })).Login;
    }

    [Test]
    public async Task She_adds_her_telephone_comes_in_with_it_and_removes_it([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen)
    {
        var page = await OpenAsync(screen);
        await page.SignInAsync(_login);
        await page.ClickAsync("text=Add this device");
        (await page.TextContentAsync("#field-title-wrong"))!.ShouldStartWith("Give the device a name");
        await page.FillAsync("#field-title", "my telephone");
        await page.FillAsync("input[name=Confirm]", "not her password");
        await page.ClickAsync("text=Add this device");
        (await page.TextContentAsync("#field-confirm-wrong"))!.ShouldStartWith("This is not your password");
        (await page.InputValueAsync("#field-title")).ShouldBe("my telephone");
        await page.LookAsync($"passkey-wrong-{screen}");
        await page.FillAsync("input[name=Confirm]", Logins.Password);
        await page.ClickAsync("text=Add this device");
        await page.LookAsync($"passkey-now-{screen}");
        await page.ClickAsync("[data-passkey-make]");
        await Assertions.Expect(page.Locator("[aria-labelledby=passkeys] [role=status]")).ToHaveTextAsync("From now on this device lets you in without a password.");
        (await page.TextContentAsync("[aria-labelledby=passkeys] li"))!.ShouldContain("my telephone");
        await page.LookAsync($"passkey-{screen}");

        await page.ClickAsync("header button");
        await page.GotoAsync(Origin + "/me");
        await page.LookAsync($"sign-in-passkey-{screen}");
        await page.CheckAsync("input[name=OwnDevice]");
        await page.ClickAsync("[data-passkey-show]");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("About me");
        (await page.GetAttributeAsync("body", "data-leave")).ShouldBeNull("She said that it is her own.");

        await page.ClickAsync("[aria-label='Remove: my telephone']");
        (await page.TextContentAsync("[aria-labelledby=passkeys] [role=status]"))!.ShouldStartWith("This device lets nobody in any more.");
        await page.ClickAsync("header button");
        await page.GotoAsync(Origin + "/sign-in");
        await page.ClickAsync("[data-passkey-show]");
        await Assertions.Expect(page.Locator("main > [role=alert]")).ToHaveTextAsync("We do not know this key. Sign in with your login name and password.");
    }

    [Test]
    public async Task A_device_that_shows_no_key_says_so()
    {
        // A number is no name: its browser has keys for none.
        var page = await Browser.OpenAsync(Screen.Phone);
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("[data-passkey-show]");

        await Assertions.Expect(page.Locator("form .wrong[role=alert]")).ToContainTextAsync("The device showed no key.");
    }

    [Test]
    public async Task Without_script_nobody_reads_of_what_needs_it()
    {
        var page = await Browser.OpenAsync(Screen.Phone, withScript: false);
        await page.GotoAsync("/me");
        (await page.IsVisibleAsync("[data-passkey-show]")).ShouldBeFalse();
        await page.SignInAsync(_login);

        (await page.TextContentAsync("h1")).ShouldBe("About me");
        (await page.IsVisibleAsync("[aria-labelledby=passkeys]")).ShouldBeFalse();
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.OpenAsync(Screen.Phone, "ar");
        await page.GotoAsync(Origin + "/me");
        await page.CheckWordsAsync();
        await page.SignInAsync(_login);
        await page.CheckWordsAsync();
        await page.LookAsync("passkey-arabic");
    }

    private static async Task<IPage> OpenAsync(Screen screen)
    {
        var page = await Browser.OpenAsync(screen);
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true,
                ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        await page.GotoAsync(Origin + "/me");
        return page;
    }
}
