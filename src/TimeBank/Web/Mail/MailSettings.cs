using System.Net.Mail;

namespace TimeBank.Web;

/// <summary>A letter. Nothing in it may hold a line break but the text.</summary>
public sealed record Letter(string To, string Subject, string Text)
{
    /// <summary>The same whenever it is tried again: programs that take letters know by it that they have it. Null: one that is sent once and not again.</summary>
    public Guid? Id { get; init; }

    /// <summary>Further header fields.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What somebody wrote may hold a line break, and would go on as a line of its own.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}

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
