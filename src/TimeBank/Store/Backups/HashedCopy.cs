using System.Security.Cryptography;

namespace TimeBank.Store;

/// <summary>Copies a table's bytes, into a backup and out of it, and says what was copied.</summary>
internal static class HashedCopy
{
    /// <param name="report">Hears after each piece how many bytes there were so far.</param>
    public static async Task<(long Bytes, string Sha256)> RunAsync(Stream from, Stream to, Action<long> report, CancellationToken cancel)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        long bytes = 0;
        for (int read; (read = await from.ReadAsync(buffer, cancel)) > 0;)
        {
            sha.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            bytes += read;
            report(bytes);
        }
        return (bytes, Convert.ToHexStringLower(sha.GetHashAndReset()));
    }
}
