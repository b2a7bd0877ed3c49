using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace TimeBank.Tests.Access;

/// <summary>A passkey as those keep it that are copied between devices: it counts no signatures (WebAuthn, level 3, 6.1.1).</summary>
internal sealed class SoftPasskey : IDisposable
{
    /// <summary>The user was there, and showed that it was them.</summary>
    private const byte Present = 0x01 | 0x04;
    private const byte WithKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string _owner = "";

    /// <summary>Answers what navigator.credentials.create() is asked.</summary>
    public JsonNode Create(JsonNode options, Uri site)
    {
        _owner = (string)options["user"]!["id"]!;
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        // COSE: an elliptic curve's key, ES256, P-256, x and y.
        byte[] key = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. About(site, Present | WithKey), .. new byte[16], 0, (byte)_id.Length, .. _id, .. key];
        byte[] attested = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64UrlEncoder.Encode(Said("webauthn.create", options, site)), ["attestationObject"] = Base64UrlEncoder.Encode(attested),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Answers what navigator.credentials.get() is asked.</summary>
    public JsonNode Get(JsonNode options, Uri site)
    {
        var (said, data) = (Said("webauthn.get", options, site), About(site, Present));
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64UrlEncoder.Encode(said), ["authenticatorData"] = Base64UrlEncoder.Encode(data), ["userHandle"] = _owner,
            ["signature"] = Base64UrlEncoder.Encode(_key.SignData([.. data, .. SHA256.HashData(said)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
        });
    }

    public void Dispose() => _key.Dispose();

    private static byte[] About(Uri site, byte flags) => [.. SHA256.HashData(Encoding.UTF8.GetBytes(site.Host)), flags, 0, 0, 0, 0];

    private static byte[] Said(string what, JsonNode options, Uri site) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = what, ["challenge"] = (string)options["challenge"]!, ["origin"] = site.GetLeftPart(UriPartial.Authority), ["crossOrigin"] = false,
    }.ToJsonString());

    private JsonObject Credential(JsonObject response) => new()
    {
        ["id"] = Base64UrlEncoder.Encode(_id), ["rawId"] = Base64UrlEncoder.Encode(_id), ["type"] = "public-key", ["response"] = response,
        ["clientExtensionResults"] = new JsonObject(), ["authenticatorAttachment"] = "platform",
    };
}
