using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Sends letters by SMTP. Without a mail server, and where one does not take a letter, the letter is a file in the outbox, and the log says where.</summary>
public sealed class Mail(MailSettings settings, LedgerStore store, TimeProvider clock, ILogger<Mail> log) : QueuedWork<Letter>(log)
{
    private const int MostSeconds = 20;

    private const string ToLine = "To: ";

    /// <summary>How long a letter waits in the outbox for somebody to take it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public string Outbox { get; } = Path.Combine(store.DataFolder, DataFolder.Outbox);

    /// <summary>Sends a letter now; without a mail server it lies in the outbox afterwards. Null: it was taken; else why it was not.</summary>
    public async Task<string?> TryDeliverAsync(Letter letter)
    {
        if (settings.Host is not { Length: > 0 } host)
        {
            log.LogInformation("A letter lies in {File}; with the setting Mail:Host it would have been sent.", PutIntoOutbox(letter));
            return null;
        }
        try
        {
            await SendAsync(host, letter);
            return null;
        }
        catch (Exception e) when (e is SmtpException or OperationCanceledException or FormatException)
        {
            // The message may repeat the address; the status does not.
            return e is SmtpException { StatusCode: var status } ? $"{status} ({e.InnerException?.GetType().Name ?? "its own answer"})"
                : e is FormatException ? "no address" : "no answer in time";
        }
    }

    protected override async Task DoAsync(Letter letter)
    {
        if (await TryDeliverAsync(letter) is { } why)
            log.LogError("The mail server did not take a letter: {Why}. It lies in {File}.", why, PutIntoOutbox(letter));
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
        foreach (var (name, value) in letter.Headers)
            message.Headers.Add(name, value);
        if (letter.Id is { } id)
            message.Headers.Add("Message-ID", $"<{id:N}@{new MailAddress(settings.From!).Host}>");
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(MostSeconds));
        await client.SendMailAsync(message, late.Token);
    }

    private string PutIntoOutbox(Letter letter)
    {
        Directory.CreateDirectory(Outbox, DataFolder.Private);
        var now = clock.GetUtcNow();
        var file = Path.Combine(Outbox, string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{Guid.CreateVersion7(now):N}.txt"));
        if (letter.Id is { } id)
            file = Path.Combine(Outbox, $"{id:N}.txt");
        var headers = string.Concat(letter.Headers.Select(h => $"{h.Name}: {h.Value}\n"));
        PrivateFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes($"{ToLine}{letter.To}\nSubject: {letter.Subject}\nDate: {now:r}\n{headers}\n{letter.Text}\n")));
        return file;
    }
}
