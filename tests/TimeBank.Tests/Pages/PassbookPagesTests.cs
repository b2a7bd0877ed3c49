using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>A member finds her hours: from the first page to every line of her passbook.</summary>
[Category("Database"), Category("Browser")]
public sealed class PassbookPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _bank = "", _login = "", _cleos = "";
    private Guid _ann, _ben, _cleo;

    [OneTimeSetUp]
    public async Task Open()
    {
        var bank = await Http.OpenBankAsync();
        _bank = bank["/v1".Length..];
        _ann = await Http.OpenAccountAsync(bank, "member", "Ann");
        _ben = await Http.OpenAccountAsync(bank, "member", "Ben", floor: -6_000);
        for (var i = 1; i <= 25; i++)
            (await Http.TransferAsync(bank, "exchange", _ben, _ann, i)).Status.ShouldBe(System.Net.HttpStatusCode.Created);
        _cleo = await Http.OpenAccountAsync(bank, "member", "Cleo");
        var rene = await Http.OpenAccountAsync(bank, "member", "René Roux", floor: -6_000);
        await MoveAsync(bank, rene, _cleo, "Pruned the pear trees", "2025-11-03");
        await MoveAsync(bank, _cleo, rene, "A café table mended", "2025-12-24");
        for (var i = 1; i <= 25; i++)
            (await Http.TransferAsync(bank, "exchange", _ben, _cleo, i)).Status.ShouldBe(System.Net.HttpStatusCode.Created);
        _cleos = (await Http.JoinWithLoginAsync(bank, new { role = "member", account = _cleo })).Login;
        _login = (await Http.JoinWithLoginAsync(bank, new { role = "member", account = _ann })).Login;
    }

    [Test]
    public async Task She_signs_in_reads_what_she_has_and_leafs_through_the_passbook([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.OpenAsync(screen, withScript: withScript);
        await page.GotoAsync("/");
        if (withScript)
            await page.LookAsync($"home-{screen}");
        await page.GotoAsync(_bank);

        page.Url.ShouldContain("/sign-in?to=");
        await page.ClickAsync("main button");
        (await page.TextContentAsync("#field-login-wrong")).ShouldBe("Type your login name.");
        await page.SignInAsync(_login, "not her password");
        (await page.TextContentAsync("[role=alert]"))!.ShouldStartWith("Login name and password do not belong together.");
        (await page.InputValueAsync("input[name=Login]")).ShouldBe(_login);
        if (withScript)
            await page.LookAsync($"sign-in-wrong-{screen}");
        await page.SignInAsync(_login);

        new Uri(page.Url).AbsolutePath.ShouldBe(_bank);
        (await page.TextContentAsync(".hours")).ShouldBe("You have 5 h 25 min.");
        if (withScript)
            await page.LookAsync($"hours-{screen}");
        await page.ClickAsync(".card a");
        (await page.Locator("#entries tbody tr").CountAsync()).ShouldBe(20);
        (await page.Locator("#entries tbody tr").First.InnerTextAsync()).ShouldContain("came: 25 min");
        if (withScript)
            await page.LookAsync($"passbook-{screen}");
        await page.ClickAsync("a[rel=next]");
        (await page.Locator("#entries tbody tr").CountAsync()).ShouldBe(5);
        (await page.Locator("#entries tbody tr").Last.InnerTextAsync()).ShouldContain("1 min");

        await page.ClickAsync("header button");
        new Uri(page.Url).AbsolutePath.ShouldBe("/");
        await page.GotoAsync(_bank);
        page.Url.ShouldContain("/sign-in?to=");
    }

    [Test]
    public async Task The_first_page_is_light_wherever_somebody_comes_in([Values("/", "/sign-in", "about")] string path)
    {
        var page = await Browser.OpenAsync(Screen.Phone);
        await page.GotoAsync(path.StartsWith('/') ? path : $"{_bank}/{path}");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var parts = await page.EvaluateAsync<string[]>("['navigation', 'resource'].flatMap(t => performance.getEntriesByType(t)).map(e => `${e.transferSize} ${e.name}`)");
        parts.Length.ShouldBeGreaterThan(2);
        parts.Sum(p => long.Parse(p.Split(' ')[0])).ShouldBeInRange(1_000, 100_000, string.Join(", ", parts));
    }

    [TestCase("q=rene", 2), TestCase("q=ROUX&way=came", 1), TestCase("q=cafe", 1), TestCase("q=pear&month=2025-11", 1), TestCase("q=pear&month=2025-12", 0)]
    [TestCase("way=went", 1), TestCase("way=came", 20), TestCase("q=25%25", 0), TestCase("way=sideways", 20), TestCase("q=ben&way=went", 0)]
    public async Task What_she_looks_for_is_found_by_name_word_month_and_way(string asked, int found)
    {
        var page = await Browser.SignedInAsync($"{_bank}/accounts/{_cleo}?{asked}", _cleos, Screen.Phone);
        (await page.Locator("#entries tbody tr").CountAsync()).ShouldBe(found);
        if (found == 0)
            (await page.TextContentAsync("main"))!.ShouldContain("Nothing in this passbook is like that.");
    }

    [Test]
    public async Task What_was_looked_for_is_leafed_through([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.SignedInAsync($"{_bank}/accounts/{_cleo}", _cleos, screen, withScript);
        await page.ClickAsync("summary:has-text('Look for an entry')");
        await page.FillAsync("input[name=q]", "be");
        await page.SelectOptionAsync("select[name=way]", new SelectOptionValue { Label = "What came" });
        await page.ClickAsync("main form button");
        (await page.InputValueAsync("input[name=q]")).ShouldBe("be");
        (await page.Locator("#entries tbody tr").CountAsync()).ShouldBe(20);
        if (withScript)
            await page.LookAsync($"passbook-looked-{screen}");
        await page.ClickAsync("a[rel=next]");
        (await page.Locator("#entries tbody tr").CountAsync()).ShouldBe(5);
        await page.ClickAsync("text=Back to the newest");
        (await page.InputValueAsync("input[name=q]")).ShouldBeEmpty();
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await Browser.OpenAsync(Screen.Phone, "ar");
        foreach (var path in (string[])["/", "/nothing/there", _bank])
        {
            await page.GotoAsync(path);
            await page.CheckWordsAsync();
        }
        await page.SignInAsync(_login);

        (await page.GetAttributeAsync("html", "dir")).ShouldBe("rtl");
        (await page.TextContentAsync(".hours")).ShouldBe("لديك 5 س 25 د.");
        await page.CheckWordsAsync();
        await page.ClickAsync(".card a");
        await page.LookAsync("passbook-arabic");
        await page.CheckWordsAsync();
        await page.ClickAsync("footer a[lang=cy]");
        (await page.GetAttributeAsync("html", "lang")).ShouldBe("cy");
        (await page.TextContentAsync("h1")).ShouldBe("Oriau Ann");
    }

    [Test]
    public async Task Of_others_she_sees_nothing_and_reads_why()
    {
        var page = await Browser.OpenAsync(Screen.Desktop);
        await page.GotoAsync(_bank);
        await page.SignInAsync(_login);

        foreach (var (path, status, title) in ((string, int, string)[])
            [
                ($"{_bank}/accounts/{_ben}", 403, "This page is not for you"), ($"{_bank}/accounts/{Guid.NewGuid()}", 403, "This page is not for you"),
                ("/banks/no-such-bank", 404, "There is nothing here"), ("/nothing/there", 404, "There is nothing here"),
            ])
        {
            var answer = await page.GotoAsync(path);
            answer!.Status.ShouldBe(status, path);
            (await page.TextContentAsync("h1")).ShouldBe(title, path);
            await page.LookAsync($"problem-{status}");
        }
    }

    private static async Task MoveAsync(string bank, Guid payer, Guid payee, string memo, string occurred) =>
        (await Http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer, payee, minutes = 30, memo, occurred })).Status.ShouldBe(System.Net.HttpStatusCode.Created);
}
