using Microsoft.Playwright;
using Shouldly;
using TimeBank.Access;

namespace TimeBank.Tests.Pages;

/// <summary>What goes wrong at a kitchen table and in a library: two windows, the way back, a lost connection, and who sits down next. Nothing typed is lost, nothing moves twice, nothing of a person stays.</summary>
[Category("Database"), Category("Browser")]
public sealed class EdgePagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _login = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        _ann = await Http.OpenAccountAsync(_api, "member", "Ann Ash");
        _ben = await Http.OpenAccountAsync(_api, "member", "Ben Birch");
        _login = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
    }

    private Task<IPage> OpenAsync(string path, Screen? screen = null, bool withScript = true, string language = "en") =>
        Browser.SignedInAsync(_bank + path, _login, screen ?? Screen.Phone, withScript, language);

    private async Task<long> LoggedAsync() => (await Http.GetAnswerAsync($"{_api}/contributions?account={_ann}&limit=100"))["items"].AsArray().Count;

    private static async Task FillAsync(IPage page, string memo)
    {
        await page.FillAsync("input[name=Who]", "Ben Birch");
        await page.FillAsync("input[name=Amount]", "20 min");
        await page.FillAsync("input[name=Memo]", memo);
    }

    private static async Task SendAsync(IPage page)
    {
        await page.ClickAsync("main form button");
        await page.Locator(".stage").WaitForAsync();
    }

    [Test]
    public async Task Who_goes_back_and_sends_once_more_has_written_it_down_once()
    {
        var page = await OpenAsync("/help");
        await FillAsync(page, "Once");
        var before = await LoggedAsync();
        await SendAsync(page);
        var logged = page.Url;

        await page.GoBackAsync();
        (await page.InputValueAsync("input[name=Amount]")).ShouldBe("20 min", "Nothing that was typed is lost.");
        await SendAsync(page);
        page.Url.ShouldBe(logged, "The same form, sent again, is the same help.");
        (await LoggedAsync()).ShouldBe(before + 1);

        await page.GoBackAsync();
        await page.FillAsync("input[name=Amount]", "25 min");
        await SendAsync(page);
        page.Url.ShouldNotBe(logged, "Another amount is another help.");
        (await LoggedAsync()).ShouldBe(before + 2);
    }

    [Test]
    public async Task After_each_step_the_focus_is_where_one_goes_on([Values] bool withScript)
    {
        var page = await OpenAsync("/give", Screen.Desktop, withScript);
        await page.FillAsync("input[name=Who]", "Ben Birch");
        await page.FillAsync("input[name=Amount]", "a while");
        await page.ClickAsync("main form button");
        await Assertions.Expect(page.Locator("input[name=Amount]")).ToBeFocusedAsync();

        await page.FillAsync("input[name=Amount]", "20 min");
        await page.ClickAsync("main form button");
        await Assertions.Expect(page.Locator("[aria-labelledby=preview]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("button[value=now]")).ToBeFocusedAsync();

        await page.FillAsync("input[name=Amount]", "900 h");
        await page.ClickAsync("button[value=look]");
        await Assertions.Expect(page.Locator("[role=alert]")).ToBeFocusedAsync();
    }

    [Test]
    public async Task Two_clicks_are_one()
    {
        var page = await OpenAsync("/help");
        await FillAsync(page, "Two clicks");
        var before = await LoggedAsync();

        await page.DblClickAsync("main form button");
        await page.Locator(".stage").WaitForAsync();

        (await LoggedAsync()).ShouldBe(before + 1);
    }

    [Test]
    public async Task Who_says_yes_twice_reads_that_it_is_done([Values] bool withScript)
    {
        var logged = await Http.PostAsync($"{_api}/contributions", new { helper = _ben, helped = _ann, minutes = 20 });
        var had = await Http.BalanceAsync(_api, _ben);
        var page = await OpenAsync($"/help/{logged.Id}", withScript: withScript);

        await page.DblClickAsync("section.card button");
        await Assertions.Expect(page.Locator(".stage")).ToHaveTextAsync("It is confirmed: 20 min were given for it.");
        await page.GoBackAsync();
        if (await page.Locator("section.card button").CountAsync() > 0)
            await page.ClickAsync("section.card button");
        await Assertions.Expect(page.Locator(".stage")).ToHaveTextAsync("It is confirmed: 20 min were given for it.");
        (await Http.BalanceAsync(_api, _ben)).ShouldBe(had + 20);
    }

    [Test]
    public async Task What_was_typed_outlives_a_session_that_ended([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await OpenAsync("/help", screen, withScript);
        await FillAsync(page, "Line & \"line\"");
        var before = await LoggedAsync();
        await page.Context.ClearCookiesAsync(new BrowserContextClearCookiesOptions { Name = SessionCookie.Name });

        await page.ClickAsync("main form button");
        (await page.TextContentAsync("h1")).ShouldBe("You were signed out");
        (await LoggedAsync()).ShouldBe(before);
        if (withScript)
            await page.LookAsync($"signed-out-{screen}");
        var other = await page.Context.RunAndWaitForPageAsync(() => page.ClickAsync("text=Sign in, in a new window"));
        await other.SignInAsync(_login);
        await page.BringToFrontAsync();
        await page.ClickAsync("text=Send what I typed");

        await page.Locator(".stage").WaitForAsync();
        (await page.TextContentAsync("main"))!.ShouldContain("Line & \"line\"");
        (await LoggedAsync()).ShouldBe(before + 1);
    }

    [Test]
    public async Task In_two_windows_each_form_counts_and_after_signing_out_in_one_nothing_is_lost_in_the_other()
    {
        var first = await OpenAsync("/help");
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync($"{_bank}/help");
        var before = await LoggedAsync();
        await FillAsync(first, "The first window");
        await FillAsync(second, "The second window");
        await second.ClickAsync("main form button");
        await second.Locator(".stage").WaitForAsync();
        await second.ClickAsync("text=Sign out");

        await first.ClickAsync("main form button");

        (await first.TextContentAsync("h1")).ShouldBe("You were signed out");
        (await first.InputValueAsync("main input[name=Memo]")).ShouldBe("The first window");
        (await LoggedAsync()).ShouldBe(before + 1);
    }

    [Test]
    public async Task Another_sites_form_is_not_kept_for_who_signs_in()
    {
        using var nobody = RunningServer.Nobody(RunningServer.App);
        foreach (var origin in (string[])["https://example.org", "null", ""])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{_bank}/give") { Content = new FormUrlEncodedContent([new("Who", "Somebody from elsewhere")]) };
            request.Headers.Accept.ParseAdd("text/html");
            if (origin.Length > 0)
                request.Headers.TryAddWithoutValidation("Origin", origin);
            using var answer = await nobody.SendAsync(request);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("Somebody from elsewhere", customMessage: origin);
        }
    }

    [Test]
    public async Task Without_a_connection_nothing_typed_is_lost_and_the_page_says_so()
    {
        var page = await OpenAsync("");
        await ReadyAsync(page);
        await page.GotoAsync($"{_bank}/help");
        await FillAsync(page, "Typed in the lift");
        await page.Context.SetOfflineAsync(true);

        await page.ReloadAsync();
        (await page.TextContentAsync("h1")).ShouldBe("There is no connection");
        (await page.Locator("a.button").CountAsync()).ShouldBe(1);
        await page.LookAsync("offline-phone");
        await page.Context.SetOfflineAsync(false);
        await page.ClickAsync("text=Try again");

        (await page.TextContentAsync("h1")).ShouldNotBe("There is no connection");
    }

    [Test]
    public async Task On_ones_own_device_hours_and_vouchers_stay_readable_until_one_signs_out()
    {
        var page = await Browser.OpenAsync(Screen.Phone);
        await page.GotoAsync(_bank);
        await page.CheckAsync("input[name=OwnDevice]");
        await page.LookAsync("sign-in-own-device-phone");
        await page.SignInAsync(_login);
        await ReadyAsync(page);
        await page.GotoAsync($"{_bank}/accounts/{_ann}");
        (await page.Locator("[data-kept]").IsVisibleAsync()).ShouldBeFalse("There is a connection.");

        await page.Context.SetOfflineAsync(true);
        await page.ReloadAsync();
        (await page.TextContentAsync("[data-kept]"))!.ShouldStartWith("There is no connection now. This is how it stood on ");
        (await page.Locator("[data-kept]").IsVisibleAsync()).ShouldBeTrue();
        (await page.TextContentAsync("main"))!.ShouldContain("Ann Ash");
        await page.LookAsync("offline-passbook-phone");
        await page.Context.SetOfflineAsync(false);
        await page.ClickAsync("text=Sign out");
        await ReadyAsync(page);
        await page.Context.SetOfflineAsync(true);

        await page.GotoAsync($"{_bank}/accounts/{_ann}");
        (await page.TextContentAsync("h1")).ShouldBe("There is no connection");
        (await page.ContentAsync()).ShouldNotContain("Ann Ash");
    }

    [Test]
    public async Task On_a_shared_device_nothing_of_a_person_is_kept()
    {
        var page = await OpenAsync($"/accounts/{_ann}");
        await ReadyAsync(page);
        await page.ReloadAsync();
        await page.Context.SetOfflineAsync(true);

        await page.ReloadAsync();

        (await page.TextContentAsync("h1")).ShouldBe("There is no connection");
        (await page.ContentAsync()).ShouldNotContain("Ann Ash");
    }

    [Test]
    public async Task On_a_shared_device_who_walks_away_is_signed_out_after_ten_minutes_and_on_ones_own_not()
    {
        var page = await Browser.OpenAsync(Screen.Desktop);
        await page.Clock.InstallAsync();
        await page.GotoAsync(_bank);
        await page.SignInAsync(_login);
        await page.GotoAsync(_bank);
        await page.Clock.FastForwardAsync("09:00");
        await page.Keyboard.PressAsync("Tab");
        await page.Clock.RunForAsync("05:00");
        (await page.TextContentAsync("h1")).ShouldBe("Your hours", "Who does something is there.");

        await page.Clock.RunForAsync("06:00");
        await Assertions.Expect(page).ToHaveURLAsync("/sign-in?left=shared");
        (await page.TextContentAsync("[role=status]")).ShouldBe("Nothing happened here for 10 minutes, so you were signed out.");
        await page.LookAsync("signed-out-shared-desktop");
        await page.GotoAsync(_bank);
        page.Url.ShouldContain("/sign-in");
    }

    [Test]
    public async Task Whose_session_had_ended_by_then_reads_the_same()
    {
        var page = await Browser.OpenAsync(Screen.Desktop);
        await page.Clock.InstallAsync();
        await page.GotoAsync(_bank);
        await page.SignInAsync(_login);
        await page.Context.ClearCookiesAsync(new BrowserContextClearCookiesOptions { Name = SessionCookie.Name });
        await page.Clock.RunForAsync("10:10");
        await Assertions.Expect(page).ToHaveURLAsync("/sign-in?left=shared");
        (await page.TextContentAsync("[role=status]"))!.ShouldStartWith("Nothing happened here for 10 minutes");
    }

    [Test]
    public async Task A_shared_devices_session_ends_ten_minutes_after_its_last_use_and_an_own_ones_after_fourteen_days()
    {
        var clock = new TurnedClock(DateTimeOffset.UtcNow);
        await using var app = await RunningServer.StartServer(RunningServer.Store, clock);
        foreach (var (own, still, over) in new[] { (false, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(10)), (true, TimeSpan.FromDays(12), TimeSpan.FromDays(14)) })
        {
            using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
            var opened = await browser.PostAsync("/v1/sessions", new { login = _login, password = Logins.Password, door = "page", ownDevice = own });
            ((int)opened.Status).ShouldBe(204, opened.Text);
            for (var i = 0; i < 3; i++)
            {
                clock.Turn(still);
                ((int)(await browser.GetAsync(_bank)).StatusCode).ShouldBe(200, "Whoever uses it stays.");
            }
            clock.Turn(over);
            ((int)(await browser.GetAsync(_bank)).StatusCode).ShouldBe(302);
        }
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await OpenAsync("/help", language: "ar");
        await FillAsync(page, "مرة");
        await page.Context.ClearCookiesAsync(new BrowserContextClearCookiesOptions { Name = SessionCookie.Name });
        await page.ClickAsync("main form button");
        await page.CheckWordsAsync();
        await page.LookAsync("signed-out-arabic");
        await page.GotoAsync("/offline");
        await page.CheckWordsAsync();
        await page.LookAsync("offline-arabic");
        await page.GotoAsync("/sign-in?left=shared");
        await page.CheckWordsAsync();
        await page.LookAsync("sign-in-arabic");
    }

    /// <summary>The worker looks after the page from here on.</summary>
    private static async Task ReadyAsync(IPage page)
    {
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done)))");
        await page.ReloadAsync();
    }
}
