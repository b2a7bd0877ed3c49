using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>Walks the API document: every operation is asked, rightly and wrongly, and answers only what the document names.</summary>
[Category("Database")]
public sealed class OperationTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _ben, _clinic, _garden, _transfer, _posting, _hold, _rule, _bulk;

    private sealed record Request(string Path, object? Body = null, string? IfMatch = null, string? ContentType = null);

    /// <summary>A request that succeeds for every operation of the document; a new operation needs a line here.</summary>
    private Dictionary<string, Request> Known() => new()
    {
        ["GET /health/live"] = new("/health/live"),
        ["GET /health/ready"] = new("/health/ready"),
        ["GET /problems"] = new("/problems"),
        ["GET /problems/{code}"] = new("/problems/BelowFloor"),
        ["GET /v1/transfer-kinds"] = new("/v1/transfer-kinds"),
        ["GET /v1/banks"] = new("/v1/banks?limit=1"),
        ["POST /v1/banks"] = new("/v1/banks", new { id = $"op-{Guid.NewGuid():N}"[..20], name = "n" }),
        ["GET /v1/banks/{bank}"] = new(_bank),
        ["GET /v1/banks/{bank}/policy"] = new($"{_bank}/policy"),
        ["PUT /v1/banks/{bank}/policy"] = new($"{_bank}/policy", new { timeZone = "Europe/London" }, "\"1\""),
        ["POST /v1/banks/{bank}/accounts"] = new($"{_bank}/accounts", new { kind = "member", name = "n" }),
        ["GET /v1/banks/{bank}/accounts"] = new($"{_bank}/accounts"),
        ["GET /v1/banks/{bank}/accounts/{id}"] = new($"{_bank}/accounts/{_ann}"),
        ["GET /v1/banks/{bank}/accounts/{id}/balance"] = new($"{_bank}/accounts/{_ann}/balance"),
        ["GET /v1/banks/{bank}/accounts/{id}/entries"] = new($"{_bank}/accounts/{_ann}/entries"),
        ["GET /v1/banks/{bank}/accounts/{id}/settings"] = new($"{_bank}/accounts/{_ann}/settings"),
        ["PUT /v1/banks/{bank}/accounts/{id}/settings"] = new($"{_bank}/accounts/{_ann}/settings", new { name = "Anna" }, "\"1\""),
        ["PUT /v1/banks/{bank}/accounts/{id}/freeze"] = new($"{_bank}/accounts/{_garden}/freeze", new { }),
        ["DELETE /v1/banks/{bank}/accounts/{id}/freeze"] = new($"{_bank}/accounts/{_garden}/freeze"),
        ["POST /v1/banks/{bank}/accounts/{id}/closure"] = new($"{_bank}/accounts/{_garden}/closure", new { }),
        ["GET /v1/banks/{bank}/trial-balance"] = new($"{_bank}/trial-balance"),
        ["POST /v1/banks/{bank}/transfers"] = new($"{_bank}/transfers", new { kind = "exchange", payer = _ann, payee = _ben, minutes = 1 }),
        ["GET /v1/banks/{bank}/transfers"] = new($"{_bank}/transfers"),
        ["GET /v1/banks/{bank}/transfers/{id}"] = new($"{_bank}/transfers/{_transfer}"),
        ["POST /v1/banks/{bank}/transfers/{id}/reversal"] = new($"{_bank}/transfers/{_transfer}/reversal", new { }),
        ["POST /v1/banks/{bank}/postings"] = new($"{_bank}/postings", new { legs = new[] { new { kind = "exchange", payer = _ann, payee = _ben, minutes = 1 } } }),
        ["GET /v1/banks/{bank}/postings/{id}"] = new($"{_bank}/postings/{_posting}"),
        ["POST /v1/banks/{bank}/postings/bulk"] = new($"{_bank}/postings/bulk?mode=independent&id={_bulk}",
            $$"""{"key":"{{_bulk}}","kind":"exchange","payer":"{{_ann}}","payee":"{{_ben}}","minutes":1}""", ContentType: "application/x-ndjson"),
        ["GET /v1/banks/{bank}/postings/bulk/{id}/results"] = new($"{_bank}/postings/bulk/{_bulk}/results"),
        ["POST /v1/banks/{bank}/holds"] = new($"{_bank}/holds", new { payer = _ann, payee = _clinic, minutes = 1, expiresAt = "2999-01-01T00:00:00Z" }),
        ["GET /v1/banks/{bank}/holds"] = new($"{_bank}/holds"),
        ["GET /v1/banks/{bank}/holds/{id}"] = new($"{_bank}/holds/{_hold}"),
        ["POST /v1/banks/{bank}/holds/{id}/capture"] = new($"{_bank}/holds/{_hold}/capture", new { }),
        ["POST /v1/banks/{bank}/holds/{id}/release"] = new($"{_bank}/holds/{_hold}/release", new { }),
        ["POST /v1/banks/{bank}/rules"] = new($"{_bank}/rules", Terms(withOwner: true)),
        ["GET /v1/banks/{bank}/rules"] = new($"{_bank}/rules"),
        ["GET /v1/banks/{bank}/rules/{id}"] = new($"{_bank}/rules/{_rule}"),
        ["PUT /v1/banks/{bank}/rules/{id}"] = new($"{_bank}/rules/{_rule}", Terms(withOwner: false), "\"1\""),
        ["DELETE /v1/banks/{bank}/rules/{id}"] = new($"{_bank}/rules/{_rule}", IfMatch: "\"2\""),
    };

    [OneTimeSetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
        _clinic = await Http.OpenAccountAsync(_bank, "provider", "Clinic");
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        var made = await Http.TransferAsync(_bank, "exchange", _ann, _ben, 5);
        (_transfer, _posting, _bulk) = (made.Id, Guid.Parse((string)made["posting"]!), Guid.CreateVersion7());
        _hold = (await Http.PostAsync($"{_bank}/holds", new { payer = _ann, payee = _clinic, minutes = 1, expiresAt = "2999-01-01T00:00:00Z" })).Id;
        _rule = (await Http.PostAsync($"{_bank}/rules", Terms(withOwner: true))).Id;
    }

    [Test]
    public async Task Every_operation_of_the_document_is_asked_and_answers_only_what_the_document_names()
    {
        var document = (await Http.GetAnswerAsync("/swagger/v1/swagger.json")).Body!;
        var known = Known();
        var operations = document["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => (Name: $"{o.Key.ToUpperInvariant()} {p.Key}", Statuses: o.Value!["responses"]!.AsObject().Select(r => r.Key).ToHashSet())))
            .ToList();
        operations.Select(o => o.Name).Except(known.Keys).ShouldBeEmpty("No request is known for these operations: add one to Known().");
        known.Keys.Except(operations.Select(o => o.Name)).ShouldBeEmpty("The document lacks these.");

        var offenders = new List<string>();
        // What takes something away comes last, so that everything else finds it.
        foreach (var (name, statuses) in operations.OrderBy(o => o.Name.EndsWith("closure", StringComparison.Ordinal) || o.Name.EndsWith("release", StringComparison.Ordinal) ? 2 : o.Name.StartsWith("DELETE", StringComparison.Ordinal) ? 1 : 0))
        {
            var (method, request) = (new HttpMethod(name.Split(' ')[0]), known[name]);
            var good = await SendAsync(method, request, key: true);
            // The hold was captured before it is released: of the two, the second is told so.
            if ((int)good.Status is < 200 or >= 300 && good.Code != "HoldNotOpen")
                offenders.Add($"{name}: {good}");
            Answer[] all = [
                good,
                await SendAsync(method, request with { IfMatch = null }, key: false),
                await SendAsync(method, request with { Body = request.Body is null ? null : "{\"nonsense\":" }, key: true),
                await SendAsync(method, request with { ContentType = "text/plain" }, key: true),
                await SendAsync(method, request with { Path = request.Path.Replace(_bank, "/v1/banks/no-such-bank", StringComparison.Ordinal) }, key: true),
                await SendAsync(method, request with { Path = request.Path + (request.Path.Contains('?') ? "&" : "?") + "limit=x&dryRun=x&at=x&mode=x" }, key: true)];
            foreach (var answer in all)
            {
                var status = (int)answer.Status;
                if (!statuses.Contains($"{status}"))
                    offenders.Add($"{name} answers {answer}, which the document does not name.");
                if (status >= 400 && (answer.ContentType?.MediaType != "application/problem+json" || answer.Code is null || status >= 500))
                    offenders.Add($"{name}: {answer}");
            }
        }
        offenders.Distinct().ShouldBeEmpty();
    }

    [Test]
    public async Task Of_several_problems_the_first_of_the_table_is_answered()
    {
        var path = $"{_bank}/transfers";
        var wrong = new { kind = "reinvest", payer = _ann, payee = _ann, minutes = 0 };
        (await SendAsync(HttpMethod.Post, new(path, "{", ContentType: "text/plain"), key: false)).Code.ShouldBe("UnsupportedMediaType");
        (await SendAsync(HttpMethod.Post, new(path, "{"), key: false)).Code.ShouldBe("MalformedRequest");
        (await SendAsync(HttpMethod.Post, new(path, new { }), key: false)).Code.ShouldBe("Invalid");
        (await SendAsync(HttpMethod.Post, new(path, wrong), key: false)).Code.ShouldBe("IdempotencyKeyMissing");
        (await SendAsync(HttpMethod.Post, new("/v1/banks/no-such-bank/transfers", wrong), key: true)).Code.ShouldBe("BankUnknown");
        (await SendAsync(HttpMethod.Post, new(path, wrong), key: true)).Code.ShouldBe("KindBelongsToEngine");
        (await SendAsync(HttpMethod.Put, new($"{_bank}/accounts/{Guid.Empty}/settings", new { name = "" }), key: false)).Code.ShouldBe("Invalid");
        (await SendAsync(HttpMethod.Put, new($"{_bank}/accounts/{Guid.Empty}/settings", new { name = "n" }), key: false)).Code.ShouldBe("IfMatchMissing");
        (await SendAsync(HttpMethod.Put, new($"{_bank}/accounts/{Guid.Empty}/settings", new { name = "n" }, "\"9\""), key: false)).Code.ShouldBe("AccountUnknown");
        var figures = await SendAsync(HttpMethod.Post, new(path, new { kind = "exchange", payer = _ann, payee = _ben, minutes = 100_000 }), key: true);
        (figures.Code, (string?)figures["type"], (long)figures["floor"], (long)figures["minutes"]).ShouldBe(("BelowFloor", "/problems/BelowFloor", -720, 100_000));
    }

    [TestCase("Host", "example.org", "HostNotAllowed"), TestCase("Host", "127.0.0.1.example.org", "HostNotAllowed")]
    [TestCase("Origin", "https://example.org", "OriginNotAllowed"), TestCase("Origin", "null", "OriginNotAllowed"), TestCase("Origin", "http://localhost:1", "OriginNotAllowed")]
    public async Task Other_sites_are_turned_away(string header, string value, string code)
    {
        foreach (var path in (string[])["/health/live", "/swagger/v1/swagger.json", _bank, "/nothing"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await Http.SendAsync(request);
            ((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]).ShouldBe(code, path);
        }
    }

    [Test]
    public async Task Its_own_pages_and_other_names_of_this_machine_are_served()
    {
        foreach (var (header, value) in new[] { ("Origin", Http.BaseAddress!.GetLeftPart(UriPartial.Authority)), ("Host", $"localhost:{Http.BaseAddress.Port}"), ("Host", "[::1]") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await Http.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, value);
        }
    }

    [Test]
    public async Task What_is_not_there_and_what_it_does_not_take_are_problems_too()
    {
        (await Http.GetAnswerAsync("/nothing")).Code.ShouldBe("NotFound");
        (await Http.SayAsync(HttpMethod.Delete, $"{_bank}/transfers")).Code.ShouldBe("MethodNotAllowed");
        foreach (var code in (await Http.GetAnswerAsync("/problems")).Body!.AsArray().Select(p => (string)p!["code"]!))
            (await Http.GetAnswerAsync($"/problems/{code}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private object Terms(bool withOwner) => withOwner
        ? new { owner = _clinic, kinds = (string[])["spend"], share = 100, targets = new[] { new { account = _garden } } }
        : new { kinds = (string[])["spend"], share = 100, targets = new[] { new { account = _garden } } };

    private static async Task<Answer> SendAsync(HttpMethod method, Request asked, bool key)
    {
        using var request = new HttpRequestMessage(method, asked.Path);
        if (asked.Body is not null)
            request.Content = new StringContent(asked.Body as string ?? TimeBank.Web.ApiJson.Write(asked.Body), Encoding.UTF8, new MediaTypeHeaderValue(asked.ContentType ?? "application/json"));
        if (key)
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        if (asked.IfMatch is not null)
            request.Headers.Add("If-Match", asked.IfMatch);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return new Answer(response.StatusCode, isJson ? JsonNode.Parse(text) : null, text, response.Headers, response.Content.Headers.ContentType);
    }
}
