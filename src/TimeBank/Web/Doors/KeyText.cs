using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TimeBank.Access;

namespace TimeBank.Web;

/// <summary>A partner app's key as its owner sees it: <c>tb_BANK_ID_SECRET</c>. Bank and id say which key it is; the secret is 256 random bits.</summary>
/// <remarks>Shown once. What is stored is the SHA-256 of the secret, which needs no salt: nobody guesses 256 bits.</remarks>
public readonly record struct KeyText(BankId Bank, RightId Id, string Secret)
{
    public const string Start = "tb_";
    private const int SecretLength = 43;

    public static KeyText New(BankId bank, RightId id) => new(bank, id, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    public static KeyText? Parse(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal))
            return null;
        var rest = text[Start.Length..];
        var end = rest.IndexOf('_');
        if (end < 0 || rest.Length != end + 1 + 32 + 1 + SecretLength || rest[end + 33] != '_' || !Guid.TryParseExact(rest.Slice(end + 1, 32), "N", out var id))
            return null;
        var bank = rest[..end].ToString();
        return BankId.IsValid(bank) ? new KeyText(new BankId(bank), new RightId(id), rest[(end + 34)..].ToString()) : null;
    }

    public string Hash => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)));

    /// <summary>Whether it is one of the key's secrets that still count.</summary>
    public bool Opens(Key key, DateTimeOffset now)
    {
        if (!key.IsValid(now))
            return false;
        var hash = MemoryMarshal.AsBytes(Hash.AsSpan());
        foreach (var half in key.Halves)
        {
            if (!(half.Until <= now) && CryptographicOperations.FixedTimeEquals(hash, MemoryMarshal.AsBytes(half.Hash.AsSpan())))
                return true;
        }
        return false;
    }

    public override string ToString() => $"{Start}{Bank}_{Id.Value:N}_{Secret}";
}
