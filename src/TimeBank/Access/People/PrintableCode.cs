using System.Security.Cryptography;
using System.Text;

namespace TimeBank.Access;

/// <summary>A code that is printed, carried home and typed in: 80 random bits in four groups of four signs, none of which looks like another.</summary>
/// <remarks>Stored is its SHA-256, which needs neither salt nor slowness: nobody guesses 80 bits, and each code counts once.</remarks>
public static class PrintableCode
{
    /// <summary>Thirty-two signs: no 0 and O, no 1 and I.</summary>
    private const string Signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const int Length = 16;
    private const int Group = 4;

    public static string New() => string.Join('-', RandomNumberGenerator.GetString(Signs, Length).Chunk(Group).Select(g => new string(g)));

    /// <summary>Null if that cannot be a code. Small letters, spaces and hyphens are as good.</summary>
    public static byte[]? HashOf(string? typed)
    {
        if (typed is null)
            return null;
        var plain = new string([.. typed.Where(c => c is not ('-' or ' ')).Select(char.ToUpperInvariant)]);
        return plain.Length == Length && plain.All(Signs.Contains) ? SHA256.HashData(Encoding.ASCII.GetBytes(plain)) : null;
    }
}
