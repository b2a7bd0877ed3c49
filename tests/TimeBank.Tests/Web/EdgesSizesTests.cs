using System.Net;
using System.Net.Sockets;
using System.Text;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>What is too large is refused before it is read.</summary>
public sealed class EdgesSizesTests
{
    private const long OneGigabyte = 1L << 30;

    [TestCase("Content-Length: 1073741824", false)]
    [TestCase("Transfer-Encoding: chunked", true)]
    public async Task A_body_of_a_gigabyte_is_refused_without_reading_it(string header, bool chunked)
    {
        await using var server = await EdgeServer.StartAsync();
        using var socket = await RawHttp.ConnectAsync(server.Address);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/json HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{header}\r\n\r\n"));
        var answer = socket.ReadToEndAsync(TimeSpan.FromSeconds(60));

        var piece = new byte[64 * 1024];
        Array.Fill(piece, (byte)' ');
        var framed = chunked ? [.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8] : piece;
        long sent = 0;
        try
        {
            while (sent < OneGigabyte && !answer.IsCompleted)
                sent += await socket.SendAsync(framed).WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            // It reads no further, or hung up.
        }

        TestContext.Out.WriteLine($"{sent} bytes were taken from the sender, buffers included.");
        sent.ShouldBeLessThan(16 * 1024 * 1024);
        // Who goes on sending may see the connection reset before the answer.
        if (await answer is { Length: > 0 } said)
            said.ShouldStartWith("HTTP/1.1 413");
    }

    [Test]
    public async Task Who_asks_first_is_told_that_a_gigabyte_is_too_large()
    {
        await using var server = await EdgeServer.StartAsync();

        var answer = await RawHttp.SayAsync(server.Address,
            $"POST /v1/json HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {OneGigabyte}\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 413");
        answer.ShouldContain("\"code\":\"BodyTooLarge\"");
    }

    [TestCase("["), TestCase("{\"a\":")]
    public async Task JSON_nested_ten_thousand_deep_is_refused(string open)
    {
        await using var server = await EdgeServer.StartAsync();
        var close = open == "[" ? "]" : "}";
        var nested = string.Concat(Enumerable.Repeat(open, 10_000)) + "1" + string.Concat(Enumerable.Repeat(close, 10_000));

        var answer = await server.Http.SayAsync(HttpMethod.Post, "/v1/json", nested);

        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.BadRequest, "MalformedRequest"));
    }

    [Test]
    public async Task Headers_have_bounds_in_size_and_number()
    {
        await using var server = await EdgeServer.StartAsync();
        string Ask(string headers, string path = "/v1/who") => $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n";

        (await RawHttp.SayAsync(server.Address, Ask("A: b\r\n"))).ShouldStartWith("HTTP/1.1 200");
        (await RawHttp.SayAsync(server.Address, Ask($"A: {new string('b', 40_000)}\r\n"))).ShouldStartWith("HTTP/1.1 431");
        (await RawHttp.SayAsync(server.Address, Ask(string.Concat(Enumerable.Range(0, 100).Select(i => $"A{i}: b\r\n"))))).ShouldStartWith("HTTP/1.1 431");
        (await RawHttp.SayAsync(server.Address, Ask("", $"/v1/who?{new string('q', 10_000)}"))).ShouldStartWith("HTTP/1.1 414");
    }
}
