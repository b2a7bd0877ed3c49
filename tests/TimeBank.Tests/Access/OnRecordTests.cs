using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Shouldly;
using TimeBank.Tests.Store;
using TimeBank.Tests.Web;
using TimeBank.Web;

namespace TimeBank.Tests.Access;

/// <summary>What is on record of people who do something: in a bank's audit trail, or else in the log.</summary>
[Category("Database")]
public sealed class OnRecordTests
{
    private const string NewPassword = "another long password";

    [Test]
    public async Task Nothing_is_recorded_on_behalf_of_an_account_that_the_caller_does_not_act_for()
    {
        var bank = await RunningServer.Http.OpenBankAsync();
        var (ann, ben) = (await RunningServer.Http.OpenAccountAsync(bank, "member", "Ann"), await RunningServer.Http.OpenAccountAsync(bank, "member", "Ben"));
        var (http, _) = await RunningServer.Http.JoinAsync(bank, new { role = "member", account = ann });
        http.DefaultRequestHeaders.Add("Acting-For", ben.ToString());

        (await http.TransferAsync(bank, "exchange", ann, ben, 1)).Code.ShouldBe("BankUnknown");
        (await http.SayAsync(HttpMethod.Put, "/v1/me/password", new { old = Logins.Password, @new = NewPassword })).Status.ShouldBe(HttpStatusCode.OK);

        (await RecordedAsync(bank, "data ->> 'what' = 'passwordChanged'")).ShouldBe("1");
        (await RecordedAsync(bank, "headers ->> 'for' is not null")).ShouldBe("0");
    }

    [Test]
    public async Task An_operator_opens_and_invites_on_nobody_s_behalf()
    {
        using var http = RunningServer.Client(RunningServer.App, "oscar-the-operator");
        http.DefaultRequestHeaders.Add("Acting-For", Guid.NewGuid().ToString());
        var bank = $"test-{Guid.NewGuid():N}"[..16];

        (await http.PostAsync("/v1/banks", new { id = bank, name = "n" })).Status.ShouldBe(HttpStatusCode.Created);
        (await http.PostAsync($"/v1/banks/{bank}/invitations", new { name = "Rosa", standing = new { role = "organiser" } })).Status.ShouldBe(HttpStatusCode.Created);

        (await RecordedAsync($"/v1/banks/{bank}", "data ->> 'what' = 'invitationMade'")).ShouldBe("1");
        (await RecordedAsync($"/v1/banks/{bank}", "headers ->> 'for' is not null")).ShouldBe("0");
    }

    [Test]
    public async Task The_log_tells_who_signed_in_and_who_failed_to_where_no_bank_does_and_names_nobody_unknown()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(Logins.NoLimits);
        var heard = Heard.All(builder);
        await using var app = Server.Build(builder, RunningServer.Store);
        await app.StartAsync();
        var login = await Logins.OperatorAsync(RunningServer.Store, $"operator-{Guid.NewGuid():N}");
        using var http = RunningServer.Client(app, login);
        using var nobody = RunningServer.Nobody(app);
        var person = (string)(await http.GetAnswerAsync("/v1/me"))["person"]!;

        (await nobody.PostAsync("/v1/sessions", new { login, password = "not the password", door = "app" })).Code.ShouldBe("SignInFailed");
        (await nobody.PostAsync("/v1/sessions", new { login = "somebody-unknown-here", password = "not the password", door = "app" })).Code.ShouldBe("SignInFailed");

        await HeardAsync(heard, "Information SignedIn", person);
        await HeardAsync(heard, "Warning SignInFailed", person);
        heard.Lines.ShouldNotContain(l => l.Contains("somebody-unknown-here", StringComparison.Ordinal));
        await app.StopAsync();
    }

    /// <summary>A failure is noted after its answer, so that the answer does not take longer.</summary>
    private static async Task HeardAsync(Heard heard, string start, string person)
    {
        for (var tries = 0; !heard.Lines.Any(l => l.StartsWith(start, StringComparison.Ordinal) && l.Contains(person, StringComparison.Ordinal)); tries++)
        {
            tries.ShouldBeLessThan(200, $"The log lacks: {start} … {person}");
            await Task.Delay(50);
        }
    }

    private static Task<string> RecordedAsync(string bank, string where) => Sql.AskAsync(RunningServer.Store.OwnerConnectionString,
        $"select count(*) from timebank.mt_events where tenant_id = '{bank.Split('/')[^1]}' and {where}");

    [TestCase("accounts/{0}/entries", "text/csv", true), TestCase("accounts/{0}/entries", "application/x-ndjson", true)]
    [TestCase("new-hours", "text/csv", false), TestCase("report", "text/csv", false), TestCase("audit", "application/x-ndjson", false)]
    public async Task Who_takes_figures_of_others_away_as_a_file_is_on_record(string what, string form, bool isOfAccount)
    {
        var http = RunningServer.Http;
        var bank = await http.OpenBankAsync();
        var ann = await http.OpenAccountAsync(bank, "member", "Ann");
        var path = $"{bank}/{string.Format(CultureInfo.InvariantCulture, what, ann)}";
        (await http.GetAnswerAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await ExportsAsync(bank)).ShouldBeEmpty();

        (await http.GetAnswerAsync(path, form)).Status.ShouldBe(HttpStatusCode.OK);
        (await http.GetAnswerAsync(path, form)).Status.ShouldBe(HttpStatusCode.OK);

        var line = (await ExportsAsync(bank)).ShouldHaveSingleItem();
        ((Guid)line["by"]!).ShouldBe((Guid)(await http.GetAnswerAsync("/v1/me"))["person"]);
        ((Guid?)line["details"]!["subject"]).ShouldBe(isOfAccount ? ann : null);
    }

    [Test]
    public async Task Who_takes_their_own_passbook_away_is_not_on_record_for_it()
    {
        var bank = await RunningServer.Http.OpenBankAsync();
        var ann = await RunningServer.Http.OpenAccountAsync(bank, "member", "Ann");
        var (http, _) = await RunningServer.Http.JoinAsync(bank, new { role = "member", account = ann });
        using var mine = http;

        (await http.GetAnswerAsync($"{bank}/accounts/{ann}/entries", "text/csv")).Status.ShouldBe(HttpStatusCode.OK);

        (await ExportsAsync(bank)).ShouldBeEmpty();
    }

    private static async Task<List<JsonNode>> ExportsAsync(string bank) =>
        [.. (await RunningServer.Http.GetAnswerAsync($"{bank}/audit"))["items"]!.AsArray().Select(l => l!).Where(l => (string)l["what"]! == "exported")];

    [Test]
    public async Task The_audit_trail_is_exported_line_by_line()
    {
        var bank = await RunningServer.Http.OpenBankAsync();
        var (_, key) = await RunningServer.Http.KeyAsync(bank, ofBank: false, "accountsRead");
        (await RunningServer.Http.PostAsync($"{bank}/keys/{key}/rotation", new { graceMinutes = 0 })).Status.ShouldBe(HttpStatusCode.Created);
        await RunningServer.Http.SayAsync(HttpMethod.Delete, $"{bank}/keys/{key}");

        var lines = (await RunningServer.Http.GetAnswerAsync($"{bank}/audit", "application/x-ndjson")).Text.Trim().Split('\n').Select(l => (string?)JsonNode.Parse(l)!["what"]).ToList();
        lines.ShouldBe((await RunningServer.Http.GetAnswerAsync($"{bank}/audit"))["items"]!.AsArray().Select(l => (string?)l!["what"]));
        lines.ShouldContain("key_made");
        lines.ShouldContain("key_rotated");
        lines.ShouldContain("key_revoked");
    }
}
