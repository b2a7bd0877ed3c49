using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace TimeBank.Web;

/// <summary>Examples of one operation that work in the demo's bank, and what the rules may refuse there.</summary>
public sealed record OperationExamples
{
    public IReadOnlyDictionary<string, string> Path { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, JsonNode> Query { get; init; } = new Dictionary<string, JsonNode>();
    public JsonObject? Body { get; init; }
    /// <summary>A body of one JSON a line.</summary>
    public IReadOnlyList<JsonObject>? Lines { get; init; }
    /// <summary>A body that is not JSON.</summary>
    public string? Text { get; init; }
    /// <summary>The type of the answer, if it is not JSON.</summary>
    public string? As { get; init; }

    public JsonNode? Example => Lines is { } lines ? JsonValue.Create(string.Concat(lines.Select(l => l.ToJsonString(s_readable) + "\n"))) : Text is { } text ? JsonValue.Create(text) : Body?.DeepClone();

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    /// <summary>Types of answer besides JSON.</summary>
    public IReadOnlyList<string> AlsoAs { get; init; } = [];
    public IReadOnlyList<RefusalCode> Refusals { get; init; } = [];
    /// <summary>Codes of other problems.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
    /// <summary>What one must put in before the example works; null: it works in the demo's bank as it stands.</summary>
    public string? Needs { get; init; }
}

/// <summary>What <c>operations.json</c> says beyond what routes say of themselves, by method and path.</summary>
public static partial class Operations
{
    /// <summary>The bank of the demo, to which the examples belong.</summary>
    public const string Bank = "law-school";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter<RefusalCode>() },
    };

    private static readonly Dictionary<string, OperationExamples> s_all = Read();

    public static IReadOnlyCollection<string> All => s_all.Keys;

    public static OperationExamples For(string method, string path) => s_all.GetValueOrDefault($"{method} {path}") ?? new OperationExamples();

    /// <summary>Names such as <c>{rosa}</c> become placeholders, for which the demo puts in the ids that it made.</summary>
    private static Dictionary<string, OperationExamples> Read()
    {
        using var stream = typeof(Operations).Assembly.GetManifestResourceStream("TimeBank.Web.operations.json")
            ?? throw new InvalidOperationException("operations.json is not in the program.");
        using var reader = new StreamReader(stream);
        var text = NameInQuotes().Replace(reader.ReadToEnd(), m => $"\"{ExampleIds.Placeholder(m.Groups[1].Value)}\"");
        return JsonSerializer.Deserialize<Dictionary<string, OperationExamples>>(text, Options)!;
    }

    [GeneratedRegex("\"\\{([a-z0-9-]+)\\}\"")]
    private static partial Regex NameInQuotes();
}
