using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TimeBank.Stories;

/// <summary>Names that stand for ids: <c>{rosa}</c> in a path or a text is the id that a former step made.</summary>
public sealed partial class StoryNames
{
    private readonly Dictionary<string, string> _ids = [];

    public IReadOnlyDictionary<string, string> Ids => _ids;

    public string this[string name] =>
        _ids.TryGetValue(name, out var id) ? id : throw new StoryException($"Nothing is called '{name}' yet.");

    public void Add(string name, string id) => _ids[name] = id;

    /// <summary>The text with every name replaced.</summary>
    public string Fill(string text) => Name().Replace(text, m => this[m.Groups[1].Value]);

    /// <summary>The same JSON with every name in its texts replaced.</summary>
    public JsonNode? Fill(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Fill(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Fill)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Fill(text)),
        _ => node?.DeepClone(),
    };

    /// <summary>Where the answer is not as expected, or null. Members that are not expected do not matter; arrays must be of one length.</summary>
    public static string? Difference(JsonNode? expected, JsonNode? actual, string path = "answer")
    {
        switch (expected, actual)
        {
            case (JsonObject members, JsonObject found):
                return members.Select(m => Difference(m.Value, found[m.Key], $"{path}.{m.Key}")).FirstOrDefault(d => d is not null);
            case (JsonArray items, JsonArray found) when items.Count == found.Count:
                return Enumerable.Range(0, items.Count)
                    .Select(i => Difference(items[i], found[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")))
                    .FirstOrDefault(d => d is not null);
            default:
                return JsonNode.DeepEquals(expected, actual) ? null : $"{path} is {actual?.ToJsonString() ?? "missing"}, not {expected?.ToJsonString() ?? "missing"}";
        }
    }

    [GeneratedRegex(@"\{([a-z0-9-]+)\}")]
    private static partial Regex Name();
}
