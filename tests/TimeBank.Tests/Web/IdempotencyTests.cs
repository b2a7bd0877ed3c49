using System.Net;
using Shouldly;

namespace TimeBank.Tests.Web;

[Category("Database")]
public sealed class IdempotencyTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _ben;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann", floor: -100);
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
    }

    [Test]
    public async Task A_repeated_request_gets_the_very_same_answer_and_does_nothing()
    {
        var first = await TransferAsync(30, "a key");
        var again = await TransferAsync(30, "a key");
        var quoted = await TransferAsync(30, "\"a key\"");

        first.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        foreach (var replayed in (Answer[])[again, quoted])
        {
            replayed.Status.ShouldBe(HttpStatusCode.Created);
            replayed.Text.ShouldBe(first.Text);
            replayed.Headers.Location.ShouldBe(first.Headers.Location);
            replayed.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        }
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(30);
    }

    [Test]
    public async Task A_key_means_one_request()
    {
        await TransferAsync(30, "k");
        var other = await TransferAsync(31, "k");
        (other.Status, other.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "IdempotencyKeyReused"));
        (await Http.PostAsync($"{_bank}/holds", new { yes = "paper", payer = _ann, payee = _ben, minutes = 30, expiresAt = "2999-01-01T00:00:00Z" }, "k")).Code.ShouldBe("IdempotencyKeyReused");
        // What means the same is the same, however it is written; a dry run asks nothing of a key.
        var spaced = await Http.SayAsync(HttpMethod.Post, $"{_bank}/transfers", $$"""{ "minutes":30, "payee":"{{_ben}}","kind":"exchange",  "yes":"paper","payer":"{{_ann}}", "memo":null }""", "k");
        spaced.Headers.Contains("Idempotent-Replayed").ShouldBeTrue(spaced.Text);
    }

    [Test]
    public async Task A_refusal_of_the_rules_is_recorded_and_a_malformed_request_is_not()
    {
        var refused = await TransferAsync(101, "r");
        refused.Code.ShouldBe("BelowFloor");
        await Http.TransferAsync(_bank, "earn", await Http.IssuerAsync(_bank), _ann, 500);
        var again = await TransferAsync(101, "r");
        (again.Text, again.Headers.Contains("Idempotent-Replayed")).ShouldBe((refused.Text, true));

        (await Http.PostAsync($"{_bank}/transfers", new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben }, "m")).Code.ShouldBe("Invalid");
        (await Http.PostAsync($"{_bank}/transfers/{Guid.CreateVersion7()}/reversal", new { }, "m")).Code.ShouldBe("TransferUnknown");
        (await TransferAsync(1, "m")).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_replayed_answer_outlives_the_server()
    {
        var first = await TransferAsync(30, "long");
        await using var second = await RunningServer.StartServer(RunningServer.Store);
        using var http = RunningServer.Client(second);
        (await http.TransferAsync(_bank, "exchange", _ann, _ben, 30, "long")).Text.ShouldBe(first.Text);
    }

    [Test]
    public async Task Two_hundred_at_once_on_two_servers_make_one_transfer_or_one_refusal()
    {
        await using var second = await RunningServer.StartServer(RunningServer.Store);
        using var http = RunningServer.Client(second);
        foreach (var (minutes, status) in new[] { (30, HttpStatusCode.Created), (500, HttpStatusCode.UnprocessableEntity) })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? Http : http).TransferAsync(_bank, "exchange", _ann, _ben, minutes, $"many {minutes}")));
            answers.ShouldAllBe(a => a.Status == status);
            answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
            answers.Count(a => !a.Headers.Contains("Idempotent-Replayed")).ShouldBe(1);
        }
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(30);
    }

    private Task<Answer> TransferAsync(long minutes, string key) => Http.TransferAsync(_bank, "exchange", _ann, _ben, minutes, key);
}
