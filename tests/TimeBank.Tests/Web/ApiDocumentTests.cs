using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Stories;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>The API document of the running server, walked operation by operation.</summary>
[Category("Database")]
public sealed class ApiDocumentTests
{
    private const string Renew = "RENEW_OPENAPI";
    private const string Kept = "src/TimeBank/openapi.json";

    private sealed record Operation(string Method, string Path, JsonObject Said)
    {
        public IEnumerable<JsonObject> Parameters => (Said["parameters"]?.AsArray() ?? []).Select(p => p!.AsObject());
        public JsonNode? Body => Said["requestBody"] is null ? null : Content["example"] ?? (TakesNothing ? new JsonObject() : null);

        public string BodyType => Said["requestBody"]?["content"]!.AsObject().First().Key ?? "application/json";

        private JsonNode Content => Said["requestBody"]!["content"]!.AsObject().First().Value!;

        /// <summary>The document's writer leaves out an empty example, which is the right one for a request without members.</summary>
        private bool TakesNothing => Content["schema"]?["$ref"] is { } name
            && Said.Root["components"]!["schemas"]![((string)name!).Split('/')[^1]]!["properties"] is null;

        public override string ToString() => $"{Method} {Path}";
    }

    private Cast _cast = null!;

    [OneTimeSetUp]
    public async Task The_examples_fit_the_demo()
    {
        var story = Story.Load(Operations.Bank);
        _cast = await Cast.GatherAsync(story, RunningServer.App.Services, RunningServer.DataFolder, RunningServer.Http.BaseAddress!, CancellationToken.None);
        var told = await new StoryTeller(_cast).TellAsync(story, _ => { }, CancellationToken.None);
        var (http, key) = await _cast[story.As].Http.KeyAsync($"/v1/banks/{story.Bank}", ofBank: false, "accountsRead");
        http.Dispose();
        told.Names.Add("dashboard", key.ToString());
        RunningServer.App.Services.GetRequiredService<ExampleIds>().Know(told.Names.Ids);
    }

    [OneTimeTearDown]
    public void Leave() => _cast.Dispose();

    /// <summary>Who of the demo sends the example.</summary>
    private HttpClient Sender(Operation operation)
    {
        var who = DoorTable.Find(operation.ToString())!.Who;
        return _cast[who switch
        {
            Who.Operator => "ada",
            Who.SafeguardingLead => "hana",
            Who.Member => "rosa-delgado",
            _ => "grace",
        }].Http;
    }

    [Test]
    public async Task Every_operation_says_what_it_does()
    {
        var lacking = (await OperationsAsync()).Where(o => Lacks(o.Said["summary"]) || Lacks(o.Said["description"]) || o.Said["tags"] is not JsonArray { Count: 1 });

        lacking.ShouldBeEmpty("Say .Describe(summary, description) where the route is mapped.");
    }

    [Test]
    public async Task Every_operation_has_an_example()
    {
        var known = Operations.All;
        var operations = await OperationsAsync();

        operations.Select(o => o.ToString()).Except(known).ShouldBeEmpty("Add these to src/TimeBank/Web/operations.json.");
        known.Except(operations.Select(o => o.ToString())).ShouldBeEmpty("Remove these from src/TimeBank/Web/operations.json.");
        operations.Where(o => o.Said["requestBody"] is not null && o.Body is null).ShouldBeEmpty("These take a body: add a \"body\" in operations.json.");
        operations.Where(o => o.Parameters.Any(p => (bool?)p["required"] == true && p["example"] is null))
            .ShouldBeEmpty("These need an example for each parameter in the path: add a \"path\" in operations.json.");
    }

    [Test]
    public async Task Every_parameter_is_explained()
    {
        var unexplained = (await OperationsAsync()).SelectMany(o => o.Parameters.Where(p => Lacks(p["description"])).Select(p => $"{o}: {p["name"]}"));

        unexplained.ShouldBeEmpty("Add them to ApiParameters.");
    }

    [Test]
    public async Task Every_example_works_in_the_demos_bank()
    {
        var failed = new List<string>();
        foreach (var operation in (await OperationsAsync()).Where(o => Operations.For(o.Method, o.Path).Needs is null))
        {
            var (status, text) = await SendAsync(operation);
            // A line of a bulk request is answered within the answer.
            if (status is < 200 or > 299 || text.Contains("\"code\":", StringComparison.Ordinal) && operation.Body is JsonValue)
                failed.Add($"{operation}: {status} {text}");
        }

        failed.ShouldBeEmpty();
    }

    [Test]
    public async Task Every_problem_has_its_code_and_form()
    {
        foreach (var operation in await OperationsAsync())
        {
            foreach (var (status, response) in operation.Said["responses"]!.AsObject().Where(r => int.Parse(r.Key) >= 400))
            {
                response!["content"]!.AsObject().Select(c => c.Key).ShouldBe(["application/problem+json"], $"{operation} {status}");
                ((string)response["description"]!).ShouldContain("`", customMessage: $"{operation} {status}");
            }
        }
    }

    [Test]
    public async Task Ids_and_minutes_are_plain_values()
    {
        var document = await DocumentAsync();
        var transfer = document["components"]!["schemas"]!["TransferAnswer"]!["properties"]!;

        ((string)transfer["id"]!["format"]!).ShouldBe("uuid");
        ((string)transfer["minutes"]!["format"]!).ShouldBe("int64");
        document["components"]!["schemas"]!.AsObject().Select(s => s.Key).Intersect(["Minutes", "AccountId", "TransferId", "PostingId", "HoldId", "RuleId"]).ShouldBeEmpty();
        document["components"]!["schemas"]!["TransferKind"]!["enum"]!.AsArray().Select(w => (string)w!).ShouldContain("exchange");
        document["components"]!["schemas"]!["SingleTransferRequest"]!["required"]!.AsArray().Select(w => (string)w!).ShouldBe(["kind", "minutes", "payee", "payer"]);
    }

    [Test]
    public async Task The_document_in_the_repository_is_the_running_ones()
    {
        var running = await ApiDocument.WriteAsync(RunningServer.App.Services) + "\n";
        var file = Path.Combine(Repository(), Kept);
        if (Environment.GetEnvironmentVariable(Renew) is not null)
            await File.WriteAllTextAsync(file, running);

        var kept = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";

        (kept == running).ShouldBeTrue($"{Kept} is not what the server says of itself. Renew it: {Renew}=1 tests/run --filter {nameof(ApiDocumentTests)}");
    }

    private static bool Lacks(JsonNode? text) => string.IsNullOrWhiteSpace((string?)text);

    /// <summary>Sends the example as it stands, but with dryRun where there is one, so that the order does not matter.</summary>
    private async Task<(int Status, string Text)> SendAsync(Operation operation)
    {
        var path = operation.Path;
        var query = new List<string>();
        string? ifMatch = null, key = null;
        foreach (var parameter in operation.Parameters)
        {
            var (name, example) = ((string)parameter["name"]!, parameter["example"]?.ToString());
            switch ((string)parameter["in"]!)
            {
                case "path":
                    path = path.Replace($"{{{name}}}", Uri.EscapeDataString(example!));
                    break;
                case "query" when name == "dryRun":
                    query.Add("dryRun=true");
                    break;
                case "query" when example is not null:
                    query.Add($"{name}={Uri.EscapeDataString(parameter["schema"]?["type"]?.ToString() == "boolean" ? example.ToLowerInvariant() : example)}");
                    break;
                case "header" when name == "If-Match":
                    ifMatch = example;
                    break;
                case "header" when name == Keys.Header:
                    key = example;
                    break;
            }
        }
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), query.Count == 0 ? path : $"{path}?{string.Join('&', query)}");
        if (operation.Body is { } body)
            request.Content = new StringContent(body is JsonValue lines ? (string)lines! : body.ToJsonString(), Encoding.UTF8, operation.BodyType);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (key is not null)
            request.Headers.TryAddWithoutValidation(Keys.Header, key);
        using var response = await Sender(operation).SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonNode> DocumentAsync() => (await RunningServer.Http.GetAnswerAsync(ApiDocument.Address)).Body!;

    private static async Task<List<Operation>> OperationsAsync() =>
    [
        .. from path in (await DocumentAsync())["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           select new Operation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject()),
    ];

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TimeBank.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("No TimeBank.sln above the tests.");
    }
}
