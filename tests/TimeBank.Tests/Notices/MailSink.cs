using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace TimeBank.Tests.Notices;

/// <summary>A letter as a mail server has it.</summary>
public sealed partial record SunkLetter(IReadOnlyDictionary<string, string> Headers, string Text)
{
    public string To => Headers["To"];
    public string Subject => Headers["Subject"];
    public string Id => Headers["Message-ID"];

    /// <summary>The address at its end.</summary>
    public string Stop => Headers["List-Unsubscribe"].Trim('<', '>');

    public static SunkLetter Read(string file)
    {
        var raw = File.ReadAllText(file, Encoding.Latin1).Replace("\r\n", "\n", StringComparison.Ordinal);
        var end = raw.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // A line that begins with a blank goes on with the one before it (RFC 5322).
        foreach (var line in Regex.Replace(raw[..end], "\n[ \t]+", " ").Split('\n'))
            headers[line.Split(':')[0]] = Words().Replace(line[(line.IndexOf(':') + 1)..].Trim(), m => Encoding.UTF8.GetString(m.Groups[1].Value is "b" or "B" ? Convert.FromBase64String(m.Groups[2].Value) : Quoted(m.Groups[2].Value.Replace('_', ' '))));
        var body = raw[(end + 2)..];
        return new SunkLetter(headers, Encoding.UTF8.GetString(headers.GetValueOrDefault("Content-Transfer-Encoding")?.ToLowerInvariant() switch
        {
            "base64" => Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal)),
            "quoted-printable" => Quoted(body.Replace("=\n", "", StringComparison.Ordinal)),
            _ => Encoding.Latin1.GetBytes(body),
        }));
    }

    private static byte[] Quoted(string text) => Encoding.Latin1.GetBytes(Regex.Replace(text, "=([0-9A-F]{2})", m => ((char)Convert.ToByte(m.Groups[1].Value, 16)).ToString()));

    /// <summary>RFC 2047; blanks between two of them are none.</summary>
    [GeneratedRegex(@"=\?utf-8\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?", RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}

/// <summary>A real mail server that keeps what it is given in a folder, as Debian has it.</summary>
public sealed class MailSink : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tb-mail-").FullName;
    private Process? _process;

    private MailSink(int port) => Port = port;

    public int Port { get; }

    /// <summary>Settings of a server that sends its letters here.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Mail:Host"] = "127.0.0.1", ["Mail:Port"] = Port.ToString(CultureInfo.InvariantCulture), ["Mail:Tls"] = "false", ["Mail:From"] = "hours@example.org",
    };

    public static async Task<MailSink> StartAsync(bool open = true)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sink = new MailSink(((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        if (open)
            await sink.OpenAsync();
        return sink;
    }

    /// <summary>Until then nobody answers there.</summary>
    public async Task OpenAsync()
    {
        var program = Tools.Require("aiosmtpd", "apt-get install python3-aiosmtpd");
        _process = Process.Start(new ProcessStartInfo(program, ["-n", "-l", $"127.0.0.1:{Port}", "-c", "aiosmtpd.handlers.Mailbox", Path.Combine(_folder, "box")])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (tries < 200 && !_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public IReadOnlyList<SunkLetter> Letters => Directory.Exists(Path.Combine(_folder, "box", "new"))
        ? [.. Directory.EnumerateFiles(Path.Combine(_folder, "box", "new")).Order(StringComparer.Ordinal).Select(SunkLetter.Read)]
        : [];

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
