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

    /// <summary>With 6 : 6 : 2 a share of 11 is 5, 5, 1 and one of 10 is 4, 4, 2: a minute goes back, not two.</summary>
    [Test]
    public async Task What_goes_back_is_the_difference_of_the_shares_also_where_a_smaller_one_gives_a_target_more()
    {
        var third = await Http.OpenAccountAsync(_bank, "project", "Choir");
        (object, int)[] targets = [(_garden, 6), (_library, 6), (third, 2)];
        (await Http.SayAsync(HttpMethod.Put, $"{_bank}/rules/{_rule}", new { kinds = (string[])["spend"], share = 10_000, targets = targets.Select(t => new { account = t.Item1, weight = t.Item2 }) }, ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.OK);
        var made = await Http.TransferAsync(_bank, "spend", _ann, _school, 11);

        var reversed = await Http.PostAsync($"{_bank}/transfers/{made.Id}/reversal", new { minutes = 1, reason = "By mistake" });

        reversed.Status.ShouldBe(HttpStatusCode.Created, reversed.Text);
        (await BalancesAsync()).ShouldBe((-10, 0, 4, 5));
        (await Http.BalanceAsync(_bank, third)).ShouldBe(1);
        (await Http.PostAsync($"{_bank}/transfers/{made.Id}/reversal", new { reason = "By mistake" })).Status.ShouldBe(HttpStatusCode.Created);
        (await BalancesAsync()).ShouldBe((0, 0, 0, 0));
    }

    /// <summary>A server that has just started reads what a decision needs, and no more of a chain than acts in a posting.</summary>
    [Test]
    public async Task A_chain_of_many_rules_ends_after_eight_steps_also_on_a_server_that_knows_none_of_it()
    {
        var chain = new List<Guid> { _garden };
        for (var i = 0; i < 30; i++)
        {
            chain.Add(await Http.OpenAccountAsync(_bank, "project", $"Link {i}"));
            var kinds = i == 0 ? (string[])["gift"] : ["reinvest"];
            (await Http.PostAsync($"{_bank}/rules", new { owner = chain[i], kinds, share = 10_000, targets = new[] { new { account = chain[i + 1] } } })).Status.ShouldBe(HttpStatusCode.Created);
        }
        await using var cold = await RunningServer.StartServer(RunningServer.Store);
        using var http = RunningServer.Client(cold);

        var given = await http.TransferAsync(_bank, "gift", _ann, _garden, 60);

        given.Status.ShouldBe(HttpStatusCode.Created, given.Text);
        given["rules"].AsArray().Count.ShouldBe(8);
        (await Http.BalanceAsync(_bank, chain[8])).ShouldBe(60);
        (await http.TransferAsync(_bank, "gift", _ann, chain[20], 60)).Status.ShouldBe(HttpStatusCode.Created);
        (await Http.BalanceAsync(_bank, chain[20])).ShouldBe(60);
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

        var reversed = await Http.PostAsync($"{_bank}/transfers/{made.Id}/reversal", new { minutes = 60, reason = "By mistake" });

        reversed.Status.ShouldBe(HttpStatusCode.Created, reversed.Text);
        (await BalancesAsync()).ShouldBe((-60, 42, 12, 6));
        (await Http.PostAsync($"{_bank}/transfers/{made.Id}/reversal", new { reason = "By mistake" })).Status.ShouldBe(HttpStatusCode.Created);
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
