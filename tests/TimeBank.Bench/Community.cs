using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace TimeBank.Bench;

/// <summary>A bank with members who may go so far below zero that nothing is ever refused.</summary>
public sealed class Community
{
    private const long LowFloor = -1_000_000_000_000;

    private readonly BenchRun _run;

    private static readonly string[] s_scopes = ["accountsRead", "accountsWrite", "transfersRead", "transfersWrite", "redemptionsWrite", "rulesRead", "reportsRead"];

    private Community(BenchRun run, LedgerUnderTest ledger, string bank, string key, IReadOnlyList<Guid> members)
    {
        _run = run;
        Ledger = ledger;
        Bank = bank;
        Key = key;
        Members = members;
        MembersFile = FileOf(members);
    }

    public LedgerUnderTest Ledger { get; }
    public string Bank { get; }

    /// <summary>Of a system of the bank's own, made by its organiser.</summary>
    public string Key { get; }

    public IReadOnlyList<Guid> Members { get; }

    /// <summary>An id in each line, for wrk.</summary>
    public string MembersFile { get; }

    public static async Task<Community> OpenAsync(BenchRun run, LedgerUnderTest ledger, string bank, int members)
    {
        run.Say($"opening {members:N0} accounts");
        var key = await OpenBankAsync(ledger.Server.Http, bank, run.Cancel);
        return new Community(run, ledger, bank, key, await OpenAccountsAsync(run, ledger.Server.Http, bank, "member", members));
    }

    /// <summary>A bank that whoever opens it organises; the answer is a key of its own systems.</summary>
    public static async Task<string> OpenBankAsync(HttpClient http, string bank, CancellationToken cancel)
    {
        var organiser = (Guid)JsonNode.Parse(await http.GetStringAsync("/v1/me", cancel))!["person"]!;
        await PostAsync(http, "/v1/banks", new { id = bank, name = "A bank to measure", policy = new { limits = new { member = new { floor = LowFloor } } }, organiser }, cancel);
        var key = await PostAsync(http, $"/v1/banks/{bank}/keys", new { name = "The load", scopes = s_scopes, ofBank = true }, cancel);
        return (string)key["secret"]!;
    }

    public static async Task<Guid[]> OpenAccountsAsync(BenchRun run, HttpClient http, string bank, string kind, int count)
    {
        var ids = new Guid[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = run.Cancel }, async (i, cancel) =>
        {
            var account = await PostAsync(http, $"/v1/banks/{bank}/accounts", new { kind, name = $"Number {i}" }, cancel);
            ids[i] = (Guid)account["id"]!;
        });
        return ids;
    }

    /// <summary>A request that must be answered well.</summary>
    public static async Task<JsonNode> PostAsync(HttpClient http, string path, object body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var response = await http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new BenchException($"POST {path} was answered {(int)response.StatusCode}: {text}");
    }

    public Task<JsonNode> GetAsync(string path) => GetAsync(Ledger.Server.Http, path, _run.Cancel);

    public static async Task<JsonNode> GetAsync(HttpClient http, string path, CancellationToken cancel) =>
        JsonNode.Parse(await http.GetStringAsync(path, cancel))!;

    /// <summary>As an app of the bank itself asks.</summary>
    public HttpClient OpenWithKey() => new() { BaseAddress = Ledger.Server.Url, DefaultRequestHeaders = { Authorization = new("Bearer", Key) } };

    /// <summary>From anybody to anybody.</summary>
    public string AtRandom(ServerProcess server) => WrkScripts.Transfers(server.Url, this, MembersFile, MembersFile);

    public string FileOf(params IEnumerable<Guid> accounts) => FileOf(accounts.Select(a => a.ToString()));

    public string FileOf(IEnumerable<string> lines)
    {
        var file = Path.Combine(_run.Folder, $"{Guid.NewGuid():N}.txt");
        File.WriteAllLines(file, lines);
        return file;
    }
}
