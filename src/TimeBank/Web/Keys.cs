using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>The Idempotency-Key of a request, and what it stands for.</summary>
public static class Keys
{
    public const string Header = "Idempotency-Key";
    public const int MostCharacters = 255;

    /// <summary>Who stands at the machine itself is one client.</summary>
    private const string CommandLine = "local";

    /// <summary>So are all of whom nothing is known, and another one: they take no key from the machine's own imports.</summary>
    private const string Nobody = "nobody";

    /// <summary>The key, quoted or bare; null if a problem was answered.</summary>
    public static async ValueTask<string?> Require(HttpContext http)
    {
        if (Parse(http.Request.Headers[Header]) is { } key)
            return key;
        await Problems.Write(http, ProblemTable.IdempotencyKeyMissing);
        return null;
    }

    /// <summary>1 to 255 printable ASCII characters; a quoted key is the same as the bare one.</summary>
    public static string? Parse(string? text)
    {
        var key = text?.Trim();
        if (key is { Length: >= 2 } && key[0] == '"' && key[^1] == '"')
            key = key[1..^1];
        return key is { Length: >= 1 and <= MostCharacters } && key.All(c => c is >= ' ' and <= '~') ? key : null;
    }

    /// <summary>What was asked, by whom, for whom and where: a repeated key must mean the same. The client is the person or the app,
    /// whichever session or secret they came with.</summary>
    public static IdempotencyClaim Claim<TRequest>(Actor by, string key, string route, TRequest request)
    {
        Span<byte> hash = stackalloc byte[32];
        var client = by.By?.ToString() ?? (by.Door is Door.CommandLine or Door.Worker ? CommandLine : Nobody);
        Span<byte> named = stackalloc byte[client.Length + 1 + MostCharacters];
        var length = Encoding.UTF8.GetBytes($"{client}\0{key}", named);
        SHA256.HashData(named[..length], hash);
        var keyId = new Guid(hash[..16], bigEndian: true);

        var asked = new ArrayBufferWriter<byte>(512);
        asked.Write(Encoding.UTF8.GetBytes($"{route}\0{by.For}\0"));
        using (var json = new Utf8JsonWriter(asked))
            JsonSerializer.Serialize(json, request, ApiJson.Options);
        SHA256.HashData(asked.WrittenSpan, hash);
        return new IdempotencyClaim(keyId, new Guid(hash[..16], bigEndian: true));
    }
}
