using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TimeBank.Bench;

/// <summary>One connection of the open-loop generator: one request at a time, whose answer must be 201.</summary>
public sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly ConcurrentQueue<LoadConnection> _free;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private long[] _microseconds = [];
    private int _index;
    private long _due;

    private LoadConnection(Socket socket, ConcurrentQueue<LoadConnection> free) => (_socket, _free) = (socket, free);

    /// <summary>Why this connection ended, if it did.</summary>
    public string? Failure { get; private set; }

    public static async Task<LoadConnection> OpenAsync(Uri server, ConcurrentQueue<LoadConnection> free, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, cancel);
        var connection = new LoadConnection(socket, free);
        _ = connection.ReceiveAsync();
        return connection;
    }

    /// <summary>Sends now; the latency from when it was due is written to its place.</summary>
    public void Send(ReadOnlySpan<byte> request, long[] microseconds, int index, long due)
    {
        (_microseconds, _index, _due) = (microseconds, index, due);
        try
        {
            // A request is far smaller than a socket's buffer: this never blocks.
            while (request.Length > 0)
                request = request[_socket.Send(request)..];
        }
        catch (SocketException e)
        {
            Failure = e.Message;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync()
    {
        try
        {
            for (var filled = 0; ;)
            {
                var n = await _socket.ReceiveAsync(_buffer.AsMemory(filled));
                if (n == 0)
                    throw new BenchException("The server closed a connection.");
                filled += n;
                if (!IsWhole(_buffer.AsSpan(0, filled)))
                    continue;
                _microseconds[_index] = (Stopwatch.GetTimestamp() - _due) * 1_000_000 / Stopwatch.Frequency;
                if (!_buffer.AsSpan(0, filled).StartsWith("HTTP/1.1 201"u8))
                    throw new BenchException($"A transfer was answered: {Encoding.UTF8.GetString(_buffer, 0, Math.Min(filled, 1000))}");
                filled = 0;
                _free.Enqueue(this);
            }
        }
        catch (ObjectDisposedException)
        {
            // The run is over.
        }
        catch (Exception e) when (e is SocketException or BenchException)
        {
            Failure = e.Message;
        }
    }

    /// <summary>Whether the answer's last byte is there: there is only one answer at a time, and JSON has no bare CR LF in it.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var length = answer[..end].IndexOf("Content-Length: "u8);
        if (length < 0)
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        var digits = answer[(length + "Content-Length: "u8.Length)..];
        digits = digits[..digits.IndexOf((byte)'\r')];
        return answer.Length == end + 4 + int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
