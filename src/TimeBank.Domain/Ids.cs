using System.Security.Cryptography;
using System.Text;

namespace TimeBank;

/// <summary>The short name of a bank, which is also its tenant id: 1 to 63 of a–z, 0–9 and inner hyphens.</summary>
public readonly record struct BankId(string Value)
{
    public static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= 63 } && text[0] != '-' && text[^1] != '-' &&
        text.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');

    public override string ToString() => Value;
}

/// <summary>An account, and its passbook's stream.</summary>
public readonly record struct AccountId(Guid Value)
{
    /// <summary>The stream of the account's settings: the account's id with 8 in place of 7 as its UUID version.</summary>
    /// <remarks>A stream of its own, because a hot passbook's version moves thousands of times a second
    /// and an organiser's ETag must not.</remarks>
    public Guid SettingsStream => Uuid.WithVersion(Value, 8);

    public static AccountId OfSettings(Guid settingsStream) => new(Uuid.WithVersion(settingsStream, 7));

    public override string ToString() => Value.ToString();
}

/// <summary>What one call caused: one or more transfers that happen together or not at all.</summary>
/// <remarks>Its last 16 bits are zero; its transfers take them as their number.</remarks>
public readonly record struct PostingId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One transfer: its posting's id with the number of the leg, from 1, in the last 16 bits.</summary>
/// <remarks>So the transfers of a posting stand side by side under one index, and in the order in which they were made.</remarks>
public readonly record struct TransferId(Guid Value)
{
    public static TransferId Of(PostingId posting, int leg) => new(Uuid.WithLow16(posting.Value, leg));

    public PostingId Posting => new(Uuid.WithLow16(Value, 0));
    public int Leg => Uuid.Low16(Value);
    public override string ToString() => Value.ToString();
}

/// <summary>A hold, which is foldable from its payer's passbook.</summary>
public readonly record struct HoldId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A reinvestment rule, and its stream.</summary>
public readonly record struct RuleId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A thing with a stream of its own: see <see cref="Thing"/>.</summary>
public readonly record struct ThingId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A text about people, kept apart from the events so that it can be erased.</summary>
public readonly record struct TextId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Bit work on UUIDs in the byte order of RFC 9562.</summary>
public static class Uuid
{
    public static Guid WithVersion(Guid uuid, int version)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A UUID, version 8, from the SHA-256 of a name: the same for the same name.</summary>
    public static Guid Named(string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return WithVersion(new Guid(hash[..16], bigEndian: true), 8);
    }

    public static Guid WithLow16(Guid uuid, int low)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)low, 0xFFFFu);
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[14] = (byte)(low >> 8);
        bytes[15] = (byte)(low & 0xFF);
        return new Guid(bytes, bigEndian: true);
    }

    public static int Low16(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return (bytes[14] << 8) | bytes[15];
    }

    /// <summary>In UTC and whole microseconds, which is what the ledger keeps of an instant.</summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>A UUIDv7 that sorts by instant, then by number: 48 bits of milliseconds, 12 of the microseconds within,
    /// 16 of the number, 30 of chance, 16 zero.</summary>
    /// <remarks>RFC 9562 §6.2, method 3. Chance and instant are arguments: a decision never rolls dice.</remarks>
    public static Guid Version7(DateTimeOffset instant, int number, uint chance)
    {
        var microseconds = (instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
        var milliseconds = microseconds / 1000;
        var within = (int)(microseconds % 1000);
        Span<byte> b = stackalloc byte[16];
        for (var i = 0; i < 6; i++)
            b[i] = (byte)((milliseconds >> (40 - 8 * i)) & 0xFF);
        b[6] = (byte)(0x70 | (within >> 8));
        b[7] = (byte)(within & 0xFF);
        b[8] = (byte)(0x80 | ((number >> 10) & 0x3F));
        b[9] = (byte)((number >> 2) & 0xFF);
        b[10] = (byte)(((number & 3) << 6) | (int)((chance >> 24) & 0x3F));
        b[11] = (byte)((chance >> 16) & 0xFF);
        b[12] = (byte)((chance >> 8) & 0xFF);
        b[13] = (byte)(chance & 0xFF);
        b[14] = 0;
        b[15] = 0;
        return new Guid(b, bigEndian: true);
    }

    /// <summary>The instant in a UUIDv7 of ours, to the microsecond.</summary>
    public static DateTimeOffset InstantOf(Guid uuid)
    {
        Span<byte> b = stackalloc byte[16];
        uuid.TryWriteBytes(b, bigEndian: true, out _);
        long milliseconds = 0;
        for (var i = 0; i < 6; i++)
            milliseconds = (milliseconds << 8) | b[i];
        var within = ((b[6] & 0x0F) << 8) | b[7];
        return DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds).AddMicroseconds(within);
    }

    /// <summary>The lowest UUIDv7 of that instant: where a range of ids by time begins.</summary>
    public static Guid FirstOf(DateTimeOffset instant) => Version7(instant, 0, 0);
}
