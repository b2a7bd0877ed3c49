using System.Text.Json;
using TimeBank.Access;

namespace TimeBank.Store;

/// <summary>Who caused an event, as its headers: <c>{"by":…,"door":…,"for":…}</c>, always the same bytes for the same actor.</summary>
public static class ActorCodec
{
    public static string Encode(Actor by) => JsonSerializer.Serialize(by, EventJson.Options);

    public static Actor Decode(string headers)
    {
        try
        {
            return JsonSerializer.Deserialize<Actor>(headers, EventJson.Options) ?? throw new JsonException("They are null.");
        }
        catch (JsonException e)
        {
            throw new UnknownEventException("headers", e);
        }
    }

    /// <summary>As this program writes them; the database keeps JSON in an order of its own. What cannot be read stays as it is.</summary>
    public static string? Canonical(string? headers)
    {
        try
        {
            return headers is null ? null : Encode(Decode(headers));
        }
        catch (UnknownEventException)
        {
            return headers;
        }
    }
}
