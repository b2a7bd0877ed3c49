using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>What every answer tells a browser, and TLS.</summary>
public sealed class EdgesHeadersTests
{
    private static readonly string[] s_everywhere =
        ["Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Cache-Control"];

    private string _folder = "";

    [OneTimeSetUp]
    public void MakeCertificate()
    {
        _folder = Directory.CreateTempSubdirectory("tb-tls-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var wanted = new CertificateRequest("CN=hours.example.org", key, HashAlgorithmName.SHA256);
        using var certificate = wanted.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "tls.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
    }

    [OneTimeTearDown]
    public void RemoveCertificate() => Directory.Delete(_folder, recursive: true);

    [TestCase("/v1/who", 200), TestCase("/nothing", 404), TestCase("/v1/fail", 500), TestCase("/page", 200), TestCase("/v1/who", 421), TestCase("/v1/who", 403), TestCase("/v1/who", 429)]
    public async Task Every_answer_has_them_also_a_problem_and_a_failure(string path, int status)
    {
        await using var server = await EdgeServer.StartAsync("Limits:AnonymousPerMinute=1");
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (status == 421)
            request.Headers.Host = "example.org";
        if (status == 403)
            request.Headers.Add("Origin", "https://example.org");
        if (status == 429)
            await server.Http.GetAsync(path);

        using var answer = await server.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        s_everywhere.ShouldAllBe(name => answer.Headers.Contains(name));
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("*");
        policy.Contains("script-src 'self'", StringComparison.Ordinal).ShouldBe(path == "/page");
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [Test]
    public async Task What_may_be_kept_says_so_itself()
    {
        await using var server = await EdgeServer.StartAsync();

        (await server.Http.GetAsync("/v1/kept")).Headers.CacheControl!.ToString().ShouldBe("max-age=60");
    }

    [Test]
    public async Task Over_TLS_it_asks_to_come_by_TLS_again_and_without_TLS_it_sends_people_there()
    {
        await using var server = await EdgeServer.StartAsync(
            "urls=http://127.0.0.1:0;https://127.0.0.1:0", $"Kestrel:Certificates:Default:Path={_folder}/tls.pem", $"Kestrel:Certificates:Default:KeyPath={_folder}/tls.key",
            "Site:Hosts=hours.example.org;localhost");
        var tls = new Uri(server.Addresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal)));
        using var http = server.Client();
        async Task<HttpResponseMessage> AskAsync(Uri address, string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/v1/who?x=%0d%0aX-Injected:%201")) { Headers = { Host = host } };
            return await http.SendAsync(request);
        }

        using var secure = await AskAsync(tls, "hours.example.org");
        secure.StatusCode.ShouldBe(HttpStatusCode.OK);
        secure.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
        using var local = await AskAsync(tls, "localhost");
        local.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("Every server of this machine is localhost.");
        using var plain = await AskAsync(server.Address, "hours.example.org");
        plain.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        plain.Headers.Location.ShouldBe(new Uri($"https://hours.example.org:{tls.Port}/v1/who?x=%0d%0aX-Injected:%201"));
        plain.Headers.Contains("X-Injected").ShouldBeFalse();
        plain.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
        using var foreign = await AskAsync(server.Address, "evil.example");
        foreign.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    /// <summary>Whoever connects and then does not shake hands is silent too.</summary>
    [Test]
    public async Task A_handshake_that_never_comes_is_silence()
    {
        await using var server = await EdgeServer.StartAsync(
            "urls=https://127.0.0.1:0", $"Kestrel:Certificates:Default:Path={_folder}/tls.pem", $"Kestrel:Certificates:Default:KeyPath={_folder}/tls.key", "Limits:SilentSeconds=1");
        using var silent = await RawHttp.ConnectAsync(server.Address);

        (await silent.ReadToEndAsync(TimeSpan.FromSeconds(8))).ShouldBe("");
        (await server.Http.GetAsync("/v1/who")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
