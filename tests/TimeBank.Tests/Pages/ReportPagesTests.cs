using Microsoft.Playwright;
using Shouldly;
using TimeBank.Tests.Reports;

namespace TimeBank.Tests.Pages;

/// <summary>What organisers and whoever they answer to see of a bank's hours, what strangers see, and what each member sees of their own.</summary>
[Category("Database"), Category("Browser")]
public sealed class ReportPagesTests
{
    private static HttpClient Http => RunningServer.Http;

    private static readonly DateOnly s_today = DateOnly.FromDateTime(DateTime.UtcNow);

    private string _api = "", _bank = "", _organiser = "", _auditor = "", _member = "";
    private Guid _ann, _ben, _garden;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync(new { publishesBalances = true });
        _bank = _api["/v1".Length..];
        _ann = await InAsync("Ann", "north");
        _ben = await InAsync("Ben", "mill-lane");
        _garden = await Http.OpenAccountAsync(_api, "project", "The garden behind the old mill");
        var clinic = await Http.OpenAccountAsync(_api, "provider", "Legal advice");
        for (var months = 0; months < 12; months += 2)
        {
            await DoneAsync(Http.PostAsync($"{_api}/contributions/batch", new { project = _garden, occurred = s_today.AddMonths(-months), category = "environmental-group", lines = new[] { new { helper = _ann, minutes = 120 + 15 * months }, new { helper = _ben, minutes = 60 } } }));
            await HelpAsync(45 + months, s_today.AddMonths(-months));
        }
        await DoneAsync(Http.TransferAsync(_api, "spend", _ann, clinic, 90));
        await DoneAsync(Http.TransferAsync(_api, "gift", _ann, clinic, 30));
        await DoneAsync(Http.PostAsync($"{_api}/listings", new { account = _ann, kind = "offer", category = "cooking", title = "Soup for two", isPublic = true }));
        await DoneAsync(Http.PostAsync($"{_api}/listings", new { account = _ben, kind = "request", category = "cooking", title = "Kept among members", isPublic = false }));
        await DoneAsync(Http.PostAsync($"{_api}/work-sessions", new { project = _garden, date = s_today.AddDays(3), from = "10:00", until = "12:00" }));
        await TallyTown.AddUpAsync(RunningServer.App, new BankId(_bank.Split('/')[^1]));
        (_organiser, _) = await Http.JoinWithLoginAsync(_api, new { role = "organiser" });
        (_auditor, _) = await Http.JoinWithLoginAsync(_api, new { role = "auditor" });
        (_member, _) = await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann });
    }

    [Test]
    public async Task The_report_shows_hours_as_pictures_with_the_table_behind_each([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.SignedInAsync(_bank, _organiser, screen, withScript);
        await page.ClickAsync(".menu summary");
        await page.ClickAsync(".menu >> text=Report of hours");

        (await page.TextContentAsync(".hours"))!.ShouldContain("32 h");
        (await page.Locator("svg[role=img]").CountAsync()).ShouldBe(6);
        foreach (var picture in await page.Locator("svg[role=img]").AllAsync())
            (await picture.GetAttributeAsync("aria-label")).ShouldNotBeNullOrEmpty();
        (await page.Locator("[aria-labelledby=flows] .band").CountAsync()).ShouldBe(3);
        (await page.Locator("[aria-labelledby=by-month] tbody tr").CountAsync()).ShouldBe(12);
        (await page.TextContentAsync("[aria-labelledby=by-project] tbody"))!.ShouldContain("The garden behind the old mill");
        (await page.TextContentAsync("[aria-labelledby=by-neighbourhood] tbody"))!.ShouldContain("mill lane");
        await page.ClickAsync("[aria-labelledby=by-category] summary");
        (await page.Locator("[aria-labelledby=by-category] tbody tr").First.IsVisibleAsync()).ShouldBeTrue();
        if (withScript)
            await page.LookAsync($"report-{screen}");
        await page.FillAsync("input[name=from]", s_today.AddMonths(-2).ToString("yyyy-MM"));
        await page.ClickAsync("main form button");
        (await page.Locator("[aria-labelledby=by-month] tbody tr").CountAsync()).ShouldBe(3);
        await page.FillAsync("input[name=from]", s_today.AddMonths(1).ToString("yyyy-MM"));
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("[role=alert]"))!.ShouldStartWith("These are no months");
    }

    [Test]
    public async Task What_the_pictures_show_is_what_the_file_says()
    {
        var page = await Browser.SignedInAsync($"{_bank}/report", _auditor, Screen.Desktop);
        var path = (await page.Locator("[aria-labelledby=by-project] a").GetAttributeAsync("href"))!;
        var file = await page.Context.APIRequest.GetAsync(path);

        file.Headers["content-disposition"].ShouldBe("attachment; filename=hours-by-project.csv");
        (await file.TextAsync()).ShouldContain($"{_garden},The garden behind the old mill,1530,0,12");
        (await page.TextContentAsync("[aria-labelledby=by-project] tbody td"))!.ShouldBe("25 h 30 min");
    }

    [Test]
    public async Task In_arabic_pictures_begin_at_the_right([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen)
    {
        var page = await Browser.SignedInAsync($"{_bank}/report", _organiser, screen, language: "ar");
        await page.CheckWordsAsync();
        var (picture, bar) = ((await page.Locator("[aria-labelledby=by-month] svg[role=img]").BoundingBoxAsync())!, (await page.Locator("[aria-labelledby=by-month] svg[role=img] .bar").First.BoundingBoxAsync())!);
        (bar.X + bar.Width).ShouldBe(picture.X + picture.Width, 1);
        await page.LookAsync($"report-arabic-{screen}");
    }

    [Test]
    public async Task With_the_colours_of_the_machine_the_pictures_are_still_there()
    {
        var page = await Browser.SignedInAsync($"{_bank}/report", _organiser, Screen.Desktop);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ForcedColors = ForcedColors.Active });
        (await page.Locator(".bar").First.EvaluateAsync<string>("b => getComputedStyle(b).fill")).ShouldNotBe(await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await page.LookAsync("report-forced-colours");
    }

    [Test]
    public async Task An_empty_report_says_what_to_do()
    {
        var api = await Http.OpenBankAsync();
        var (login, _) = await Http.JoinWithLoginAsync(api, new { role = "organiser" });
        var page = await Browser.SignedInAsync($"{api["/v1".Length..]}/report", login, Screen.Phone);

        (await page.TextContentAsync("main"))!.ShouldContain("No help was given in these months.");
        (await page.Locator("main a.button").GetAttributeAsync("href")).ShouldEndWith("/credit");
        await page.LookAsync("report-empty");
    }

    [Test]
    public async Task A_member_sees_what_they_gave_and_received_by_month([ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.SignedInAsync($"{_bank}/accounts/{_ann}", _member, screen, withScript);
        (await page.Locator("[aria-labelledby=by-month] svg[role=img]").CountAsync()).ShouldBe(1);
        await page.ClickAsync("[aria-labelledby=by-month] summary");
        (await page.TextContentAsync("[aria-labelledby=by-month] tbody tr:last-child"))!.ShouldContain("2 h 15 min");
        if (withScript)
            await page.LookAsync($"passbook-months-{screen}");
        (await page.Context.APIRequest.GetAsync($"{_bank}/report")).Status.ShouldBe(403);
    }

    [Test]
    public async Task A_stranger_reads_what_goes_on_without_names_and_finds_how_to_join([ValueSource(typeof(Screen), nameof(Screen.All))] Screen screen, [Values] bool withScript)
    {
        var page = await Browser.OpenAsync(screen, withScript: withScript);
        await page.GotoAsync(_bank);
        await page.ClickAsync("text=What is this time bank?");
        new Uri(page.Url).AbsolutePath.ShouldBe($"{_bank}/about");

        var said = (await page.TextContentAsync("main"))!;
        said.ShouldContain("Members who took part: 2.");
        said.ShouldContain("The garden behind the old mill");
        said.ShouldContain("Soup for two");
        said.ShouldNotContain("Kept among members");
        said.ShouldNotContain("Ann");
        if (withScript)
            await page.LookAsync($"about-{screen}");
        await page.ClickAsync("main >> text=Join this time bank");
        new Uri(page.Url).AbsolutePath.ShouldBe($"{_bank}/join");
        await page.ClickAsync("main >> text=What is this time bank?");
        new Uri(page.Url).AbsolutePath.ShouldBe($"{_bank}/about");
    }

    [Test]
    public async Task The_page_for_strangers_speaks_arabic()
    {
        var page = await Browser.OpenAsync(Screen.Phone, "ar");
        await page.GotoAsync($"{_bank}/about");
        await page.CheckWordsAsync();
        await page.LookAsync("about-arabic");
    }

    [Test]
    public async Task A_bank_that_shows_itself_to_no_stranger_is_told_like_none()
    {
        var api = await Http.OpenBankAsync(new { takesApplications = false });
        var page = await Browser.OpenAsync(Screen.Phone);
        async Task<string> SaidAsync(string bank)
        {
            await page.GotoAsync($"/banks/{bank}/about");
            return (await page.TextContentAsync("main"))!;
        }
        var closed = await SaidAsync(api.Split('/')[^1]);
        closed.ShouldBe(await SaidAsync("there-is-none"));
        await page.GotoAsync(api["/v1".Length..]);
        (await page.Locator("text=What is this time bank?").CountAsync()).ShouldBe(0);
    }

    private static async Task<Answer> DoneAsync(Task<Answer> asked)
    {
        var answer = await asked;
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }

    private async Task<Guid> InAsync(string name, string neighbourhood) => (await DoneAsync(Http.PostAsync($"{_api}/accounts", new { kind = "member", name, neighbourhood }))).Id;

    private async Task HelpAsync(long minutes, DateOnly occurred)
    {
        var help = (await DoneAsync(Http.PostAsync($"{_api}/contributions", new { helper = _ben, helped = _ann, minutes, occurred, category = "caring-for-sick-family-or-friends" }))).Id;
        await DoneAsync(Http.PostAsync($"{_api}/contributions/{help}/confirmation", new { yes = "telephone" }));
    }
}
