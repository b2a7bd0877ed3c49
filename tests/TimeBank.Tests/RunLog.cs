using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TimeBank.Redemptions;

namespace TimeBank.Tests;

/// <summary>All that the servers of a test run log, and every secret that they are told or tell, in files that the last test of the run
/// looks through. <c>tests/run</c> names one folder for all its parts.</summary>
public static class RunLog
{
    /// <summary>What is shorter stands by chance in a log.</summary>
    private const int Shortest = 10;

    private static readonly string[] s_told = ["password", "old", "new", "code", "recoverycode", "token", "secret", "key", "credential", "accesstoken", "recoverycodes", "__requestverificationtoken"];
    private static readonly string[] s_where = ["/v1/sessions", "/v1/me", "/v1/invitations", "/v1/codes", "/v1/password-resets", "/v1/antiforgery"];
    private static readonly string[] s_whereEnding = ["/keys", "/invitations", "/codes", "/rotation"];

    private static readonly string? s_given = Environment.GetEnvironmentVariable("TIMEBANK_TESTS_LOG");
    private static readonly Lazy<Lines> s_log = new(() => new Lines("log"));
    private static readonly Lazy<Lines> s_secrets = new(() => new Lines("secrets"));
    private static readonly ConcurrentDictionary<string, bool> s_known = new();

    public static string Folder { get; } = s_given ?? Path.Combine(Path.GetTempPath(), $"tb-tests-log-{Environment.ProcessId}");

    /// <summary>Every line and problem goes into the log; secrets are kept beside it.</summary>
    public static void Listen(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddProvider(new Provider());
        foreach (var part in (string[])["Default", "Microsoft", "Npgsql", "System"])
            builder.Configuration[$"Logging:LogLevel:{part}"] = "Trace";
        builder.Services.AddSingleton<IStartupFilter, Overhearing>();
    }

    /// <summary>A line that something else said, such as a server in a process of its own.</summary>
    public static void Say(string line) => s_log.Value.Write(line);

    /// <summary>An id is none, and no more is a voucher's code: it is read out at a desk, stands in addresses, and opens nothing to who is not let in already.</summary>
    public static void Secret(string? secret)
    {
        if (secret is { Length: >= Shortest } && VoucherCode.Parse(secret) is null && !Guid.TryParse(secret, out _) && s_known.TryAdd(secret, true))
            s_secrets.Value.Write(secret.ReplaceLineEndings(" "));
    }

    /// <summary>What was written so far is in the files.</summary>
    public static void Flush()
    {
        s_log.Value.Flush();
        s_secrets.Value.Flush();
    }

    /// <summary>At the end of the process; a folder that nobody else looks into goes.</summary>
    public static void Close()
    {
        s_log.Value.Close();
        s_secrets.Value.Close();
        if (s_given is null)
            Directory.Delete(Folder, recursive: true);
    }

    private static bool TellsSecrets(PathString path) =>
        s_where.Any(w => path.StartsWithSegments(w)) || s_whereEnding.Any(w => path.Value!.EndsWith(w, StringComparison.Ordinal));

    private static void Gather(string? member, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                    Gather(s_told.Contains(name.ToLowerInvariant()) ? name : member, value);
                break;
            case JsonArray all:
                foreach (var one in all)
                    Gather(member, one);
                break;
            case JsonValue value when member is not null && value.GetValueKind() == JsonValueKind.String:
                Secret((string)value!);
                break;
        }
    }

    private static void GatherJson(byte[] body)
    {
        try
        {
            Gather(null, JsonNode.Parse(body));
        }
        catch (JsonException)
        {
            // Tests send what is no JSON, too; the secrets tests' own search covers that.
        }
    }

    private static async Task GatherFormAsync(byte[] body)
    {
        using var form = new MemoryStream(body);
        try
        {
            foreach (var (name, values) in await new FormReader(form).ReadFormAsync())
            {
                if (s_told.Contains(name.Split('.')[^1].ToLowerInvariant()))
                    values.ToList().ForEach(Secret);
            }
        }
        catch (InvalidDataException)
        {
            // A test's form that nobody can read.
        }
    }

    /// <summary>Stands before everything else in the server, and changes nothing of what passes.</summary>
    private sealed class Overhearing : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(ListenAsync);
            next(app);
        };

        private static async Task ListenAsync(HttpContext http, RequestDelegate next)
        {
            Secret(http.Request.Headers.Authorization.ToString().Split(' ', 2)[^1]);
            foreach (var (_, cookie) in http.Request.Cookies)
                Secret(cookie);
            var isForm = http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) == true;
            if (!isForm && !TellsSecrets(http.Request.Path))
            {
                await next(http);
                return;
            }
            var (heard, answered) = (new Copying(http.Request.Body), new Copying(http.Response.Body));
            (http.Request.Body, http.Response.Body) = (heard, answered);
            await next(http);
            // What was written to the copying stream's pipe has yet to pass through it.
            await http.Response.BodyWriter.FlushAsync();
            if (isForm)
                await GatherFormAsync(heard.Copied);
            else
                GatherJson(heard.Copied);
            if (http.Response.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true)
                GatherJson(answered.Copied);
            if (http.Response.ContentType?.StartsWith("application/problem+json", StringComparison.Ordinal) == true)
                Say(Encoding.UTF8.GetString(answered.Copied));
        }
    }

    /// <summary>A stream of which the first of what passes is kept.</summary>
    private sealed class Copying(Stream stream) : Stream
    {
        private const int Most = 64 * 1024;
        private readonly MemoryStream _copy = new();

        public byte[] Copied => _copy.ToArray();
        public override bool CanRead => stream.CanRead;
        public override bool CanSeek => false;
        public override bool CanWrite => stream.CanWrite;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Keep(buffer.AsSpan(offset), stream.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = await stream.ReadAsync(buffer, cancellationToken);
            return Keep(buffer.Span, length);
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Keep(buffer.AsSpan(offset), count);
            stream.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Keep(buffer.Span, buffer.Length);
            return stream.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() => stream.Flush();
        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        private int Keep(ReadOnlySpan<byte> passing, int length)
        {
            if (_copy.Length < Most)
                _copy.Write(passing[..length]);
            return length;
        }
    }

    private sealed class Provider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Say(exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    /// <summary>A file of this process.</summary>
    private sealed class Lines
    {
        private readonly StreamWriter _file;

        public Lines(string kind)
        {
            Directory.CreateDirectory(Folder);
            _file = new StreamWriter(Path.Combine(Folder, $"{Environment.ProcessId}.{kind}"), append: false, Encoding.UTF8, 128 * 1024);
        }

        public void Write(string line)
        {
            lock (_file)
                _file.WriteLine(line);
        }

        public void Flush()
        {
            lock (_file)
                _file.Flush();
        }

        public void Close()
        {
            lock (_file)
                _file.Dispose();
        }
    }
}
