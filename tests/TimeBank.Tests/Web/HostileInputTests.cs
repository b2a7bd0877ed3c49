using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>What nobody should send: each is a problem of the caller's own, never the server's, and never its neighbours'.</summary>
[Category("Database")]
public sealed class HostileInputTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _ben, _provider, _project, _transfer, _hold, _rule, _contribution, _service, _booking, _listing, _activity, _credential, _arrangement;
    private string _voucher = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
        _provider = await Http.OpenAccountAsync(_bank, "provider", "Clinic");
        _project = await Http.OpenAccountAsync(_bank, "project", "Garden");
        _transfer = (await Http.TransferAsync(_bank, "exchange", _ann, _ben, 10)).Id;
        _hold = (await Http.PostAsync($"{_bank}/holds", new { yes = "paper", payer = _ann, payee = _provider, minutes = 5, expiresAt = "2999-01-01T00:00:00Z" })).Id;
        _contribution = (await Http.PostAsync($"{_bank}/contributions", new { helper = _ann, project = _project, minutes = 5 })).Id;
        _service = (await Http.PostAsync($"{_bank}/services", new { provider = _provider, name = "Advice", lasts = 5 })).Id;
        var booked = await Http.PostAsync($"{_bank}/bookings", new { service = _service, member = _ann, date = "2999-01-01", yes = "paper" });
        (_booking, _voucher) = (booked.Id, (string)booked["voucher"]!);
        _listing = (await Http.PostAsync($"{_bank}/listings", new { account = _ann, kind = "offer", category = "care", title = "t" })).Id;
        await Http.PostAsync($"{_bank}/members", new { account = _ben, how = "page" });
        await Http.PostAsync($"{_bank}/projects", new { account = _project });
        _activity = (await Http.PostAsync($"{_bank}/projects/{_project}/activities", new { name = "n" })).Id;
        _credential = (await Http.PostAsync($"{_bank}/members/{_ben}/credentials", new { kind = "first-aid" })).Id;
        _arrangement = (await Http.PostAsync($"{_bank}/arrangements", new { helper = _ann, helped = _ben })).Id;
        _rule = (await Http.PostAsync($"{_bank}/rules", new { owner = _provider, kinds = (string[])["spend"], share = 100, targets = new[] { new { account = _project } } })).Id;
    }

    /// <summary>Every operation that takes a body, with a body that it takes.</summary>
    private IEnumerable<(HttpMethod Method, string Path, JsonObject Good)> Operations()
    {
        JsonObject Make(object body) => JsonNode.Parse(TimeBank.Web.ApiJson.Write(body))!.AsObject();
        var leg = new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = 1, occurred = "2020-01-01", category = "care", memo = "m", clientReference = "r", metadata = new { a = "b" } };
        yield return (HttpMethod.Post, "/v1/banks", Make(new { id = "hostile", name = "n", language = "en", membersBelowZero = 60, projectWork = "community", confirmedBy = "organiser", policy = new { limits = new { pot = new { floor = -1, ceiling = 1 } }, longestTransfer = 5, timeZone = "UTC", booksClosedThrough = "2020-01-01" } }));
        yield return (HttpMethod.Put, $"{_bank}/policy", Make(new { limits = new { member = new { floor = -1, ceiling = 1 } }, longestTransfer = 5, timeZone = "UTC", booksClosedThrough = "2020-01-01", language = "en", categories = (string[])["care"], otherCategories = true, projectWork = "community", confirmedBy = "organiser" }));
        yield return (HttpMethod.Post, $"{_bank}/accounts", Make(new { kind = "earmark", name = "n", parent = _project, floor = -1, ceiling = 1 }));
        yield return (HttpMethod.Put, $"{_bank}/accounts/{_ann}/settings", Make(new { name = "n", floor = -1, ceiling = 1 }));
        yield return (HttpMethod.Post, $"{_bank}/accounts/{_ann}/numbers", Make(new { number = "17" }));
        yield return (HttpMethod.Post, $"{_bank}/members/enrolments", Make(new { name = "n", number = "18", how = "paper", agreement = "1", agreedOn = "2020-01-01", neighbourhood = "north", telephone = "1", skills = (string[])["care"] }));
        yield return (HttpMethod.Put, $"{_bank}/accounts/{_ann}/freeze", Make(new { reason = "r" }));
        yield return (HttpMethod.Post, $"{_bank}/accounts/{_ann}/closure", Make(new { sweepTo = _ben, yes = "paper", forgiveFrom = _ben, reason = "r" }));
        yield return (HttpMethod.Post, $"{_bank}/transfers", Make(leg));
        yield return (HttpMethod.Post, $"{_bank}/postings", Make(new { legs = new[] { leg }, @override = false, reason = "r" }));
        yield return (HttpMethod.Post, $"{_bank}/transfers/{_transfer}/reversal", Make(new { minutes = 1, reason = "r", @override = false }));
        yield return (HttpMethod.Post, $"{_bank}/holds", Make(new { kind = "spend", yes = "paper", payer = _ann, payee = _provider, minutes = 1, expiresAt = "2999-01-01T00:00:00Z", category = "care", memo = "m", clientReference = "r", metadata = new { a = "b" } }));
        yield return (HttpMethod.Post, $"{_bank}/holds/{_hold}/capture", Make(new { minutes = 1 }));
        yield return (HttpMethod.Post, $"{_bank}/holds/{_hold}/release", Make(new { }));
        yield return (HttpMethod.Post, $"{_bank}/contributions", Make(new { helper = _ann, helped = _ben, project = _project, minutes = 1, occurred = "2020-01-01", category = "care", memo = "m", wish = "passOn", passOnTo = _ben, activity = _activity }));
        yield return (HttpMethod.Post, $"{_bank}/contributions/batch", Make(new { project = _project, occurred = "2020-01-01", category = "care", memo = "m", activity = _activity, lines = new[] { new { helper = _ann, minutes = 1, memo = "m" } } }));
        yield return (HttpMethod.Post, $"{_bank}/contributions/{_contribution}/correction", Make(new { minutes = 1, occurred = "2020-01-01", category = "care", memo = "m" }));
        yield return (HttpMethod.Post, $"{_bank}/contributions/{_contribution}/confirmation", Make(new { yes = "paper" }));
        yield return (HttpMethod.Post, $"{_bank}/contributions/{_contribution}/dispute", Make(new { reason = "r" }));
        yield return (HttpMethod.Post, $"{_bank}/contributions/{_contribution}/settlement", Make(new { minutes = 1, yes = "paper", reason = "r", @override = false }));
        yield return (HttpMethod.Post, $"{_bank}/contributions/{_contribution}/payment", Make(new { by = "pot", pot = _project }));
        yield return (HttpMethod.Post, $"{_bank}/payment-requests", Make(new { kind = "exchange", payer = _ann, payee = _ben, minutes = 1, category = "care", memo = "m", expiresAt = "2999-01-01T00:00:00Z" }));
        yield return (HttpMethod.Post, $"{_bank}/accounts/{_ann}/permissions", Make(new { deputy = _ann, minutes = 60, kinds = new[] { "spend" }, payees = new[] { _ben }, categories = new[] { "care" }, expiresAt = "2999-01-01T00:00:00Z", yes = "paper" }));
        yield return (HttpMethod.Post, $"{_bank}/concerns", Make(new { account = _ann, way = "paper", text = "t" }));
        yield return (HttpMethod.Post, $"{_bank}/members/{_ann}/youth", Make(new { until = "2999-01-01" }));
        yield return (HttpMethod.Post, $"{_bank}/schedules", Make(new { kind = "exchange", payer = _ann, payee = _ben, minutes = 1, category = "care", memo = "m", every = "week", interval = 1, from = "2999-01-01", until = "2999-02-01", at = "08:00:00", yes = "paper" }));
        yield return (HttpMethod.Post, $"{_bank}/work-sessions", Make(new { project = _project, date = "2020-01-01", from = "09:00:00", until = "12:00:00", places = 5, category = "care", memo = "m", activity = _activity }));
        yield return (HttpMethod.Post, $"{_bank}/work-sessions/series", Make(new { project = _project, date = "2020-01-01", from = "09:00:00", until = "12:00:00", places = 5, category = "care", memo = "m", every = "week", interval = 2, last = "2020-02-01" }));
        yield return (HttpMethod.Post, $"{_bank}/arrangements", Make(new { helper = _ann, helped = _ben, category = "care", date = "2999-01-01", at = "10:00:00", about = 5, place = "p", memo = "m" }));
        yield return (HttpMethod.Post, $"{_bank}/arrangements", Make(new { listing = _listing, account = _ben }));
        yield return (HttpMethod.Post, $"{_bank}/arrangements/{_arrangement}/meeting", Make(new { date = "2999-01-01", at = "10:00:00", about = 5, place = "p", memo = "m" }));
        yield return (HttpMethod.Post, $"{_bank}/arrangements/{_arrangement}/agreement", Make(new { account = _ann, yes = "paper", version = 1 }));
        yield return (HttpMethod.Post, $"{_bank}/arrangements/{_arrangement}/askings", Make(new { account = _ann, how = "email", said = "later", memo = "m" }));
        yield return (HttpMethod.Post, $"{_bank}/arrangements/{_arrangement}/completion", Make(new { minutes = 1, occurred = "2020-01-01", wish = "nothing", memo = "m" }));
        yield return (HttpMethod.Post, $"{_bank}/arrangements/{_arrangement}/no-show", Make(new { reason = "r" }));
        yield return (HttpMethod.Post, $"{_bank}/workshops", Make(new { helper = _ann, minutes = 5, occurred = "2020-01-01", category = "care", memo = "m", pot = _project, receivers = new[] { new { account = _ben, yes = "paper" } } }));
        yield return (HttpMethod.Post, $"{_bank}/services", Make(new { provider = _provider, name = "n", conditions = "c", place = "p", times = "t", category = "care", lasts = 5, asks = 4, reason = "r", mostAMonth = 9, noShow = 1 }));
        yield return (HttpMethod.Put, $"{_bank}/services/{_service}", Make(new { name = "n", conditions = "c", place = "p", category = "care", lasts = 5, asks = 4, reason = "r", mostAMonth = 9, noShow = 1 }));
        yield return (HttpMethod.Post, $"{_bank}/bookings", Make(new { service = _service, member = _ann, date = "2999-01-01", yes = "paper", memo = "m" }));
        yield return (HttpMethod.Post, $"{_bank}/vouchers/{_voucher}/capture", Make(new { minutes = 1 }));
        yield return (HttpMethod.Post, $"{_bank}/bookings/{_booking}/refund", Make(new { minutes = 1, memo = "m" }));
        yield return (HttpMethod.Post, $"{_bank}/listings", Make(new { account = _ann, kind = "offer", category = "care", title = "t", description = "d", place = "p", neighbourhood = "north", times = (string[])["mondayMorning"], about = 5, isPublic = true, expires = "2999-01-01T00:00:00Z" }));
        yield return (HttpMethod.Put, $"{_bank}/listings/{_listing}", Make(new { kind = "offer", category = "care", title = "t", description = "d", place = "p", neighbourhood = "north", times = (string[])["mondayMorning"], about = 5, isPublic = true, expires = "2999-01-01T00:00:00Z" }));
        yield return (HttpMethod.Post, $"{_bank}/members", Make(new { account = _ann, how = "page", skills = (string[])["care"], languages = (string[])["en"], times = (string[])["mondayMorning"], reach = (string[])["paper"], willing = "notNow", telephone = "t", email = "e", address = "a", ageBand = "from80", disability = true }));
        yield return (HttpMethod.Put, $"{_bank}/members/{_ben}", Make(new { skills = (string[])["care"], languages = (string[])["en"], times = (string[])["mondayMorning"], reach = (string[])["paper"], willing = "notNow", telephone = "t", email = "e", address = "a", ageBand = "from80", disability = true }));
        yield return (HttpMethod.Post, $"{_bank}/members/{_ben}/steps", Make(new { step = "agreed", on = "2020-01-01", version = "1" }));
        var coProduction = new { kind = "coDelivery", plannedBy = "professionals", deliveredBy = "usersAndCommunities", togetherness = "collective", effect = "additive", inputOf = (string[])["citizen"] };
        yield return (HttpMethod.Post, $"{_bank}/projects", Make(new { account = _project, purpose = "p", needs = "n", from = "2020-01-01", until = "2021-01-01", coProduction }));
        yield return (HttpMethod.Put, $"{_bank}/projects/{_project}", Make(new { purpose = "p", needs = "n", from = "2020-01-01", until = "2021-01-01", coProduction }));
        yield return (HttpMethod.Post, $"{_bank}/projects/{_project}/activities", Make(new { name = "n", risk = "r", precautions = "p", insurance = "i", requires = (string[])["first-aid"] }));
        yield return (HttpMethod.Put, $"{_bank}/activities/{_activity}", Make(new { name = "n", risk = "r", precautions = "p", insurance = "i", requires = (string[])["first-aid"] }));
        yield return (HttpMethod.Post, $"{_bank}/members/{_ben}/credentials", Make(new { kind = "first-aid", seenOn = "2020-01-01", until = "2021-01-01" }));
        yield return (HttpMethod.Post, $"{_bank}/members/{_ben}/credentials/{_credential}/revocation", Make(new { on = "2020-01-01" }));
        yield return (HttpMethod.Post, $"{_bank}/notices/readings", Make(new { upTo = _ann }));
        yield return (HttpMethod.Put, $"{_bank}/notice-settings", Make(new { language = "en", digest = true, ways = new { helpWaits = new { program = true, mail = true, tell = true } } }));
        yield return (HttpMethod.Put, $"{_bank}/accounts/{_ben}/notice-settings", Make(new { language = "en", digest = true, ways = new { helpWaits = new { program = true, mail = true, tell = true } } }));
        yield return (HttpMethod.Post, $"{_bank}/tellings", Make(new { account = _ann, notices = new[] { _ann }, how = "paper" }));
        yield return (HttpMethod.Post, $"{_bank}/members/{_ben}/departure", Make(new { restTo = _ann, yes = "paper", forgiveFrom = _project, reason = "r" }));
        yield return (HttpMethod.Put, $"{_bank}/accounts/{_ann}/silence", Make(new { counts = true, yes = "paper" }));
        yield return (HttpMethod.Post, $"{_bank}/pot-requests", Make(new { pot = _project, member = _ann, minutes = 1, memo = "m" }));
        yield return (HttpMethod.Post, $"{_bank}/pot-requests/{Guid.Empty}/decline", Make(new { reason = "r" }));
        yield return (HttpMethod.Post, $"{_bank}/questions/{Guid.Empty}/answer", Make(new { note = "n" }));
        yield return (HttpMethod.Post, $"{_bank}/rules", Make(new { owner = _provider, kinds = (string[])["earn"], share = 100, targets = new[] { new { account = _project, weight = 1 } } }));
        yield return (HttpMethod.Put, $"{_bank}/rules/{_rule}", Make(new { kinds = (string[])["spend"], share = 100, targets = new[] { new { account = _project, weight = 1 } } }));
    }

    /// <summary>In place of any value: none of these is right anywhere.</summary>
    private static readonly string[] s_wrongAnywhere =
    [
        "{", "[", "\"", "nul", "NaN", "Infinity", "-", "01", "1.", "+1", "'a'", "\"\\ud800\"", "\"\\udc00x\"", "\"\\x41\"", "\"a\nb\"",
        "1e400", "1.5", "9223372036854775808", "-9223372036854775809", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "true false", "// comment\n1", "1,",
    ];

    /// <summary>In place of any value: wrong for what it stands for, or simply too much.</summary>
    private static readonly string[] s_wrongMostly =
    [
        "\"\\u0000\"", "\"a\\u0007b\"", "{}", "[]", "[null]", "true", "1e3", "-0", "0", "-1", "9007199254740992", "9223372036854775807", "\"2026-02-30\"", "\"0000-01-01\"",
        "\"+infinity\"", "\"10000-01-01\"", "\"2026-01-01T00:00:00\"", "\"not-a-uuid\"", "\"{00000000-0000-0000-0000-000000000000}\"", "\"Mars/Olympus\"", "\"../../etc/passwd\"",
        $"\"{new string('x', 3000)}\"", "{\"a\":1}", "{\"a\":{\"b\":\"c\"}}", "{\"\\ud800\":\"x\"}", "{\"x\":\"\\udfff\"}", "{\"a\":\"1\",\"a\":\"2\"}", "{\"a\\u0000\":\"x\"}",
    ];

    [Test]
    public async Task Every_member_of_every_request_may_be_wrong_and_never_does_harm()
    {
        var offenders = new List<string>();
        var sent = 0;
        foreach (var (method, path, good) in Operations())
        {
            var members = good.Select(m => m.Key).ToList();
            var bodies = new List<(string Body, bool MustFail)>();
            foreach (var member in members)
            {
                foreach (var wrong in s_wrongAnywhere)
                    bodies.Add((With(good, member, wrong), true));
                foreach (var wrong in s_wrongMostly)
                    bodies.Add((With(good, member, wrong), false));
            }
            foreach (var chunk in bodies.Chunk(32))
            {
                // Neighbours in the same batches, which must not suffer.
                var neighbours = Enumerable.Range(0, 2).Select(_ => Http.TransferAsync(_bank, "gift", _project, _project, 1)).ToList();
                var answers = await Task.WhenAll(chunk.Select(async b => (b, Answer: await SendAsync(method, path + "?dryRun=true", Encoding.UTF8.GetBytes(b.Body)))));
                offenders.AddRange(answers.Select(a => Hostile.Fault(a.Answer, a.b.MustFail) is { } fault ? $"{method} {path} {Hostile.Cut(a.b.Body)}: {fault}" : null).OfType<string>());
                (await Task.WhenAll(neighbours)).ShouldAllBe(n => n.Code == "SameAccount");
                sent += chunk.Length;
            }
        }
        TestContext.Out.WriteLine($"{sent} requests");
        offenders.ShouldBeEmpty();
    }

    [Test]
    public async Task What_is_not_JSON_at_all_is_a_malformed_request()
    {
        byte[][] bodies =
        [
            [], " "u8.ToArray(), "null"u8.ToArray(), "[]"u8.ToArray(), "1"u8.ToArray(), "\"x\""u8.ToArray(), "true"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "{}{}"u8.ToArray(), "{}x"u8.ToArray(),
            [0xFF, 0xFE, 0x7B, 0x00], [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D], [0x00], [0x7B, 0x00, 0x7D], [.. "{\"unknownMember\":1}"u8],
            [.. "{\"memo\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], [.. "{\"memo\":\""u8, 0xF8, 0x88, .. "\"}"u8], [.. "{\"memo\":\"a\",\"memo\":\"b\"}"u8],
            Encoding.UTF8.GetBytes(new string('[', 100_000)), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 50_000))),
        ];
        var offenders = new List<string>();
        foreach (var (method, path, _) in Operations())
        {
            foreach (var body in bodies)
            {
                var answer = await SendAsync(method, path, body);
                if (Hostile.Fault(answer, mustFail: true) is { } fault || (fault = answer.Status == HttpStatusCode.BadRequest ? null : $"{answer.Status}") is not null)
                    offenders.Add($"{method} {path} {Hostile.Cut(Encoding.Latin1.GetString(body))}: {fault}");
            }
        }
        offenders.ShouldBeEmpty();
    }

    /// <summary>Two words with a comma are none; what looks like a union of kinds must not be taken for a third one.</summary>
    [Test]
    public async Task Words_joined_by_commas_are_no_word()
    {
        var transfer = await Http.PostAsync($"{_bank}/transfers", new { kind = "exchange,gift", yes = "paper", payer = _ann, payee = _ben, minutes = 1 });
        var account = await Http.PostAsync($"{_bank}/accounts", new { kind = "member, project", name = "n" });
        var policy = await Http.SayAsync(HttpMethod.Put, $"{_bank}/policy", """{"limits":{"issuer,pot":{"floor":-5}}}""", ifMatch: "\"1\"");

        foreach (var answer in (Answer[])[transfer, account, policy])
            answer.Code.ShouldBe("MalformedRequest", answer.Text);
        (await Http.GetAnswerAsync(_bank)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task Of_a_hundred_thousand_empty_legs_one_thing_is_wrong()
    {
        var legs = $$"""{"legs":[{{string.Join(',', Enumerable.Repeat("{}", 100_000))}}]}""";
        var answer = await SendAsync(HttpMethod.Post, $"{_bank}/postings", Encoding.UTF8.GetBytes(legs));
        answer.Code.ShouldBe("Invalid");
        answer["fields"].AsArray().Count.ShouldBe(1, answer.Text);
    }

    [Test]
    public async Task A_body_of_five_megabytes_is_too_large()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"memo":"{{new string('x', 5 * 1024 * 1024)}}"}""");
        foreach (var (method, path, _) in Operations())
        {
            var answer = await SendAsync(method, path, body, askFirst: true);
            answer.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge, path);
            Hostile.Fault(answer, mustFail: true).ShouldBeNull();
        }
    }

    [TestCase("*"), TestCase("1"), TestCase("W/\"1\""), TestCase("\"\""), TestCase("\"1\", \"2\""), TestCase("\"99999999999999999999\""), TestCase("\"-1\"")]
    public async Task An_If_Match_that_is_none_of_ours_matches_nothing(string tag)
    {
        var answer = await Http.SayAsync(HttpMethod.Put, $"{_bank}/accounts/{_ann}/settings", new { name = "Ann" }, ifMatch: tag);
        answer.Status.ShouldBe(HttpStatusCode.PreconditionFailed, answer.Text);
        answer.Code.ShouldBe("VersionMismatch");
    }

    [Test]
    public async Task A_key_that_is_none_is_missing()
    {
        foreach (var key in (string[])["", " ", "\"\"", new string('k', 256), "ké", "k\tk", "\ud800"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{_bank}/transfers") { Content = Json(Encoding.UTF8.GetBytes($$"""{"kind":"exchange","yes":"paper","payer":"{{_ann}}","payee":"{{_ben}}","minutes":1}""")) };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
            using var client = new HttpClient(handler) { BaseAddress = Http.BaseAddress };
            client.DefaultRequestHeaders.Authorization = await Logins.SignInAsync(Http.BaseAddress!, await Logins.OperatorAsync(RunningServer.Store), Logins.Password);
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, key);
            text.ShouldContain("IdempotencyKeyMissing", Case.Sensitive, key);
        }
    }

    [Test]
    public async Task Strange_but_valid_text_comes_back_as_it_was()
    {
        foreach (var text in (string[])["😀", "a\u202eb", "\ufffd", "\u00ad", "e\u0301", "\uffff", "<script>alert(1)</script>", "=1+1", "'; drop table x; --", "%_\\", "\t\r\n", "𝒳" ])
        {
            var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Room"] = text, ["room"] = text, ["a"] = "1", ["a\u00ad"] = "2", [text.Any(char.IsControl) ? "x" : text] = "y" };
            if (text.Any(char.IsControl))
                metadata["Room"] = metadata["room"] = "";
            var made = await Http.PostAsync($"{_bank}/transfers", new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = 1, memo = text, clientReference = text, metadata });
            made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
            var kept = await Http.GetAnswerAsync($"{_bank}/transfers/{made.Id}");
            ((string?)kept["memo"]).ShouldBe(text);
            ((string?)kept["clientReference"]).ShouldBe(text);
            kept["metadata"].AsObject().ToDictionary(p => p.Key, p => (string)p.Value!).ShouldBe(metadata, ignoreOrder: true);
        }
    }

    [Test]
    public async Task Back_and_forth_beyond_what_minutes_can_say_is_refused()
    {
        var bank = await Http.OpenBankAsync();
        var issuer = await Http.IssuerAsync(bank);
        var pot = await Http.OpenAccountAsync(bank, "pot", "Chest");
        var project = await Http.OpenAccountAsync(bank, "project", "Garden");
        var other = await Http.OpenAccountAsync(bank, "project", "Library");
        (await Http.PostAsync($"{bank}/rules", new { owner = project, kinds = (string[])["grant"], share = 1, targets = new[] { new { account = other } } })).Status.ShouldBe(HttpStatusCode.Created);
        object Leg(Guid payer, Guid payee) => new { kind = "grant", payer, payee, minutes = Minutes.Limit };

        var answer = await Http.PostAsync($"{bank}/postings", new { legs = new[] { Leg(issuer, pot), Leg(pot, project), Leg(project, pot), Leg(pot, project) } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, answer.Text);
        answer.Code.ShouldBe("MinutesBeyondRange");
    }

    private static string With(JsonObject good, string member, string raw) =>
        "{" + string.Join(",", good.Select(m => $"\"{m.Key}\":{(m.Key == member ? raw : m.Value!.ToJsonString())}")) + "}";

    private static async Task<Answer> SendAsync(HttpMethod method, string path, byte[] body, bool askFirst = false)
    {
        using var request = new HttpRequestMessage(method, path) { Content = Json(body) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        request.Headers.Add("If-Match", "\"1\"");
        // A server may hang up on a body that it will not read: who asks first gets the answer.
        request.Headers.ExpectContinue = askFirst;
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return new Answer(response.StatusCode, isJson ? JsonNode.Parse(text) : null, text, response.Headers, response.Content.Headers.ContentType);
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
