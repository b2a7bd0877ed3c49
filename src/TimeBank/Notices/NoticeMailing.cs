using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Notices;

/// <summary>Sends the letters that are due, each once. A letter has one Message-ID however often it is tried, so that one that a server took
/// a moment before this program died is known as the same one.</summary>
public sealed class NoticeMailing(
    NoticeMailTable letters, NoticeQueries queries, BankQueries banks, WeekAhead ahead, Unsubscriptions unsubscriptions, Mail mail, Site site, IServer server, TimeProvider clock, ILogger<NoticeMailing> log)
{
    /// <summary>After so many the letter is given up: the last comes about a day after the first.</summary>
    public const int MostAttempts = 11;

    private const int MostAtOnce = 200;
    private const int MostInWeek = 30;

    /// <summary>Longer than any attempt takes.</summary>
    private static readonly TimeSpan s_taken = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMinutes(1);

    /// <summary>How many letters were looked after.</summary>
    public async Task<int> SendDueAsync(CancellationToken cancel)
    {
        for (var done = 0; done < MostAtOnce; done++)
        {
            var now = clock.GetUtcNow();
            if (await letters.TakeAsync(now, now + s_taken, cancel) is not { } taken)
                return done;
            await SendAsync(taken, cancel);
        }
        return MostAtOnce;
    }

    private async Task SendAsync(LetterTaken taken, CancellationToken cancel)
    {
        if (await ComposeAsync(taken, cancel) is not { } letter)
        {
            await letters.EndAsync(taken, sent: false, clock.GetUtcNow(), cancel);
            return;
        }
        // What was sent is written down, also if the server is asked to stop meanwhile.
        if (await mail.TryDeliverAsync(letter) is not { } why)
            await letters.EndAsync(taken, sent: true, clock.GetUtcNow(), CancellationToken.None);
        else if (taken.Attempts < MostAttempts)
            await letters.RetryAsync(taken, clock.GetUtcNow() + s_firstPause * (1 << (taken.Attempts - 1)), why, CancellationToken.None);
        else
        {
            log.LogWarning("A letter of bank {Bank} was given up: {Why}.", taken.Bank.Value, why);
            await letters.GiveUpAsync(taken, why, clock.GetUtcNow(), CancellationToken.None);
        }
    }

    /// <summary>In the words of this moment. Null: it is not wanted any more, or there is nobody to send it to.</summary>
    private async Task<Letter?> ComposeAsync(LetterTaken taken, CancellationToken cancel)
    {
        var notices = taken.Notice is { } one
            ? await queries.FindAsync(taken.Bank, one, cancel) is { } notice ? [notice] : []
            : await OfWeekAsync(taken, cancel);
        if (notices.Count == 0)
            return null;
        var who = (await queries.AddresseesAsync(taken.Bank, [(taken.Recipient, notices[0].News.Account)], cancel)).SingleOrDefault();
        NoticeKind? kind = taken.Notice is null ? null : notices[0].News.Kind;
        if (who?.Email is null || !(kind is { } single ? who.Settings.For(single).Mail : who.Settings.Digest))
            return null;
        var names = await queries.NamesAsync(taken.Bank, NoticeWords.Named(notices), cancel);
        var language = NoticeWords.LanguageOf(who);
        var stop = unsubscriptions.AddressFor(Start(), taken.Bank, who, kind);
        var title = kind is { } k ? NoticeWords.Title(language, k) : language["mail.week"];
        return new Letter(who.Email, Letter.OneLine(language.Say("mail.subject", ("bank", who.BankName), ("title", title))), Text(language, who, notices, names, kind is null ? await ahead.TellAsync(language, taken.Bank, who.Account, cancel) : null, stop))
        {
            Id = taken.Id,
            // RFC 8058: a mail program's own button, which asks nothing more.
            Headers = [("List-Unsubscribe", $"<{stop}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("Content-Language", language.Code)],
        };
    }

    private async Task<List<KeptNotice>> OfWeekAsync(LetterTaken taken, CancellationToken cancel)
    {
        var timeZone = (await banks.FindAsync(taken.Bank, cancel))!.Policy.TimeZone;
        return await queries.OfWeekAsync(taken.Bank, taken.Recipient, taken.Since!.Value, WeeklyLetter.After(taken.Since.Value, timeZone), MostInWeek + 1, cancel);
    }

    /// <param name="ahead">Of a letter of the week: what comes next.</param>
    private static string Text(
        Locale language, Addressee who, List<KeptNotice> notices, IReadOnlyDictionary<AccountId, string> names, string? ahead, string stop)
    {
        var ofWeek = ahead is not null;
        var text = new StringBuilder(who.Name is { } name ? language.Say("mail.hello", ("name", Letter.OneLine(name))) : language["mail.greeting"]).Append("\n\n");
        if (ofWeek)
            text.Append(language.Say("mail.weekIntro", ("bank", who.BankName))).Append("\n\n");
        foreach (var notice in notices.Take(MostInWeek))
            text.Append(ofWeek ? "- " : "").Append(Letter.OneLine(NoticeWords.Sentence(language, notice.News, names))).Append('\n');
        if (notices.Count > MostInWeek)
            text.Append('\n').Append(language["mail.more"]).Append('\n');
        return text.Append(ahead).Append('\n').Append(language.Say("mail.why", ("bank", who.BankName))).Append("\n\n").Append(stop).Append('\n').ToString();
    }

    /// <summary>Where people reach the server; without the setting Site:Url, where it listens.</summary>
    private string Start() =>
        (site.Url?.GetLeftPart(UriPartial.Path) ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost").TrimEnd('/');
}
