using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TimeBank.Store;

namespace TimeBank.Texts;

/// <summary>What people wrote: names, memos, references, reasons. Kept apart from the events, which hold its id and a salted hash.</summary>
public sealed record TextBody
{
    public string? Name { get; init; }
    public string? Memo { get; init; }
    public string? ClientReference { get; init; }
    public SortedDictionary<string, string>? Metadata { get; init; }
    public string? Reason { get; init; }
    /// <summary>Of a service: what somebody should know before booking it.</summary>
    public string? Conditions { get; init; }
    public string? Times { get; init; }
    /// <summary>Of a listing, with what it is about and where.</summary>
    public string? Title { get; init; }
    public string? Description { get; init; }
    public string? Place { get; init; }
    /// <summary>Of a member, with the addresses, and codes that are asked for figures only.</summary>
    public string? Telephone { get; init; }
    public string? Email { get; init; }
    public string? Address { get; init; }
    public string? AgeBand { get; init; }
    public bool? Disability { get; init; }

    /// <summary>Of a project: what it is for, and what it needs.</summary>
    public string? Purpose { get; init; }
    public string? Needs { get; init; }
    /// <summary>Of an activity, with its name.</summary>
    public string? Risk { get; init; }
    public string? Precautions { get; init; }
    public string? Insurance { get; init; }

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new PairsConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TextBody Parse(string json) => JsonSerializer.Deserialize<TextBody>(json, Options)!;

    /// <summary>Null if there is nothing to keep.</summary>
    public (TextRef Ref, TextRow Row)? Keep()
    {
        if (Name is null && Memo is null && ClientReference is null && Reason is null && Metadata is not { Count: > 0 }
            && Title is null && Description is null && Place is null && Conditions is null && Times is null
            && Telephone is null && Email is null && Address is null && AgeBand is null && Disability is null
            && Purpose is null && Needs is null && Risk is null && Precautions is null && Insurance is null)
            return null;
        var body = JsonSerializer.Serialize(this, Options);
        var salt = RandomNumberGenerator.GetBytes(16);
        var id = new TextId(Guid.CreateVersion7());
        return (new TextRef(id, Hash(salt, body)), new TextRow(id, salt, body));
    }

    /// <summary>SHA-256 over salt and text, in base64url.</summary>
    public static string Hash(byte[] salt, string body) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(body)]));
}
