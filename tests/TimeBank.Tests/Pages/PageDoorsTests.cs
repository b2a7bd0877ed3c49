using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Tests.Web;
using TimeBank.Web;

namespace TimeBank.Tests.Pages;

/// <summary>Every page is asked for by everybody, and every link on every page that they are shown is followed: nobody sees what is not theirs,
/// and nobody comes to a dead end.</summary>
[Category("Database")]
public sealed partial class PageDoorsTests
{
    private sealed record Somebody(string Name, HttpClient Http, Who Who, bool InBank = true);

    private OperationRequests _bank = null!;
    private PageAddresses _pages = null!;
    private List<Somebody> _callers = [];

    [OneTimeSetUp]
    public async Task Open()
    {
        _bank = await OperationRequests.OpenAsync(RunningServer.Http);
        _pages = new PageAddresses(_bank);
        var http = _bank.Http;
        async Task<HttpClient> Joined(object standing) => AsBrowser((await http.JoinAsync(_bank.Bank, standing)).Http);
        var elsewhere = await http.OpenBankAsync();
        _callers =
        [
            new("nobody", AsBrowser(new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = http.BaseAddress }), Who.Anybody, false),
            new("organiser", await Joined(new { role = "organiser" }), Who.Organiser | Who.SignedIn),
            new("north", await Joined(new { role = "neighbourhoodCoordinator", neighbourhood = "north" }), Who.NeighbourhoodCoordinator | Who.SignedIn),
            new("south", await Joined(new { role = "neighbourhoodCoordinator", neighbourhood = "south" }), Who.NeighbourhoodCoordinator | Who.SignedIn),
            new("lead", await Joined(new { role = "safeguardingLead" }), Who.SafeguardingLead | Who.SignedIn),
            new("gardener", await Joined(new { role = "coordinator", account = _bank.Garden }), Who.Coordinator | Who.SignedIn),
            new("desk", await Joined(new { role = "staff", account = _bank.Clinic }), Who.Staff | Who.SignedIn),
            new("ann", AsBrowser(_bank.AnnHttp), Who.Member | Who.SignedIn),
            new("ben", await Joined(new { role = "member", account = _bank.Ben }), Who.Member | Who.SignedIn),
            new("countersigner", await Joined(new { role = "counterSigner" }), Who.CounterSigner | Who.SignedIn),
            new("auditor", await Joined(new { role = "auditor" }), Who.Auditor | Who.SignedIn),
            new("organiser of another bank", AsBrowser((await http.JoinAsync(elsewhere, new { role = "organiser" })).Http), Who.SignedIn, false),
        ];
    }

    [Test]
    public void Every_page_is_in_the_table_and_nothing_else()
    {
        var pages = RunningServer.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).Distinct().ToList();

        pages.Count.ShouldBeGreaterThan(20);
        pages.ShouldBe(PageDoors.Paths, ignoreOrder: true);
    }

    [Test]
    public async Task Every_page_lets_in_whom_the_table_names_and_nobody_else()
    {
        var offenders = new List<string>();
        foreach (var (path, address) in PageDoors.Paths.Select(p => (p, _pages.Address(p))))
        {
            var requirement = PageDoors.Find(path)!;
            foreach (var caller in _callers)
            {
                using var answer = await caller.Http.GetAsync(address);
                var mayEnter = requirement.Who.HasFlag(Who.Anybody) || (caller.Who & requirement.Who) != 0;
                HttpStatusCode[] expected = mayEnter ? [HttpStatusCode.OK, HttpStatusCode.Forbidden]
                    : caller.Name == "nobody" ? [HttpStatusCode.Redirect]
                    : !caller.InBank && path.Contains("{bank}", StringComparison.Ordinal) ? [HttpStatusCode.NotFound]
                    : [HttpStatusCode.Forbidden];
                // Who organises the whole bank sees all that there is in it.
                if (mayEnter && caller.Name == "organiser")
                    expected = [HttpStatusCode.OK];
                if (!expected.Contains(answer.StatusCode))
                    offenders.Add($"{caller.Name} {address}: {(int)answer.StatusCode}, not {string.Join(" or ", expected)}");
            }
        }
        offenders.ShouldBeEmpty();
    }

    [Test]
    public async Task What_is_not_theirs_is_shown_to_nobody()
    {
        (string Caller, string Path)[] hidden =
        [
            ("ben", "/accounts/{ann}"), ("ben", "/accounts/{ann}/statement"), ("lead", "/accounts/{ann}/statement"), ("ben", "/bookings/{booking}"), ("gardener", "/help/{contribution}"), ("desk", "/accounts/{ann}"), ("desk", "/help/{contribution}"),
            ("south", "/people/{ann}"), ("south", "/accounts/{ann}"), ("south", "/help/{contribution}"), ("lead", "/accounts/{ann}"), ("lead", "/help/{contribution}"),
            ("gardener", "/postings/{posting}"), ("desk", "/arrangements/{arranged}"), ("gardener", "/arrangements/{arranged}"),
        ];
        foreach (var (name, path) in hidden)
        {
            using var answer = await _callers.Single(c => c.Name == name).Http.GetAsync(_pages.Fill(path));
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{name} {path}");
        }
    }

    [Test]
    public async Task What_is_in_another_bank_is_told_like_what_is_nowhere()
    {
        var other = await OperationRequests.OpenAsync(RunningServer.Http);
        var organiser = _callers.Single(c => c.Name == "organiser").Http;
        foreach (var (path, there) in ((string, Guid)[])
            [
                ("accounts", other.Ann), ("help", other.Contribution), ("services", other.Service), ("bookings", other.Booking), ("listings", other.Listing),
                ("arrangements", other.Arranged), ("sessions", other.WorkSession), ("projects", other.Garden), ("providers", other.Clinic), ("postings", other.Posting), ("people", other.Ann),
            ])
        {
            var (elsewhere, nowhere) = (await PlainAsync(organiser, _pages.Of($"/{path}/{there}")), await PlainAsync(organiser, _pages.Of($"/{path}/{Guid.NewGuid()}")));
            elsewhere.Replace(there.ToString(), "ID", StringComparison.Ordinal).ShouldBe(Ids().Replace(nowhere, "ID"), path);
        }
    }

    [Test]
    public async Task What_no_page_of_ours_would_ask_is_answered_and_breaks_nothing()
    {
        var offenders = new List<string>();
        var organiser = _callers.Single(c => c.Name == "organiser").Http;
        string[] odd = ["x", "%00", "-1", "99999999999999999999", "9999-12", "0001-01", "%ED%A0%80", "%25_%5C'", new('a', 5_000), "..%2f..", "%F0%9F%98%80"];
        foreach (var path in PageDoors.Paths.Where(p => p.StartsWith("/banks/{bank}", StringComparison.Ordinal)))
        {
            foreach (var value in odd)
            {
                var address = _pages.Address(path) + string.Concat(((string[])["after", "before", "month", "q", "kind", "category", "on", "for", "taken", "project", "opened", "sent", "code", "from", "to", "part"]).Select((n, i) => $"{(i == 0 ? '?' : '&')}{n}={value}"));
                using var answer = await organiser.GetAsync(address);
                if ((int)answer.StatusCode >= 500)
                    offenders.Add($"{address[..Math.Min(address.Length, 200)]}: {(int)answer.StatusCode}");
            }
        }
        offenders.ShouldBeEmpty();
    }

    [Test]
    public async Task No_link_leads_to_a_dead_end()
    {
        var offenders = new List<string>();
        foreach (var caller in _callers.Where(c => c.Name != "nobody"))
        {
            // From every page that there is; some are about what is not theirs, and then lead back.
            string[] starts = caller.InBank ? ["/", .. PageDoors.Paths.Select(_pages.Address)] : ["/"];
            var (waiting, answered) = (new Queue<(string From, string To)>(starts.Select(s => ("", s))), new Dictionary<string, HttpStatusCode>());
            while (waiting.TryDequeue(out var link) && answered.Count < 400)
            {
                if (!answered.TryGetValue(link.To, out var status))
                {
                    using var answer = await caller.Http.GetAsync(link.To);
                    answered[link.To] = status = answer.StatusCode;
                    if (answer.Content.Headers.ContentType?.MediaType == "text/html")
                    {
                        foreach (var to in Links().Matches(await answer.Content.ReadAsStringAsync()).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value).Split('#')[0]))
                        {
                            if (to.StartsWith('/') && !to.StartsWith("/assets", StringComparison.Ordinal) && !to.StartsWith("/language", StringComparison.Ordinal))
                                waiting.Enqueue((link.To, to));
                        }
                    }
                }
                if (status != HttpStatusCode.OK && link.From != "")
                    offenders.Add($"{caller.Name}: {link.From} leads to {link.To}: {(int)status}");
            }
            answered.Count.ShouldBeGreaterThan(caller.InBank ? 40 : 1, caller.Name);
        }
        offenders.ShouldBeEmpty();
    }

    /// <summary>A page without what differs each time: proofs and keys of forms.</summary>
    private static async Task<string> PlainAsync(HttpClient http, string address) =>
        Proofs().Replace(await (await http.GetAsync(address)).Content.ReadAsStringAsync(), "");

    private static HttpClient AsBrowser(HttpClient http)
    {
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return http;
    }

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex("<input[^>]*(?:__RequestVerificationToken|name=\"Key\")[^>]*>")]
    private static partial Regex Proofs();

    [GeneratedRegex("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();
}
