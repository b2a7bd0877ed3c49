using System.IdentityModel.Tokens.Jwt;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Shouldly;

namespace TimeBank.Tests.Access;

/// <summary>Tokens of an identity provider outside: a real one, with a signing key set that it serves on this machine.</summary>
[Category("Database")]
public sealed class OutsideTokenTests
{
    private const string Issuer = "https://id.example.org";
    private const string Audience = "timebank";

    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "first" };
    private readonly RsaSecurityKey _other = new(RSA.Create(2048)) { KeyId = "first" };
    private WebApplication _provider = null!;
    private Uri _server = null!;
    private string _bank = "", _otherBank = "";
    private Guid _ann, _school;

    [OneTimeSetUp]
    public async Task Start()
    {
        var http = RunningServer.Http;
        (_bank, _otherBank) = (await http.OpenBankAsync(), await http.OpenBankAsync());
        _ann = await http.OpenAccountAsync(_bank, "member", "Ann");
        _school = await http.OpenAccountAsync(_bank, "provider", "School");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _provider = builder.Build();
        _provider.MapGet("/.well-known/openid-configuration", (HttpContext c) =>
            Results.Text($$"""{"issuer":"{{Issuer}}","jwks_uri":"http://{{c.Request.Host}}/keys"}""", "application/json"));
        _provider.MapGet("/keys", () => Results.Text($$"""
            {"keys":[{"kty":"RSA","use":"sig","kid":"first","alg":"RS256","n":"{{Base64UrlEncoder.Encode(_key.Rsa.ExportParameters(false).Modulus)}}","e":"AQAB"}]}
            """, "application/json"));
        await _provider.StartAsync();
        var app = await RunningServer.StartServer(RunningServer.Store, settings: Settings);
        _server = new Uri(app.Urls.First());
    }

    [OneTimeTearDown]
    public async Task Stop() => await _provider.DisposeAsync();

    [Test]
    public async Task A_token_of_the_provider_lets_in_by_its_scopes()
    {
        using var http = With(Token("hours.read other.thing"));

        (await http.GetAnswerAsync($"{_bank}/accounts/{_ann}/balance")).Status.ShouldBe(HttpStatusCode.OK);
        (await http.GetAnswerAsync($"{_bank}/transfers")).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task It_is_good_for_its_bank_alone()
    {
        using var http = With(Token("hours.read"));

        (await http.GetAnswerAsync($"{_otherBank}/accounts")).Code.ShouldBe("SignInNeeded");
        (await http.GetAnswerAsync("/v1/me")).Code.ShouldBe("SignInNeeded");
    }

    [Test]
    public async Task It_debits_no_member_without_that_member_s_link()
    {
        using var http = With(Token("hours.move"));

        (await http.TransferAsync(_bank, "spend", _ann, _school, 1)).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task Where_nothing_is_left_for_the_unknown_the_signature_of_a_new_token_is_not_even_checked()
    {
        await using var app = await RunningServer.StartServer(RunningServer.Store, settings: new Dictionary<string, string?>(Settings) { ["Limits:AnonymousPerMinute"] = "2" });
        var (known, other) = (Token("hours.read"), Token("hours.read other.thing"));
        var path = $"{_bank}/accounts/{_ann}/balance";

        (await With(known, app).GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await RunningServer.Nobody(app).GetAnswerAsync(path)).Code.ShouldBe("SignInNeeded");
        (await With(other, app).GetAnswerAsync(path)).Code.ShouldBe("TooManyRequests");
        (await With(known, app).GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK, "It let somebody in before.");
    }

    private static readonly string[] s_bad = ["none", "audience", "issuer", "expired", "future", "key", "symmetric", "cut"];

    [TestCaseSource(nameof(s_bad))]
    public async Task A_token_that_does_not_count_is_nobody(string wrong)
    {
        var token = wrong switch
        {
            "none" => Unsigned(),
            "audience" => Token("hours.read", audience: "somebody-else"),
            "issuer" => Token("hours.read", issuer: "https://evil.example.org"),
            "expired" => Token("hours.read", from: DateTime.UtcNow.AddHours(-2), to: DateTime.UtcNow.AddMinutes(-5)),
            "future" => Token("hours.read", from: DateTime.UtcNow.AddMinutes(5), to: DateTime.UtcNow.AddHours(1)),
            "key" => Token("hours.read", key: new SigningCredentials(_other, SecurityAlgorithms.RsaSha256)),
            // The public key as if it were a shared secret.
            "symmetric" => Token("hours.read", key: new SigningCredentials(
                new SymmetricSecurityKey(_key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = "first" }, SecurityAlgorithms.HmacSha256)),
            _ => Token("hours.read")[..^4] + "AAAA",
        };
        using var http = With(token);

        (await http.GetAnswerAsync($"{_bank}/accounts/{_ann}/balance")).Code.ShouldBe("SignInNeeded");
    }

    private Dictionary<string, string?> Settings => new()
    {
        ["Outside:Authority"] = _provider.Urls.First(), ["Outside:Issuer"] = Issuer, ["Outside:Audience"] = Audience,
        ["Outside:Bank"] = _bank["/v1/banks/".Length..], ["Outside:Scopes:hours.read"] = "accountsRead", ["Outside:Scopes:hours.move"] = "transfersWrite",
    };

    private HttpClient With(string token, WebApplication? app = null)
    {
        var http = new HttpClient { BaseAddress = app is null ? _server : new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private string Token(string scope, string issuer = Issuer, string audience = Audience, DateTime? from = null, DateTime? to = null, SigningCredentials? key = null) =>
        new JwtSecurityTokenHandler().WriteToken(new JwtSecurityToken(
            issuer, audience, [new Claim("sub", "clinic"), new Claim("scope", scope)], from ?? DateTime.UtcNow.AddMinutes(-1), to ?? DateTime.UtcNow.AddHours(1),
            key ?? new SigningCredentials(_key, SecurityAlgorithms.RsaSha256)));

    private static string Unsigned() =>
        $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{Token()}.";

    private static string Token() => Base64UrlEncoder.Encode(
        $$"""{"iss":"{{Issuer}}","aud":"{{Audience}}","sub":"clinic","scope":"hours.read","exp":{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}}}""");
}
