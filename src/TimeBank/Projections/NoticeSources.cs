using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Members;
using TimeBank.Notices;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>What one call caused, as far as somebody may have to be told of it.</summary>
/// <param name="By">The person or the app that asked for it.</param>
public sealed record PostingHappened(DateTimeOffset Posted, Guid? By, IReadOnlyList<Happening> Happened);

/// <summary>What the next part of a bank's journal may have to tell.</summary>
/// <param name="After">The number up to which it was followed.</param>
/// <param name="UpTo">The number up to which this part goes.</param>
public sealed record NewsPart(long After, long UpTo, IReadOnlyList<PostingHappened> Postings);

/// <summary>Who is to be told what concerns an account, and how they want it.</summary>
/// <param name="Id">The person; the account itself if nobody has a login for it.</param>
/// <param name="HasAddress">Whether they have an e-mail address whose owner was seen to read it.</param>
/// <param name="Reach">How the member wants to be reached, best first.</param>
public sealed record Recipient(AccountId Account, AccountKind Kind, Guid Id, bool HasLogin, bool HasAddress, NoticeSettings Settings, ImmutableArray<Reach> Reach);

/// <summary>Reads the journal for those who are told what it says, in short statements of bounded size.</summary>
public sealed class NoticeSources(Database database)
{
    private const int MostBatches = 200;
    private const long MostEvents = 500;

    private static readonly string[] s_types = [.. Noticing.Sources.Select(EventCodec.Alias)];

    public JournalMarks Marks { get; } = new(database, "notice_progress");

    /// <summary>Null: everything was followed.</summary>
    public async Task<NewsPart?> NextAsync(BankId bank, CancellationToken cancel) =>
        await Marks.NextAsync(bank, MostBatches, MostEvents, cancel) is { } part
            ? new NewsPart(part.After, part.UpTo, await PostingsAsync(bank, part.FirstSeq, part.LastSeq, cancel))
            : null;

    private async Task<List<PostingHappened>> PostingsAsync(BankId bank, long first, long last, CancellationToken cancel)
    {
        var events = await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select stream_id, type, case when type = any ($4) then data end, timestamp, correlation_id, headers from timebank.mt_events
            where tenant_id = $1 and seq_id between $2 and $3 and (type = any ($4) or headers is not null) order by seq_id
            """).Value(bank.Value).Value(first).Value(last).Texts(s_types),
            row => (Stream: row.GetGuid(0), Happened: row.IsDBNull(2) ? null : EventCodec.Decode(row.GetString(1), row.GetFieldValue<byte[]>(2)),
                Posted: row.Instant(3), Posting: row.TextOrNull(4), Headers: row.TextOrNull(5)), cancel);
        var streams = events.Where(e => e.Happened is ThingEvent).Select(e => e.Stream).Distinct().ToList();
        var things = streams.Count == 0 ? [] : (await Rows.ReadAsync(database.Background, bank, ThingsTable.Load([.. streams.Select(_ => bank.Value)], streams), row => ThingsTable.Read(row, 1), cancel))
            .ToDictionary(t => t.Id.Value);
        return [.. events.GroupBy(e => (e.Posting, e.Posted)).Select(g => new PostingHappened(
            g.Key.Posted,
            g.Select(e => e.Headers).OfType<string>().FirstOrDefault() is { } headers ? ActorCodec.Decode(headers).By : null,
            [.. g.Where(e => e.Happened is not null).Select(e => new Happening(e.Stream, e.Happened!, things.GetValueOrDefault(e.Stream)))]))];
    }

    /// <summary>Everybody who has a standing for one of the accounts, and members' accounts for which nobody has one.</summary>
    public async Task<ILookup<AccountId, Recipient>> RecipientsAsync(BankId bank, IReadOnlyCollection<AccountId> accounts, CancellationToken cancel)
    {
        var ids = accounts.Distinct().ToList();
        // One by one along the keys, whatever the tables held when the plan was made.
        var rows = await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select a.id, a.kind, r.holder, coalesce(p.known, false), s.settings, m.reach
            from unnest($2, $3) u (id, member)
            cross join lateral (select a.id, a.kind from timebank.accounts a where a.bank = $1 and a.id = u.id limit 1) a
            left join lateral (
              select distinct r.holder from timebank.rights r where r.bank = $1 and r.account = u.id and r.active and r.kind = 'grant' limit 1000) r on true
            left join lateral (select p.email is not null as known from people.persons p where p.id = r.holder and p.email_confirmed and p.erased is null limit 1) p on true
            left join lateral (select s.settings from timebank.notice_settings s where s.bank = $1 and s.recipient = coalesce(r.holder, u.id) limit 1) s on true
            left join lateral (select t.state #> '{profile,reach}' as reach from timebank.things t where t.bank = $1 and t.id = u.member and t.kind = 'member' limit 1) m on true
            """).Value(bank.Value).Uuids([.. ids.Select(i => i.Value)]).Uuids([.. ids.Select(i => Member.IdOf(i).Value)]), Read, cancel);
        return rows.Where(r => r.HasLogin || r.Kind == AccountKind.Member).ToLookup(r => r.Account);
    }

    /// <summary>The bank's safeguarding leads. What concerns no account is told with their own id in its place.</summary>
    public Task<List<Recipient>> LeadsAsync(BankId bank, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select r.holder, coalesce(p.known, false), s.settings
            from timebank.rights r
            left join lateral (select p.email is not null as known from people.persons p where p.id = r.holder and p.email_confirmed and p.erased is null limit 1) p on true
            left join lateral (select s.settings from timebank.notice_settings s where s.bank = $1 and s.recipient = r.holder limit 1) s on true
            where r.bank = $1 and r.active and r.kind = 'grant' and r.terms ->> 'role' = 'safeguardingLead' order by r.id limit 100
            """).Value(bank.Value),
            row => new Recipient(new AccountId(row.GetGuid(0)), AccountKind.Member, row.GetGuid(0), true, row.GetBoolean(1), SettingsOf(row.TextOrNull(2)), []), cancel);

    private static Recipient Read(NpgsqlDataReader row) => new(
        new AccountId(row.GetGuid(0)), Words.Parse<AccountKind>(row.GetString(1)), row.UuidOrNull(2) ?? row.GetGuid(0), !row.IsDBNull(2), row.GetBoolean(3),
        SettingsOf(row.TextOrNull(4)), row.TextOrNull(5) is { } reach ? EventCodec.DecodePart<ImmutableArray<Reach>>(reach) : []);

    internal static NoticeSettings SettingsOf(string? json) => json is null ? NoticeSettings.Default : EventCodec.DecodePart<NoticeSettings>(json);
}
