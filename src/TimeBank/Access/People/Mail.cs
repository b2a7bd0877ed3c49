using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>A letter. Nothing in it may hold a line break but the text.</summary>
public sealed record Letter(string To, string Subject, string Text);

/// <summary>The settings <c>Mail:…</c>: through which server letters go.</summary>
/// <param name="Host">Without it, letters are files in the outbox.</param>
/// <param name="Port">587 if left out.</param>
/// <param name="From">Whom letters come from.</param>
/// <param name="Tls">Whether the server must speak TLS; yes if left out.</param>
public sealed record MailSettings(string? Host = null, int Port = 587, string? User = null, string? Password = null, string? From = null, bool Tls = true)
{
    /// <exception cref="SettingException">Something in it cannot be meant so.</exception>
    public static MailSettings Read(IConfiguration settings)
    {
        var read = settings.GetSection("Mail").Exactly<MailSettings>() ?? new MailSettings();
        if (read.Host is { Length: > 0 } && !MailAddress.TryCreate(read.From, out _))
            throw new SettingException("Mail:Host is set, so Mail:From must be too: the address that letters come from.");
        return read;
    }
}

/// <summary>Sends letters by SMTP. Without a mail server, and where one does not take a letter, the letter is a file in the outbox, and the log says where.</summary>
public sealed class Mail(MailSettings settings, LedgerStore store, TimeProvider clock, ILogger<Mail> log) : QueuedWork<Letter>(log)
{
    private const int MostSeconds = 20;

    private const string ToLine = "To: ";

    /// <summary>How long a letter waits in the outbox for somebody to take it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public string Outbox { get; } = Path.Combine(store.DataFolder, DataFolder.Outbox);

    protected override async Task DoAsync(Letter letter)
    {
        if (settings.Host is not { Length: > 0 } host)
        {
            log.LogInformation("A letter lies in {File}; with the setting Mail:Host it would have been sent.", PutIntoOutbox(letter));
            return;
        }
        try
        {
            await SendAsync(host, letter);
        }
        catch (Exception e) when (e is SmtpException or OperationCanceledException)
        {
            // The message may repeat the address; the status does not.
            var why = e is SmtpException { StatusCode: var status } ? $"{status} ({e.InnerException?.GetType().Name ?? "its own answer"})" : "no answer in time";
            log.LogError("The mail server did not take a letter: {Why}. It lies in {File}.", why, PutIntoOutbox(letter));
        }
    }

    /// <summary>Those in this server's outbox; on others they go when their time has come.</summary>
    public void RemoveLettersTo(string email)
    {
        var to = Person.Normalize($"{ToLine}{email}");
        foreach (var letter in InOutbox().Where(l => File.ReadLines(l.FullName).FirstOrDefault() is { } first && Person.Normalize(first) == to))
            letter.Delete();
    }

    public void RemoveOldLetters()
    {
        foreach (var letter in InOutbox().Where(l => clock.GetUtcNow() - l.LastWriteTimeUtc > Kept))
            letter.Delete();
    }

    private IEnumerable<FileInfo> InOutbox() => Directory.Exists(Outbox) ? new DirectoryInfo(Outbox).EnumerateFiles("*.txt") : [];

    private async Task SendAsync(string host, Letter letter)
    {
        using var client = new SmtpClient(host, settings.Port) { EnableSsl = settings.Tls };
        if (settings.User is { Length: > 0 } user)
            client.Credentials = new NetworkCredential(user, settings.Password);
        using var message = new MailMessage(settings.From!, letter.To, letter.Subject, letter.Text)
        {
            SubjectEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
        };
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(MostSeconds));
        await client.SendMailAsync(message, late.Token);
    }

    private string PutIntoOutbox(Letter letter)
    {
        Directory.CreateDirectory(Outbox, DataFolder.Private);
        var now = clock.GetUtcNow();
        var file = Path.Combine(Outbox, string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{Guid.CreateVersion7(now):N}.txt"));
        PrivateFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes($"{ToLine}{letter.To}\nSubject: {letter.Subject}\nDate: {now:r}\n\n{letter.Text}\n")));
        return file;
    }
}

/// <summary>Addresses that letters point to. What must stay secret stands after the #, which browsers keep to themselves.</summary>
public static class Links
{
    /// <summary>Under the setting Site:Url, or else under the address that the request came to, which the edge has checked.</summary>
    public static string Start(HttpContext http, Site site) =>
        (site.Url?.GetLeftPart(UriPartial.Path) ?? $"{http.Request.Scheme}://{http.Request.Host}").TrimEnd('/');

    public static string Invitation(string start, string code) => $"{start}/invitation#code={code}";

    public static string PasswordReset(string start, PersonId person, string token) => $"{start}/password-reset#person={person}&token={Uri.EscapeDataString(token)}";
}
