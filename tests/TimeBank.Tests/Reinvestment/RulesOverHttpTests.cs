using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Reinvestment;

[Category("Database")]
public sealed class RulesOverHttpTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _school, _garden, _library, _rule;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann", floor: -1000);
        _school = await Http.OpenAccountAsync(_bank, "provider", "Law school");
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        _library = await Http.OpenAccountAsync(_bank, "project", "Library");
        var written = await Http.PostAsync($"{_bank}/rules", Terms(3000));
        written.Status.ShouldBe(HttpStatusCode.Created, written.Text);
        _rule = written.Id;
    }

    [Test]
    public async Task A_rule_acts_in_the_same_posting_and_shows_its_arithmetic()
    {
        var made = await Http.TransferAsync(_bank, "spend", _ann, _school, 120);

        var run = made["rules"].AsArray().Single()!;
        ((string?)run["rule"], (string?)run["arithmetic"], (long)run["minutes"]!).ShouldBe((_rule.ToString(), "30 % of 120 min = 36 min", 36));
        run["parts"]!.AsArray().Select(p => (long)p!["minutes"]!).ShouldBe([24L, 12L]);
        (await BalancesAsync()).ShouldBe((-120, 84, 24, 12));
        var posting = await Http.GetAnswerAsync($"{_bank}/postings/{(string)made["posting"]!}");
        posting["transfers"].AsArray().Select(t => (string?)t!["kind"]).ShouldBe(["spend", "reinvest", "reinvest"]);
    }

    [Test]
    public async Task A_target_that_refuses_leaves_its_part_with_the_owner_and_says_why()
    {
        await Http.SayAsync(HttpMethod.Put, $"{_bank}/accounts/{_library}/freeze", new { });
        var made = await Http.TransferAsync(_bank, "spend", _ann, _school, 120);
        ((string?)made["rules"][0]!["parts"]![1]!["keptBecause"]).ShouldBe("accountFrozen");
        (await BalancesAsync()).ShouldBe((-120, 96, 24, 0));
    }

    [Test]
    public async Task Reversing_a_receipt_in_part_takes_back_what_the_rule_would_not_have_passed_on()
    {
        var made = await Http.TransferAsync(_bank, "spend", _ann, _school, 120);
        // A later version of the rule has no part in it.
        (await Http.SayAsync(HttpMethod.Put, $"{_bank}/rules/{_rule}", Rewritten(10), ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.OK);

        var reversed = await Http.PostAsync($"{_bank}/transfers/{made.Id}/reversal", new { minutes = 60 });

        reversed.Status.ShouldBe(HttpStatusCode.Created, reversed.Text);
        (await BalancesAsync()).ShouldBe((-60, 42, 12, 6));
        (await Http.PostAsync($"{_bank}/transfers/{made.Id}/reversal", new { })).Status.ShouldBe(HttpStatusCode.Created);
        (await BalancesAsync()).ShouldBe((0, 0, 0, 0));
    }

    [Test]
    public async Task A_rule_is_changed_and_ended_by_whoever_read_it_last()
    {
        var path = $"{_bank}/rules/{_rule}";
        var tag = (await Http.GetAnswerAsync(path)).Headers.ETag!.Tag;
        (await Http.SayAsync(HttpMethod.Put, path, Rewritten(5000))).Code.ShouldBe("IfMatchMissing");
        var changed = await Http.SayAsync(HttpMethod.Put, path, Rewritten(5000), ifMatch: tag);
        (await Http.SayAsync(HttpMethod.Delete, path, ifMatch: tag)).Code.ShouldBe("VersionMismatch");
        ((string?)(await Http.TransferAsync(_bank, "spend", _ann, _school, 10))["rules"][0]!["arithmetic"]).ShouldBe("50 % of 10 min = 5 min");

        (await Http.SayAsync(HttpMethod.Delete, path, ifMatch: changed.Headers.ETag!.Tag)).Status.ShouldBe(HttpStatusCode.OK);

        (await Http.TransferAsync(_bank, "spend", _ann, _school, 10)).Body!["rules"].ShouldBeNull();
        ((bool)(await Http.GetAnswerAsync(path))["active"]).ShouldBeFalse();
        (await Http.SayAsync(HttpMethod.Put, path, Rewritten(1), ifMatch: "\"3\"")).Code.ShouldBe("RuleEnded");
        (await Http.GetAnswerAsync($"{_bank}/rules?owner={_school}"))["items"].AsArray().Count.ShouldBe(1);
        (await Http.GetAnswerAsync($"{_bank}/rules?owner={_garden}"))["items"].AsArray().ShouldBeEmpty();
    }

    [Test]
    public async Task Shares_of_one_account_come_to_no_more_than_all() =>
        (await Http.PostAsync($"{_bank}/rules", Terms(7001))).Code.ShouldBe("SharesExceedWhole");

    private JsonObject Rewritten(int share) => new() { ["kinds"] = new JsonArray("spend"), ["share"] = share, ["targets"] = Targets() };

    private JsonObject Terms(int share) => new() { ["owner"] = _school, ["kinds"] = new JsonArray("spend"), ["share"] = share, ["targets"] = Targets() };

    private JsonArray Targets() => [new JsonObject { ["account"] = _garden, ["weight"] = 2 }, new JsonObject { ["account"] = _library }];

    private async Task<(long, long, long, long)> BalancesAsync() =>
        (await Http.BalanceAsync(_bank, _ann), await Http.BalanceAsync(_bank, _school), await Http.BalanceAsync(_bank, _garden), await Http.BalanceAsync(_bank, _library));
}
