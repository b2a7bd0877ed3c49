using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TimeBank.Web;

/// <summary>Instants as RFC 3339 writes them: date, time and the offset from UTC, none of which is guessed.</summary>
public static class Instants
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    public static bool TryParse(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant)
        && (text[^1] == 'Z' || text.LastIndexOfAny(['+', '-']) > "yyyy-MM-dd".Length);

    /// <summary>In JSON. Left to itself the serializer takes an instant without an offset for this machine's local time.</summary>
    public sealed class Converter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString()!, out var instant)
                ? instant
                : throw new JsonException("An instant is written like 2026-11-21T10:00:00Z.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
