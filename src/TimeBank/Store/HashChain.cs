using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TimeBank.Store;

/// <summary>Chains a bank's batches: SHA-256 over the former hash and the batch in a canonical form.</summary>
/// <remarks>The form: bank, number and instant, then each event's stream, version, type, body, correlation and causation,
/// strings and bodies with their length before them. Sequence numbers are not part of it: they are the database's own.</remarks>
public sealed class HashChain : IDisposable
{
    public const int Size = 32;

    public static readonly byte[] Start = new byte[Size];

    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[1024];

    public void Begin(byte[] former, string bank, long number, DateTimeOffset posted)
    {
        _sha.AppendData(former);
        Append(bank);
        Append(number);
        Append((posted.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
    }

    public void Add(Guid stream, long version, string type, ReadOnlySpan<byte> body, string? correlation, string? causation)
    {
        Span<byte> id = stackalloc byte[16];
        stream.TryWriteBytes(id, bigEndian: true, out _);
        _sha.AppendData(id);
        Append(version);
        Append(type);
        Append(body.Length);
        _sha.AppendData(body);
        Append(correlation ?? "");
        Append(causation ?? "");
    }

    public byte[] End() => _sha.GetHashAndReset();

    public void Dispose() => _sha.Dispose();

    private void Append(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        _sha.AppendData(bytes);
    }

    private void Append(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_buffer.Length < most)
            _buffer = new byte[most];
        var length = Encoding.UTF8.GetBytes(text, _buffer);
        Append(length);
        _sha.AppendData(_buffer.AsSpan(0, length));
    }
}
