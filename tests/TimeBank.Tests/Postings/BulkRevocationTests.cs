using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Postings;

/// <summary>A request may last for hours; what its sender may do is asked while it does.</summary>
[Category("Database")]
public sealed class BulkRevocationTests
{
    /// <summary>After so long whoever sends lines has been looked up again.</summary>
    private static readonly TimeSpan s_meanwhile = TimeSpan.FromMilliseconds(700);

    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _ben, _garden;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden", floor: -1_000);
    }

    [Test]
    public async Task A_key_that_is_revoked_ends_the_bulk_request_that_runs_with_it()
    {
        var (app, key) = await Http.KeyAsync(_bank, ofBank: true, "transfersWrite");
        using var bulk = await OpenBulk.BeginAsync(app, _bank);
        Status(await bulk.SayAsync(Line(_ann, _ben))).ShouldBe("201");

        (await Http.SayAsync(HttpMethod.Delete, $"{_bank}/keys/{key}")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await Task.Delay(s_meanwhile);
        await bulk.SendAsync(Line(_ann, _ben) + "\n" + Line(_ann, _ben) + "\n");

        Status(await bulk.ResultAsync()).ShouldBe("401 SignInNeeded");
        (await bulk.ResultAsync()).ShouldBeNull("Nothing after it was read.");
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(1);
    }

    [Test]
    public async Task On_another_server_it_ends_within_five_seconds()
    {
        await using var other = await RunningServer.StartServer(RunningServer.Store);
        var (app, key) = await Http.KeyAsync(_bank, ofBank: true, "transfersWrite");
        using var there = new HttpClient { BaseAddress = new Uri(other.Urls.First()) };
        there.DefaultRequestHeaders.Authorization = app.DefaultRequestHeaders.Authorization;
        using var bulk = await OpenBulk.BeginAsync(there, _bank);
        Status(await bulk.SayAsync(Line(_ann, _ben))).ShouldBe("201");

        await Http.SayAsync(HttpMethod.Delete, $"{_bank}/keys/{key}");
        var since = Stopwatch.StartNew();
        while (Status(await bulk.SayAsync(Line(_ann, _ben))) == "201")
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
            await Task.Delay(50);
        }
    }

    [Test]
    public async Task Who_changes_their_password_ends_the_bulk_request_of_a_stolen_token()
    {
        var (ann, _) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        using var bulk = await OpenBulk.BeginAsync(ann, _bank);
        Status(await bulk.SayAsync(Line(_ann, _ben))).ShouldBe("201");

        (await ann.SayAsync(HttpMethod.Put, "/v1/me/password", new { old = Logins.Password, @new = "another long secret" })).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await Task.Delay(s_meanwhile);

        Status(await bulk.SayAsync(Line(_ann, _ben))).ShouldBe("401 SignInNeeded");
        (await bulk.ResultAsync()).ShouldBeNull();
    }

    [Test]
    public async Task Of_several_standings_those_that_are_left_count_from_then_on()
    {
        var (ann, person) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        var coordinates = await Http.PostAsync($"{_bank}/standings", new { person, role = "coordinator", account = _garden });
        using var bulk = await OpenBulk.BeginAsync(ann, _bank);
        Status(await bulk.SayAsync(Line(_garden, _ben, "earn"))).ShouldBe("201");

        (await Http.SayAsync(HttpMethod.Delete, $"{_bank}/standings/{coordinates.Id}")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await Task.Delay(s_meanwhile);

        Status(await bulk.SayAsync(Line(_garden, _ben, "earn"))).ShouldBe("403 NotPermitted");
        Status(await bulk.SayAsync(Line(_ann, _ben))).ShouldBe("201");
    }

    [Test]
    public async Task Who_has_no_standing_left_hears_what_a_stranger_hears()
    {
        var (ann, person) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        using var bulk = await OpenBulk.BeginAsync(ann, _bank);
        Status(await bulk.SayAsync(Line(_ann, _ben))).ShouldBe("201");
        var standing = (string)(await Http.GetAnswerAsync($"{_bank}/standings?person={person}"))["items"][0]!["id"]!;

        (await Http.SayAsync(HttpMethod.Delete, $"{_bank}/standings/{standing}")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await Task.Delay(s_meanwhile);

        Status(await bulk.SayAsync(Line(_ann, _ben))).ShouldBe("404 BankUnknown");
        (await bulk.ResultAsync()).ShouldBeNull();
    }

    [Test]
    public async Task An_atomic_request_posts_nothing_for_who_was_shut_out_while_it_came()
    {
        var (app, key) = await Http.KeyAsync(_bank, ofBank: true, "transfersWrite");
        var legs = string.Join('\n', Leg(_ann, _ben), Leg(_ann, _ben));
        using var bulk = await OpenBulk.BeginAsync(app, _bank, "atomic", legs.Length);
        await bulk.SendAsync(legs[..^10]);
        await LetInAsync(app);

        await Http.SayAsync(HttpMethod.Delete, $"{_bank}/keys/{key}");
        await bulk.SendAsync(legs[^10..]);

        await bulk.ReadHeadAsync();
        bulk.Head.ShouldStartWith("HTTP/1.1 401 ");
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(0);
    }

    [Test]
    public async Task A_body_that_comes_slowly_is_of_who_its_sender_is_when_it_is_there()
    {
        var (app, key) = await Http.KeyAsync(_bank, ofBank: true, "transfersWrite");
        var body = Leg(_ann, _ben);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(app.BaseAddress!.Host, app.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {_bank}/transfers HTTP/1.0\r\nHost: {app.BaseAddress.Authority}\r\nAuthorization: {app.DefaultRequestHeaders.Authorization}\r\nIdempotency-Key: slow\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body[..^1]}"));
        await LetInAsync(app);

        await Http.SayAsync(HttpMethod.Delete, $"{_bank}/keys/{key}");
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        await socket.SendAsync(Encoding.ASCII.GetBytes(body[^1..]));

        using var reader = new StreamReader(new NetworkStream(socket));
        (await reader.ReadLineAsync()).ShouldStartWith("HTTP/1.1 401 ");
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(0);
    }

    /// <summary>What was sent before this was let in before: the server takes connections in their order.</summary>
    private async Task LetInAsync(HttpClient app) =>
        (await app.TransferAsync(_bank, "exchange", _ben, _ben, 1)).Code.ShouldBe("SameAccount");

    private static string Line(Guid payer, Guid payee, string kind = "exchange") =>
        $$"""{"key":"{{Guid.NewGuid()}}","kind":"{{kind}}","yes":"paper","payer":"{{payer}}","payee":"{{payee}}","minutes":1}""";

    private static string Leg(Guid payer, Guid payee) => $$"""{"kind":"exchange","yes":"paper","payer":"{{payer}}","payee":"{{payee}}","minutes":1}""";

    private static string Status(JsonNode? result) => $"{result!["status"]} {result["answer"]!["code"]}".TrimEnd();
}
