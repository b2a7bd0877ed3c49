using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Accounts;

[Category("Database")]
public sealed class StatementsOverHttpTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _ben;
    private readonly List<string> _posted = [];

    /// <summary>Ann gives Ben 1, 2, … 6 minutes; the help lies ever further back.</summary>
    [OneTimeSetUp]
    public async Task Post()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
        for (var i = 1; i <= 6; i++)
        {
            var made = await Http.PostAsync($"{_bank}/transfers", new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = i, occurred = $"2026-01-{20 - i:00}", memo = i == 1 ? "=cmd()" : $"help, \"{i}\"" });
            made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
            _posted.Add((string)made["posted"]!);
        }
    }

    [Test]
    public async Task A_balance_is_shown_as_of_any_moment()
    {
        foreach (var (at, balance) in new (string, long)[] { ("2020-01-01T00:00:00Z", 0), (_posted[0], 1), (_posted[2], 6), (_posted[5], 21) })
        {
            var answer = await Http.GetAnswerAsync($"{_bank}/accounts/{_ben}/balance?at={Uri.EscapeDataString(at)}");
            ((long)answer["balance"]).ShouldBe(balance, at);
            Instant(answer["asOf"]).ShouldBe(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
        }
        var before = DateTimeOffset.Parse(_posted[2], CultureInfo.InvariantCulture).AddMicroseconds(-1).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        ((long)(await Http.GetAnswerAsync($"{_bank}/accounts/{_ben}/balance?at={before}"))["balance"]).ShouldBe(3);
        (await Http.GetAnswerAsync($"{_bank}/accounts/{_ben}/balance?at=2999-01-01T00:00:00Z")).Code.ShouldBe("Invalid");
    }

    /// <summary>The index of times has every eighth event: whatever stands between is found from there.</summary>
    [Test]
    public async Task Every_moment_of_a_longer_passbook_is_found()
    {
        var (payer, payee) = (await Http.OpenAccountAsync(_bank, "member", "Cara"), await Http.OpenAccountAsync(_bank, "member", "Dan"));
        var moments = new List<DateTimeOffset>();
        for (var i = 1; i <= 18; i++)
            moments.Add(Instant((await Http.TransferAsync(_bank, "exchange", payer, payee, 1))["posted"]!));

        for (var i = 0; i < moments.Count; i++)
        {
            (await AtAsync(moments[i])).ShouldBe(i + 1);
            (await AtAsync(moments[i].AddMicroseconds(-1))).ShouldBe(i);
            var path = $"{_bank}/accounts/{payee}/entries?limit=50&from={Exactly(moments[i])}";
            (await Http.GetAnswerAsync(path))["items"].AsArray().Count.ShouldBe(moments.Count - i, path);
        }

        async Task<long> AtAsync(DateTimeOffset at) => (long)(await Http.GetAnswerAsync($"{_bank}/accounts/{payee}/balance?at={Exactly(at)}"))["balance"];
        static string Exactly(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
    }

    /// <summary>They share queries; nobody may get what another one asked for.</summary>
    [Test]
    public async Task Many_who_read_at_once_each_get_what_they_asked_for()
    {
        (string Path, string Expected)[] questions =
        [
            ($"accounts/{_ann}/balance", "-21"), ($"accounts/{_ben}/balance", "21"), ($"accounts/{Guid.NewGuid()}/balance", "AccountUnknown"),
            ($"accounts/{_ben}/balance?at={Uri.EscapeDataString(_posted[2])}", "6"), ($"accounts/{_ann}/entries?limit=1", "-21"),
            ($"accounts/{_ben}/entries?limit=2", "21 15"), ($"accounts/{_ben}/entries?limit=3&order=oldest", "1 3 6"),
            ($"accounts/{Guid.NewGuid()}/entries", "AccountUnknown"),
        ];
        var asked = Enumerable.Range(0, 400).Select(n => questions[n % questions.Length]).ToList();

        var answers = await Task.WhenAll(asked.Select(q => Http.GetAnswerAsync($"{_bank}/{q.Path}")));

        answers.Select(a => a.Code
            ?? (a.Body!["items"] is { } lines ? string.Join(' ', lines.AsArray().Select(l => (long)l!["balance"]!)) : a["balance"].ToString()))
            .ShouldBe(asked.Select(q => q.Expected));
    }

    [TestCase("posted", new long[] { 3, 2, 1 }, new long[] { 6, 3, 1 })]
    [TestCase("occurred", new long[] { 1, 2, 3 }, new long[] { 6, 5, 3 })]
    public async Task A_statement_as_of_a_moment_is_without_what_was_posted_later(string by, long[] minutes, long[] balances)
    {
        var answer = await Http.GetAnswerAsync($"{_bank}/accounts/{_ben}/entries?by={by}&at={Uri.EscapeDataString(_posted[2])}");

        Instant(answer["asOf"]).ShouldBe(DateTimeOffset.Parse(_posted[2], CultureInfo.InvariantCulture));
        answer["items"].AsArray().Select(l => (long)l!["minutes"]!).ShouldBe(minutes);
        answer["items"].AsArray().Select(l => (long)l!["balance"]!).ShouldBe(balances);
    }

    [Test]
    public async Task The_first_of_all_dates_is_a_date_among_others()
    {
        var bank = await Http.OpenBankAsync();
        var (ann, ben) = (await Http.OpenAccountAsync(bank, "member", "Ann"), await Http.OpenAccountAsync(bank, "member", "Ben"));
        foreach (var minutes in (int[])[1, 2, 3])
            (await Http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes, occurred = "0001-01-01" })).Status.ShouldBe(HttpStatusCode.Created);

        var seen = new List<long>();
        for (string? path = $"{bank}/accounts/{ben}/entries?by=occurred&order=oldest&limit=1"; path is not null && seen.Count < 5;)
        {
            var page = await Http.GetAnswerAsync(path);
            seen.AddRange(page["items"].AsArray().Select(l => (long)l!["minutes"]!));
            path = (string?)page.Body!["next"] is { } next ? $"{bank}/accounts/{ben}/entries?by=occurred&order=oldest&limit=1&cursor={next}" : null;
        }
        seen.ShouldBe([1L, 2L, 3L]);
    }

    [Test]
    public async Task A_trial_balance_comes_to_zero_at_every_moment()
    {
        foreach (var at in _posted)
        {
            var answer = await Http.GetAnswerAsync($"{_bank}/trial-balance?at={Uri.EscapeDataString(at)}");
            ((long)answer["sum"]).ShouldBe(0);
            answer["kinds"].AsArray().Single(k => (string?)k!["kind"] == "member")!["accounts"]!.GetValue<long>().ShouldBe(2);
        }
    }

    [TestCase("posted", "oldest", new long[] { 1, 2, 3, 4, 5, 6 }, new long[] { 1, 3, 6, 10, 15, 21 })]
    [TestCase("posted", "newest", new long[] { 6, 5, 4, 3, 2, 1 }, new long[] { 21, 15, 10, 6, 3, 1 })]
    [TestCase("occurred", "oldest", new long[] { 6, 5, 4, 3, 2, 1 }, new long[] { 6, 11, 15, 18, 20, 21 })]
    [TestCase("occurred", "newest", new long[] { 1, 2, 3, 4, 5, 6 }, new long[] { 21, 20, 18, 15, 11, 6 })]
    public async Task Every_line_has_the_running_balance_in_the_order_asked_for_over_all_pages(string by, string order, long[] minutes, long[] balances)
    {
        var lines = new List<JsonNode>();
        for (var path = $"{_bank}/accounts/{_ben}/entries?by={by}&order={order}&limit=4"; path is not null;)
        {
            var page = await Http.GetAnswerAsync(path);
            page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
            lines.AddRange(page["items"].AsArray()!);
            path = page.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }

        lines.Select(l => (long)l["minutes"]!).ShouldBe(minutes);
        lines.Select(l => (long)l["balance"]!).ShouldBe(balances);
    }

    [Test]
    public async Task Entries_are_narrowed_by_both_times_ends_included()
    {
        (await MinutesAsync($"from={Uri.EscapeDataString(_posted[1])}&to={Uri.EscapeDataString(_posted[3])}&order=oldest")).ShouldBe([2, 3, 4]);
        (await MinutesAsync("by=occurred&from=2026-01-16&to=2026-01-18&order=oldest")).ShouldBe([4, 3, 2]);
        (await MinutesAsync("by=occurred&from=2026-02-01")).ShouldBeEmpty();
    }

    [Test]
    public async Task A_payers_entries_are_negative()
    {
        var page = await Http.GetAnswerAsync($"{_bank}/accounts/{_ann}/entries?limit=1");
        ((long)page["items"][0]!["minutes"]!).ShouldBe(-6);
        ((long)page["items"][0]!["balance"]!).ShouldBe(-21);
    }

    [Test]
    public async Task The_form_goes_by_Accept()
    {
        var path = $"{_bank}/accounts/{_ben}/entries?order=oldest&limit=2";
        var csv = await Http.GetAnswerAsync(path, "text/csv");
        var lines = await Http.GetAnswerAsync(path, "application/x-ndjson");
        var json = await Http.GetAnswerAsync(path, "text/html;q=0.1, */*;q=0.5, application/json");
        var none = await Http.GetAnswerAsync(path, "image/png");

        csv.ContentType!.MediaType.ShouldBe("text/csv");
        var rows = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        rows.Length.ShouldBe(3);
        rows[0].ShouldStartWith("posted,occurred,kind,minutes,balance");
        rows[1].ShouldContain("'=cmd()", Case.Sensitive, "A spreadsheet must not run it.");
        rows[2].ShouldContain("\"help, \"\"2\"\"\"");
        csv.Headers.Contains("Link").ShouldBeTrue();
        lines.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        lines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (long)JsonNode.Parse(l)!["minutes"]!).ShouldBe([1L, 2L]);
        json.ContentType!.MediaType.ShouldBe("application/json");
        (none.Status, none.Code).ShouldBe((HttpStatusCode.NotAcceptable, "NotAcceptable"));
    }

    private async Task<List<long>> MinutesAsync(string query) =>
        [.. (await Http.GetAnswerAsync($"{_bank}/accounts/{_ben}/entries?{query}"))["items"].AsArray().Select(e => (long)e!["minutes"]!)];

    private static DateTimeOffset Instant(JsonNode node) => DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture);
}
