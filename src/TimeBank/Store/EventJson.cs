using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TimeBank.Access;

namespace TimeBank.Store;

/// <summary>How values are written as JSON, in events and over HTTP: camelCase, enums as words, ids as UUIDs, minutes as integers.</summary>
/// <remarks>Strict in both directions: a member that is not known or stands twice is an error, and so is one that is missing
/// and may not be null. Nulls are left out. Members stand in the order of their names, so that the same event is always the same bytes.</remarks>
public static class EventJson
{
    public static readonly JsonSerializerOptions Options = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DictionaryKeyPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatFollows, RequireWhatIsNotNullable, OrderByName } },
            Converters =
            {
                new WordsConverter(),
                new MinutesConverter(),
                new IdConverter<AccountId>(g => new(g), i => i.Value),
                new IdConverter<PostingId>(g => new(g), i => i.Value),
                new IdConverter<TransferId>(g => new(g), i => i.Value),
                new IdConverter<HoldId>(g => new(g), i => i.Value),
                new IdConverter<RuleId>(g => new(g), i => i.Value),
                new IdConverter<ThingId>(g => new(g), i => i.Value),
                new IdConverter<TextId>(g => new(g), i => i.Value),
                new IdConverter<PersonId>(g => new(g), i => i.Value),
                new IdConverter<RightId>(g => new(g), i => i.Value),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>What a thing or its event works out from the rest is not written.</summary>
    private static void LeaveOutWhatFollows(JsonTypeInfo type)
    {
        if (!type.Type.IsAssignableTo(typeof(Thing)) && !type.Type.IsAssignableTo(typeof(ThingEvent)))
            return;
        foreach (var property in type.Properties.Where(p => p.Set is null).ToList())
            type.Properties.Remove(property);
    }

    private static void RequireWhatIsNotNullable(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            property.IsRequired = !property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null;
    }

    private static void OrderByName(JsonTypeInfo type)
    {
        var order = 0;
        foreach (var property in type.Properties.OrderBy(p => p.Name, StringComparer.Ordinal))
            property.Order = order++;
    }

    /// <summary>An enum is exactly one of its words. The serializer's own converter takes several with commas between and makes another
    /// value of them.</summary>
    private sealed class WordsConverter : JsonConverterFactory
    {
        public override bool CanConvert(Type type) => type.IsEnum;

        public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(WordConverter<>).MakeGenericType(type))!;
    }

    private sealed class WordConverter<TEnum> : JsonConverter<TEnum> where TEnum : struct, Enum
    {
        public override TEnum Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && Words.TryParse<TEnum>(reader.GetString()!, out var value)
                ? value
                : throw new JsonException($"One of {Words.All<TEnum>()}.");

        public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(value.Word());

        public override TEnum ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Read(ref reader, type, options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WritePropertyName(value.Word());
    }

    private sealed class MinutesConverter : JsonConverter<Minutes>
    {
        public override Minutes Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && Minutes.InRange(value)
                ? new Minutes(value)
                : throw new JsonException($"Minutes are whole numbers within ±{Minutes.Limit}.");

        public override void Write(Utf8JsonWriter writer, Minutes value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Value);
    }

    private sealed class IdConverter<TId>(Func<Guid, TId> make, Func<TId, Guid> value) : JsonConverter<TId>
    {
        public override TId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id)
                ? make(id)
                : throw new JsonException("An id is a UUID in the form 01890a5d-ac96-774b-bcce-b302099a8057.");

        public override void Write(Utf8JsonWriter writer, TId id, JsonSerializerOptions options) =>
            writer.WriteStringValue(value(id));
    }
}
