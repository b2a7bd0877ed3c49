using System.Text.Json;
using System.Text.Json.Serialization;

namespace TimeBank.Texts;

/// <summary>Free pairs: keys are compared by their characters alone.</summary>
/// <remarks>Left to itself the serializer compares them by the rules of a language, for which "a" and "a" with a soft hyphen are one.</remarks>
public sealed class PairsConverter : JsonConverter<SortedDictionary<string, string>>
{
    public override SortedDictionary<string, string> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("Pairs are an object of strings.");
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException("Pairs are an object of strings.");
            if (!pairs.TryAdd(key, reader.GetString()!))
                throw new JsonException("A key stands twice.");
        }
        return pairs;
    }

    public override void Write(Utf8JsonWriter writer, SortedDictionary<string, string> pairs, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in pairs)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }
}
