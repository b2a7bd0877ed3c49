using System.Security.Cryptography;
using System.Text.Unicode;

namespace TimeBank.Web.Csv;

/// <summary>A file's bytes, before anything is made of them: which file it is, and whether it is UTF-8.</summary>
/// <param name="Identity">SHA-256 of the whole file, in hexadecimal.</param>
public sealed record FileScan(string Identity, long Bytes, bool IsText)
{
    /// <summary>No line of the format comes near this: kind, two accounts, a memo of 500 characters.</summary>
    public const int LongestLine = 64 * 1024;

    /// <summary>Reads it once, in constant memory. Every line that is not UTF-8 is an error; <see cref="IsText"/> is false if there is any.</summary>
    public static FileScan Read(Stream file, FileErrors errors, CancellationToken cancel)
    {
        var before = errors.Count;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[4 * LongestLine];
        var kept = 0;
        var bytes = 0L;
        var line = 1;
        var tooLong = false;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var read = file.Read(buffer, kept, buffer.Length - kept);
            sha.AppendData(buffer, kept, read);
            if (bytes == 0 && LooksLikeUtf16(buffer.AsSpan(0, read)))
            {
                errors.Add(1, "The file is UTF-16. Save it as UTF-8 (spreadsheets call it 'CSV UTF-8').");
                return new FileScan("", read, IsText: false);
            }
            bytes += read;
            var rest = buffer.AsSpan(0, kept + read);
            for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                Check(rest[..end], line++, tooLong, errors);
                tooLong = false;
                rest = rest[(end + 1)..];
            }
            if (read == 0)
            {
                Check(rest, line, tooLong, errors);
                return new FileScan(Convert.ToHexStringLower(sha.GetHashAndReset()), bytes, errors.Count == before);
            }
            if (rest.Length > LongestLine)
            {
                if (!tooLong)
                    errors.Add(line, $"The line is longer than {LongestLine} bytes. Is this a CSV file?");
                tooLong = true;
                rest = [];
            }
            rest.CopyTo(buffer);
            kept = rest.Length;
        }
    }

    private static void Check(ReadOnlySpan<byte> text, int line, bool tooLong, FileErrors errors)
    {
        if (tooLong)
            return;
        if (text.Length > LongestLine)
            errors.Add(line, $"The line is longer than {LongestLine} bytes. Is this a CSV file?");
        else if (!Utf8.IsValid(text))
            errors.Add(line, "The line is not UTF-8. Save the file as UTF-8 (spreadsheets call it 'CSV UTF-8').");
    }

    /// <summary>By its byte order mark, or by a zero byte where the header's first letter would be.</summary>
    private static bool LooksLikeUtf16(ReadOnlySpan<byte> start) => start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, _, ..] or [_, 0, ..];
}
