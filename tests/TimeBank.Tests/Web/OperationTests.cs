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
    /// <summary>What is refused for its own reasons, and with which code: there is nobody of that name, no such code, no such right.</summary>
    private static readonly Dictionary<string, string> s_refused = new()
    {
        ["POST /v1/sessions"] = "SignInFailed", ["POST /v1/sessions/passkey"] = "SignInFailed", ["PUT /v1/password-resets"] = "CodeRefused",
        ["POST /v1/invitations/acceptance"] = "CodeRefused", ["POST /v1/codes/acceptance"] = "CodeRefused", ["PUT /v1/me/password"] = "PasswordWrong",
        ["PUT /v1/me/authenticator"] = "CodeRefused", ["DELETE /v1/me/authenticator"] = "PasswordWrong", ["POST /v1/me/recovery-codes"] = "PasswordWrong",
        ["POST /v1/me/passkeys"] = "PasskeyRefused", ["DELETE /v1/me/passkeys/{id}"] = "PasskeyUnknown", ["POST /v1/banks/{bank}/organisers"] = "OrganiserThere",
        ["POST /v1/banks/{bank}/transfers/{id}/dispute"] = "NotPermitted", ["POST /v1/banks/{bank}/accounts/{id}/links"] = "NotPermitted", ["GET /v1/banks/{bank}/concerns"] = "NotPermitted",
        ["GET /v1/banks/{bank}/concerns/{id}"] = "NotPermitted", ["POST /v1/banks/{bank}/concerns/{id}/closure"] = "NotPermitted",
        ["POST /v1/banks/{bank}/concerns/{id}/inquiry"] = "NotPermitted", ["POST /v1/banks/{bank}/concerns/{id}/notes"] = "NotPermitted",
        ["POST /v1/banks/{bank}/apart"] = "NotPermitted", ["GET /v1/banks/{bank}/apart"] = "NotPermitted", ["POST /v1/banks/{bank}/apart/{id}/end"] = "NotPermitted",
        ["GET /v1/banks/{bank}/questions/{id}"] = "QuestionUnknown", ["POST /v1/banks/{bank}/questions/{id}/answer"] = "QuestionUnknown",
        ["POST /v1/banks/{bank}/people/{person}/erasure"] = "AccountStillOpen",
        // The hold was captured before it is released: of the two, the second is told so.
        ["POST /v1/banks/{bank}/holds/{id}/release"] = "HoldNotOpen",
    };

    /// <summary>Somebody whose password may be tried and whose sessions may end.</summary>
    private HttpClient Http { get; set; } = null!;

    private OperationRequests _all = null!;
    private string _bank = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Open()
    {
        Http = RunningServer.Client(RunningServer.App, "otto-the-operator");
        _all = await OperationRequests.OpenAsync(Http);
        (_bank, _ann, _ben) = (_all.Bank, _all.Ann, _all.Ben);
    }

    [OneTimeTearDown]
    public void Leave() => Http.Dispose();

    [Test]
    public async Task Every_operation_of_the_document_is_asked_and_answers_only_what_the_document_names()
    {
        var document = (await Http.GetAnswerAsync("/swagger/v1/swagger.json")).Body!;
        var known = _all.All();
        var operations = document["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => (Name: $"{o.Key.ToUpperInvariant()} {p.Key}", Statuses: o.Value!["responses"]!.AsObject().Select(r => r.Key).ToHashSet())))
            .ToList();
        operations.Select(o => o.Name).Except(known.Keys).ShouldBeEmpty("No request is known for these operations: add one to Known().");
        known.Keys.Except(operations.Select(o => o.Name)).ShouldBeEmpty("The document lacks these.");

        var offenders = new List<string>();
        var order = known.Keys.ToList();
        foreach (var (name, statuses) in operations.OrderBy(o => order.IndexOf(o.Name)))
        {
            var (method, request) = (new HttpMethod(name.Split(' ')[0]), known[name]);
            var good = await SendAsync(method, request, key: true);
            if (s_refused.TryGetValue(name, out var code) ? good.Code != code : (int)good.Status is < 200 or >= 300)
                offenders.Add($"{name}: {good}");
            // Every wrong password counts, and after five the login rests.
            if (name.Contains("/v1/me/", StringComparison.Ordinal) || name.StartsWith("DELETE /v1/sessions", StringComparison.Ordinal))
                continue;
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
        var wrong = new { kind = "reinvest", yes = "paper", payer = _ann, payee = _ann, minutes = 0 };
        (await SendAsync(HttpMethod.Post, new AskedRequest(path, "{", ContentType: "text/plain"), key: false)).Code.ShouldBe("UnsupportedMediaType");
        (await SendAsync(HttpMethod.Post, new AskedRequest(path, "{"), key: false)).Code.ShouldBe("MalformedRequest");
        (await SendAsync(HttpMethod.Post, new AskedRequest(path, new { }), key: false)).Code.ShouldBe("Invalid");
        (await SendAsync(HttpMethod.Post, new AskedRequest(path, wrong), key: false)).Code.ShouldBe("IdempotencyKeyMissing");
        (await SendAsync(HttpMethod.Post, new AskedRequest("/v1/banks/no-such-bank/transfers", wrong), key: true)).Code.ShouldBe("BankUnknown");
        (await SendAsync(HttpMethod.Post, new AskedRequest(path, wrong), key: true)).Code.ShouldBe("KindBelongsToEngine");
        (await SendAsync(HttpMethod.Put, new AskedRequest($"{_bank}/accounts/{Guid.Empty}/settings", new { name = "" }), key: false)).Code.ShouldBe("Invalid");
        (await SendAsync(HttpMethod.Put, new AskedRequest($"{_bank}/accounts/{Guid.Empty}/settings", new { name = "n" }), key: false)).Code.ShouldBe("IfMatchMissing");
        (await SendAsync(HttpMethod.Put, new AskedRequest($"{_bank}/accounts/{Guid.Empty}/settings", new { name = "n" }, "\"9\""), key: false)).Code.ShouldBe("AccountUnknown");
        var figures = await SendAsync(HttpMethod.Post, new AskedRequest(path, new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = 100_000 }), key: true);
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

    private Task<Answer> SendAsync(HttpMethod method, AskedRequest asked, bool key) => asked.SendAsync(Http, method, key);
}
