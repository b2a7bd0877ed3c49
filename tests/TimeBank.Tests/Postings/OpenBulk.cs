using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace TimeBank.Tests.Postings;

/// <summary>A bulk request that is not at its end yet: lines are said one by one, and each result is read before the next.</summary>
internal sealed class OpenBulk : IDisposable
{
    /// <summary>More than any test sends, so that the server waits for more.</summary>
    private const int Length = 1_000_000;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly StreamReader _answer;

    private OpenBulk(Uri server)
    {
        _socket.Connect(server.Host, server.Port);
        _answer = new StreamReader(new NetworkStream(_socket));
    }

    /// <summary>The status and the fields of the answer's head, once there is one.</summary>
    public string Head { get; private set; } = "";

    /// <summary>HTTP/1.0: the answer comes without chunks.</summary>
    public static async Task<OpenBulk> BeginAsync(HttpClient http, string bank, string mode = "independent", int length = Length)
    {
        var open = new OpenBulk(http.BaseAddress!);
        await open.SendAsync(string.Create(CultureInfo.InvariantCulture,
            $"POST {bank}/postings/bulk?mode={mode} HTTP/1.0\r\nHost: {http.BaseAddress!.Authority}\r\nAuthorization: {http.DefaultRequestHeaders.Authorization}\r\nIdempotency-Key: {Guid.NewGuid()}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n"));
        return open;
    }

    public async Task SendAsync(string text)
    {
        for (ReadOnlyMemory<byte> rest = Encoding.UTF8.GetBytes(text); rest.Length > 0;)
            rest = rest[await _socket.SendAsync(rest)..];
    }

    /// <summary>The line's result.</summary>
    public async Task<JsonNode> SayAsync(string line)
    {
        await SendAsync(line + "\n");
        return await ResultAsync() ?? throw new AssertionException($"The answer ended: {Head}");
    }

    /// <summary>Null at the end of the answer.</summary>
    public async Task<JsonNode?> ResultAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await ReadHeadAsync(late.Token);
        try
        {
            return await _answer.ReadLineAsync(late.Token) is { } line ? JsonNode.Parse(line) : null;
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // The server hung up on lines that it would not read.
            return null;
        }
    }

    public async Task ReadHeadAsync(CancellationToken cancel = default)
    {
        if (Head.Length > 0)
            return;
        var head = new StringBuilder();
        while (await _answer.ReadLineAsync(cancel) is { Length: > 0 } field)
            head.AppendLine(field);
        Head = head.ToString();
    }

    public void Dispose()
    {
        _answer.Dispose();
        _socket.Dispose();
    }
}
