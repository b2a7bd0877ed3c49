using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TimeBank.Access;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>The edges on a real Kestrel of their own, with a few routes behind them. Who calls is said by the test: a person by the
/// cookie <c>person</c>, an app by the header <c>App</c>.</summary>
internal sealed class EdgeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Heard _heard;

    private EdgeServer(WebApplication app, Heard heard)
    {
        (_app, _heard) = (app, heard);
        Http = Client();
    }

    public Uri Address => new(_app.Urls.First());

    public IEnumerable<string> Addresses => _app.Urls;

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>All that was logged, at whatever level.</summary>
    public IEnumerable<string> Logged => _heard.Lines;

    /// <param name="settings">Such as <c>Limits:SignInsPerMinute=3</c>.</param>
    public static async Task<EdgeServer> StartAsync(params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        foreach (var setting in settings.Prepend("urls=http://127.0.0.1:0"))
            builder.Configuration[setting.Split('=')[0]] = setting.Split('=', 2)[1];
        var heard = Heard.All(builder);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.AddEdges();
        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Answer, SuppressDiagnosticsCallback = _ => true });
        app.UseEdges();
        app.UseRouting();
        app.Use(LetIn);
        app.UseLimits();
        var api = app.MapGroup("/v1");
        AntiforgeryApi.Map(api);
        api.MapGet("/who", (Delegate)Who);
        api.MapPost("/change", (Delegate)Who);
        api.MapPost("/sessions", (Delegate)Who);
        api.MapPost("/json", (Delegate)ReadJson);
        api.MapGet("/fail", object () => throw new InvalidDataException("On purpose."));
        api.MapGet("/kept", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            return Answers.Write(http, new { });
        });
        app.MapGet("/page", () => Results.Content("<!doctype html><title>before</title><p style='color:red'>A page.</p><script>document.title = 'inline script ran'</script>", "text/html"));
        await app.StartAsync();
        return new EdgeServer(app, heard);
    }

    /// <summary>A client from an address of this machine; all of 127.0.0.0/8 is.</summary>
    public HttpClient Client(string from = "127.0.0.1", CookieContainer? cookies = null) => new(Handler(from, cookies)) { BaseAddress = Address };

    public static SocketsHttpHandler Handler(string from, CookieContainer? cookies = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = cookies is not null,
        CookieContainer = cookies ?? new CookieContainer(),
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        ConnectCallback = async (context, cancel) =>
        {
            var socket = RawHttp.Socket(from);
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task LetIn(HttpContext http, RequestDelegate next)
    {
        if (Guid.TryParse(http.Request.Headers["App"], out var app))
            http.Let(Caller.Nobody with { Actor = new Actor(Door.Key, app) });
        else if (Guid.TryParse(http.Request.Cookies["person"], out var person))
            http.Let(Caller.Nobody with { Actor = new Actor(Door.Page, person), Person = new PersonId(person) });
        return next(http);
    }

    private static Task Who(HttpContext http) => Answers.Write(http, new
    {
        address = http.Connection.RemoteIpAddress!.ToString(), scheme = http.Request.Scheme, host = http.Request.Host.Value, person = http.Caller().Id, cookies = http.Request.Cookies.Count,
    });

    private static async Task ReadJson(HttpContext http)
    {
        await JsonSerializer.DeserializeAsync<JsonNode>(http.Request.Body, ApiJson.Options, http.RequestAborted);
        await Answers.Write(http, new { });
    }

    private static Task Answer(HttpContext http) => Problems.Write(http, http.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        BadHttpRequestException { StatusCode: 413 } => ProblemTable.BodyTooLarge,
        BadHttpRequestException { StatusCode: 408 } => ProblemTable.BodyTooSlow,
        JsonException => ProblemTable.MalformedRequest,
        _ => ProblemTable.Defect,
    });
}

/// <summary>Keeps every line that is logged, at any level, with what belongs to it.</summary>
internal sealed class Heard : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Makes a server say all that it can; the usual settings keep the framework quiet.</summary>
    public static Heard All(WebApplicationBuilder builder)
    {
        foreach (var part in (string[])["Default", "Microsoft", "Npgsql", "System"])
            builder.Configuration[$"Logging:LogLevel:{part}"] = "Trace";
        var heard = new Heard();
        builder.Logging.ClearProviders().AddProvider(heard);
        return heard;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        Lines.Enqueue(state.ToString() ?? "");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var members = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(p => $"{p.Key}={p.Value}")) : "";
        Lines.Enqueue($"{logLevel} {formatter(state, exception)} {members} {exception}");
    }

    public void Dispose()
    {
    }
}

/// <summary>HTTP as bytes, for what no client library would send.</summary>
internal static class RawHttp
{
    /// <summary>A socket of an address of this machine, not connected yet.</summary>
    public static Socket Socket(string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        return socket;
    }

    public static async Task<Socket> ConnectAsync(Uri server, string from = "127.0.0.1")
    {
        var socket = Socket(from);
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        return socket;
    }

    /// <summary>What comes until the server closes to a connection that says nothing; one that is reset while it is made has heard nothing.</summary>
    public static async Task<string> HeardAsync(Uri server, string from, TimeSpan within)
    {
        Socket socket;
        try
        {
            socket = await ConnectAsync(server, from);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
        using (socket)
            return await socket.ReadToEndAsync(within);
    }

    /// <summary>Sends a text and reads until the server closes.</summary>
    public static async Task<string> SayAsync(Uri server, string text)
    {
        using var socket = await ConnectAsync(server);
        await socket.SendAsync(Encoding.Latin1.GetBytes(text));
        return await socket.ReadToEndAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>What comes until the server closes; a connection that is reset has ended too.</summary>
    /// <exception cref="OperationCanceledException">It did not close in time.</exception>
    public static async Task<string> ReadToEndAsync(this Socket socket, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, deadline.Token) is var read and > 0)
                all.Write(buffer, 0, read);
        }
        catch (SocketException)
        {
            // Reset: the server hung up on what it would not read.
        }
        return Encoding.Latin1.GetString(all.GetBuffer(), 0, (int)all.Length);
    }
}
