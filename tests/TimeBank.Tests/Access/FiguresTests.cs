using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Access;

/// <summary>Answers to postings, refusals and questions tell balances to whom they are meant for, over HTTP.</summary>
[Category("Database")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FiguresTests
{
    private string _bank = "";
    private Guid _ann, _ben, _school, _garden;
    private HttpClient _annHttp = null!;

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben", ceiling: 30);
        _school = await Http.OpenAccountAsync(_bank, "provider", "School");
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        (await Http.PostAsync($"{_bank}/rules", new { owner = _school, kinds = (string[])["spend"], share = 5_000, targets = new[] { new { account = _garden } } }))
            .Status.ShouldBe(HttpStatusCode.Created);
        (_annHttp, _) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
    }

    [TestCase("transfers", false)]
    [TestCase("transfers", true)]
    [TestCase("postings", false)]
    [TestCase("postings", true)]
    public async Task A_member_who_pays_hears_their_own_balance_and_no_other_nor_a_rule_of_the_payee(string route, bool dryRun)
    {
        object leg = new { kind = "spend", payer = _ann, payee = _school, minutes = 10 };

        var made = await _annHttp.PostAsync($"{_bank}/{route}{(dryRun ? "?dryRun=true" : "")}", route == "transfers" ? leg : new { legs = new[] { leg } });

        ((int)made.Status).ShouldBeInRange(200, 201, made.Text);
        var transfer = route == "transfers" ? made.Body! : made["transfers"].AsArray().ShouldHaveSingleItem()!;
        ((long)transfer["payerBalance"]!).ShouldBe(-10);
        transfer["payeeBalance"].ShouldBeNull();
        made.Body!["rules"].ShouldBeNull();
        made.Text.ShouldNotContain(_garden.ToString());
    }

    [Test]
    public async Task Repeating_a_request_under_its_key_tells_no_more()
    {
        var key = Guid.NewGuid().ToString();
        var first = await _annHttp.TransferAsync(_bank, "spend", _ann, _school, 10, key);

        var again = await _annHttp.TransferAsync(_bank, "spend", _ann, _school, 10, key);

        again.Text.ShouldBe(first.Text);
        again.Body!["payeeBalance"].ShouldBeNull();
    }

    [TestCase("atomic")]
    [TestCase("independent")]
    public async Task Lines_of_a_bulk_request_tell_no_more_than_the_same_request_by_itself(string mode)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_bank}/postings/bulk?mode={mode}&dryRun=true")
        {
            Content = new StringContent($$"""{"kind":"spend","payer":"{{_ann}}","payee":"{{_school}}","minutes":10}""", Encoding.UTF8, "application/x-ndjson"),
        };
        using var response = await _annHttp.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["answer"]!;

        ((long)answer["payerBalance"]!).ShouldBe(-10);
        answer["payeeBalance"].ShouldBeNull();
        answer["rules"].ShouldBeNull();
    }

    [Test]
    public async Task A_refusal_names_the_payee_and_neither_its_balance_nor_its_ceiling()
    {
        var refused = await _annHttp.TransferAsync(_bank, "exchange", _ann, _ben, 31);

        (refused.Code, (Guid)refused["account"]).ShouldBe(("AboveCeiling", _ben));
        refused.Body!["balance"].ShouldBeNull();
        refused.Body!["ceiling"].ShouldBeNull();
        ((long)(await Http.TransferAsync(_bank, "exchange", _ann, _ben, 31))["ceiling"]).ShouldBe(30);
    }

    [Test]
    public async Task Who_captures_a_hold_hears_what_their_account_has_and_not_what_the_payer_has()
    {
        var (desk, _) = await Http.JoinAsync(_bank, new { role = "staff", account = _school });
        var hold = await Http.PostAsync($"{_bank}/holds", new { yes = "paper", payer = _ann, payee = _school, minutes = 10, expiresAt = "2999-01-01T00:00:00Z" });

        var captured = await desk.PostAsync($"{_bank}/holds/{hold.Id}/capture", new { });

        var transfer = captured["posting"]["transfers"]![0]!;
        transfer["payerBalance"].ShouldBeNull();
        ((long)transfer["payeeBalance"]!).ShouldBe(10);
        captured["posting"]["rules"]!.AsArray().ShouldHaveSingleItem();
    }

    [Test]
    public async Task An_app_hears_balances_if_its_key_reads_accounts()
    {
        foreach (var reads in (bool[])[false, true])
        {
            var (app, _) = await Http.KeyAsync(_bank, ofBank: false, reads ? ["transfersWrite", "accountsRead"] : ["transfersWrite"]);
            var made = await app.PostAsync($"{_bank}/transfers?dryRun=true", new { kind = "grant", payer = _garden, payee = _school, minutes = 0 });
            made.Code.ShouldBe("MinutesNotPositive");
            await Http.TransferAsync(_bank, "grant", await Http.IssuerAsync(_bank), _garden, 10);
            made = await app.PostAsync($"{_bank}/transfers?dryRun=true", new { kind = "grant", payer = _garden, payee = _school, minutes = 1 });
            (made.Body!["payerBalance"] is not null, made.Body["payeeBalance"] is not null).ShouldBe((reads, reads), made.Text);
        }
    }

    [Test]
    public async Task Who_sees_a_balance_because_the_bank_publishes_it_sees_the_present_one_alone()
    {
        await Http.SayAsync(HttpMethod.Put, $"{_bank}/policy", new { publishesBalances = true }, ifMatch: "\"1\"");
        await Http.PostAsync($"{_bank}/holds", new { yes = "paper", payer = _ben, payee = _school, minutes = 10, expiresAt = "2999-01-01T00:00:00Z" });
        var path = $"{_bank}/accounts/{_ben}/balance";

        var seen = await _annHttp.GetAnswerAsync(path);
        ((long)seen["balance"]).ShouldBe(0);
        (seen.Body!["held"], seen.Body["available"]).ShouldBe((null, null));
        (await _annHttp.GetAnswerAsync($"{path}?at=2026-01-01T00:00:00Z")).Code.ShouldBe("NotPermitted");
        ((long)(await Http.GetAnswerAsync(path))["held"]).ShouldBe(10);
        (await Http.GetAnswerAsync($"{path}?at=2026-01-01T00:00:00Z")).Status.ShouldBe(HttpStatusCode.OK);
        ((long)(await _annHttp.TransferAsync(_bank, "spend", _ann, _school, 10))["payeeBalance"]).ShouldBe(10);
    }
}
