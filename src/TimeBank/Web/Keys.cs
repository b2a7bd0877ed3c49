using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>The Idempotency-Key of a request, and what it stands for.</summary>
public static class Keys
{
    public const string Header = "Idempotency-Key";
    public const int MostCharacters = 255;

    /// <summary>Until people and apps sign in, all callers on this machine are one client.</summary>
    private const string Client = "local";

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

    /// <summary>What was asked, by whom and where: a repeated key must mean the same.</summary>
    public static IdempotencyClaim Claim<TRequest>(string key, string route, TRequest request)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Options);
        Span<byte> buffer = stackalloc byte[32];
        Span<byte> text = stackalloc byte[1024];
        var length = Encoding.UTF8.GetBytes(Client, text);
        text[length++] = 0;
        length += Encoding.UTF8.GetBytes(key, text[length..]);
        SHA256.HashData(text[..length], buffer);
        var keyId = new Guid(buffer[..16], bigEndian: true);

        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(route));
        sha.AppendData([0]);
        sha.AppendData(body);
        sha.GetHashAndReset(buffer);
        return new IdempotencyClaim(keyId, new Guid(buffer[..16], bigEndian: true));
    }
}
