using TimeBank.Accounts;
using TimeBank.Members;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Notices;

/// <summary>Makes notices of what stands in the journal, and keeps what people say about them.</summary>
public sealed class NoticeCommands(NoticeSources sources, NoticesTable table, NoticeQueries queries, BankQueries banks, TimeProvider clock)
{
    /// <summary>So long a notice is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private const int MostAtOnce = 10_000;
    private const int MostTries = 5;

    /// <summary>Follows the next part of a bank's journal. False: there was nothing left.</summary>
    public async Task<bool> FollowAsync(BankId bank, CancellationToken cancel)
    {
        if (await sources.NextAsync(bank, cancel) is not { } part)
            return false;
        var oldest = clock.GetUtcNow() - Noticing.Fresh;
        var news = part.Postings.Where(p => p.Posted > oldest).SelectMany(p => Noticing.Of(p.Happened).Select(n => (Of: p, News: n))).ToList();
        var (rows, letters) = news.Count == 0 ? ([], []) : await MakeAsync(bank, news, cancel);
        await table.AppendAsync(bank, part.After, part.UpTo, rows, letters, cancel);
        return true;
    }

    /// <summary>A concern waits: the safeguarding lead is told so, and nothing of what it says, about whom it is or from whom.</summary>
    /// <param name="by">Who raised it: they know.</param>
    public async Task TellOfConcernAsync(BankId bank, Guid by, CancellationToken cancel)
    {
        var now = Uuid.ToMicroseconds(clock.GetUtcNow());
        var rows = new List<NoticeRow>();
        foreach (var lead in (await sources.LeadsAsync(bank, cancel)).Where(l => l.Id != by))
        {
            var ways = lead.Settings.For(NoticeKind.ConcernRaised);
            var news = new News(lead.Account, NoticeKind.ConcernRaised, "waits", lead.Id);
            var row = new NoticeRow(Uuid.Version7(now, rows.Count, (uint)Random.Shared.Next()), lead.Id, news, now, ways.Program, ways.Mail && lead.HasAddress, Tell: false);
            if (row.Shown || row.Mailed)
                rows.Add(row);
        }
        if (rows.Count > 0)
            await table.AddAsync(bank, rows, [.. rows.Where(r => r.Mailed).Select(r => new LetterDue(r.Id, r.Recipient, r.Id, null, now))], cancel);
    }

    /// <summary>The ones that were told right away, or will be, and the letters.</summary>
    private async Task<(List<NoticeRow> Rows, List<LetterDue> Due)> MakeAsync(BankId bank, List<(PostingHappened Of, News News)> news, CancellationToken cancel)
    {
        var recipients = await sources.RecipientsAsync(bank, [.. news.Select(n => n.News.Account).Distinct()], cancel);
        var timeZone = (await banks.FindAsync(bank, cancel))!.Policy.TimeZone;
        var (rows, letters) = (new List<NoticeRow>(), new Dictionary<Guid, LetterDue>());
        foreach (var (of, one) in news)
        {
            foreach (var recipient in recipients[one.Account].Where(r => Hears(r, one, of.By)))
            {
                var ways = recipient.Settings.For(one.Kind);
                var row = new NoticeRow(
                    Uuid.Version7(of.Posted, rows.Count & 0xFFFF, (uint)Random.Shared.Next()), recipient.Id, one, of.Posted, ways.Program && recipient.HasLogin, ways.Mail && recipient.HasAddress, ways.Tell && IsTold(recipient));
                if (row is { Shown: false, Mailed: false, Tell: false })
                    continue;
                rows.Add(row);
                if (row.Mailed)
                    letters[row.Id] = new LetterDue(row.Id, recipient.Id, row.Id, null, of.Posted);
                else if (row.Shown && recipient.HasAddress && recipient.Settings.Digest)
                    AddOfWeek(letters, bank, recipient.Id, WeeklyLetter.After(of.Posted, timeZone), timeZone);
            }
        }
        return (rows, [.. letters.Values]);
    }

    /// <summary>Nobody is told what they did themselves; and what moves at projects and providers is their statement's matter.</summary>
    private static bool Hears(Recipient recipient, News news, Guid? by) =>
        recipient.Id != by && (recipient.Kind == AccountKind.Member || news.Kind is not (NoticeKind.HoursGiven or NoticeKind.HoursReceived));

    /// <summary>Who has no login, or wants to be telephoned or written to before anything else.</summary>
    private static bool IsTold(Recipient recipient) =>
        recipient.Kind == AccountKind.Member && (!recipient.HasLogin || recipient.Reach is [Reach.Telephone or Reach.Paper, ..]);

    private static void AddOfWeek(Dictionary<Guid, LetterDue> letters, BankId bank, Guid recipient, DateTimeOffset due, string timeZone)
    {
        // One for each week, whoever thinks of it.
        var id = Uuid.Named($"{bank.Value}\0{recipient}\0{due.UtcTicks}");
        letters.TryAdd(id, new LetterDue(id, recipient, null, WeeklyLetter.Since(due, timeZone), due));
    }

    /// <summary>The new version; null if somebody changed them since they were read.</summary>
    public Task<long?> SetAsync(BankId bank, Guid recipient, NoticeSettings settings, long expected, CancellationToken cancel) =>
        queries.SetAsync(bank, recipient, settings, expected, cancel);

    /// <summary>No more letters of a kind, of the week, or at all. Said twice it changes nothing. False: others changed the settings all the time.</summary>
    public async Task<bool> StopMailAsync(BankId bank, Guid recipient, NoticeKind? kind, bool all, CancellationToken cancel)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var (settings, version) = await queries.SettingsAsync(bank, recipient, cancel);
            var stopped = all ? settings.WithoutMail() : kind is { } one ? settings.WithoutMail(one) : settings with { Digest = false };
            if (await queries.SetAsync(bank, recipient, stopped, version, cancel) is not null)
                return true;
        }
        return false;
    }

    public Task RemoveOldAsync(CancellationToken cancel) => table.RemoveOldAsync(clock.GetUtcNow() - Kept, MostAtOnce, cancel);
}
