using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TimeBank.Store;

/// <summary>Chains a bank's batches: SHA-256 over the former hash and the batch in a canonical form.</summary>
/// <remarks>The form: bank, number and instant, then each event's stream, version, type, body, correlation and causation (with the headers on a line of their own where there are any),
/// strings and bodies with their length before them. Sequence numbers are not part of it: they are the database's own.</remarks>
public sealed class HashChain : IDisposable
{
    public const int Size = 32;

    public static readonly byte[] Start = new byte[Size];

    /// <summary>Small pieces are gathered before they are hashed: a call for each costs more than its hashing.</summary>
    private const int Gathered = 64 * 1024;

    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[2 * Gathered];
    private int _length;

    public void Begin(byte[] former, string bank, long number, DateTimeOffset posted)
    {
        Append(former.AsSpan());
        Append(bank);
        Append(number);
        Append((posted.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
    }

    public void Add(Guid stream, long version, string type, ReadOnlySpan<byte> body, string? correlation, string? causation, string? headers)
    {
        stream.TryWriteBytes(Room(16), bigEndian: true, out _);
        _length += 16;
        Append(version);
        Append(type);
        Append(body.Length);
        Append(body);
        Append(correlation ?? "");
        Append(headers is null ? causation ?? "" : $"{causation}\n{headers}");
        if (_length >= Gathered)
            Hash();
    }

    public byte[] End()
    {
        Hash();
        return _sha.GetHashAndReset();
    }

    public void Dispose() => _sha.Dispose();

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private void Append(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(Room(8), number);
        _length += 8;
    }

    private void Append(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        Append(count);
        _length += Encoding.UTF8.GetBytes(text, Room(count));
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _length < bytes)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        return _buffer.AsSpan(_length);
    }

    private void Hash()
    {
        _sha.AppendData(_buffer.AsSpan(0, _length));
        _length = 0;
    }
}
