using System.Net;
using Microsoft.Playwright;
using Shouldly;
using TimeBank.Tests.Web;
using TimeBank.Web;

namespace TimeBank.Tests.Pages;

/// <summary>Every page, to everybody whom its door lets in: what holds for all pages holds for it, as each of them is shown it.</summary>
[Category("Database"), Category("Browser")]
public sealed class EveryPageTests
{
    private const string Stranger = "stranger";

    private static readonly Dictionary<string, Who> s_who = new()
    {
        [Stranger] = Who.Anybody,
        ["operator"] = Who.Operator | Who.SignedIn,
        ["organiser"] = Who.Organiser | Who.SignedIn,
        ["neighbourhood"] = Who.NeighbourhoodCoordinator | Who.SignedIn,
        ["lead"] = Who.SafeguardingLead | Who.SignedIn,
        ["coordinator"] = Who.Coordinator | Who.SignedIn,
        ["staff"] = Who.Staff | Who.SignedIn,
        ["member"] = Who.Member | Who.SignedIn,
        ["countersigner"] = Who.CounterSigner | Who.SignedIn,
        ["auditor"] = Who.Auditor | Who.SignedIn,
    };

    private static readonly IEnumerable<string> s_everybody = s_who.Keys;

    private readonly Dictionary<string, string> _logins = [];
    private PageAddresses _pages = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        var bank = await OperationRequests.OpenAsync(RunningServer.Http);
        _pages = new PageAddresses(bank);
        _logins["operator"] = await Logins.OperatorAsync(RunningServer.Store);
        foreach (var (name, standing) in (IEnumerable<(string, object)>)
            [
                ("organiser", new { role = "organiser" }), ("neighbourhood", new { role = "neighbourhoodCoordinator", neighbourhood = "north" }), ("lead", new { role = "safeguardingLead" }),
                ("coordinator", new { role = "coordinator", account = bank.Garden }), ("staff", new { role = "staff", account = bank.Clinic }), ("member", new { role = "member", account = bank.Ann }),
                ("countersigner", new { role = "counterSigner" }), ("auditor", new { role = "auditor" }),
            ])
            _logins[name] = (await bank.Http.JoinWithLoginAsync(bank.Bank, standing)).Login;
    }

    [Test]
    public async Task Axe_finds_nothing_on_it_and_it_fits([ValueSource(nameof(s_everybody))] string who, [ValueSource(typeof(Screen), nameof(Screen.PhoneAndDesk))] Screen screen)
    {
        var page = await OpenAsync(who, screen, "en");
        await foreach (var path in OpenedAsync(page, who))
            await page.LookAsync(Path.Combine("everybody", who, $"{Named(path)}-{screen}"));
    }

    [Test]
    public async Task It_is_translated_and_fits_from_the_right_too([ValueSource(nameof(s_everybody))] string who)
    {
        var page = await OpenAsync(who, Screen.Phone, "ar");
        await foreach (var path in OpenedAsync(page, who))
        {
            await page.CheckWordsAsync();
            await page.CheckWidthAsync(path);
        }
    }

    /// <summary>Opens one after the other of the pages that they are shown.</summary>
    private async IAsyncEnumerable<string> OpenedAsync(IPage page, string who)
    {
        foreach (var path in PageDoors.Paths.Where(p => (PageDoors.Find(p)!.Who & (s_who[who] | Who.Anybody)) != 0))
        {
            var answer = (await page.GotoAsync(_pages.Address(path)))!;
            // The door lets in whoever may be concerned; this one is about somebody else.
            if (answer.Status == (int)HttpStatusCode.Forbidden && who != "organiser")
                continue;
            answer.Status.ShouldBe((int)HttpStatusCode.OK, path);
            yield return path;
        }
    }

    private Task<IPage> OpenAsync(string who, Screen screen, string language) =>
        who == Stranger ? Browser.OpenAsync(screen, language) : Browser.SignedInAsync("/me", _logins[who], screen, language: language);

    private static string Named(string path) => path == "/" ? "home" : path.Replace("/banks/{bank}", "bank", StringComparison.Ordinal).Trim('/').Replace("/{id}", "-one", StringComparison.Ordinal).Replace('/', '-');
}
