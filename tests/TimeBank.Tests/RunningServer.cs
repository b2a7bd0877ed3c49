using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Tests;

/// <summary>One real server on one real PostgreSQL for all tests of a run: real HTTP on a port of its own.</summary>
[SetUpFixture]
public sealed class RunningServer
{
    private static readonly List<IAsyncDisposable> s_toDispose = [];

    public static LedgerStore Store { get; private set; } = null!;
    public static WebApplication App { get; private set; } = null!;
    public static HttpClient Http { get; private set; } = null!;
    public static string DataFolder { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        if (!WantsDatabase)
            return;
        DataFolder = Path.Combine(Path.GetTempPath(), $"tb-tests-{Guid.NewGuid().ToString("N")[..8]}");
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("data", DataFolder)]).Build();
        Store = await LedgerStore.OpenAsync(settings, owning: true, TestContext.Progress.WriteLine, CancellationToken.None);
        s_toDispose.Add(Store);
        App = await StartServer(Store);
        Http = Client(App);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        Http?.Dispose();
        foreach (var started in Enumerable.Reverse(s_toDispose))
            await started.DisposeAsync();
        if (DataFolder is null)
            return;
        Directory.Delete(DataFolder, recursive: true);
        RunLog.Close();
    }

    /// <summary>One more server on a store; the caller disposes of it, or else the end of the run does.</summary>
    public static async Task<WebApplication> StartServer(
        LedgerStore store, TimeProvider? clock = null, JournalLimits? limits = null, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        RunLog.Listen(builder);
        builder.Configuration.AddInMemoryCollection(Logins.NoLimits).AddInMemoryCollection(settings);
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        if (limits is not null)
            builder.Services.AddSingleton(limits);
        services?.Invoke(builder.Services);
        var app = Server.Build(builder, store);
        await app.StartAsync();
        s_toDispose.Add(app);
        return app;
    }

    /// <summary>A client that nobody signed in with.</summary>
    public static HttpClient Nobody(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.First()) };

    /// <summary>The operator of that server, who also organises every bank that a test opens.</summary>
    public static HttpClient Client(WebApplication app, string? login = null)
    {
        var server = new Uri(app.Urls.First());
        var store = app.Services.GetRequiredService<LedgerStore>();
        return new HttpClient(new SigningIn(server, () => login is null ? Logins.OperatorAsync(store) : Logins.OperatorAsync(store, login))) { BaseAddress = server };
    }

    /// <summary>Tests without a database are run by <c>tests/run fast</c>, which says so.</summary>
    private static bool WantsDatabase => Environment.GetEnvironmentVariable("TIMEBANK_TESTS_FAST") is null;
}

/// <summary>An answer, read whole.</summary>
public sealed record Answer(HttpStatusCode Status, JsonNode? Body, string Text, HttpResponseHeaders Headers, MediaTypeHeaderValue? ContentType)
{
    public JsonNode this[string member] => Body![member] ?? throw new AssertionException($"No member '{member}' in {Text}");
    public Guid Id => Guid.Parse((string)this["id"]!);
    public string? Code => Body is JsonObject members ? (string?)members["code"] : null;
    public override string ToString() => $"{(int)Status} {Text}";
}

/// <summary>Short words for requests in tests.</summary>
public static class Requests
{
    public static Task<Answer> PostAsync(this HttpClient http, string path, object body, string? key = null) =>
        http.SayAsync(HttpMethod.Post, path, body, key ?? Guid.NewGuid().ToString());

    public static Task<Answer> GetAnswerAsync(this HttpClient http, string path, string? accept = null) => http.SayAsync(HttpMethod.Get, path, accept: accept);

    public static async Task<Answer> SayAsync(
        this HttpClient http, HttpMethod method, string path, object? body = null, string? key = null, string? ifMatch = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body as string ?? ApiJson.Write(body), Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return new Answer(response.StatusCode, isJson ? JsonNode.Parse(text) : null, text, response.Headers, response.Content.Headers.ContentType);
    }

    /// <summary>A new bank with a name of its own, organised by who opens it; answers its address, such as /v1/banks/test-1a2b3c4d.</summary>
    public static async Task<string> OpenBankAsync(this HttpClient http, object? policy = null)
    {
        var id = $"test-{Guid.NewGuid().ToString("N")[..12]}";
        var me = (Guid)(await http.GetAnswerAsync("/v1/me"))["person"];
        var answer = await http.PostAsync("/v1/banks", new { id, name = "A bank for tests", policy, organiser = me });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        return $"/v1/banks/{id}";
    }

    public static async Task<Guid> OpenAccountAsync(this HttpClient http, string bank, string kind, string name, long? floor = null, long? ceiling = null)
    {
        var answer = await http.PostAsync($"{bank}/accounts", new { kind, name, floor, ceiling });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        return answer.Id;
    }

    public static Task<Answer> TransferAsync(this HttpClient http, string bank, string kind, Guid payer, Guid payee, long minutes, string? key = null) =>
        http.PostAsync($"{bank}/transfers", new { kind, yes = "paper", payer, payee, minutes }, key);

    public static async Task<Guid> IssuerAsync(this HttpClient http, string bank) =>
        Guid.Parse((string)(await http.GetAnswerAsync(bank))["issuer"]!);

    public static async Task<long> BalanceAsync(this HttpClient http, string bank, Guid account) =>
        (long)(await http.GetAnswerAsync($"{bank}/accounts/{account}/balance"))["balance"];
}
