using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using TimeBank.Tests.Web;
using TimeBank.Web;

namespace TimeBank.Tests.Access;

/// <summary>What a request says beyond what its sender may set is refused, and never passed over in silence.</summary>
[Category("Database")]
public sealed class MassAssignmentTests
{
    /// <summary>A bag whose members are the sender's own.</summary>
    private static readonly string[] s_free = ["metadata", "credential"];

    private OperationRequests _all = null!;
    private HttpClient _north = null!, _staff = null!, _app = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        _all = await OperationRequests.OpenAsync(RunningServer.Http);
        (_north, _) = await RunningServer.Http.JoinAsync(_all.Bank, new { role = "neighbourhoodCoordinator", neighbourhood = "north" });
        (_staff, _) = await RunningServer.Http.JoinAsync(_all.Bank, new { role = "staff", account = _all.Clinic });
        (_app, _) = await RunningServer.Http.KeyAsync(_all.Bank, ofBank: false, "transfersWrite", "contributionsWrite", "accountsWrite");
    }

    [OneTimeTearDown]
    public void Leave()
    {
        _north.Dispose();
        _staff.Dispose();
        _app.Dispose();
    }

    [Test]
    public async Task A_member_that_an_operation_does_not_know_is_refused_by_name_wherever_it_stands()
    {
        var (offenders, places) = (new List<string>(), 0);
        foreach (var (operation, request) in _all.All().Where(o => o.Value.ContentType is null && o.Value.Body is not (null or string)))
        {
            // Every wrong password counts there.
            if (operation.Contains("/v1/me/", StringComparison.Ordinal))
                continue;
            foreach (var path in Objects(JsonNode.Parse(ApiJson.Write(request.Body!)), "$").Select(o => o.GetPath()).ToList())
            {
                places++;
                var body = JsonNode.Parse(ApiJson.Write(request.Body!))!;
                Objects(body, "$").Single(o => o.GetPath() == path)["isOperator"] = true;
                var answer = await (request with { Body = body.ToJsonString() }).SendAsync(RunningServer.Http, new HttpMethod(operation.Split(' ')[0]));
                // What the organiser may not do at all is refused at the door.
                if (answer.Code != "NotPermitted" && (answer.Code != "MalformedRequest" || !answer.Text.Contains("isOperator", StringComparison.Ordinal)))
                    offenders.Add($"{operation} {path}: {answer}");
            }
        }
        places.ShouldBeGreaterThan(100);
        offenders.ShouldBeEmpty();
    }

    [Test]
    public async Task What_the_bank_itself_sets_no_request_names()
    {
        string[] own = ["by", "door", "posted", "version", "stage", "status", "balance", "available", "issuer", "isOperator", "hash", "ended", "madeBy"];
        var schemas = (await RunningServer.Http.GetAnswerAsync("/swagger/v1/swagger.json")).Body!["components"]!["schemas"]!.AsObject();
        // Who pays anyway; of which words of an agreement somebody says that they agree; and whether a login is for pages or for an app.
        string[] known = ["SessionRequest.door", "PasskeySessionRequest.door", "PayContributionRequest.by", "AgreeRequest.version", "TakeStepRequest.version"];

        schemas.Where(s => s.Key.EndsWith("Request", StringComparison.Ordinal))
            .SelectMany(s => s.Value!["properties"]?.AsObject().Select(p => (Schema: s.Key, Member: p.Key)) ?? [])
            .Where(p => own.Contains(p.Member)).Select(p => $"{p.Schema}.{p.Member}").Except(known).ShouldBeEmpty();
    }

    [Test]
    public async Task What_a_member_may_not_set_is_refused()
    {
        var (ann, bank) = (_all.AnnHttp, _all.Bank);
        await RefusedAsync(ann, $"{bank}/transfers", new { kind = "gift", payer = _all.Ann, payee = _all.Ben, minutes = 1, @override = true, reason = "Please" });
        await RefusedAsync(ann, $"{bank}/transfers", new { kind = "gift", payer = _all.Ben, payee = _all.Ann, minutes = 1 });
        await RefusedAsync(ann, $"{bank}/transfers", new { kind = "gift", payer = _all.Ben, payee = _all.Ann, minutes = 1, yes = "paper" });
        await RefusedAsync(ann, $"{bank}/postings", new { legs = new[] { new { kind = "gift", payer = _all.Ann, payee = _all.Ben, minutes = 1 } }, @override = true, reason = "Please" });
        await RefusedAsync(ann, $"{bank}/contributions", new { helper = _all.Ben, helped = _all.Newcomer, minutes = 1, occurred = "2026-01-01" });
        await RefusedAsync(ann, $"{bank}/listings", new { kind = "offer", category = "garden", title = "t", account = _all.Ben });
        await RefusedAsync(ann, $"{bank}/schedules", new { kind = "gift", payer = _all.Ben, payee = _all.Ann, minutes = 1, every = "week", from = "2030-01-01" });
        await RefusedAsync(ann, $"{bank}/accounts", new { kind = "member", name = "More of me", floor = -6_000 });
        await RefusedAsync(ann, $"{bank}/invitations", new { name = "n", standing = new { role = "organiser" } });
        await RefusedAsync(ann, $"{bank}/standings", new { person = _all.AnnPerson, role = "organiser" });
        await RefusedAsync(ann, $"{bank}/keys", new { name = "n", scopes = (string[])["transfersWrite"], ofBank = true });
        await RefusedAsync(ann, $"{bank}/accounts/{_all.Ann}/settings", new { name = "Ann", floor = -6_000 }, "\"1\"");
        await RefusedAsync(ann, "/v1/banks", new { id = $"b-{Guid.NewGuid():N}"[..20], name = "n", organiser = _all.AnnPerson });
    }

    [Test]
    public async Task What_a_neighbourhood_s_coordinator_may_not_set_is_refused()
    {
        var bank = _all.Bank;
        foreach (var role in (string[])["organiser", "auditor", "safeguardingLead", "counterSigner"])
            await RefusedAsync(_north, $"{bank}/invitations", new { name = "n", standing = new { role } });
        await RefusedAsync(_north, $"{bank}/invitations", new { name = "n", standing = new { role = "neighbourhoodCoordinator", neighbourhood = "south" } });
        await RefusedAsync(_north, $"{bank}/invitations", new { name = "n", standing = new { role = "staff", account = _all.Clinic } });
        await RefusedAsync(_north, $"{bank}/standings", new { person = _all.AnnPerson, role = "organiser" });
        await RefusedAsync(_north, $"{bank}/accounts", new { kind = "member", name = "n", neighbourhood = "south" });
        await RefusedAsync(_north, $"{bank}/accounts", new { kind = "member", name = "n" });
        await RefusedAsync(_north, $"{bank}/accounts/{_all.Ann}/settings", new { name = "Ann", neighbourhood = "south" }, "\"1\"");
        await RefusedAsync(_north, $"{bank}/policy", new { publishesBalances = true }, "\"1\"");
    }

    [Test]
    public async Task What_staff_and_a_partner_s_key_may_not_set_is_refused()
    {
        var bank = _all.Bank;
        await RefusedAsync(_staff, $"{bank}/transfers", new { kind = "gift", payer = _all.Garden, payee = _all.Ben, minutes = 1 });
        await RefusedAsync(_staff, $"{bank}/rules", new { kinds = (string[])["spend"], share = 5_000, owner = _all.Garden, targets = new[] { new { account = _all.Clinic, weight = 1 } } });
        await RefusedAsync(_staff, $"{bank}/invitations", new { name = "n", standing = new { role = "staff", account = _all.Garden } });
        await RefusedAsync(_app, $"{bank}/transfers", new { kind = "gift", payer = _all.Ann, payee = _all.Ben, minutes = 1 });
        await RefusedAsync(_app, $"{bank}/transfers", new { kind = "gift", payer = _all.Ann, payee = _all.Ben, minutes = 1, yes = "paper" });
        await RefusedAsync(_app, $"{bank}/transfers", new { kind = "gift", payer = _all.Ann, payee = _all.Ben, minutes = 1, @override = true, reason = "r" });
        await RefusedAsync(_app, $"{bank}/contributions", new { helper = _all.Ben, helped = _all.Ann, minutes = 1, wish = "nothing", yes = "paper" });
    }

    private static async Task RefusedAsync(HttpClient http, string path, object body, string? version = null)
    {
        var answer = await http.SayAsync(version is null ? HttpMethod.Post : HttpMethod.Put, path, body, Guid.NewGuid().ToString(), version);
        var said = $"{path} {ApiJson.Write(body)}: {answer}";
        answer.Status.ShouldBeOneOf([HttpStatusCode.Forbidden, HttpStatusCode.BadRequest], said);
        answer.Code.ShouldBeOneOf(["NotPermitted", "MalformedRequest"], said);
    }

    private static IEnumerable<JsonNode> Objects(JsonNode? node, string name) => node switch
    {
        JsonObject members => members.Where(m => !s_free.Contains(m.Key)).SelectMany(m => Objects(m.Value, m.Key)).Prepend(members),
        JsonArray all => all.SelectMany(one => Objects(one, name)),
        _ => [],
    };
}
