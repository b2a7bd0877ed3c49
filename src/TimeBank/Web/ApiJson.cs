using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>JSON over HTTP: the values of <see cref="EventJson"/>, in the order in which a reader wants them, nulls left out.</summary>
public static class ApiJson
{
    public static readonly JsonSerializerOptions Options = new(EventJson.Options)
    {
        // The keys of free pairs are the caller's own words.
        DictionaryKeyPolicy = null,
        Converters = { new Instants.Converter(), new Texts.PairsConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        RespectNullableAnnotations = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 16,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);
}
