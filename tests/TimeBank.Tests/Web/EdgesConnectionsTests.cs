using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>Connections that say nothing, too little or too slowly keep nobody else out.</summary>
public sealed class EdgesConnectionsTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);

    [Test]
    public async Task A_connection_that_says_nothing_is_closed()
    {
        await using var server = await EdgeServer.StartAsync("Limits:SilentSeconds=1");
        using var silent = await RawHttp.ConnectAsync(server.Address);

        (await silent.ReadToEndAsync(s_soon)).ShouldBe("");
    }

    [Test]
    public async Task A_connection_that_has_asked_something_may_rest()
    {
        await using var server = await EdgeServer.StartAsync("Limits:SilentSeconds=1");
        using var socket = await RawHttp.ConnectAsync(server.Address);
        for (var i = 0; i < 2; i++)
        {
            await socket.SendAsync("GET /v1/who HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            var buffer = new byte[8_192];
            Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer)).ShouldStartWith("HTTP/1.1 200");
            await Task.Delay(3_000);
        }
    }

    [Test]
    public async Task Headers_that_come_byte_by_byte_are_not_waited_for()
    {
        await using var server = await EdgeServer.StartAsync("Kestrel:Limits:RequestHeadersTimeout=00:00:02", "Limits:SilentSeconds=60");
        using var slow = await RawHttp.ConnectAsync(server.Address);
        await slow.SendAsync("GET /v1/who HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8.ToArray());

        (await DripAsync(slow, s_soon)).ShouldStartWith("HTTP/1.1 408");
    }

    /// <summary>Who has sent a part of the headers has still said nothing.</summary>
    [Test]
    public async Task A_request_that_never_comes_whole_is_silence_too()
    {
        await using var server = await EdgeServer.StartAsync("Kestrel:Limits:RequestHeadersTimeout=00:05:00", "Limits:SilentSeconds=2");
        using var slow = await RawHttp.ConnectAsync(server.Address);
        await slow.SendAsync("GET /v1/who HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8.ToArray());

        (await DripAsync(slow, s_soon)).ShouldBe("");
    }

    [Test]
    public async Task A_body_that_comes_byte_by_byte_is_not_waited_for()
    {
        await using var server = await EdgeServer.StartAsync();
        using var slow = await RawHttp.ConnectAsync(server.Address);
        await slow.SendAsync("POST /v1/json HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n\""u8.ToArray());

        var answer = await DripAsync(slow, s_soon);

        answer.ShouldStartWith("HTTP/1.1 408");
        answer.ShouldContain("BodyTooSlow");
    }

    [Test]
    public async Task Nobody_waits_for_headers_or_idle_connections_for_long()
    {
        await using var server = await EdgeServer.StartAsync("Kestrel:Limits:MaxRequestHeaderCount=50");
        var limits = server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        limits.RequestHeadersTimeout.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(10));
        limits.KeepAliveTimeout.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(75));
        limits.MaxRequestBodySize.ShouldBe(4 * 1024 * 1024);
        limits.MaxRequestHeaderCount.ShouldBe(50, "Settings come first.");
    }

    /// <summary>Whoever says something takes the place of whoever says nothing, also from one and the same address.</summary>
    [Test]
    public async Task Where_no_place_is_left_the_oldest_silent_connection_gives_way()
    {
        await using var server = await EdgeServer.StartAsync("Limits:ConnectionsFromLoopback=3", "Limits:SilentSeconds=600");
        using var speaking = await AskAsync(server.Address, "127.0.0.2");
        using var oldest = await RawHttp.ConnectAsync(server.Address, "127.0.0.2");
        await Task.Delay(100);
        using var newer = await RawHttp.ConnectAsync(server.Address, "127.0.0.2");
        await Task.Delay(100);

        using var another = await AskAsync(server.Address, "127.0.0.2");

        (await oldest.ReadToEndAsync(s_soon)).ShouldBe("");
        newer.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead).ShouldBeFalse("It is still open.");
        await AskAgainAsync(speaking);
        await AskAgainAsync(another);
    }

    [Test]
    public async Task Beyond_its_bound_an_address_gets_no_more_connections_and_others_do()
    {
        await using var server = await EdgeServer.StartAsync("Limits:ConnectionsFromLoopback=3");
        List<Socket> speaking = [];
        for (var i = 0; i < 3; i++)
            speaking.Add(await AskAsync(server.Address, "127.0.0.2"));

        (await RawHttp.HeardAsync(server.Address, "127.0.0.2", s_soon)).ShouldBe("");
        using var other = await AskAsync(server.Address, "127.0.0.3");
        // One that ends makes a place.
        speaking[0].Dispose();
        await Task.Delay(500);
        using var next = await AskAsync(server.Address, "127.0.0.2");
        speaking.ForEach(s => s.Dispose());
    }

    [Test]
    public async Task All_addresses_together_have_a_bound_and_there_too_the_silent_give_way()
    {
        await using var server = await EdgeServer.StartAsync("Limits:Connections=4", "Limits:SilentSeconds=600");
        List<Socket> silent = [];
        for (var i = 2; i < 10; i++)
            silent.Add(await RawHttp.ConnectAsync(server.Address, $"127.0.0.{i}"));

        using var speaking = await AskAsync(server.Address, "127.0.0.100");
        await Task.Delay(500);

        silent.Count(s => !s.Poll(0, SelectMode.SelectRead)).ShouldBe(3);
        silent.ForEach(s => s.Dispose());
    }

    [Test]
    public async Task A_known_proxy_brings_as_many_as_it_likes()
    {
        await using var server = await EdgeServer.StartAsync("Limits:ConnectionsFromLoopback=2", "Site:BehindProxy=true", "Site:KnownProxies=127.0.0.9");
        List<Socket> speaking = [];
        for (var i = 0; i < 6; i++)
            speaking.Add(await AskAsync(server.Address, "127.0.0.9"));

        foreach (var socket in speaking)
            await AskAgainAsync(socket);
        speaking.ForEach(s => s.Dispose());
    }

    /// <summary>The program as it is served, with its own settings; all ten thousand come from one address.</summary>
    [Test, Category("Database"), Category("Alone")]
    public async Task Ten_thousand_connections_that_say_nothing_keep_nobody_out()
    {
        // Both ends of a connection need a file handle: the server is a process of its own.
        var most = (int)Math.Min(10_000, OpenFiles() - 2_000);
        if (most < 5_000)
            Tools.Skip($"A process may open {OpenFiles()} files here, which are too few to try this: ulimit -n 20000");
        if (most < 10_000)
            TestContext.Out.WriteLine($"A process may open {OpenFiles()} files here: {most} connections instead of 10,000.");
        var folder = Path.Combine(Path.GetTempPath(), $"tb-silent-{Guid.NewGuid().ToString("N")[..8]}");
        List<Socket> silent = [];
        try
        {
            await using var server = await ServerProcess.StartAsync("--data", folder);
            var address = server.Http.BaseAddress!;
            foreach (var some in Enumerable.Range(0, most).Chunk(200))
                silent.AddRange(await Task.WhenAll(some.Select(_ => RawHttp.ConnectAsync(address, "127.0.0.2"))));

            foreach (var from in (string[])["127.0.0.1", "127.0.0.2", "127.0.0.3"])
            {
                var asked = Stopwatch.StartNew();
                using var http = new HttpClient(EdgeServer.Handler(from)) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
                (await http.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK, from);
                TestContext.Out.WriteLine($"From {from}, with {most} silent connections: {asked.ElapsedMilliseconds} ms.");
            }
            // And they do not stay.
            var waited = Stopwatch.StartNew();
            while (silent.Any(s => !s.Poll(0, SelectMode.SelectRead)) && waited.Elapsed < TimeSpan.FromSeconds(40))
                await Task.Delay(500);
            silent.Count(s => !s.Poll(0, SelectMode.SelectRead)).ShouldBe(0);
        }
        finally
        {
            silent.ForEach(s => s.Dispose());
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Socket> AskAsync(Uri server, string from)
    {
        var socket = await RawHttp.ConnectAsync(server, from);
        await AskAgainAsync(socket);
        return socket;
    }

    private static async Task AskAgainAsync(Socket socket)
    {
        await socket.SendAsync("GET /v1/who HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        var buffer = new byte[8_192];
        using var deadline = new CancellationTokenSource(s_soon);
        Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, deadline.Token)).ShouldStartWith("HTTP/1.1 200");
    }

    /// <summary>Sends a byte now and then until the server has enough; what it said.</summary>
    private static async Task<string> DripAsync(Socket socket, TimeSpan within)
    {
        var answer = socket.ReadToEndAsync(within);
        while (!answer.IsCompleted)
        {
            try
            {
                await socket.SendAsync("a"u8.ToArray());
            }
            catch (SocketException)
            {
                break;
            }
            await Task.WhenAny(answer, Task.Delay(200));
        }
        return await answer;
    }

    private static long OpenFiles()
    {
        const string limits = "/proc/self/limits";
        if (!File.Exists(limits))
            return 20_000;
        var line = File.ReadLines(limits).Single(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return soft == "unlimited" ? 20_000 : long.Parse(soft, CultureInfo.InvariantCulture);
    }
}
