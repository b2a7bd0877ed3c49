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
        var (results, head, last) = await reading;
        var seconds = since.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        var made = (await community.Ledger.EventsAsync(community.Bank) - before) / 2;
        return results == lines && made == lines
            ? lines / seconds
            : throw new BenchException($"{lines} lines were sent, {results} results came and {made} transfers are in the journal. {head}\n{last}");
    }

    private static string Route(string bank) => $"/v1/banks/{bank}/postings/bulk?mode=independent";

    private static async Task WriteAsync(Socket socket, Uri url, Community community, int lines, CancellationToken cancel)
    {
        var head = $"POST {Route(community.Bank)} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {community.Key}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
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

    private static async Task<(int Results, string Head, string Last)> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[ChunkBytes];
        var (filled, end) = (0, -1);
        while (end < 0)
        {
            var n = await socket.ReceiveAsync(buffer.AsMemory(filled), cancel);
            if (n == 0)
                throw new BenchException($"The server closed the connection: {Encoding.UTF8.GetString(buffer, 0, filled)}");
            filled += n;
            end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }
        var head = Encoding.UTF8.GetString(buffer, 0, end);
        if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || !head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            throw new BenchException($"Bulk was answered: {Encoding.UTF8.GetString(buffer, 0, filled)}");
        var results = new ChunkedLines();
        results.Read(buffer.AsSpan(end + 4, filled - end - 4));
        for (int n; !results.Ended && (n = await socket.ReceiveAsync(buffer, cancel)) > 0;)
            results.Read(buffer.AsSpan(0, n));
        return (results.Count, head, results.Last);
    }
}
