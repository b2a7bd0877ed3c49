using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TimeBank.Access;

/// <summary>What authenticator apps show (RFC 6238): six digits from a shared secret and the time, new every 30 seconds.</summary>
public static class OneTimePassword
{
    private const int SecondsOfStep = 30;
    private const int SecretBytes = 20;

    /// <summary>Clocks may differ by so many steps.</summary>
    private const int Drift = 1;

    private const string Signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new secret, in the base 32 that the apps take.</summary>
    public static string NewKey() => RandomNumberGenerator.GetString(Signs, SecretBytes * 8 / 5);

    /// <summary>What the app reads as a QR code.</summary>
    public static string UriOf(string key, string login) =>
        $"otpauth://totp/TimeBank:{Uri.EscapeDataString(login)}?secret={key}&issuer=TimeBank&digits=6&period={SecondsOfStep}";

    /// <summary>The step of time that a code belongs to; null if it belongs to none near now.</summary>
    public static long? StepOf(string key, string code, DateTimeOffset now)
    {
        var typed = Encoding.UTF8.GetBytes(code.Replace(" ", "", StringComparison.Ordinal));
        var step = now.ToUnixTimeSeconds() / SecondsOfStep;
        long? found = null;
        for (var near = step - Drift; near <= step + Drift; near++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(key, near)), typed))
                found = near;
        }
        return found;
    }

    private static string CodeAt(string key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[20];
        // The RFC's algorithm, and the only one that every authenticator app knows; HMAC does not lean on what is broken in SHA-1.
#pragma warning disable CA5350
        HMACSHA1.HashData(Decode(key), counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[19] & 0xF)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string key)
    {
        var bytes = new byte[key.Length * 5 / 8];
        var (bits, held, at) = (0, 0, 0);
        foreach (var sign in key)
        {
            held = ((held << 5) | Signs.IndexOf(sign, StringComparison.Ordinal)) & 0xFFF;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            bytes[at++] = (byte)((held >> bits) & 0xFF);
        }
        return bytes;
    }
}
