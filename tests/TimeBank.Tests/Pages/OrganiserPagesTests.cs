using System.Net;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>The organiser's Saturday: a list of volunteers, somebody on the telephone, and what waits.</summary>
[Category("Database"), Category("Browser")]
public sealed class OrganiserPagesTests
{
    /// <summary>Clicks and filled fields from an installation without a bank to five people credited, the operator's among them: at 15 seconds each under 12 minutes.</summary>
    private const int MostSteps = 46;

    private static HttpClient Http => RunningServer.Http;

    private string _api = "", _bank = "", _login = "";
    private Guid _garden, _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        _garden = await Http.OpenAccountAsync(_api, "project", "Mill Lane Garden");
        _login = (await Http.JoinWithLoginAsync(_api, new { role = "organiser" })).Login;
        _ann = await EnrolAsync("Ann Ash", "A-1", "+44 29 2018 0001");
        _ben = await EnrolAsync("Ben Birch", "B-1", "029 2018 0002");
        await EnrolAsync("Ben Beech", "B-2", null);
    }

    [Test]
    public async Task A_list_is_credited_by_the_keyboard_seen_first_and_undone([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var had = await Http.BalanceAsync(_api, _ann);
        var page = await OpenAsync(_login, screen, withScript);
        new Uri(page.Url).AbsolutePath.ShouldBe($"{_bank}/today");
        if (withScript)
            await page.LookAsync($"today-{screen}");
        await page.ClickAsync(".menu >> text=Credit a list");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("#wrong-1")).ShouldBe("Choose somebody, or type a name.");
        await page.FillAsync("input[name=Same]", "2");
        await WriteAsync(page, 0, "ann ash", "");
        await WriteAsync(page, 1, "Ben", "1:30");
        await WriteAsync(page, 2, "nobody of that name", "1");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("#together")).ShouldBe("4 h 30 min");
        (await page.TextContentAsync("#wrong-2")).ShouldBe("Several have a name like this. Choose one.");
        (await page.TextContentAsync("#wrong-3"))!.ShouldStartWith("Nobody here has this name or number.");
        (await page.Locator("input[name=Who]").First.InputValueAsync()).ShouldBe("Ann Ash");
        if (withScript)
            await page.LookAsync($"credit-wrong-{screen}");
        await page.Locator("select[name=Who]").SelectOptionAsync(new SelectOptionValue { Label = "Ben Birch" });
        await WriteAsync(page, 1, "B-2", "45 min");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("section.card"))!.ShouldContain("Together 4 h 15 min for work on Mill Lane Garden.");
        (await page.TextContentAsync("section.card"))!.ShouldContain("4 h 15 min of it comes new from the community");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had, "It was only looked at.");
        if (withScript)
            await page.LookAsync($"credit-{screen}");
        await page.ClickAsync("text=Credit them");

        (await page.TextContentAsync("h1")).ShouldBe("What moved together");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had + 120);
        await page.ClickAsync("main summary");
        if (withScript)
            await page.LookAsync($"posting-{screen}");
        await page.FillAsync("input[name=Reason]", "It was the list of another day");
        await page.ClickAsync("details button");
        (await page.Locator(".stage").First.TextContentAsync())!.ShouldEndWith("came back.");
        (await page.Locator("main summary").CountAsync()).ShouldBe(0, "What was taken back is not taken back again.");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had);
    }

    [Test]
    public async Task The_keyboard_alone_is_enough_and_names_are_completed()
    {
        var page = await OpenAsync(_login, Screen.Desktop);
        await page.GotoAsync($"{_bank}/credit");
        await page.Locator("input[name=Who]").First.FocusAsync();
        await page.Keyboard.TypeAsync("Bee");
        await Assertions.Expect(page.Locator("#people option")).ToHaveCountAsync(1);
        (await page.Locator("#people option").GetAttributeAsync("value")).ShouldBe("Ben Beech");
        for (var line = 0; line < 9; line++)
            await page.Keyboard.PressAsync("Enter");

        (await page.Locator("input[name=Who]").CountAsync()).ShouldBe(10, "After the last line there is another.");
        (await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')")).ShouldBe("Who, line 10");
    }

    [Test]
    public async Task What_was_changed_after_it_was_looked_at_is_looked_at_again()
    {
        var had = await Http.BalanceAsync(_api, _ann);
        var page = await OpenAsync(_login, Screen.Phone);
        await page.GotoAsync($"{_bank}/credit");
        await WriteAsync(page, 0, "Ann Ash", "1 h");
        await page.ClickAsync("text=See what it does");
        await WriteAsync(page, 0, "Ann Ash", "9 h");
        await page.ClickAsync("text=Credit them");

        (await page.TextContentAsync("section.card"))!.ShouldContain("Together 9 h");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had);
        await page.ClickAsync("text=Credit them");
        (await page.TextContentAsync("h1")).ShouldBe("What moved together");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had + 540);
    }

    [Test]
    public async Task What_all_have_together_is_said_while_the_list_grows()
    {
        var page = await OpenAsync(_login, Screen.Desktop);
        await page.GotoAsync($"{_bank}/credit");
        var together = Assertions.Expect(page.Locator("#together"));
        await together.ToHaveTextAsync("0 min");
        await page.FillAsync("input[name=Same]", "1h30");
        await WriteAsync(page, 0, "Ann Ash", "");
        await WriteAsync(page, 1, "Ben Birch", "45 min");
        await WriteAsync(page, 2, "B-2", "how long?");
        await page.Keyboard.PressAsync("Tab");
        await together.ToHaveTextAsync("2 h 15 min");
        await page.Locator("input[name=Amount]").Nth(2).ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.PressAsync("Delete");
        await page.Keyboard.PressAsync("Tab");
        await together.ToHaveTextAsync("3 h 45 min");
    }

    [Test]
    public async Task Somebody_on_the_telephone_is_found_and_her_help_is_written_down([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var (anns, bens) = (await Http.BalanceAsync(_api, _ann), await Http.BalanceAsync(_api, _ben));
        var page = await OpenAsync(_login, screen, withScript);
        foreach (var said in (string[])["Birc", "b-1", "2920180002"])
        {
            await page.GotoAsync($"{_bank}/people");
            await page.FillAsync("input[name=q]", said);
            await page.ClickAsync("main form button");
            (await page.Locator("section li a").AllTextContentsAsync()).ShouldBe(["Ben Birch"], said);
        }
        if (withScript)
            await page.LookAsync($"people-{screen}");
        await page.ClickAsync("section li a");
        (await page.TextContentAsync("dl"))!.ShouldContain("029 2018 0002");
        if (withScript)
            await page.LookAsync($"person-{screen}");
        await page.ClickAsync("main >> text=Write down help");
        await page.ClickAsync("text=Ben Birch was helped");
        await page.FillAsync("input[name=Who]", "Ann Ash");
        await page.FillAsync("input[name=Amount]", "40 min");
        await page.ClickAsync("main form button");

        (await page.TextContentAsync("section.card"))!.ShouldContain("40 min go from Ben Birch to Ann Ash.");
        (await page.TextContentAsync("section.card"))!.ShouldContain("How did they say yes?");
        if (withScript)
            await page.LookAsync($"help-by-telephone-{screen}");
        await page.ClickAsync("section.card button");
        (await page.TextContentAsync(".stage")).ShouldBe("It is confirmed: 40 min were given for it.");
        (await page.Locator("text=Is it so?").CountAsync()).ShouldBe(0, "What was answered is not asked again.");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(anns + 40);
        (await Http.BalanceAsync(_api, _ben)).ShouldBe(bens - 40);
    }

    [Test]
    public async Task What_was_questioned_waits_for_her_and_is_settled()
    {
        var had = await Http.BalanceAsync(_api, _ann);
        var logged = await Http.PostAsync($"{_api}/contributions", new { helper = _ann, helped = _ben, minutes = 60, memo = "Windows" });
        (await Http.PostAsync($"{_api}/contributions/{logged.Id}/confirmation", new { yes = "paper" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.PostAsync($"{_api}/contributions/{logged.Id}/dispute", new { reason = "It was half an hour" })).Status.ShouldBe(HttpStatusCode.OK);
        var page = await OpenAsync(_login, Screen.Phone);
        (await page.TextContentAsync("[aria-labelledby=waiting-disputes]"))!.ShouldContain("It was half an hour");
        await page.LookAsync("today-waiting");
        await page.ClickAsync("[aria-labelledby=waiting-disputes] a");
        await page.FillAsync("input[name=Amount]", "30 min");
        await page.ClickAsync("[aria-labelledby=settle] button");
        (await page.TextContentAsync("#field-because-wrong"))!.ShouldStartWith("Say why");
        await page.LookAsync("settle-wrong");
        await page.FillAsync("input[name=Because]", "Both say half an hour now");
        await page.ClickAsync("[aria-labelledby=settle] button");

        (await page.TextContentAsync(".stage")).ShouldBe("The question about it is settled: it comes to 30 min.");
        (await Http.BalanceAsync(_api, _ann)).ShouldBe(had + 30);
    }

    [Test]
    public async Task From_an_empty_bank_a_first_time_organiser_credits_five_people()
    {
        var operators = await Logins.OperatorAsync(RunningServer.Store);
        var page = await Browser.OpenAsync(Screen.Desktop);
        var steps = 0;
        Task ClickAsync(string what) { steps++; return page.ClickAsync(what); }
        Task FillAsync(string where, string what) { steps++; return page.FillAsync(where, what); }
        await page.GotoAsync("/operator");
        await FillAsync("input[name=Login]", operators);
        await FillAsync("input[name=Password]", Logins.Password);
        await ClickAsync("main button");
        await ClickAsync("text=A new time bank");
        await page.LookAsync("new-bank");
        await FillAsync("input[name=Title]", $"Tredegar {Guid.NewGuid():N}");
        await ClickAsync("main form button");
        await FillAsync("main form .field input >> nth=0", "Olwen");
        await ClickAsync("main form button");
        var code = (await page.TextContentAsync(".code"))!;
        await page.LookAsync("operator");
        await ClickAsync("header button");

        await page.GotoAsync("/invitation");
        await FillAsync("input[name=Code]", code);
        await FillAsync("input[name=Login]", $"olwen-{Guid.NewGuid():N}");
        await FillAsync("input[name=Password]", Logins.Password);
        await ClickAsync("main form button");
        await ClickAsync(".menu >> text=Find somebody");
        string[] names = ["Ann", "Ben", "Cara", "Dai", "Eve"];
        foreach (var name in names)
        {
            await ClickAsync("text=Somebody new");
            await FillAsync("input[name=Person]", name);
            await ClickAsync("text=They have agreed to our rules");
            await ClickAsync("main form button");
            (await page.TextContentAsync("h1")).ShouldBe(name);
        }
        await page.LookAsync("person-new");
        await ClickAsync(".menu >> text=Credit a list");
        await ClickAsync("text=Open a project");
        await FillAsync("input[name=Title]", "Garden");
        await page.LookAsync("new-project");
        await ClickAsync("main form button");
        await FillAsync("input[name=Same]", "1:30");
        for (var i = 0; i < names.Length; i++)
        {
            steps++;
            await WriteAsync(page, i, names[i], "");
        }
        await ClickAsync("text=See what it does");
        await ClickAsync("text=Credit them");

        (await page.TextContentAsync("main"))!.ShouldContain("7 h 30 min. Lines: 5.");
        steps.ShouldBeLessThanOrEqualTo(MostSteps);
    }

    [Test]
    public async Task From_right_to_left_it_is_the_same()
    {
        var page = await OpenAsync(_login, Screen.Phone, language: "ar");
        foreach (var path in (string[])["today", "credit", "people?q=Ben", $"people/{_ann}", "people/new", "projects/new", "listings", "listings/new", "desk"])
        {
            await page.GotoAsync($"{_bank}/{path}");
            await page.CheckWordsAsync();
        }
        await page.GotoAsync($"{_bank}/credit");
        await page.LookAsync("credit-arabic");
    }

    private static async Task WriteAsync(IPage page, int line, string who, string amount)
    {
        await page.Locator("input[name=Who]").Nth(line).FillAsync(who);
        if (amount.Length > 0)
            await page.Locator("tbody tr").Filter(new LocatorFilterOptions { Has = page.Locator("input[name=Who]") }).Nth(line).Locator("input[name=Amount]").FillAsync(amount);
    }

    private async Task<Guid> EnrolAsync(string name, string number, string? telephone)
    {
        var enrolled = await Http.PostAsync($"{_api}/members/enrolments", new { name, number, telephone, agreement = "1" });
        enrolled.Status.ShouldBe(HttpStatusCode.Created, enrolled.Text);
        return enrolled.Id;
    }

    private Task<IPage> OpenAsync(string login, Screen screen, bool withScript = true, string language = "en") =>
        Browser.SignedInAsync(_bank, login, screen, withScript, language);
}
