using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace TimeBank.Tests.Access;

/// <summary>One page of a headless Chromium, spoken to in the browser's own debugging protocol.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private readonly Process _browser;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private string? _session;
    private Task<string>? _rest;
    private int _sent;

    private BrowserPage(Process browser, string profile) => (_browser, _profile) = (browser, profile);

    public static async Task<BrowserPage> OpenAsync(string chromium, string url)
    {
        var profile = Directory.CreateTempSubdirectory("tb-browser-").FullName;
        var browser = Process.Start(new ProcessStartInfo(chromium,
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var page = new BrowserPage(browser, profile);
        try
        {
            await page._socket.ConnectAsync(new Uri(await page.AddressAsync().WaitAsync(s_longest)), CancellationToken.None);
            var target = (string)(await page.SendAsync("Target.createTarget", new JsonObject { ["url"] = url }))["targetId"]!;
            page._session = (string)(await page.SendAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!;
            await page.LoadedAsync(url).WaitAsync(s_longest);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a script, or its promise, comes to.</summary>
    public async Task<string> EvaluateAsync(string script)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true, ["userGesture"] = true });
        return answer["exceptionDetails"] is { } wrong
            ? throw new InvalidOperationException($"The page said: {wrong.ToJsonString()}")
            : (string)answer["result"]!["value"]!;
    }

    public async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        var answer = await AskAsync(method, parameters);
        return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer.ToJsonString()}");
    }

    /// <summary>The browser's whole answer, a refusal too.</summary>
    private async Task<JsonNode> AskAsync(string method, JsonObject parameters)
    {
        using var late = new CancellationTokenSource(s_longest);
        var id = ++_sent;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
            message["sessionId"] = _session;
        await _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, late.Token);
        while (true)
        {
            var heard = await HearAsync(late.Token);
            // What else the browser tells is not asked for here.
            if ((int?)heard["id"] == id)
                return heard;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_browser.HasExited)
            _browser.Kill(entireProcessTree: true);
        await _browser.WaitForExitAsync();
        if (_rest is not null)
            await _rest;
        _browser.Dispose();
        for (var tries = 0; ; tries++)
        {
            try
            {
                Directory.Delete(_profile, recursive: true);
                return;
            }
            catch (IOException) when (tries < 50)
            {
                // A child of the browser still writes into it.
                await Task.Delay(100);
            }
        }
    }

    private async Task LoadedAsync(string url)
    {
        while (true)
        {
            // Between two documents there is nothing that could be asked.
            var answer = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = "location.href + ' ' + document.readyState", ["returnByValue"] = true });
            if ((string?)answer["result"]?["result"]?["value"] == $"{url} complete")
                return;
            await Task.Delay(50);
        }
    }

    private async Task<JsonNode> HearAsync(CancellationToken cancel)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, cancel);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }

    private async Task<string> AddressAsync()
    {
        const string start = "DevTools listening on ";
        while (await _browser.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(start, StringComparison.Ordinal))
                continue;
            // It goes on talking, and would stand still if nobody took what it says.
            _rest = _browser.StandardError.ReadToEndAsync();
            return line[start.Length..];
        }
        throw new InvalidOperationException("The browser ended before it listened.");
    }
}
