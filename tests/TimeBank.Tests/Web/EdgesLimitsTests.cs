using System.Net;
using System.Text;
using Shouldly;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>How many requests are taken from whom.</summary>
public sealed class EdgesLimitsTests
{
    [Test]
    public async Task Every_answer_says_what_is_left_of_the_clients_quota()
    {
        await using var server = await EdgeServer.StartAsync();

        foreach (var (path, left) in new[] { ("/v1/who", 599), ("/nothing", 598), ("/v1/fail", 597) })
        {
            using var answer = await server.Http.GetAsync(path);
            Field(answer, "RateLimit-Policy").ShouldBe("\"client\";q=600;w=60");
            Field(answer, "RateLimit").ShouldMatch($"""^"client";r={left};t=\d\d?$""");
            answer.Headers.RetryAfter.ShouldBeNull();
        }
    }

    [Test]
    public async Task Of_an_unknown_caller_the_address_is_counted_and_of_a_known_one_who_it_is()
    {
        await using var server = await EdgeServer.StartAsync("Limits:AnonymousPerMinute=2", "Limits:RequestsPerMinute=3");
        using var elsewhere = server.Client("127.0.0.2");

        (await StatusesAsync(server.Http, 3)).ShouldBe([200, 200, 429]);
        (await StatusesAsync(elsewhere, 3)).ShouldBe([200, 200, 429]);
        // An app has its own quota, wherever it calls from; so has every other app.
        var (app, other) = (Guid.NewGuid(), Guid.NewGuid());
        (await StatusesAsync(server.Http, 2, app)).ShouldBe([200, 200]);
        (await StatusesAsync(elsewhere, 2, app)).ShouldBe([200, 429]);
        (await StatusesAsync(elsewhere, 1, other)).ShouldBe([200]);
    }

    [Test]
    public async Task Who_asks_too_much_is_told_when_to_come_again()
    {
        await using var server = await EdgeServer.StartAsync("Limits:AnonymousPerMinute=1");
        await server.Http.GetAsync("/v1/who");

        var refused = await server.Http.GetAnswerAsync("/v1/who");

        ((int)refused.Status, refused.Code, refused.ContentType?.MediaType).ShouldBe((429, "TooManyRequests", "application/problem+json"));
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        refused.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"client\";r=0;t=");
    }

    /// <summary>Lockout stops who tries many passwords for one name; this stops who tries one password for many names.</summary>
    [TestCase("/v1/sessions"), TestCase("/V1/Sessions/"), TestCase("/v1/sessions/passkey"), TestCase("/v1/password-resets"), TestCase("/v1/invitations/acceptance"), TestCase("/v1/codes/acceptance"), TestCase("/v1/me/authenticator")]
    public async Task Stuffing_many_names_from_one_address_is_stopped(string path)
    {
        await using var server = await EdgeServer.StartAsync();
        var statuses = new List<int>();
        for (var name = 0; name < 25; name++)
        {
            // A key of some app's does not help.
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent($$"""{"name":"n{{name}}","password":"Winter2026!"}""", Encoding.UTF8, "application/json"), Headers = { { "App", $"{Guid.NewGuid()}" } } };
            using var answer = await server.Http.SendAsync(request);
            statuses.Add((int)answer.StatusCode);
            Field(answer, "RateLimit-Policy").ShouldEndWith(", \"sign-in\";q=20;w=60");
            Field(answer, "RateLimit").ShouldContain($"\"sign-in\";r={Math.Max(0, 19 - name)};t=");
        }

        statuses.Take(20).ShouldAllBe(s => s != 429);
        statuses.Skip(20).ShouldAllBe(s => s == 429);
        // Everything else goes on, and so do others.
        (await server.Http.GetAsync("/v1/who")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var elsewhere = server.Client("127.0.0.2");
        (await elsewhere.PostAsync("/v1/sessions", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Http.DeleteAsync("/v1/sessions/current")).StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests);
    }

    [Test]
    public async Task A_window_begins_anew_when_it_has_ended()
    {
        var quota = new Quota("q", 2, TimeSpan.FromMilliseconds(300));
        bool Take() => quota.Take(1).IsTaken;

        (Take(), Take(), Take()).ShouldBe((true, true, false));
        await Task.Delay(350);
        (Take(), Take(), Take()).ShouldBe((true, true, false));
    }

    [Test]
    public async Task A_flood_of_addresses_costs_no_memory_and_shares_what_is_left()
    {
        var quota = new Quota("q", 3, TimeSpan.FromMilliseconds(1500), mostClients: 100);
        quota.Take(0).IsTaken.ShouldBeTrue();
        var taken = Enumerable.Range(1, 50_000).Count(i => quota.Take((UInt128)i).IsTaken);

        quota.Clients.ShouldBe(100);
        taken.ShouldBeLessThan(100 + 256 * 3 + 1);
        quota.Take(0).Left.ShouldBe(1, "Who was there before is not touched by it.");
        await Task.Delay(1600);
        quota.Take(60_000).IsTaken.ShouldBeTrue();
        quota.Clients.ShouldBe(1, "Ended windows are forgotten.");
    }

    [Test]
    public void Many_at_once_take_no_more_than_there_is()
    {
        var quota = new Quota("q", 1_000, TimeSpan.FromMinutes(1));
        var taken = 0;
        Parallel.For(0, 5_000, _ => Interlocked.Add(ref taken, quota.Take(7).IsTaken ? 1 : 0));

        taken.ShouldBe(1_000);
    }

    [TestCase("10.0.0.1", "10.0.0.1", true)]
    [TestCase("10.0.0.1", "10.0.0.2", false)]
    [TestCase("10.0.0.1", "::ffff:10.0.0.1", true)]
    [TestCase("::ffff:10.0.0.1", "::ffff:10.0.0.2", false)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [TestCase("::1", "0.0.0.1", false)]
    public void An_IPv6_network_of_64_bits_is_one_address(string one, string other, bool same) =>
        (ClientAddress.Of(IPAddress.Parse(one)) == ClientAddress.Of(IPAddress.Parse(other))).ShouldBe(same);

    private static string Field(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private static async Task<List<int>> StatusesAsync(HttpClient http, int times, Guid? app = null)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/who");
            if (app is { } id)
                request.Headers.Add("App", id.ToString());
            using var answer = await http.SendAsync(request);
            statuses.Add((int)answer.StatusCode);
        }
        return statuses;
    }
}
