using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

[Category("Database")]
public sealed class PeopleSignInTests
{
    [Test]
    public async Task By_the_app_s_door_a_token_opens_for_half_an_hour()
    {
        var rosa = await NewMemberAsync();

        var answer = (await rosa.TryAsync(rosa.Password)).Ok();
        ((long)answer["expiresIn"]).ShouldBe(1800);
        answer.Body!.AsObject().Select(m => m.Key).ShouldBe(["accessToken", "expiresIn"]);
        var me = (await WithToken((string)answer["accessToken"]!).GetAnswerAsync("/v1/me")).Ok();
        ((Guid)me["person"]).ShouldBe(rosa.Id);
        ((string)me["login"]!).ShouldBe(rosa.Login);
        ((string)me["banks"][0]!["standings"]![0]!["role"]!).ShouldBe("member");
        (await NotedAsync(rosa.Bank, "signedIn")).ShouldContain(rosa.Id.ToString());
    }

    [Test]
    public async Task By_the_page_s_door_a_cookie_opens_that_no_script_reads_and_no_other_site_sends()
    {
        var rosa = await NewMemberAsync();

        var answer = await SignInOnPageAsync(rosa);
        answer.Status.ShouldBe(HttpStatusCode.NoContent);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("timebank=");
        cookie.ShouldContain("; path=/; samesite=strict; httponly");
        cookie.ShouldNotContain("expires=");
        (await WithCookie(cookie.Split(';')[0]).GetAnswerAsync("/v1/me")).Ok()["person"].GetValue<Guid>().ShouldBe(rosa.Id);
    }

    [Test]
    public async Task Who_did_not_sign_in_or_comes_with_a_forged_token_is_nobody()
    {
        (await Nobody.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WithToken("CfDJ8" + new string('A', 200)).GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WithCookie("timebank=CfDJ8" + new string('A', 200)).GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task A_header_that_opens_nothing_is_not_made_good_by_a_cookie()
    {
        var rosa = await NewMemberAsync();
        var both = WithCookie((await SignInOnPageAsync(rosa)).Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        both.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer nonsense");

        (await both.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task An_unknown_login_a_wrong_password_and_a_login_that_rests_are_answered_alike_byte_for_byte()
    {
        var rosa = await NewMemberAsync();
        var unknown = await Nobody.PostAsync("/v1/sessions", new { login = NewLogin(), password = rosa.Password, door = "app" });
        var wrong = await rosa.TryAsync("not the password");
        for (var tries = 0; tries < 4; tries++)
            await rosa.TryAsync("not the password");
        var resting = await rosa.TryAsync(rosa.Password);

        unknown.ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        wrong.Text.ShouldBe(unknown.Text);
        resting.Text.ShouldBe(unknown.Text);
        Names(wrong).ShouldBe(Names(unknown));
        Names(resting).ShouldBe(Names(unknown));
        (await NotedAsync(rosa.Bank, "signInFailed", 5)).Count.ShouldBe(5);
        (await NotedAsync(rosa.Bank, "lockedOut")).ShouldBe([rosa.Id.ToString()]);

        static IEnumerable<string> Names(Answer answer) => answer.Headers.Select(h => h.Key).Where(n => !n.StartsWith("RateLimit", StringComparison.OrdinalIgnoreCase)).Order();
    }

    [Test]
    public async Task A_login_that_rested_for_a_quarter_of_an_hour_opens_again()
    {
        var rosa = await NewMemberAsync();
        var clock = new TurnedClock(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartServer(RunningServer.Store, clock);
        var by = Anybody(server);
        for (var tries = 0; tries < 5; tries++)
            await rosa.TryAsync("not the password", by: by);

        (await rosa.TryAsync(rosa.Password, by: by)).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        clock.Turn(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        (await rosa.TryAsync(rosa.Password, by: by)).Ok();
    }

    [Test]
    public async Task A_hundred_guesses_at_the_same_moment_are_five()
    {
        var rosa = await NewMemberAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => rosa.TryAsync($"guess number {i}")));

        (await NotedAsync(rosa.Bank, "signInFailed", 5)).Count.ShouldBe(5);
        (await SqlAsync<int>($"select failures from people.persons where id = '{rosa.Id}'")).ShouldBe([5]);
        (await rosa.TryAsync(rosa.Password)).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
    }

    [Test]
    public async Task Coming_in_forgets_former_failures()
    {
        var rosa = await NewMemberAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var tries = 0; tries < 4; tries++)
                await rosa.TryAsync("not the password");
            (await rosa.TryAsync(rosa.Password)).Ok();
        }
    }

    [Test]
    public async Task Who_signs_out_ends_the_session_for_every_copy_of_it_and_no_other_session()
    {
        var rosa = await NewMemberAsync();
        var (one, other) = (await rosa.SignInAsync(), await rosa.SignInAsync());

        (await one.SayAsync(HttpMethod.Delete, "/v1/sessions/current")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await one.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await other.GetAnswerAsync("/v1/me")).Ok();
    }

    [Test]
    public async Task A_token_dies_of_age_and_a_cookie_lives_on_while_it_is_used()
    {
        var rosa = await NewMemberAsync();
        var clock = new TurnedClock(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartServer(RunningServer.Store, clock);
        var app = await rosa.SignInAsync(at: server);
        var first = (await SignInOnPageAsync(rosa, Anybody(server))).Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        clock.Turn(TimeSpan.FromSeconds(30));
        (await WithCookie(first, server).GetAnswerAsync("/v1/me")).Ok().Headers.Contains("Set-Cookie").ShouldBeFalse();
        clock.Turn(TimeSpan.FromMinutes(5));
        var slid = (await WithCookie(first, server).GetAnswerAsync("/v1/me")).Ok().Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        clock.Turn(TimeSpan.FromMinutes(6));
        (await WithCookie(first, server).GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WithCookie(slid, server).GetAnswerAsync("/v1/me")).Ok();
        (await app.GetAnswerAsync("/v1/me")).Ok();
        clock.Turn(TimeSpan.FromMinutes(20));
        (await app.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Letters_of_another_case_and_another_composition_are_the_same_login_and_the_same_password()
    {
        var bank = await RunningServer.Http.OpenBankAsync();
        var invitation = (await RunningServer.Http.PostAsync($"{bank}/invitations", new { name = "André", standing = new { role = "auditor" } })).Ok();
        var login = "André-" + NewLogin();
        (await Nobody.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]!, login, password = "un café s'il vous plaît" })).Ok();

        (await Nobody.PostAsync("/v1/sessions", new { login = login.ToUpperInvariant().Normalize(System.Text.NormalizationForm.FormD), password = "un cafe\u0301 s'il vous plai\u0302t", door = "app" })).Ok();
    }

    [TestCase("""{"password":"x","door":"app"}""")]
    [TestCase("""{"login":"x","password":"x"}""")]
    [TestCase("""{"login":"x","password":"x","door":"key"}""")]
    [TestCase("""{"login":"a\u0000b","password":"x","door":"app"}""")]
    [TestCase("""{"login":"x","password":"x","door":"app","isOperator":true}""")]
    public async Task A_request_that_is_no_sign_in_is_refused_for_what_it_is(string body)
    {
        (await Nobody.SayAsync(HttpMethod.Post, "/v1/sessions", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Nobody.SayAsync(HttpMethod.Post, "/v1/sessions", new { login = "x", password = new string('x', 129), door = "app" })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Test, Category("Alone")]
    public async Task A_login_that_nobody_has_takes_as_long_as_one_that_somebody_has()
    {
        const int times = 200;
        var (rosa, resting) = (await NewMemberAsync(), await NewMemberAsync());
        await SqlAsync<int>($"update people.persons set locked_until = now() + interval '1 day' where id = '{resting.Id}' returning 1");
        var by = Nobody;
        var (unknown, wrong, rests) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = -5; i < times; i++)
        {
            if (i % 4 == 0)
                await SqlAsync<int>($"update people.persons set failures = 0, locked_until = null where id = '{rosa.Id}' returning 1");
            var round = (await TimeAsync(by, NewLogin()), await TimeAsync(by, rosa.Login), await TimeAsync(by, resting.Login));
            if (i < 0)
                continue;
            unknown.Add(round.Item1);
            wrong.Add(round.Item2);
            rests.Add(round.Item3);
        }

        var (u, w, r) = (Median(unknown), Median(wrong), Median(rests));
        TestContext.Out.WriteLine($"Medians of {times}: unknown {u:F2} ms, wrong password {w:F2} ms, resting {r:F2} ms");
        (Math.Abs(u - w) / Math.Min(u, w)).ShouldBeLessThan(0.10);
        (Math.Abs(u - r) / Math.Min(u, r)).ShouldBeLessThan(0.10);

        static async Task<double> TimeAsync(HttpClient by, string login)
        {
            var since = Stopwatch.GetTimestamp();
            (await by.PostAsync("/v1/sessions", new { login, password = "not the password", door = "app" })).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
            return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }

        static double Median(List<double> of) => of.Order().ElementAt(of.Count / 2);
    }

    private static Task<Answer> SignInOnPageAsync(Somebody who, HttpClient? by = null) =>
        (by ?? Nobody).PostAsync("/v1/sessions", new { login = who.Login, password = who.Password, door = "page" });
}

/// <summary>The cookie alone.</summary>
public sealed class PeopleCookieTests
{
    [TestCase("http", "timebank=", "; path=/; samesite=strict; httponly")]
    [TestCase("https", "__Host-timebank=", "; path=/; secure; samesite=strict; httponly")]
    public void Over_TLS_the_cookie_has_a_name_that_no_plain_connection_and_no_other_host_can_set(string scheme, string start, string end)
    {
        var options = new CookieAuthenticationOptions();
        SessionTickets.Configure(options);
        var http = new DefaultHttpContext { Request = { Scheme = scheme } };

        options.CookieManager.AppendResponseCookie(http, options.Cookie.Name!, "x", options.Cookie.Build(http));
        var cookie = http.Response.Headers.SetCookie.ToString();
        cookie.ShouldStartWith(start);
        cookie.ShouldEndWith(end);
        http.Request.Headers.Cookie = start + "y; " + (scheme == "http" ? "__Host-timebank=z" : "timebank=z");
        options.CookieManager.GetRequestCookie(http, options.Cookie.Name!).ShouldBe("y");
    }
}
