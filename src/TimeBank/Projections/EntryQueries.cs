using Npgsql;
using NpgsqlTypes;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>One line of a statement.</summary>
/// <param name="Balance">The running balance in the order that was asked for.</param>
public sealed record EntryRow(long Version, DateTimeOffset Posted, PassbookEvent.HoursMoved Moved, Minutes Amount, Minutes Balance, TextBody? Text);

/// <summary>Which entries somebody looks for; what is null does not matter.</summary>
/// <param name="Came">Whether they came or went.</param>
/// <param name="From">The first day on which the help was given.</param>
/// <param name="To">The last one.</param>
/// <param name="Text">A part of the other side's name or of what was written beside it, accents and capitals aside.</param>
public sealed record WantedEntries(bool? Came, DateOnly? From, DateOnly? To, string? Text);

/// <summary>A passbook's entries: a range read of one index.</summary>
public sealed class EntryQueries(Database database)
{
    private const string Columns = "e.version, e.timestamp, e.type = 'hours_credited', e.data";
    private const string Entries = "type in ('hours_credited', 'hours_debited')";
    private const string TextId = "(e.data #>> '{text,id}')::uuid";

    /// <summary>One by one along the key: as a plain join, behind the rows that a server may see, all texts of the bank would be read for each entry.</summary>
    private const string TextOf = $"left join lateral (select x.body from timebank.texts x where x.bank = e.tenant_id and x.id = {TextId} limit 1) t on true";


    private readonly AskedTogether<PageQuestion, StoredPage> _newestFirst = new(questions => PagesAsync(database, questions, true), q => q.Limit);
    private readonly AskedTogether<PageQuestion, StoredPage> _oldestFirst = new(questions => PagesAsync(database, questions, false), q => q.Limit);

    /// <summary>In the order of the journal. <paramref name="after"/> is the version where the former page ended.</summary>
    public async Task<IReadOnlyList<EntryRow>> ByPostedAsync(
        BankId bank, AccountId account, bool newestFirst, DateTimeOffset? from, DateTimeOffset? to, long? after, int limit, CancellationToken cancel)
    {
        if (from is null && to is null)
            return (await (newestFirst ? _newestFirst : _oldestFirst).AskAsync(new PageQuestion(bank, account, after, limit), cancel)).Entries;
        var (range, order, start) = Direction(newestFirst);
        var since = from is null ? "" : $"and e.version > {AsOf.VersionBefore("$1", "$2", "$5")}";
        var until = to is null ? "" : $"and e.version <= {AsOf.Version("$1", "$2", from is null ? "$5" : "$6")}";
        var query = new NpgsqlBatchCommand($"""
            select {Columns}, t.body
            from timebank.mt_events e {TextOf}
            where e.tenant_id = $1 and e.stream_id = $2 and e.version {range} $3 and e.{Entries} {since} {until}
            order by e.version {order} limit $4
            """)
            .Value(bank.Value).Value(account.Value).Value(after ?? start).Value((long)limit);
        if (from is { } first)
            query.Value(first.UtcDateTime, NpgsqlDbType.TimestampTz);
        if (to is { } last)
            query.Value(last.UtcDateTime, NpgsqlDbType.TimestampTz);
        return await Rows.ReadAsync(database, bank, query, row => StoredEntry.Of(row, 0).Read(null), cancel);
    }

    /// <summary>By the date on which the help was given, then in the order of the journal; the balance runs in that order,
    /// so that every page sums over all that stands before it, without what was posted after <paramref name="at"/>.</summary>
    public async Task<IReadOnlyList<EntryRow>> ByOccurredAsync(
        BankId bank, AccountId account, bool newestFirst, DateOnly? from, DateOnly? to, DateTimeOffset? at,
        (DateOnly Occurred, long Version)? after, int limit, CancellationToken cancel)
    {
        var (range, order, _) = Direction(newestFirst);
        return await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select {Columns}, t.body, e.running
            from (
              select tenant_id, version, timestamp, type, data, (data ->> 'occurred')::date as occurred,
                sum(case type when 'hours_credited' then 1 else -1 end * (data ->> 'minutes')::bigint)
                  over (order by (data ->> 'occurred')::date, version)::bigint as running
              from timebank.mt_events where tenant_id = $1 and stream_id = $2 and {Entries} and ($8::timestamptz is null or timestamp <= $8)
            ) e {TextOf}
            where ($3::date is null or e.occurred >= $3) and ($4::date is null or e.occurred <= $4)
              and ($5::date is null or (e.occurred, e.version) {range} ($5, $6))
            order by e.occurred {order}, e.version {order} limit $7
            """)
            .Value(bank.Value).Value(account.Value)
            .Value(from, NpgsqlDbType.Date).Value(to, NpgsqlDbType.Date)
            .Value(after?.Occurred, NpgsqlDbType.Date).Value(after?.Version ?? 0).Value((long)limit)
            .Value(at?.UtcDateTime, NpgsqlDbType.TimestampTz),
            row => StoredEntry.Of(row, 0).Read(new Minutes(row.GetInt64(5))), cancel);
    }

    /// <summary>What somebody looks for in a passbook, the newest first. The balance runs in the order of the journal.</summary>
    /// <param name="before">The version where the former page ended.</param>
    public Task<List<EntryRow>> FindAsync(BankId bank, AccountId account, WantedEntries wanted, long? before, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select {Columns}, t.body
            from timebank.mt_events e {TextOf}
            left join lateral (select a.name_text from timebank.accounts a where a.bank = $1 and a.id = (e.data ->> 'counterparty')::uuid limit 1) o on true
            left join lateral (select x.letters from timebank.texts x where x.bank = $1 and x.id = o.name_text limit 1) n on true
            where e.tenant_id = $1 and e.stream_id = $2 and e.version < $3 and e.{Entries} and ($4::text is null or e.type = $4)
              and ($5::date is null or (e.data ->> 'occurred')::date >= $5) and ($6::date is null or (e.data ->> 'occurred')::date <= $6)
              and ($7::text is null or strpos(n.letters, (select timebank.name_letters($7))) > 0
                or (t.body ->> 'memo' is not null and strpos(timebank.name_letters(t.body ->> 'memo'), (select timebank.name_letters($7))) > 0))
            order by e.version desc limit $8
            """)
            .Value(bank.Value).Value(account.Value).Value(before ?? long.MaxValue)
            .Value(wanted.Came switch { true => "hours_credited", false => "hours_debited", null => null }, NpgsqlDbType.Text)
            .Value(wanted.From, NpgsqlDbType.Date).Value(wanted.To, NpgsqlDbType.Date).Value(wanted.Text, NpgsqlDbType.Text).Value((long)limit),
            row => StoredEntry.Of(row, 0).Read(null), cancel);

    /// <summary>Pages of many passbooks in one query. Each is read by the one who asked: what cannot be read in one is nobody else's trouble.</summary>
    private static async Task<IReadOnlyList<StoredPage>> PagesAsync(Database database, IReadOnlyList<PageQuestion> questions, bool newestFirst)
    {
        var (range, order, start) = Direction(newestFirst);
        var pages = questions.Select(_ => new List<StoredEntry>()).ToArray();
        var rows = await Rows.ReadAsync(database, BankScope.Of(questions.Select(q => q.Bank)), new NpgsqlBatchCommand($"""
            select q.ordinal, {Columns},
              case when e.data ? 'text' then (select body from timebank.texts where bank = q.bank and id = {TextId}) end
            from unnest($1, $2, $3, $4) with ordinality q (bank, account, after, most, ordinal)
            cross join lateral (
              select version, timestamp, type, data from timebank.mt_events
              where tenant_id = q.bank and stream_id = q.account and version {range} q.after and {Entries}
              order by version {order} limit q.most
            ) e
            """)
            .Texts([.. questions.Select(q => q.Bank.Value)]).Uuids([.. questions.Select(q => q.Account.Value)])
            .Numbers([.. questions.Select(q => q.After ?? start)]).Numbers([.. questions.Select(q => (long)q.Limit)]),
            row => (Page: row.GetInt64(0) - 1, Entry: StoredEntry.Of(row, 1)), CancellationToken.None);
        foreach (var (page, entry) in rows)
            pages[page].Add(entry);
        // They come along the index, passbook by passbook; that they do is the planner's choice and no promise.
        foreach (var page in pages)
            page.Sort((a, b) => newestFirst ? b.Version.CompareTo(a.Version) : a.Version.CompareTo(b.Version));
        return [.. pages.Select(p => new StoredPage(p))];
    }

    private static (string Range, string Order, long Start) Direction(bool newestFirst) => newestFirst ? ("<", "desc", long.MaxValue) : (">", "asc", 0);

    private sealed record PageQuestion(BankId Bank, AccountId Account, long? After, int Limit);

    /// <summary>A page, decoded by the first who looks at it: many may have asked for it together.</summary>
    private sealed class StoredPage(List<StoredEntry> stored)
    {
        private readonly Lazy<IReadOnlyList<EntryRow>> _entries = new(() => stored.ConvertAll(e => e.Read(null)));

        public IReadOnlyList<EntryRow> Entries => _entries.Value;
    }

    /// <summary>An entry as its row has it.</summary>
    private readonly record struct StoredEntry(long Version, DateTimeOffset Posted, bool Credit, byte[] Data, string? Text)
    {
        /// <summary>The <see cref="Columns"/> and the text's body, from a column on.</summary>
        public static StoredEntry Of(NpgsqlDataReader row, int first) => new(
            row.GetInt64(first), row.Instant(first + 1), row.GetBoolean(first + 2), row.GetFieldValue<byte[]>(first + 3), row.TextOrNull(first + 4));

        /// <param name="running">The balance in another order than the journal's.</param>
        public EntryRow Read(Minutes? running)
        {
            var moved = (PassbookEvent.HoursMoved)EventCodec.Decode(Credit ? "hours_credited" : "hours_debited", Data);
            return new EntryRow(Version, Posted, moved, Credit ? moved.Minutes : -moved.Minutes, running ?? moved.Balance, Text is { } body ? TextBody.Parse(body) : null);
        }
    }
}
