using System.Net;
using Microsoft.Playwright;
using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Pages;

/// <summary>What was filled in: what does not fit is said beside its field, with all that was typed; what was sent twice counts once; what failed is said on a page.</summary>
[Category("Database"), Category("Browser")]
public sealed class FilledInTests
{
    private const string NotText = "A bell \u0007 in it";

    private static HttpClient Http => RunningServer.Http;

    private static readonly string s_long = new('a', 501);

    private string _api = "", _bank = "", _anns = "", _leads = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        _api = await Http.OpenBankAsync();
        _bank = _api["/v1".Length..];
        (_ann, _ben) = (await Http.OpenAccountAsync(_api, "member", "Ann Ash"), await Http.OpenAccountAsync(_api, "member", "Ben Birch"));
        _anns = (await Http.JoinWithLoginAsync(_api, new { role = "member", account = _ann })).Login;
        _leads = (await Http.JoinWithLoginAsync(_api, new { role = "safeguardingLead" })).Login;
    }

    [Test]
    public async Task A_reason_that_does_not_fit_is_said_beside_its_field_and_stays_in_it([Values("decline", "cancel", "undo")] string form, [Values] bool isLong)
    {
        var page = await Browser.SignedInAsync($"{_bank}/{await PlaceAsync(form)}", _anns, Screen.Phone);
        if (form == "undo")
        {
            page = await Browser.SignedInAsync(new Uri(page.Url).AbsolutePath, await Logins.OperatorAsync(RunningServer.Store), Screen.Phone);
        }
        var typed = isLong ? s_long : NotText;
        await page.EvaluateAsync("([form, typed]) => { const f = document.querySelector(`form input[name=_handler][value=${form}]`).form; f.elements.Reason.removeAttribute('maxlength'); f.elements.Reason.value = typed; f.requestSubmit(); }", new[] { form, typed });

        await Assertions.Expect(page.Locator("#field-reason-wrong")).ToHaveTextAsync("This is too long, or has signs that do not belong here.");
        (await page.Locator("#field-reason").InputValueAsync()).ShouldBe(typed);
        (await page.Locator("#field-reason").IsVisibleAsync()).ShouldBeTrue("The part of the page that was open stays open.");
        await page.LookAsync($"reason-{form}");
    }

    [Test]
    public async Task A_worry_that_is_sent_twice_is_one()
    {
        var page = await Browser.SignedInAsync($"{_bank}/worry", _anns, Screen.Phone);
        await page.FillAsync("input[name=Who]", "Ben Birch");
        await page.FillAsync("textarea", "He did not open the door.");
        await SendTwiceAsync(page, "worry");
        var lead = await Browser.SignedInAsync($"{_bank}/concerns", _leads, Screen.Phone);
        (await lead.Locator("main li").CountAsync()).ShouldBe(1);

        await lead.ClickAsync("main li a");
        await lead.FillAsync("textarea", "Rang his sister.");
        await SendTwiceAsync(lead, "note");
        await lead.ReloadAsync();
        (await lead.Locator("main li").CountAsync()).ShouldBe(1, "So is a line of the log.");
    }

    [Test]
    public async Task Zeros_alone_find_nobody()
    {
        var enrolled = await Http.PostAsync($"{_api}/members/enrolments", new { name = "Cara Cedar", telephone = "029 2018 0003", agreement = "1" });
        enrolled.Status.ShouldBe(HttpStatusCode.Created, enrolled.Text);
        var page = await Browser.SignedInAsync($"{_bank}/people?q=0000", await Logins.OperatorAsync(RunningServer.Store), Screen.Phone);
        (await page.Locator("section li").CountAsync()).ShouldBe(0);
        await page.GotoAsync($"{_bank}/people?q=0292018");
        (await page.Locator("section li").CountAsync()).ShouldBe(0, "A telephone number is one from its end.");
        await page.GotoAsync($"{_bank}/people?q=02920180003");
        (await page.Locator("section li").CountAsync()).ShouldBe(1);
    }

    [Test]
    public async Task Where_a_page_cannot_be_drawn_another_says_so()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var bank = await ledger.Http.OpenBankAsync();
        await Sql.AskAsync(ledger.Superuser, "alter table timebank.listing_search rename to nowhere; select ''");

        var answer = await ledger.Http.GetAnswerAsync($"{bank["/v1".Length..]}/listings", "text/html");

        answer.Status.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Text.ShouldContain("<h1>Something went wrong here</h1>");
        answer.Text.ShouldContain("href=\"/\"");
    }

    private async Task<string> PlaceAsync(string form)
    {
        switch (form)
        {
            case "decline":
                var (ben, _) = await Http.JoinAsync(_api, new { role = "member", account = _ben });
                return $"help/{(await ben.PostAsync($"{_api}/contributions", new { helper = _ben, helped = _ann, minutes = 30 })).Id}";
            case "cancel":
                return $"arrangements/{(await Http.PostAsync($"{_api}/arrangements", new { helper = _ben, helped = _ann, date = "2099-01-01", about = 30 })).Id}";
            default:
                return $"postings/{(await Http.TransferAsync(_api, "gift", _ann, _ben, 1))["posting"]}";
        }
    }

    private static Task SendTwiceAsync(IPage page, string form) => page.EvaluateAsync("""
        async form => {
          const sent = new URLSearchParams(new FormData(document.querySelector(`form input[name=_handler][value=${form}]`).form));
          for (let i = 0; i < 2; i++) await fetch(location.href, { method: "POST", body: sent });
        }
        """, form);
}
