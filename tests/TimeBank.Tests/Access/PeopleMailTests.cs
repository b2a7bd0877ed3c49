using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using TimeBank.Web;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

[Category("Database")]
public sealed class PeopleMailTests
{
    [Test]
    public async Task Without_a_mail_server_letters_are_files_that_only_the_owner_reads()
    {
        var email = $"{NewLogin()}@example.org";
        await InviteAsync(RunningServer.Http, email);

        (await LetterAsync(email)).ShouldContain("/invitation#code=");
        var outbox = Path.Combine(RunningServer.DataFolder, "outbox");
        File.GetUnixFileMode(outbox).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.EnumerateFiles(outbox).Select(File.GetUnixFileMode).Distinct().ShouldBe([UnixFileMode.UserRead | UnixFileMode.UserWrite]);
    }

    [Test]
    public async Task With_a_mail_server_letters_go_there_and_their_links_to_where_the_site_is()
    {
        using var server = new MailServer();
        await using var app = await StartAsync(("Mail:Host", "127.0.0.1"), ("Mail:Port", server.Port.ToString()), ("Mail:Tls", "false"),
            ("Mail:From", "hours@example.org"), ("Site:Url", "https://hours.example.org/bank/"), ("Site:Hosts", "127.0.0.1;localhost"));
        using var http = RunningServer.Client(app);
        var email = $"{NewLogin()}@example.org";

        var invitation = await InviteAsync(http, email);
        ((string)invitation["link"]!).ShouldStartWith("https://hours.example.org/bank/invitation#code=");
        var taken = await server.TakenAsync();
        taken.ShouldContain("MAIL FROM:<hours@example.org>");
        taken.ShouldContain($"RCPT TO:<{email}>");
        taken.ShouldContain($"To: {email}");
        taken.ShouldNotContain((string)invitation["code"]!);
        Letters(email).ShouldBeEmpty();
    }

    [Test]
    public async Task A_letter_that_the_mail_server_does_not_take_is_not_lost()
    {
        using var server = new MailServer(refuses: true);
        await using var app = await StartAsync(("Mail:Host", "127.0.0.1"), ("Mail:Port", server.Port.ToString()), ("Mail:Tls", "false"), ("Mail:From", "hours@example.org"));
        using var http = RunningServer.Client(app);
        var email = $"{NewLogin()}@example.org";
        await InviteAsync(http, email);

        (await LetterAsync(email)).ShouldContain("/invitation#code=");
    }

    [Test]
    public void A_mail_server_needs_a_sender_and_settings_that_are_known()
    {
        Should.Throw<SettingException>(() => MailSettings.Read(Settings(("Mail:Host", "localhost")))).Message.ShouldContain("Mail:From");
        Should.Throw<SettingException>(() => MailSettings.Read(Settings(("Mail:Hots", "localhost"))));
        MailSettings.Read(Settings(("Mail:Host", "localhost"), ("Mail:From", "a@example.org"))).ShouldBe(new MailSettings("localhost", 587, null, null, "a@example.org", true));

        static IConfiguration Settings(params (string Name, string Value)[] given) =>
            new ConfigurationBuilder().AddInMemoryCollection(given.Select(g => KeyValuePair.Create(g.Name, (string?)g.Value))).Build();
    }

    private static async Task<Answer> InviteAsync(HttpClient http, string email) =>
        (await http.PostAsync($"{await http.OpenBankAsync()}/invitations", new { name = "Rosa", email, standing = new { role = "auditor" } })).Ok();

    private static IEnumerable<string> Letters(string to) => Directory.Exists(Path.Combine(RunningServer.DataFolder, "outbox"))
        ? Directory.EnumerateFiles(Path.Combine(RunningServer.DataFolder, "outbox")).Where(f => File.ReadAllText(f).StartsWith($"To: {to}\n", StringComparison.Ordinal))
        : [];

    private static Task<WebApplication> StartAsync(params (string Name, string Value)[] settings) =>
        RunningServer.StartServer(RunningServer.Store, settings: settings.ToDictionary(s => s.Name, s => (string?)s.Value));

    /// <summary>Speaks as much SMTP as a letter needs (RFC 5321), and keeps what it was told.</summary>
    private sealed class MailServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly bool _refuses;
        private readonly Task<string> _taken;

        public MailServer(bool refuses = false)
        {
            _refuses = refuses;
            _listener.Start();
            _taken = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Task<string> TakenAsync() => _taken.WaitAsync(TimeSpan.FromSeconds(20));

        public void Dispose() => _listener.Dispose();

        private async Task<string> ServeAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            var heard = new StringBuilder();
            var inLetter = false;
            await writer.WriteLineAsync("220 here");
            while (await reader.ReadLineAsync() is { } line)
            {
                heard.AppendLine(line);
                if (inLetter && line != ".")
                    continue;
                var answer = inLetter ? "250 taken" : line.Split(' ', ':')[0].ToUpperInvariant() switch
                {
                    "DATA" => "354 go on",
                    "RCPT" when _refuses => "550 not here",
                    "QUIT" => "221 bye",
                    _ => "250 yes",
                };
                inLetter = answer.StartsWith("354", StringComparison.Ordinal);
                await writer.WriteLineAsync(answer);
                if (answer.StartsWith("221", StringComparison.Ordinal) || answer.EndsWith("taken", StringComparison.Ordinal))
                    break;
            }
            return heard.ToString();
        }
    }
}
