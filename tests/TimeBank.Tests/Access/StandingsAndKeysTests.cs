using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Access;

/// <summary>Standings, keys, links, concerns and the audit trail, over HTTP.</summary>
[Category("Database")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StandingsAndKeysTests
{
    private string _bank = "";
    private Guid _ann, _ben, _school, _garden;

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
        _school = await Http.OpenAccountAsync(_bank, "provider", "School");
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
    }

    [Test]
    public async Task A_standing_counts_at_once_and_ends_at_once()
    {
        var (ann, person) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        (await ann.GetAnswerAsync($"{_bank}/accounts/{_ann}/entries")).Status.ShouldBe(HttpStatusCode.OK);
        (await ann.GetAnswerAsync($"{_bank}/accounts/{_garden}/entries")).Code.ShouldBe("NotPermitted");

        var given = await Http.PostAsync($"{_bank}/standings", new { person, role = "coordinator", account = _garden });
        (await ann.GetAnswerAsync($"{_bank}/accounts/{_garden}/entries")).Status.ShouldBe(HttpStatusCode.OK);

        (await Http.SayAsync(HttpMethod.Delete, $"{_bank}/standings/{given.Id}")).Status.ShouldBe(HttpStatusCode.OK);
        (await ann.GetAnswerAsync($"{_bank}/accounts/{_garden}/entries")).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task Who_says_for_which_account_they_act_acts_for_no_other_in_that_request()
    {
        var (ann, person) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        await Http.PostAsync($"{_bank}/standings", new { person, role = "staff", account = _school });
        ann.DefaultRequestHeaders.Add("Acting-For", _school.ToString());

        (await ann.TransferAsync(_bank, "exchange", _ann, _ben, 1)).Code.ShouldBe("NotPermitted");
        ann.DefaultRequestHeaders.Remove("Acting-For");
        ann.DefaultRequestHeaders.Add("Acting-For", _ann.ToString());
        var made = await ann.TransferAsync(_bank, "exchange", _ann, _ben, 1);
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        (await Sql.AskAsync(RunningServer.Store.OwnerConnectionString,
            $"select headers ->> 'by' || ' ' || (headers ->> 'door') || ' ' || (headers ->> 'for') from timebank.mt_events where correlation_id = '{made["posting"]}' and headers is not null"))
            .ShouldBe($"{person} app {_ann}");
    }

    [Test]
    public async Task A_key_is_shown_once_and_repeating_the_request_makes_no_second_one()
    {
        var once = Guid.NewGuid().ToString();
        var body = new { name = "Dashboard", scopes = new[] { "accountsRead" } };

        var made = await Http.PostAsync($"{_bank}/keys", body, once);
        var again = await Http.PostAsync($"{_bank}/keys", body, once);

        again.Id.ShouldBe(made.Id);
        again.Body!["secret"].ShouldBeNull();
        (await Http.GetAnswerAsync($"{_bank}/keys/{made.Id}")).Text.ShouldNotContain(((string)made["secret"]!).Split('_', 4)[3]);
        (await Http.GetAnswerAsync($"{_bank}/keys"))["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Test]
    public async Task A_key_lets_in_by_its_scopes_and_says_when_it_was_last_used()
    {
        var (app, key) = await Http.KeyAsync(_bank, ofBank: false, "accountsRead");

        (await app.GetAnswerAsync($"{_bank}/accounts/{_ann}/balance")).Status.ShouldBe(HttpStatusCode.OK);
        var refused = await app.GetAnswerAsync($"{_bank}/transfers");
        (refused.Code, (string?)refused["scope"]).ShouldBe(("NotPermitted", "transfersRead"));
        DateTimeOffset.Parse((string)(await Http.GetAnswerAsync($"{_bank}/keys/{key}"))["lastUsed"]!).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-1));
    }

    [Test]
    public async Task While_a_key_is_rotated_both_secrets_let_in_and_after_the_grace_one()
    {
        var (former, key) = await Http.KeyAsync(_bank, ofBank: false, "accountsRead");
        var path = $"{_bank}/accounts/{_ann}/balance";

        var second = await Http.PostAsync($"{_bank}/keys/{key}/rotation", new { graceMinutes = 10 });
        var current = Logins.WithKey(Http, (string)second["secret"]!);
        (await former.GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await current.GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);

        var third = await Http.PostAsync($"{_bank}/keys/{key}/rotation", new { graceMinutes = 0 });
        (await former.GetAnswerAsync(path)).Code.ShouldBe("SignInNeeded");
        (await current.GetAnswerAsync(path)).Code.ShouldBe("SignInNeeded");
        (await Logins.WithKey(Http, (string)third["secret"]!).GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_key_past_its_time_lets_nobody_in()
    {
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1);
        var made = await Http.PostAsync($"{_bank}/keys", new { name = "For a day", scopes = new[] { "accountsRead" }, expiresAt = tomorrow });
        using var app = Logins.WithKey(Http, (string)made["secret"]!);
        var later = await RunningServer.StartServer(RunningServer.Store, new TurnedClock(tomorrow));
        using var appLater = new HttpClient { BaseAddress = new Uri(later.Urls.First()) };
        appLater.DefaultRequestHeaders.Authorization = app.DefaultRequestHeaders.Authorization;
        var path = $"{_bank}/accounts/{_ann}/balance";

        (await app.GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await appLater.GetAnswerAsync(path)).Code.ShouldBe("SignInNeeded");
    }

    [Test]
    public async Task A_key_of_one_account_sees_and_moves_no_other()
    {
        var shop = await Http.OpenAccountAsync(_bank, "provider", "Shop");
        var made = await Http.PostAsync($"{_bank}/keys", new { name = "The shop's till", scopes = new[] { "accountsRead", "transfersWrite" }, account = shop });
        using var till = Logins.WithKey(Http, (string)made["secret"]!);

        (await till.GetAnswerAsync($"{_bank}/accounts/{shop}/entries")).Status.ShouldBe(HttpStatusCode.OK);
        (await till.GetAnswerAsync($"{_bank}/accounts/{_ann}/entries")).Code.ShouldBe("NotPermitted");
        (await till.TransferAsync(_bank, "spend", _ann, shop, 1)).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task A_key_that_was_revoked_lets_nobody_in_at_once_here_and_within_five_seconds_elsewhere()
    {
        var elsewhere = await RunningServer.StartServer(RunningServer.Store);
        var (app, key) = await Http.KeyAsync(_bank, ofBank: false, "accountsRead");
        var path = $"{_bank}/accounts/{_ann}/balance";
        using var there = new HttpClient { BaseAddress = new Uri(elsewhere.Urls.First()) };
        there.DefaultRequestHeaders.Authorization = app.DefaultRequestHeaders.Authorization;
        (await app.GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await there.GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);

        await Http.SayAsync(HttpMethod.Delete, $"{_bank}/keys/{key}");
        var since = System.Diagnostics.Stopwatch.StartNew();
        (await app.GetAnswerAsync(path)).Code.ShouldBe("SignInNeeded");
        while ((await there.GetAnswerAsync(path)).Code != "SignInNeeded")
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Test]
    public async Task A_standing_that_ended_and_a_session_that_was_left_open_nothing_on_another_server_after_five_seconds()
    {
        var elsewhere = await RunningServer.StartServer(RunningServer.Store);
        var path = $"{_bank}/accounts/{_ann}/entries";
        async Task GoneAsync(HttpClient there, string code, Func<Task<Answer>> end)
        {
            (await there.GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
            ((int)(await end()).Status).ShouldBeInRange(200, 204);
            var since = System.Diagnostics.Stopwatch.StartNew();
            while ((await there.GetAnswerAsync(path)).Code != code)
                since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        }
        var (here, person) = await Http.JoinAsync(_bank, new { role = "auditor" });
        using var there = new HttpClient { BaseAddress = new Uri(elsewhere.Urls.First()) };
        there.DefaultRequestHeaders.Authorization = here.DefaultRequestHeaders.Authorization;
        var standing = (await Http.GetAnswerAsync($"{_bank}/standings"))["items"]!.AsArray().Single(s => (Guid)s!["person"]! == person)!["id"];

        await GoneAsync(there, "BankUnknown", () => Http.SayAsync(HttpMethod.Delete, $"{_bank}/standings/{standing}"));
        (await Http.PostAsync($"{_bank}/standings", new { person, role = "auditor" })).Status.ShouldBe(HttpStatusCode.Created);
        await OpensAgainAsync(there, path);
        await GoneAsync(there, "SignInNeeded", () => here.SayAsync(HttpMethod.Delete, "/v1/sessions/current"));
    }

    private static async Task OpensAgainAsync(HttpClient there, string path)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while ((await there.GetAnswerAsync(path)).Status != HttpStatusCode.OK)
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [TestCase("tb_")]
    [TestCase("tb_bank_0199_x")]
    [TestCase("TB_BANK")]
    public async Task What_is_no_key_is_nobody(string key)
    {
        (await Logins.WithKey(Http, key).GetAnswerAsync($"{_bank}/accounts")).Code.ShouldBe("SignInNeeded");
    }

    [Test]
    public async Task A_guessed_secret_of_a_key_that_there_is_lets_nobody_in()
    {
        var made = await Http.PostAsync($"{_bank}/keys", new { name = "n", scopes = new[] { "accountsRead" } });
        var parts = ((string)made["secret"]!).Split('_', 4);
        var guessed = string.Join('_', parts[0], parts[1], parts[2], new string('A', parts[3].Length));

        (await Logins.WithKey(Http, guessed).GetAnswerAsync($"{_bank}/accounts")).Code.ShouldBe("SignInNeeded");
    }

    [Test]
    public async Task An_app_debits_a_member_by_that_member_s_link_until_the_member_ends_it()
    {
        var (ann, _) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        var (app, key) = await Http.KeyAsync(_bank, ofBank: false, "transfersWrite");
        (await app.TransferAsync(_bank, "spend", _ann, _school, 5)).Code.ShouldBe("NotPermitted");
        (await Http.PostAsync($"{_bank}/accounts/{_ann}/links", new { key })).Code.ShouldBe("NotPermitted");

        var link = await ann.PostAsync($"{_bank}/accounts/{_ann}/links", new { key, most = 10 });
        link.Status.ShouldBe(HttpStatusCode.Created, link.Text);
        (await app.TransferAsync(_bank, "spend", _ann, _school, 10)).Status.ShouldBe(HttpStatusCode.Created);
        (await app.TransferAsync(_bank, "spend", _ann, _school, 11)).Code.ShouldBe("NotPermitted");
        (await app.TransferAsync(_bank, "spend", _ben, _school, 1)).Code.ShouldBe("NotPermitted");

        (await ann.SayAsync(HttpMethod.Delete, $"{_bank}/links/{link.Id}")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.TransferAsync(_bank, "spend", _ann, _school, 1)).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task A_system_of_the_bank_debits_members_and_its_audit_says_so()
    {
        var (system, key) = await Http.KeyAsync(_bank, ofBank: true, "transfersWrite");

        (await system.TransferAsync(_bank, "spend", _ann, _school, 5)).Status.ShouldBe(HttpStatusCode.Created);
        var trail = (await Http.GetAnswerAsync($"{_bank}/audit"))["items"]!.AsArray();
        var made = trail.Single(l => (string)l!["what"]! == "key_made" && (Guid)l["details"]!["key"]! == key)!;
        ((bool)made["details"]!["ofBank"]!).ShouldBeTrue();
        made.ToJsonString().ShouldNotContain("hash");
    }

    [Test]
    public async Task The_audit_trail_tells_who_did_what_through_which_door()
    {
        var me = (Guid)(await Http.GetAnswerAsync("/v1/me"))["person"];
        await Http.SayAsync(HttpMethod.Put, $"{_bank}/policy", new { timeZone = "Europe/London" }, ifMatch: "\"1\"");
        await Http.SayAsync(HttpMethod.Put, $"{_bank}/accounts/{_ann}/settings", new { name = "Ann", floor = -60 }, ifMatch: "\"1\"");
        var (auditor, who) = await Http.JoinAsync(_bank, new { role = "auditor" });
        await auditor.GetAnswerAsync($"{_bank}/accounts");
        await auditor.GetAnswerAsync($"{_bank}/transfers");

        var trail = (await Http.GetAnswerAsync($"{_bank}/audit?limit=100"))["items"]!.AsArray().Select(l => l!).ToList();
        trail.Select(l => (long)l["version"]!).ShouldBe(Enumerable.Range(1, trail.Count).Reverse().Select(n => (long)n));
        foreach (var what in (string[])["policyChanged", "limitsChanged", "role_granted"])
            trail.Where(l => (string)l["what"]! == what).ShouldAllBe(l => (Guid)l["by"]! == me && (string)l["door"]! == "app");
        var read = trail.Single(l => (string)l["what"]! == "readAsAuditor");
        ((Guid)read["by"]!).ShouldBe(who);
        trail.ShouldContain(l => (string)l["what"]! == "signedIn" && (Guid)l["by"]! == who);
    }

    [Test]
    public async Task Names_are_everybody_s_and_balances_are_not_unless_the_bank_publishes_them()
    {
        var (ann, _) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        async Task<JsonNode> Seen(Guid id) => (await ann.GetAnswerAsync($"{_bank}/accounts"))["items"]!.AsArray().Single(a => (Guid)a!["id"]! == id)!;

        ((string?)(await Seen(_ben))["name"]).ShouldBe("Ben");
        (await Seen(_ben))["balance"].ShouldBeNull();
        (await Seen(_ann))["available"].ShouldNotBeNull();
        (await ann.GetAnswerAsync($"{_bank}/accounts/{_ben}/balance")).Code.ShouldBe("NotPermitted");

        await Http.SayAsync(HttpMethod.Put, $"{_bank}/policy", new { publishesBalances = true }, ifMatch: "\"1\"");
        (await Seen(_ben))["balance"].ShouldNotBeNull();
        (await Seen(_ben))["available"].ShouldBeNull();
        (await ann.GetAnswerAsync($"{_bank}/accounts/{_ben}/balance")).Status.ShouldBe(HttpStatusCode.OK);
        (await ann.GetAnswerAsync($"{_bank}/accounts/{_ben}/entries")).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task What_a_role_may_not_set_is_refused_and_not_passed_over()
    {
        await Http.SayAsync(HttpMethod.Put, $"{_bank}/policy", new { booksClosedThrough = "2020-12-31" }, ifMatch: "\"1\"");
        var (ann, _) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });

        var refused = await ann.PostAsync($"{_bank}/transfers",
            new { kind = "exchange", payer = _ann, payee = _ben, minutes = 1, occurred = "2020-01-01", @override = true, reason = "Please" });
        (refused.Code, (string?)refused["field"]).ShouldBe(("NotPermitted", "override"));
        (await ann.PostAsync($"{_bank}/transfers", new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = 1, authority = "everything", by = _ben })).Code.ShouldBe("MalformedRequest");
    }

    [Test]
    public async Task A_concern_is_read_by_the_safeguarding_lead_alone_and_stands_in_no_event()
    {
        var (ann, _) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        var (lead, _) = await Http.JoinAsync(_bank, new { role = "safeguardingLead" });
        const string worry = "Ben has bruises that he does not explain.";
        var raised = await ann.PostAsync($"{_bank}/concerns", new { account = _ben, text = worry });
        raised.Status.ShouldBe(HttpStatusCode.Created);
        raised.Text.ShouldNotContain("bruises");

        ((string?)(await lead.GetAnswerAsync($"{_bank}/concerns/{raised.Id}"))["concern"]!["text"]).ShouldBe(worry);
        foreach (var other in (HttpClient[])[Http, ann])
            (await other.GetAnswerAsync($"{_bank}/concerns")).Code.ShouldBe("NotPermitted");
        (await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, "select count(*) from timebank.mt_events where data::text like '%bruises%' or headers::text like '%bruises%'")).ShouldBe("0");
        (await lead.PostAsync($"{_bank}/concerns/{raised.Id}/closure", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await lead.GetAnswerAsync($"{_bank}/concerns?open=true"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Test]
    public async Task No_organiser_becomes_safeguarding_lead_by_a_standing_or_by_an_invitation()
    {
        var (other, person) = await Http.JoinAsync(_bank, new { role = "organiser" });
        (await other.PostAsync($"{_bank}/standings", new { person, role = "safeguardingLead" })).Code.ShouldBe("NotPermitted");
        (await Http.PostAsync($"{_bank}/standings", new { person, role = "safeguardingLead" })).Code.ShouldBe("StandingMisfits");
        foreach (var (inviter, code) in new[] { (other, "NotPermitted"), (Http, "StandingMisfits") })
        {
            var invitation = await inviter.PostAsync($"{_bank}/invitations", new { name = "Lead", standing = new { role = "safeguardingLead" } });
            (await other.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]! })).Code.ShouldBe(code);
        }
        (await other.GetAnswerAsync($"{_bank}/concerns")).Code.ShouldBe("NotPermitted");

        var (_, lead) = await Http.JoinAsync(_bank, new { role = "safeguardingLead" });
        (await Http.PostAsync($"{_bank}/standings", new { person = lead, role = "organiser" })).Code.ShouldBe("StandingMisfits");
    }

    [Test]
    public async Task A_bank_keeps_its_last_organiser_and_the_operator_appoints_only_the_first()
    {
        var standings = (await Http.GetAnswerAsync($"{_bank}/standings"))["items"]!.AsArray();
        var only = (Guid)standings.Single(s => (string)s!["role"]! == "organiser")!["id"]!;

        (await Http.SayAsync(HttpMethod.Delete, $"{_bank}/standings/{only}")).Code.ShouldBe("LastOrganiser");
        (await Http.PostAsync($"{_bank}/organisers", new { person = Guid.NewGuid() })).Code.ShouldBe("OrganiserThere");
    }
}
