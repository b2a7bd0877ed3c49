using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>Help is written down by one side and confirmed by the other, who reads first what will move.</summary>
[Category("Database"), Category("Browser")]
public sealed class HelpPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _annsLogin = "", _bensLogin = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        _ann = await Http.OpenAccountAsync(_api, "member", "Ann Ash");
        _ben = await Http.OpenAccountAsync(_api, "member", "Ben Birch", floor: -6_000);
        foreach (var name in (string[])["Ben Beech", "Cara"])
            await Http.OpenAccountAsync(_api, "member", name);
        await Http.OpenAccountAsync(_api, "pot", "Ben's pot");
        await Http.OpenAccountAsync(_api, "project", "Garden Lane");
        _annsLogin = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
        _bensLogin = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ben })).Login;
    }

    [Test]
    public async Task She_writes_it_down_and_he_says_yes([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var (before, bens) = (await Http.BalanceAsync(_api, _ann), await Http.BalanceAsync(_api, _ben));
        var ann = await OpenAsync(_annsLogin, screen, withScript);
        await ann.ClickAsync("main a.button:not(.quiet)");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("#field-who-wrong")).ShouldBe("Choose somebody, or type a name.");
        (await ann.TextContentAsync("#field-amount-wrong"))!.ShouldStartWith("Say how long");
        await ann.FillAsync("input[name=Memo]", "Put up a shelf");
        await ann.FillAsync("input[name=Amount]", "90");
        await ann.FillAsync("input[name=Who]", "ben");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("#field-amount-wrong"))!.ShouldStartWith("Hours or minutes?");
        (await ann.Locator(".choice bdi").AllTextContentsAsync()).ShouldBe(["Ben Birch", "Ben Beech"], "A pot is not helped.");
        (await ann.InputValueAsync("input[name=Memo]")).ShouldBe("Put up a shelf", "Nothing that was typed is lost.");
        if (withScript)
            await ann.LookAsync($"help-wrong-{screen}");
        await ann.ClickAsync("text=Ben Birch");
        await ann.FillAsync("input[name=Amount]", "1h30");
        await ann.ClickAsync("main form button");

        (await ann.TextContentAsync("main")).ShouldNotBeNull().ShouldContain("It waits for the yes of Ben Birch.");
        (await ann.Locator("text=Yes, it is so").CountAsync()).ShouldBe(0, "Nobody says yes to hours of their own.");
        if (withScript)
            await ann.LookAsync($"help-logged-{screen}");

        var ben = await OpenAsync(_bensLogin, screen, withScript);
        await ben.Locator(".card", new PageLocatorOptions { HasText = "It waits for your yes." }).First.Locator("a").ClickAsync();
        (await ben.TextContentAsync("section.card"))!.ShouldContain("1 h 30 min go from Ben Birch to Ann Ash.", Case.Sensitive);
        if (withScript)
            await ben.LookAsync($"help-asked-{screen}");
        await ben.ClickAsync("section.card button");
        (await ben.TextContentAsync(".stage")).ShouldBe("It is confirmed: 1 h 30 min were given for it.");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(before + 90);
        (await Http.BalanceAsync(_api, _ben)).ShouldBe(bens - 90);
    }

    [Test]
    public async Task What_was_not_so_moves_nothing_and_what_was_sent_twice_is_one()
    {
        var ann = await OpenAsync(_annsLogin, Screen.Phone);
        await ann.GotoAsync($"{_bank}/help");
        await ann.FillAsync("input[name=Who]", "Cara");
        await ann.FillAsync("input[name=Amount]", "2");
        var form = await ann.EvaluateAsync<Dictionary<string, string>>("Object.fromEntries(new FormData(document.querySelector('main form')))");
        var (once, twice) = (await SendAsync(ann, form), await SendAsync(ann, form));
        twice.ShouldBe(once, "The same form, sent again, is the same help.");
        await ann.GotoAsync(once);
        await ann.ClickAsync("text=Take it back");
        (await ann.TextContentAsync(".stage")).ShouldBe("It was taken back.");

        var had = await Http.BalanceAsync(_api, _ben);
        await ann.GotoAsync($"{_bank}/help");
        await ann.FillAsync("input[name=Who]", "Ben Birch");
        await ann.FillAsync("input[name=Amount]", "20 min");
        await ann.ClickAsync("main form button");
        var ben = await OpenAsync(_bensLogin, Screen.Phone);
        await ben.GotoAsync(ann.Url);
        await ben.ClickAsync("main summary");
        await ben.FillAsync("input[name=Reason]", "It was Cara");
        await ben.ClickAsync("details button");
        (await ben.TextContentAsync(".stage")).ShouldBe("The other side said that it was not so.");
        (await ben.TextContentAsync("main"))!.ShouldContain("It was Cara");
        (await Http.BalanceAsync(_api, _ben)).ShouldBe(had);
        (await (await OpenAsync(_annsLogin, Screen.Phone)).GotoAsync($"{_bank}/help/{Guid.NewGuid()}"))!.Status.ShouldBe(403);
    }

    [Test]
    public async Task A_form_without_its_proof_or_that_cannot_be_read_changes_nothing_and_says_how_to_go_on()
    {
        var ann = await OpenAsync(_annsLogin, Screen.Phone);
        await ann.GotoAsync($"{_bank}/help");
        var form = await ann.EvaluateAsync<Dictionary<string, string>>("Object.fromEntries(new FormData(document.querySelector('main form')))");
        foreach (var spoilt in (Dictionary<string, string>[])
            [
                new(form.Where(f => !f.Key.Contains("Token", StringComparison.Ordinal))), new(form) { ["Who"] = "Cara\0", ["Amount"] = "1" },
                new(form.Concat(Enumerable.Range(0, 2_000).Select(i => KeyValuePair.Create($"More{i}", "")))),
            ])
        {
            var data = ann.Context.APIRequest.CreateFormData();
            foreach (var (name, value) in spoilt)
                data.Set(name, value);
            var answer = await ann.Context.APIRequest.PostAsync(ann.Url, new APIRequestContextOptions
            {
                Form = data, Headers = new Dictionary<string, string> { ["Origin"] = new Uri(ann.Url).GetLeftPart(UriPartial.Authority), ["Accept"] = "text/html" },
            });
            answer.Status.ShouldBe(400, await answer.TextAsync());
            (await answer.TextAsync()).ShouldContain("The page may have been open for too long.");
        }
    }

    [Test]
    public async Task Work_on_a_project_is_written_down_from_right_to_left()
    {
        var ann = await OpenAsync(_annsLogin, Screen.Phone, language: "ar");
        await ann.GotoAsync($"{_bank}/help");
        await ann.CheckWordsAsync();
        await ann.LookAsync("help-arabic");
        await ann.FillAsync("input[name=Who]", "garden");
        await ann.FillAsync("input[name=Amount]", "١:٣٠");
        await ann.ClickAsync("main form button");
        (await ann.TextContentAsync("main"))!.ShouldContain("Garden Lane");
        await ann.CheckWordsAsync();
        await ann.LookAsync("help-logged-arabic");
    }

    /// <summary>Where a form leads.</summary>
    private static async Task<string> SendAsync(IPage page, Dictionary<string, string> form)
    {
        var data = page.Context.APIRequest.CreateFormData();
        foreach (var (name, value) in form)
            data.Set(name, value);
        var answer = await page.Context.APIRequest.PostAsync(page.Url, new APIRequestContextOptions
        {
            Form = data, Headers = new Dictionary<string, string> { ["Origin"] = new Uri(page.Url).GetLeftPart(UriPartial.Authority) },
        });
        answer.Status.ShouldBe(200, await answer.TextAsync());
        return answer.Url;
    }

    private Task<IPage> OpenAsync(string login, Screen screen, bool withScript = true, string language = "en") =>
        Browser.SignedInAsync(_bank, login, screen, withScript, language);
}
