using TimeBank.Notices;

namespace TimeBank.Workers;

/// <summary>Sends the letters that are due.</summary>
public sealed class NoticeMailSending(NoticeMailing mailing, TimeProvider clock, ILogger<NoticeMailSending> log) : Rounds(TimeSpan.FromSeconds(2), clock, log)
{
    protected override Task RoundAsync(DateTimeOffset now, CancellationToken stopping) => mailing.SendDueAsync(stopping);
}
