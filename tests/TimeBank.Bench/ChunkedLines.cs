using System.Text;

namespace TimeBank.Bench;

/// <summary>Counts the lines of a body in HTTP/1.1's chunked coding (RFC 9112 §7.1), byte by byte, wherever the chunks are cut.</summary>
public sealed class ChunkedLines
{
    private enum At { Size, Data, AfterData }

    private const int MostRemembered = 2_000;

    private byte[] _line = new byte[MostRemembered];
    private byte[] _last = new byte[MostRemembered];
    private int _lineLength;
    private int _lastLength;
    private At _at;
    private int _size;
    private int _left;

    public int Count { get; private set; }

    /// <summary>The last whole line, cut if it is very long.</summary>
    public string Last => Encoding.UTF8.GetString(_last, 0, _lastLength);

    /// <summary>The last chunk was there.</summary>
    public bool Ended { get; private set; }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !Ended)
        {
            if (_at == At.Data)
            {
                var data = bytes[..Math.Min(_left, bytes.Length)];
                Lines(data);
                _left -= data.Length;
                bytes = bytes[data.Length..];
                _at = _left == 0 ? At.AfterData : At.Data;
                continue;
            }
            Frame(bytes[0]);
            bytes = bytes[1..];
        }
    }

    private void Frame(byte b)
    {
        if (_at == At.Size && char.IsAsciiHexDigit((char)b))
        {
            _size = 16 * _size + Convert.ToInt32(((char)b).ToString(), 16);
        }
        else if (b == '\n' && _at == At.AfterData)
        {
            _at = At.Size;
        }
        else if (b == '\n')
        {
            (_at, _left, _size, Ended) = (At.Data, _size, 0, _size == 0);
        }
    }

    private void Lines(ReadOnlySpan<byte> data)
    {
        for (int end; (end = data.IndexOf((byte)'\n')) >= 0; data = data[(end + 1)..])
        {
            Remember(data[..end]);
            Count++;
            (_line, _last, _lastLength, _lineLength) = (_last, _line, _lineLength, 0);
        }
        Remember(data);
    }

    private void Remember(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, MostRemembered - _lineLength)];
        part.CopyTo(_line.AsSpan(_lineLength));
        _lineLength += part.Length;
    }
}
