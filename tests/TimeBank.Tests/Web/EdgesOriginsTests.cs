using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Shouldly;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>By which names the server is called, whose pages may call it, and which proxies it believes.</summary>
public sealed class EdgesOriginsTests
{
    private const string Named = "https://app.example.org";

    [TestCase("localhost", true), TestCase("LOCALHOST:80", true), TestCase("127.0.0.1", true), TestCase("[::1]:8080", true)]
    [TestCase("example.org", false), TestCase("localhost.example.org", false), TestCase("127.0.0.1.example.org", false), TestCase("localhost.", false), TestCase("[::2]", false)]
    [TestCase("evil.example#localhost", false), TestCase("localhost@example.org", false), TestCase("[localhost]", false), TestCase("[::1].example.org", false), TestCase("localhost:80:80", false), TestCase("", false)]
    public async Task It_answers_to_its_own_names_alone(string host, bool answers)
    {
        await using var server = await EdgeServer.StartAsync();

        var answer = await RawHttp.SayAsync(server.Address, $"GET /v1/who HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        if (answers)
            answer.ShouldStartWith("HTTP/1.1 200");
        else
            // What cannot be a host at all, Kestrel refuses.
            answer.Split('\r')[0].ShouldBeOneOf("HTTP/1.1 421 Misdirected Request", "HTTP/1.1 400 Bad Request");
    }

    [TestCase("GET /v1/who HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n")]
    [TestCase("GET http://example.org/v1/who HTTP/1.1\r\nHost: localhost\r\n")]
    [TestCase("GET /v1/who HTTP/1.1\r\n")]
    [TestCase("GET /v1/who HTTP/1.0\r\n")]
    [TestCase("GET /v1/who HTTP/1.1\r\nHost: example.org\r\nX-Forwarded-Host: localhost\r\n")]
    public async Task Two_names_no_name_or_a_forwarded_one_get_no_further(string request)
    {
        await using var server = await EdgeServer.StartAsync();

        (await RawHttp.SayAsync(server.Address, request + "Connection: close\r\n\r\n")).Split('\r')[0].ShouldBeOneOf("HTTP/1.1 421 Misdirected Request", "HTTP/1.1 400 Bad Request");
    }

    [Test]
    public async Task Names_are_set_and_the_address_that_people_know_is_one_of_them()
    {
        await using var server = await EdgeServer.StartAsync("Site:Hosts=a.example.org; b.example.org", "Site:Url=https://hours.example.org:8443");
        async Task<int> AskAsync(string host) => (int)(await SayAsync(server, HttpMethod.Get, "/v1/who", ("Host", host))).Status;

        (await AskAsync("a.example.org")).ShouldBe(200);
        (await AskAsync("B.example.org:99")).ShouldBe(200);
        (await AskAsync("hours.example.org")).ShouldBe(200);
        (await AskAsync("localhost")).ShouldBe(421);
    }

    [TestCase("https://example.org"), TestCase("null"), TestCase("http://localhost:1"), TestCase("https://app.example.org.evil.example"), TestCase(Named + ":444"), TestCase("http://app.example.org")]
    public async Task A_page_of_another_site_is_refused_whatever_it_asks(string origin)
    {
        await using var server = await EdgeServer.StartAsync($"Site:Origins={Named}");
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Options])
        {
            var answer = await SayAsync(server, method, "/v1/change", ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("App", $"{Guid.NewGuid()}"));

            answer.Code.ShouldBe("OriginNotAllowed");
            answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        }
    }

    [Test]
    public async Task Its_own_pages_may_call_it()
    {
        await using var server = await EdgeServer.StartAsync("Site:Hosts=127.0.0.1;localhost", "Site:Url=https://hours.example.org");
        foreach (var origin in (string[])[server.Address.GetLeftPart(UriPartial.Authority), "https://hours.example.org"])
            (await SayAsync(server, HttpMethod.Post, "/v1/change", ("Origin", origin))).Status.ShouldBe(HttpStatusCode.OK, origin);
        (await SayAsync(server, HttpMethod.Post, "/v1/change", ("Origin", server.Address.GetLeftPart(UriPartial.Authority).Replace("http:", "https:", StringComparison.Ordinal)))).Code.ShouldBe("OriginNotAllowed");
    }

    [Test]
    public async Task A_page_of_a_named_site_asks_first_and_then_calls_with_a_key()
    {
        await using var server = await EdgeServer.StartAsync($"Site:Origins={Named}; http://localhost:5173");

        var asked = await SayAsync(server, HttpMethod.Options, "/v1/change", ("Origin", Named), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type,idempotency-key"));
        var called = await SayAsync(server, HttpMethod.Post, "/v1/change", ("Origin", Named), ("App", $"{Guid.NewGuid()}"));

        asked.Status.ShouldBe(HttpStatusCode.NoContent);
        asked.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldContain("POST");
        asked.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Idempotency-Key", Case.Insensitive);
        called.Status.ShouldBe(HttpStatusCode.OK);
        foreach (var answer in (Answer[])[asked, called])
        {
            answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Named]);
            answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
            answer.Headers.Vary.ShouldContain("Origin");
        }
        called.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("RateLimit");
    }

    [Test]
    public async Task A_page_of_a_named_site_never_comes_with_a_cookie()
    {
        await using var server = await EdgeServer.StartAsync($"Site:Origins={Named}");
        var person = $"{Guid.NewGuid()}";

        ((string?)(await SayAsync(server, HttpMethod.Get, "/v1/who", ("Cookie", $"person={person}")))["person"]).ShouldBe(person);
        var named = await SayAsync(server, HttpMethod.Get, "/v1/who", ("Cookie", $"person={person}"), ("Origin", Named));

        named.Body!["person"].ShouldBeNull();
        ((int)named["cookies"]).ShouldBe(0);
    }

    [Test]
    public async Task Without_named_sites_nobody_is_told_what_a_page_may_ask()
    {
        await using var server = await EdgeServer.StartAsync();
        var own = server.Address.GetLeftPart(UriPartial.Authority);

        (await SayAsync(server, HttpMethod.Options, "/v1/change", ("Origin", own), ("Access-Control-Request-Method", "POST"))).Headers.Contains("Access-Control-Allow-Methods").ShouldBeFalse();
    }

    [TestCase(""), TestCase("Site:BehindProxy=true;Site:KnownProxies=10.0.0.1"), TestCase("Site:BehindProxy=true;Site:KnownProxies=127.0.0.8/30")]
    public async Task What_an_unknown_proxy_forwards_is_not_believed(string settings)
    {
        await using var server = await EdgeServer.StartAsync(settings.Split(';', StringSplitOptions.RemoveEmptyEntries));

        var answer = await SayAsync(server, HttpMethod.Get, "/v1/who", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "for=203.0.113.9;proto=https"));

        ((string?)answer["address"], (string?)answer["scheme"]).ShouldBe(("127.0.0.1", "http"));
        ((string?)answer["host"])!.ShouldStartWith("127.0.0.1");
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [TestCase("203.0.113.9", "203.0.113.9"), TestCase("198.51.100.1, 203.0.113.9", "203.0.113.9"), TestCase("198.51.100.1, 203.0.113.9, 127.0.0.9", "203.0.113.9")]
    public async Task What_a_known_proxy_forwards_is_believed_as_far_as_the_proxies_are_known(string forwardedFor, string address)
    {
        await using var server = await EdgeServer.StartAsync("Site:BehindProxy=true", "Site:KnownProxies=127.0.0.8/30; 10.0.0.1", "Site:Hosts=hours.example.org", "Limits:AnonymousPerMinute=1");
        using var proxy = server.Client("127.0.0.8");
        async Task<Answer> AskAsync(string from)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/who") { Headers = { { "X-Forwarded-For", from }, { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Host", "evil.example" }, { "Host", "hours.example.org" } } };
            using var response = await proxy.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new Answer(response.StatusCode, JsonNode.Parse(text), text, response.Headers, response.Content.Headers.ContentType);
        }

        var answer = await AskAsync(forwardedFor);
        ((string?)answer["address"], (string?)answer["scheme"], (string?)answer["host"]).ShouldBe((address, "https", "hours.example.org"));
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeTrue();
        // It is the address behind the proxy that is counted.
        (await AskAsync(forwardedFor)).Code.ShouldBe("TooManyRequests");
        (await AskAsync("203.0.113.77")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [TestCase("Site:Url=hours.example.org", "must begin with https://"), TestCase("Site:Url=ftp://hours.example.org", "must begin with https://"), TestCase("Site:Url=https://a:b@hours.example.org", "must begin with https://")]
    [TestCase("Site:Origins=https://app.example.org/path", "has no path"), TestCase("Site:Origins=*", "must begin with https://")]
    [TestCase("Site:BehindProxy=true", "go together"), TestCase("Site:KnownProxies=10.0.0.1", "go together"), TestCase("Site:BehindProxy=perhaps", "Site")]
    [TestCase("Site:BehindProxy=true|Site:KnownProxies=proxy.local", "give an address"), TestCase("Site:BehindProxy=true|Site:KnownProxies=10.0.0.0/99", "give an address")]
    [TestCase("Site:Host=example.org", "Site"), TestCase("Site:Hosts:0=example.org", "one text"), TestCase("ForwardedHeaders_Enabled=true", "believes forwarded headers of anybody")]
    public void A_setting_that_cannot_be_meant_so_is_said(string settings, string words) =>
        Should.Throw<SettingException>(() => Site.Read(Settings(settings))).Message.ShouldContain(words);

    [TestCase("Limits:RequestsPerMinute=0"), TestCase("Limits:RequestsPerMinute=-5"), TestCase("Limits:RequestsPerMinute=many"), TestCase("Limits:RequestPerMinute=5"), TestCase("Limits:SilentSeconds=1.5")]
    public void A_limit_that_cannot_be_meant_so_is_said(string settings) => Should.Throw<SettingException>(() => Limits.Read(Settings(settings))).Message.ShouldContain("Limits");

    [Test]
    public void Names_are_compared_as_browsers_write_them()
    {
        var site = Site.Read(Settings("Site:Url=https://Stundenbörse.Example.org/|Site:Origins=https://Büro.example.org:443/"));

        var ascii = new IdnMapping();
        site.IsCalled(ascii.GetAscii("stundenbörse.example.org") + ":443").ShouldBeTrue();
        site.IsNamed("https://" + ascii.GetAscii("büro.example.org")).ShouldBeTrue();
    }

    private static IConfiguration Settings(string text) => new ConfigurationBuilder().AddInMemoryCollection(
        text.Split('|').Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create(s[0], (string?)s[1]))).Build();

    private static async Task<Answer> SayAsync(EdgeServer server, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), text, response.Headers, response.Content.Headers.ContentType);
    }
}
