using System.Text.Json;

namespace TimeBank.Access;

/// <summary>What a browser's passkey answered, as a page's form sends it.</summary>
public static class PasskeyAnswer
{
    /// <summary>Null if it is no JSON.</summary>
    public static JsonElement? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
