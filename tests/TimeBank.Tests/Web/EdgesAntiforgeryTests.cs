using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>A browser sends a cookie whoever made the page: what changes something must show that it comes from a page of this server.</summary>
public sealed class EdgesAntiforgeryTests
{
    private static readonly Guid s_ann = Guid.NewGuid(), s_ben = Guid.NewGuid();

    private EdgeServer _server = null!;
    private CookieContainer _browser = null!;
    private HttpClient _http = null!;

    [SetUp]
    public async Task Open()
    {
        _server = await EdgeServer.StartAsync();
        _browser = new CookieContainer();
        _http = _server.Client(cookies: _browser);
        SignIn(s_ann);
    }

    [TearDown]
    public async Task Close()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_change_by_cookie_needs_the_token_of_who_is_signed_in()
    {
        (await ChangeAsync()).Code.ShouldBe("AntiforgeryMissing");
        (await ChangeAsync("")).Code.ShouldBe("AntiforgeryMissing");
        (await ChangeAsync("guess")).Code.ShouldBe("AntiforgeryMissing");

        var token = await TokenAsync();

        (await ChangeAsync()).Code.ShouldBe("AntiforgeryMissing");
        (await ChangeAsync(token[..^2] + "xx")).Code.ShouldBe("AntiforgeryMissing");
        (await ChangeAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
        (await ChangeAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [TestCase("PUT"), TestCase("DELETE"), TestCase("PATCH"), TestCase("post"), TestCase("BREW")]
    public async Task Whatever_is_not_a_reading_is_a_change(string method) => (await ChangeAsync(null, new HttpMethod(method))).Code.ShouldBe("AntiforgeryMissing");

    [Test]
    public async Task Reading_needs_none_and_neither_does_who_brings_a_key_or_is_nobody()
    {
        (await _http.GetAsync("/v1/who")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ChangeAsync(null, null, ("App", $"{Guid.NewGuid()}"))).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.Http.PostAsync("/v1/change", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_token_is_worth_nothing_without_its_cookie_or_with_anothers()
    {
        var token = await TokenAsync();
        using var other = _server.Client(cookies: _browser = new CookieContainer());
        SignIn(s_ann);
        async Task<string?> TryAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/change") { Headers = { { "X-Antiforgery", token } } };
            using var answer = await other.SendAsync(request);
            return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"];
        }

        (await TryAsync()).ShouldBe("AntiforgeryMissing");
        await other.GetAsync("/v1/antiforgery");
        (await TryAsync()).ShouldBe("AntiforgeryMissing");
    }

    [Test]
    public async Task A_token_of_another_person_is_worth_nothing_in_the_same_browser()
    {
        var annsToken = await TokenAsync();
        SignIn(s_ben);
        (await ChangeAsync(annsToken)).Code.ShouldBe("AntiforgeryMissing");

        (await ChangeAsync(await TokenAsync())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_token_from_before_signing_in_is_worth_nothing_after()
    {
        SignOut();
        var nobodys = await TokenAsync();
        SignIn(s_ann);

        (await ChangeAsync(nobodys)).Code.ShouldBe("AntiforgeryMissing");
    }

    [TestCase("Sec-Fetch-Site", "cross-site"), TestCase("Sec-Fetch-Site", "same-site"), TestCase("Sec-Fetch-Site", "none"), TestCase("Origin", "https://evil.example"), TestCase("Origin", "null")]
    public async Task Where_the_browser_says_that_it_comes_from_elsewhere_the_token_does_not_help(string header, string value)
    {
        var token = await TokenAsync();

        (await ChangeAsync(token, null, (header, value))).Code.ShouldBe("OriginNotAllowed");
        (await ChangeAsync(token, null, ("Sec-Fetch-Site", "same-origin"), ("Origin", _server.Address.GetLeftPart(UriPartial.Authority)))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task Its_cookie_is_for_this_site_and_no_script_alone()
    {
        using var answer = await _http.GetAsync("/v1/antiforgery");
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();

        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        cookie.ShouldContain("httponly", Case.Insensitive);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
    }

    private void SignIn(Guid person) => _browser.Add(_server.Address, new Cookie("person", person.ToString()));

    private void SignOut() => _browser.GetCookies(_server.Address)["person"]!.Expired = true;

    private async Task<string> TokenAsync() => (string)(await _http.GetAnswerAsync("/v1/antiforgery"))["token"]!;

    private async Task<Answer> ChangeAsync(string? token = null, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, "/v1/change");
        if (token is not null)
            request.Headers.TryAddWithoutValidation("X-Antiforgery", token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), text, response.Headers, response.Content.Headers.ContentType);
    }
}
