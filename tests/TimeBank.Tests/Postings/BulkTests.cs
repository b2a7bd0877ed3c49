using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Postings;

/// <summary>Many postings in one request.</summary>
[Category("Database")]
public sealed class BulkTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _ben, _clinic;

    private AuthenticationHeaderValue _authorization = null!;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync(new { limits = new { member = new { floor = -1_000_000 } } });
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
        _clinic = await Http.OpenAccountAsync(_bank, "provider", "Clinic");
        _authorization = await Logins.SignInAsync(Http.BaseAddress!, await Logins.OperatorAsync(RunningServer.Store), Logins.Password);
    }

    [Test]
    public async Task Independent_lines_are_answered_in_their_order_each_as_by_itself()
    {
        var (_, results) = await IndependentAsync(
            Line("k1", 5),
            "",
            Line("k2", 2_000_000),
            Line("k1", 5),
            Line("k1", 6),
            $$"""{"key":"k3","legs":[{"kind":"spend","yes":"paper","payer":"{{_ann}}","payee":"{{_clinic}}","minutes":3},{"kind":"exchange","yes":"paper","payer":"{{_ann}}","payee":"{{_ben}}","minutes":4}]}""",
            $$"""{"key":"k4","legs":[{"kind":"spend","yes":"paper","payer":"{{_ann}}","payee":"{{_clinic}}","minutes":1},{"kind":"spend","yes":"paper","payer":"{{_ann}}","payee":"{{_ben}}","minutes":1}]}""",
            Line("k5", 7));

        results.Select(Short).ShouldBe(["1 201", "3 422 BelowFloor", "4 201 replayed", "5 422 IdempotencyKeyReused", "6 201", "7 422 WrongKindOfAccount", "8 201"]);
        results[2]["answer"]!["id"]!.ToString().ShouldBe(results[0]["answer"]!["id"]!.ToString());
        (await Http.BalanceAsync(_bank, _ann)).ShouldBe(-5 - 3 - 4 - 7);
        (await Http.BalanceAsync(_bank, _clinic)).ShouldBe(3);
    }

    [Test]
    public async Task A_broken_line_gets_its_problem_and_its_neighbours_are_unharmed()
    {
        byte[][] broken =
        [
            "{"u8.ToArray(), "null"u8.ToArray(), "[]"u8.ToArray(), "1e3"u8.ToArray(), "\"x\""u8.ToArray(), "{}"u8.ToArray(), "{}{}"u8.ToArray(), [0], [0xFF, 0xFE], [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D],
            .. ((string[])["1.5", "1e400", "-1", "0", "NaN", "\"5\"", "9223372036854775808", "9007199254740992", "true"]).Select(m => Bytes(Line("m", 987).Replace("987", m, StringComparison.Ordinal))),
            Bytes(Line("m", 1).Replace("\"m\"", "\"\"", StringComparison.Ordinal)), Bytes(Line("é", 1)), Bytes(Line(new string('k', 300), 1)),
            Bytes(Line("m", 1).Replace("exchange", "\\ud800", StringComparison.Ordinal)), Bytes(Line("m", 1).Replace("exchange", "\\u0000", StringComparison.Ordinal)),
            Bytes(Line("m", 1)[..^1] + ",\"memo\":\"a\\u0007b\"}"), Bytes(Line("m", 1)[..^1] + ",\"unknownMember\":1}"), Bytes(Line("m", 1)[..^1] + ",\"minutes\":2}"),
            Bytes(new string('[', 60_000)), Bytes(new string('x', 70_000)), Bytes(Line("m", 1)[..^1] + $",\"memo\":\"{new string('x', 200_000)}\"}}"),
        ];
        using var body = new MemoryStream();
        for (var i = 0; i < broken.Length; i++)
        {
            body.Write(broken[i]);
            body.Write(Bytes("\n" + Line($"good-{i}", 1) + "\n"));
        }

        var (_, results) = await IndependentAsync(body.ToArray());

        results.Select(r => (long)r["line"]!).ShouldBe(Enumerable.Range(1, 2 * broken.Length).Select(n => (long)n));
        foreach (var result in results.Where(r => (long)r["line"]! % 2 == 1))
        {
            ((int)result["status"]!).ShouldBeInRange(400, 499, result.ToJsonString());
            result["answer"]!["code"].ShouldNotBeNull(result.ToJsonString());
        }
        results.Where(r => (long)r["line"]! % 2 == 0).ShouldAllBe(r => (int)r["status"]! == 201);
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(broken.Length);
    }

    [Test]
    public async Task Of_an_atomic_request_all_is_posted_or_nothing()
    {
        var good = await AtomicAsync("a1", Leg(1), Leg(2), Leg(3));
        var again = await AtomicAsync("a1", Leg(1), Leg(2), Leg(3));
        var refused = await AtomicAsync("a2", Leg(4), Leg(2_000_000), Leg(5));
        var broken = await AtomicAsync("a3", Leg(4), "{", "", Leg(5).Replace("5}", "\"five\"}", StringComparison.Ordinal));
        var none = await AtomicAsync("a4");
        var keyless = await AtomicAsync(null, Leg(1));

        good.Status.ShouldBe(HttpStatusCode.Created, good.Text);
        Lines(good.Text).Select(Short).ShouldBe(["1 201", "2 201", "3 201"]);
        again.Text.ShouldBe(good.Text);
        (await AtomicAsync("a1", Leg(9))).Code.ShouldBe("IdempotencyKeyReused");
        refused.Code.ShouldBe("BelowFloor", refused.Text);
        broken.Status.ShouldBe(HttpStatusCode.BadRequest);
        broken["fields"].AsArray().Select(f => ((string)f!["field"]!).Split(':')[0]).Distinct().ShouldBe(["line 2", "line 4"]);
        none.Code.ShouldBe("Invalid");
        keyless.Code.ShouldBe("IdempotencyKeyMissing");
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(6);
    }

    [Test]
    public async Task An_atomic_answer_names_the_posting_and_a_refusal_the_line()
    {
        var good = await AtomicAsync("p1", Leg(1), "", Leg(2));
        var refused = await AtomicAsync("p2", Leg(1), "", Leg(2_000_000));

        var posting = (string)Lines(good.Text)[0]["posting"]!;
        (await Http.GetAnswerAsync($"{_bank}/postings/{posting}"))["transfers"].AsArray().Count.ShouldBe(2);
        Lines(good.Text).Select(l => (string)l["posting"]!).ShouldBe([posting, posting]);
        ((long)refused["line"], (int)refused["leg"]).ShouldBe((3, 2));
    }

    [TestCase("atomic"), TestCase("independent")]
    public async Task A_dry_run_answers_and_posts_nothing(string mode)
    {
        var answer = await PostAsync($"mode={mode}&dryRun=true", Bytes(mode == "atomic" ? $"{Leg(1)}\n{Leg(2)}" : $"{Line("d1", 1)}\n{Leg(2)}"), null);

        Lines(answer.Text).Select(Short).ShouldBe(["1 200", "2 200"]);
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(0);
        (await Http.GetAnswerAsync($"{_bank}/transfers"))["items"].AsArray().ShouldBeEmpty();
    }

    [Test]
    public async Task An_atomic_request_has_ten_thousand_lines_and_no_more()
    {
        var most = await AtomicAsync("most", [.. Enumerable.Repeat(Leg(1), 10_000)]);
        var more = await AtomicAsync("more", [.. Enumerable.Repeat(Leg(1), 10_001)]);

        most.Status.ShouldBe(HttpStatusCode.Created);
        Lines(most.Text).Count.ShouldBe(10_000);
        more.Code.ShouldBe("TooManyLegs", more.Text);
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(10_000);
    }

    [Test]
    public async Task Results_are_read_again_from_any_line_on()
    {
        var id = Guid.CreateVersion7();
        var (bulk, results) = await IndependentAsync(Bytes(string.Join('\n', Enumerable.Range(1, 50).Select(n => Line($"r{n}", n)))), id);

        bulk.ShouldBe(id);
        Lines((await Http.GetAnswerAsync($"{_bank}/postings/bulk/{id}/results")).Text).Select(r => r.ToJsonString()).ShouldBe(results.Select(r => r.ToJsonString()));
        Lines((await Http.GetAnswerAsync($"{_bank}/postings/bulk/{id}/results?after=48")).Text).Select(Short).ShouldBe(["49 201", "50 201"]);
        Lines((await Http.GetAnswerAsync($"{_bank}/postings/bulk/{id}/results?after=50")).Text).ShouldBeEmpty();
        (await Http.GetAnswerAsync($"{_bank}/postings/bulk/{Guid.NewGuid()}/results")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Http.GetAnswerAsync($"{await Http.OpenBankAsync()}/postings/bulk/{id}/results")).Status.ShouldBe(HttpStatusCode.NotFound);
        var taken = await PostAsync($"mode=independent&id={id}", Bytes(Line("r51", 1)), null);
        taken.Code.ShouldBe("Invalid", taken.Text);
    }

    [TestCase("mode=some"), TestCase(""), TestCase("mode=independent&id=x")]
    public async Task How_it_is_meant_must_be_said(string query) =>
        (await PostAsync(query, Bytes(Line("k", 1)), "key")).Code.ShouldBe("Invalid");

    /// <summary>Neither side reads before the other has written: the results wait on the disk, not in memory, and nobody waits for ever.</summary>
    [Test]
    public async Task A_caller_may_write_all_before_it_reads()
    {
        const int lines = 20_000;
        var body = string.Concat(Enumerable.Range(1, lines).Select(n => Line($"w{n}", 1) + "\n"));
        using var socket = await ConnectAsync();
        await SendAsync(socket, Head(body.Length) + body);

        using var reader = new StreamReader(new NetworkStream(socket));
        var answered = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith($"{{\"line\":{answered + 1},\"status\":201,", StringComparison.Ordinal))
                answered++;
        }

        answered.ShouldBe(lines);
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(lines);
    }

    [Test]
    public async Task What_was_read_from_a_caller_who_hangs_up_is_posted_and_its_results_wait()
    {
        const int lines = 500;
        var id = Guid.CreateVersion7();
        using (var socket = await ConnectAsync())
        {
            var body = string.Concat(Enumerable.Range(1, lines).Select(n => Line($"h{n}", 1) + "\n"));
            await SendAsync(socket, Head(2 * body.Length, id) + body);
            using var reader = new StreamReader(new NetworkStream(socket), leaveOpen: true);
            while (await reader.ReadLineAsync() is { } line && !line.StartsWith($"{{\"line\":{lines},", StringComparison.Ordinal))
            {
                // Until the last line has its result, everything is under way.
            }
        }

        var results = Lines((await Http.GetAnswerAsync($"{_bank}/postings/bulk/{id}/results")).Text);
        results.Select(Short).ShouldBe(Enumerable.Range(1, lines).Select(n => $"{n} 201"));
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(lines);
    }

    private string Line(string key, long minutes) => $$"""{"key":"{{key}}","kind":"exchange","yes":"paper","payer":"{{_ann}}","payee":"{{_ben}}","minutes":{{minutes}}}""";

    private string Leg(long minutes) => $$"""{"kind":"exchange","yes":"paper","payer":"{{_ann}}","payee":"{{_ben}}","minutes":{{minutes}}}""";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Short(JsonNode result) => string.Create(CultureInfo.InvariantCulture,
        $"{(long)result["line"]!} {(int)result["status"]!}{((bool?)result["replayed"] == true ? " replayed" : "")}{(result["answer"]!["code"] is { } code ? $" {code}" : "")}");

    private static List<JsonNode> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];

    private Task<(Guid Id, List<JsonNode> Results)> IndependentAsync(params string[] lines) => IndependentAsync(Bytes(string.Join('\n', lines)));

    private async Task<(Guid Id, List<JsonNode> Results)> IndependentAsync(byte[] body, Guid? id = null)
    {
        var answer = await PostAsync($"mode=independent{(id is null ? "" : $"&id={id}")}", body, null);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return (Guid.Parse(answer.Headers.GetValues("Bulk-Id").Single()), Lines(answer.Text));
    }

    private Task<Answer> AtomicAsync(string? key, params string[] legs) => PostAsync("mode=atomic", Bytes(string.Join('\n', legs)), key);

    private async Task<Answer> PostAsync(string query, byte[] body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_bank}/postings/bulk?{query}")
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return new Answer(response.StatusCode, isProblem ? JsonNode.Parse(text) : null, text, response.Headers, response.Content.Headers.ContentType);
    }

    private static async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Http.BaseAddress!.Host, Http.BaseAddress.Port);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text)
    {
        for (ReadOnlyMemory<byte> rest = Bytes(text); rest.Length > 0;)
            rest = rest[await socket.SendAsync(rest)..];
    }

    /// <summary>HTTP/1.0: the answer comes without chunks.</summary>
    private string Head(int length, Guid? id = null) =>
        $"POST {_bank}/postings/bulk?mode=independent{(id is null ? "" : $"&id={id}")} HTTP/1.0\r\nHost: {Http.BaseAddress!.Authority}\r\n"
        + string.Create(CultureInfo.InvariantCulture, $"Authorization: {_authorization}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n");
}
