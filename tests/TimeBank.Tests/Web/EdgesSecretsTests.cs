using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>What callers bring as secrets is found in no log, problem or trace, however much is logged.</summary>
public sealed class EdgesSecretsTests
{
    [Test]
    public async Task The_edges_log_no_secret_at_the_most_talkative_level()
    {
        await using var server = await EdgeServer.StartAsync("Site:Origins=https://app.example.org");
        await SendSecretsAsync(server.Address, text => server.Logged.Append(text));

        server.Logged.ShouldContain(l => l.StartsWith("Trace ", StringComparison.Ordinal));
    }

    [Test, Category("Database")]
    public async Task The_whole_server_logs_no_secret_at_the_most_talkative_level()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("data", RunningServer.DataFolder), new("Limits:SignInsPerMinute", "1000")]);
        var heard = Heard.All(builder);
        await using var app = Server.Build(builder, RunningServer.Store);
        await app.StartAsync();

        await SendSecretsAsync(new Uri(app.Urls.First()), text => heard.Lines.Append(text));
        var secrets = await LiveAsync(app);

        heard.Lines.ShouldContain(l => l.StartsWith("Trace ", StringComparison.Ordinal));
        secrets.ShouldAllBe(s => s.Length >= 8);
        secrets.SelectMany(s => heard.Lines.Where(l => l.Contains(s, StringComparison.OrdinalIgnoreCase)).Select(l => Hostile.Cut(l))).Distinct().ShouldBeEmpty();
        await app.StopAsync();
    }

    /// <summary>Does what takes and gives secrets that count; answers all of them.</summary>
    private static async Task<List<string>> LiveAsync(WebApplication app)
    {
        using var organiser = RunningServer.Client(app);
        using var nobody = RunningServer.Nobody(app);
        var bank = await organiser.OpenBankAsync();
        var login = $"secret-{Guid.NewGuid():N}";
        List<string> secrets = [Logins.Password, $"first {Guid.NewGuid():N}", $"second {Guid.NewGuid():N}"];
        secrets.Add((string)(await organiser.PostAsync($"{bank}/keys", new { name = "n", scopes = (string[])["accountsRead"] }))["secret"]!);
        using var app1 = Logins.WithKey(organiser, secrets[^1]);
        (await app1.GetAnswerAsync(bank)).Status.ShouldBe(HttpStatusCode.OK);
        secrets.Add((string)(await organiser.PostAsync($"{bank}/invitations", new { name = "n", standing = new { role = "auditor" } }))["code"]!);
        var accepted = await nobody.PostAsync("/v1/invitations/acceptance", new { code = secrets[^1], login, password = secrets[1] });
        secrets.Add((await Logins.SignInAsync(nobody.BaseAddress!, login, secrets[1])).Parameter!);
        using var me = Logins.WithKey(organiser, secrets[^1]);
        secrets.Add((string)(await me.PostAsync("/v1/me/authenticator", new { password = secrets[1] }))["key"]!);
        (await me.SayAsync(HttpMethod.Put, "/v1/me/password", new { old = secrets[1], @new = secrets[2] })).Status.ShouldBe(HttpStatusCode.OK);
        secrets.Add((string)(await organiser.PostAsync($"{bank}/people/{(string)accepted["person"]!}/codes", new { }))["code"]!);
        using var page = await nobody.PostAsync("/v1/sessions", new StringContent(ApiJson.Write(new { login, password = secrets[2], door = "page" }), Encoding.UTF8, "application/json"));
        secrets.Add(page.Headers.GetValues("Set-Cookie").Single().Split('=', 2)[1].Split(';')[0]);
        return secrets;
    }

    /// <summary>Sends secrets wherever one may stand, well formed and not, and looks for them in all that was logged, answered and traced.</summary>
    private static async Task SendSecretsAsync(Uri server, Func<string, IEnumerable<string>> logged)
    {
        var traced = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (traced)
                    traced.Add($"{activity.DisplayName} {string.Join(' ', activity.TagObjects.Select(t => $"{t.Key}={t.Value}"))} {string.Join(' ', activity.Baggage)}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        var secrets = new List<string>();
        string Secret(string start = "")
        {
            // Hexadecimal, so that nothing is escaped on the way to where it must not be.
            secrets.Add(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
            return start + secrets[^1];
        }
        var answers = new StringBuilder();
        async Task RawAsync(string head) => answers.Append(await RawHttp.SayAsync(server, $"{head}\r\nConnection: close\r\n\r\n"));
        using var handler = new SocketsHttpHandler { UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = server };
        async Task SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await http.SendAsync(request);
            answers.Append((int)answer.StatusCode).Append(answer.Headers).Append(await answer.Content.ReadAsStringAsync());
        }

        foreach (var path in (string[])["/v1/banks", "/v1/me", "/v1/who", "/v1/fail", "/v1/banks/law-school/accounts"])
        {
            await SendAsync("GET", path, null, ("Authorization", $"Bearer {Secret($"tb_law-school_{Guid.NewGuid():N}_")}"));
            await SendAsync("GET", path, null, ("Authorization", $"Bearer eyJhbGciOiJub25lIn0.{Secret()}.{Secret()}"));
            await SendAsync("GET", path, null, ("Authorization", Secret("Basic ")));
            await SendAsync("GET", path, null, ("Cookie", $"person={Guid.NewGuid()}; timebank={Secret()}; timebank-antiforgery={Secret()}; {Secret()}"));
            await SendAsync("POST", path, "{}", ("Cookie", $"person={Guid.NewGuid()}; timebank-antiforgery={Secret()}"), ("X-Antiforgery", Secret()), ("Origin", "https://app.example.org"));
            await SendAsync("POST", path, "{}", ("Cookie", $"person={Guid.NewGuid()}; timebank-antiforgery={Secret()}"), ("X-Antiforgery", Secret()));
        }
        foreach (var path in (string[])["/v1/sessions", "/v1/sessions/passkey", "/v1/password-resets", "/v1/invitations/acceptance", "/v1/codes/acceptance", "/v1/json"])
        {
            foreach (var method in (string[])["POST", "PUT"])
            {
                await SendAsync(method, path, $$"""{"name":"ann","email":"ann@example.org","password":"{{Secret()}}","code":"{{Secret()}}","token":"{{Secret()}}"}""");
                await SendAsync(method, path, $$"""{"name":"ann","password":"{{Secret()}}"}""");
                await SendAsync(method, path, $$"""{"password":"{{Secret()}}""");
                await SendAsync(method, path, $$"""{"password":{{Secret("x")}}}""");
                await SendAsync(method, path, $$"""{"name":"ann","password":["{{Secret()}}"],"code":{"{{Secret()}}":1} }""");
            }
        }
        await RawAsync($"GET /v1/who HTTP/1.1\r\nHost: localhost\r\nAuthorization Bearer {Secret()}");
        await RawAsync($"GET /v1/who HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \0{Secret()}");
        await RawAsync($"GET /v1/who HTTP/1.1\r\nHost: localhost\r\nCookie : {Secret()}");
        await RawAsync($"GET /v1/who?key={Secret()} HTTP/1.1\r\nHost: localhost");
        await RawAsync($"GET /v1/who?key={Secret()} HTTP/9.9\r\nHost: localhost");
        await RawAsync($"GET /v1/who HTTP/1.1\r\nHost: localhost:{Secret()}");
        await RawAsync($"{Secret()} /v1/who HTTP/1.1\r\nHost: localhost");

        lock (traced)
            traced.ShouldNotBeEmpty();
        var places = logged(answers.ToString()).Concat(traced).ToList();
        secrets.Count.ShouldBeGreaterThan(100);
        secrets.SelectMany(s => places.Where(p => p.Contains(s, StringComparison.OrdinalIgnoreCase)).Select(p => Hostile.Cut(p))).Distinct().ShouldBeEmpty();
    }
}
