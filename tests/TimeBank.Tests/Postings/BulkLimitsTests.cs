using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using TimeBank.Postings;
using TimeBank.Web;

namespace TimeBank.Tests.Postings;

/// <summary>Whoever sends lines must not fill the disk, and holds no more of the server than a few requests do.</summary>
[Category("Database")]
public sealed class BulkLimitsTests
{
    private static readonly BulkLimits s_small = new() { MostBytes = 64 * 1024, MostFiles = 3, AtOnce = 2, MostWrongLines = 10 };

    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private string _bank = "";
    private Guid _ann, _ben;

    [OneTimeSetUp]
    public async Task Start()
    {
        _app = await RunningServer.StartServer(RunningServer.Store, services: s => s.AddSingleton(s_small));
    }

    [SetUp]
    public async Task Open()
    {
        using var organiser = RunningServer.Client(_app);
        _bank = await organiser.OpenBankAsync(new { limits = new { member = new { floor = -1_000_000 } } });
        _ann = await organiser.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await organiser.OpenAccountAsync(_bank, "member", "Ben");
        (_http, _) = await organiser.KeyAsync(_bank, ofBank: true, "transfersWrite", "accountsRead");
    }

    [TearDown]
    public void Close() => _http.Dispose();

    [OneTimeTearDown]
    public async Task Stop() => await _app.DisposeAsync();

    [TestCase("{}"), TestCase("["), TestCase("""{"key":"k","kind":"exchange"}""")]
    public async Task After_so_many_wrong_lines_a_request_ends_and_says_so(string wrong)
    {
        var (_, results) = await PostAsync([Line(), .. Enumerable.Repeat(wrong, 30), Line()]);

        results.Count.ShouldBe(1 + s_small.MostWrongLines + 1);
        ((int)results[0]["status"]!).ShouldBe(201);
        results.Skip(1).ShouldAllBe(r => (int)r["status"]! == 400);
        ((string)results[^1]["answer"]!["code"]!).ShouldBe("TooManyWrongLines");
        ((long)results[^1]["line"]!).ShouldBe(results.Count);
        (await _http.BalanceAsync(_bank, _ben)).ShouldBe(1);
    }

    [Test]
    public async Task Results_take_so_much_room_and_no_more_and_what_was_not_read_is_not_posted()
    {
        const int lines = 20_000;
        var (id, results) = await PostAsync([.. Enumerable.Range(0, lines).Select(_ => Line())]);

        results.Count.ShouldBeLessThan(lines);
        ((int)results[^1]["status"]!, (string)results[^1]["answer"]!["code"]!).ShouldBe((413, "ResultsTooLarge"));
        results.SkipLast(1).ShouldAllBe(r => (int)r["status"]! == 201);
        (await _http.BalanceAsync(_bank, _ben)).ShouldBe(results.Count - 1);
        (await ResultsAsync(id)).Status.ShouldBe(HttpStatusCode.OK, "What was answered can be read again.");
    }

    [Test]
    public async Task Older_results_make_room_for_newer_ones()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < s_small.MostFiles + 2; i++)
            ids.Add((await PostAsync([Line()])).Id);
        foreach (var id in ids.TakeLast(s_small.MostFiles))
            (await ResultsAsync(id)).Status.ShouldBe(HttpStatusCode.OK);
        (await ResultsAsync(ids[0])).Status.ShouldBe(HttpStatusCode.NotFound);

        // By their size too: each of these is half of what may be kept.
        var half = (int)(s_small.MostBytes / 2 / (await ResultsAsync(ids[^1])).Text.Length);
        var (large, _) = await PostAsync([.. Enumerable.Range(0, half).Select(_ => Line())]);
        await PostAsync([.. Enumerable.Range(0, half).Select(_ => Line())]);
        var (newest, _) = await PostAsync([.. Enumerable.Range(0, half).Select(_ => Line())]);
        (await ResultsAsync(large)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ResultsAsync(newest)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_caller_has_so_many_bulk_requests_at_once_and_others_have_theirs()
    {
        using var first = await OpenBulk.BeginAsync(_http, _bank);
        using (var second = await OpenBulk.BeginAsync(_http, _bank))
        {
            await first.SayAsync(Line());
            await second.SayAsync(Line());

            foreach (var mode in (string[])["independent", "atomic"])
            {
                using var refused = await SendAsync(mode, Line());
                refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
                refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
                (await refused.Content.ReadAsStringAsync()).ShouldContain("TooManyBulksAtOnce");
            }
            using var organiser = RunningServer.Client(_app);
            var (other, _) = await organiser.KeyAsync(_bank, ofBank: true, "transfersWrite");
            using var theirs = await OpenBulk.BeginAsync(other, _bank);
            ((int)(await theirs.SayAsync(Line()))["status"]!).ShouldBe(201);
        }

        // Who hung up has a place again, once the server has noticed.
        for (var tries = 0; ; tries++)
        {
            using var answer = await SendAsync("independent", Line());
            if (answer.StatusCode == HttpStatusCode.OK)
                break;
            tries.ShouldBeLessThan(100);
            await Task.Delay(50);
        }
    }

    [Test]
    public async Task A_million_lines_find_room_in_what_may_be_kept_of_one_caller()
    {
        var (id, _) = await PostAsync([Line()]);

        ((await ResultsAsync(id)).Text.Length * 1_000_000L).ShouldBeLessThan(new BulkLimits().MostBytes);
    }

    private string Line() => $$"""{"key":"{{Guid.NewGuid()}}","kind":"exchange","yes":"paper","payer":"{{_ann}}","payee":"{{_ben}}","minutes":1}""";

    private Task<Answer> ResultsAsync(Guid id) => _http.GetAnswerAsync($"{_bank}/postings/bulk/{id}/results");

    private async Task<(Guid Id, List<JsonNode> Results)> PostAsync(IEnumerable<string> lines)
    {
        using var answer = await SendAsync("independent", string.Join('\n', lines));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return (Guid.Parse(answer.Headers.GetValues("Bulk-Id").Single()), [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)]);
    }

    private async Task<HttpResponseMessage> SendAsync(string mode, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_bank}/postings/bulk?mode={mode}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
        };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
