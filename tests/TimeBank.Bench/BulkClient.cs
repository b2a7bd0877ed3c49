using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TimeBank.Bench;

/// <summary>One independent bulk request, written and read at the same time over a plain socket; HttpClient would write all before it reads.</summary>
public static class BulkClient
{
    private const int ChunkBytes = 64 * 1024;
    private const int MostLineBytes = 512;

    public static async Task<bool> IsThereAsync(ServerProcess server, string bank, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Route(bank)) { Content = new StringContent("", Encoding.UTF8, "application/x-ndjson") };
        using var response = await server.Http.SendAsync(request, cancel);
        return response.StatusCode is not (System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.MethodNotAllowed);
    }

    /// <summary>Posts so many transfers, all of which must be in the journal afterwards; answers lines a second.</summary>
    public static async Task<double> PostAsync(BenchRun run, Community community, int lines)
    {
        var before = await community.Ledger.EventsAsync(community.Bank);
        var since = Stopwatch.StartNew();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var url = community.Ledger.Server.Url;
        await socket.ConnectAsync(url.Host, url.Port, run.Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancel);
        var writing = WriteAsync(socket, url, community, lines, stop.Token);
        var reading = ReadAsync(socket, stop.Token);
        if (await Task.WhenAny(writing, reading) == writing)
            await writing;
        var (results, head, tail) = await reading;
        var seconds = since.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        var made = (await community.Ledger.EventsAsync(community.Bank) - before) / 2;
        return results == lines && made == lines
            ? lines / seconds
            : throw new BenchException($"{lines} lines were sent, {results} results came and {made} transfers are in the journal. {head} … {tail}");
    }

    private static string Route(string bank) => $"/v1/banks/{bank}/postings/bulk?mode=independent";

    private static async Task WriteAsync(Socket socket, Uri url, Community community, int lines, CancellationToken cancel)
    {
        var head = $"POST {Route(community.Bank)} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        await SendAsync(socket, Encoding.ASCII.GetBytes(head), cancel);
        var prefix = Guid.NewGuid().ToString("N")[..12];
        var chunk = new StringBuilder(ChunkBytes);
        for (var line = 1; line <= lines; line++)
        {
            var (payer, payee) = Filling.Two(community.Members);
            chunk.Append(CultureInfo.InvariantCulture, $$"""{"key":"{{prefix}}-{{line}}","kind":"exchange","payer":"{{payer}}","payee":"{{payee}}","minutes":1}""").Append('\n');
            if (chunk.Length < ChunkBytes - MostLineBytes && line < lines)
                continue;
            await SendAsync(socket, Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n{chunk}\r\n"), cancel);
            chunk.Clear();
        }
        await SendAsync(socket, "0\r\n\r\n"u8.ToArray(), cancel);
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes, cancel)..];
    }

    /// <summary>Counts the results. Each is a JSON object in a line of its own: a "}" before a line feed ends one and no frame of a chunk.</summary>
    private static async Task<(int Results, string Head, string Tail)> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[ChunkBytes];
        var (results, last, head, tail) = (0, (byte)0, "", "");
        for (int n; (n = await socket.ReceiveAsync(buffer, cancel)) > 0;)
        {
            if (head.Length == 0)
                head = Encoding.UTF8.GetString(buffer, 0, Math.Min(n, 500));
            tail = Encoding.UTF8.GetString(buffer, Math.Max(0, n - 300), Math.Min(n, 300));
            foreach (var b in buffer.AsSpan(0, n))
            {
                if (b == '\n' && last == '}')
                    results++;
                last = b;
            }
        }
        return (results, head, tail);
    }
}
