using Npgsql;
using NpgsqlTypes;
using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.FairPlay;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.WorkSessions;

namespace TimeBank.Projections;

/// <summary>A bank with batches of its journal that were not looked through yet.</summary>
public sealed record BankWithNews(BankId Bank, long Seen, long Head);

/// <summary>What fair play looks at: whose passbooks a part of the journal touched, and what these people did in a year.</summary>
public sealed class FairPlayQueries(Database database)
{
    /// <summary>Of one passbook: what somebody did lately, who exchanges hours nearly every day.</summary>
    private const int MostEntries = 300;
    private const int MostSessions = 30;
    private const int MostLogged = 60;
    private const int MostArrangements = 30;

    /// <summary>Batch after batch: a plan that was made on empty tables would else begin with all members, and ask for each batch of each.</summary>
    private const string EventsOfBatch = """
        cross join lateral (
          select m.seq_id, m.stream_id, m.timestamp, m.type, m.data from timebank.mt_events m
          where m.tenant_id = j.bank and m.seq_id between j.first_seq and j.last_seq order by m.seq_id offset 0) e
        """;

    /// <summary>In the order of their ids, after one that was seen.</summary>
    public Task<List<BankWithNews>> BanksWithNewsAsync(BankId? after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database.Background, BankScope.All, new NpgsqlBatchCommand("""
            select b.bank, coalesce(f.number, 0), j.number
            from timebank.banks b left join timebank.fair_play f on f.bank = b.bank
            cross join lateral (select number from timebank.journal where bank = b.bank order by number desc limit 1) j
            where b.bank > $1 and j.number > coalesce(f.number, 0) order by b.bank limit $2
            """).Value(after?.Value ?? "").Value((long)limit), row => new BankWithNews(new BankId(row.GetString(0)), row.GetInt64(1), row.GetInt64(2)), cancel);

    /// <summary>Members whose hours for help moved in these batches; what happened before this ledger was kept is not asked about.</summary>
    public Task<List<AccountId>> TouchedAsync(BankId bank, long seen, long upTo, CancellationToken cancel) =>
        Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand($"""
            select distinct e.stream_id from timebank.journal j {EventsOfBatch}
            cross join lateral (select from timebank.accounts a where a.bank = j.bank and a.id = e.stream_id and a.kind = 'member' limit 1) a
            where j.bank = $1 and j.number > $2 and j.number <= $3 and e.type in ('hours_credited', 'hours_debited')
              and e.data ->> 'kind' in ('exchange', 'earn', 'spend') and e.data ->> 'override' is distinct from 'history'
            """).Value(bank.Value).Value(seen).Value(upTo), row => new AccountId(row.GetGuid(0)), cancel);

    /// <summary>Shares that a rule could not pass on in these batches: asked about once a month for each rule and target.</summary>
    public Task<List<Facts>> SharesKeptAsync(BankId bank, long seen, long upTo, CancellationToken cancel) =>
        Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand($"""
            select e.stream_id, e.timestamp, e.type, e.data from timebank.journal j {EventsOfBatch}
            where j.bank = $1 and j.number > $2 and j.number <= $3 and e.type = 'share_kept' order by e.seq_id
            """).Value(bank.Value).Value(seen).Value(upTo), row =>
            {
                var kept = (PassbookEvent.ShareKept)EventCodec.Decode(row.GetString(2), row.GetFieldValue<byte[]>(3));
                var day = DateOnly.FromDateTime(row.Instant(1).UtcDateTime);
                return new Facts(QuestionKind.ShareKept, [new AccountId(row.GetGuid(0)), kept.Target], new DateOnly(day.Year, day.Month, 1), kept.Minutes, Rule: kept.Rule.Id, Why: kept.Reason);
            }, cancel);

    /// <summary>What is known of these members since a moment.</summary>
    /// <param name="at">The moment of a date and time by the bank's clock.</param>
    public async Task<List<Conduct>> ConductsAsync(BankId bank, Func<DateOnly, TimeOnly, DateTimeOffset> at, IReadOnlyCollection<AccountId> accounts, DateTimeOffset since, CancellationToken cancel)
    {
        if (accounts.Count == 0)
            return [];
        Guid[] ids = [.. accounts.Select(a => a.Value)];
        var coordinating = (await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select distinct m.account from timebank.rights m
            where m.bank = $1 and m.account = any ($2) and m.active and m.kind = 'grant' and m.terms ->> 'role' = 'member'
              and exists (select from timebank.rights c where c.bank = m.bank and c.holder = m.holder and c.active and c.kind = 'grant'
                and c.terms ->> 'role' in ('coordinator', 'organiser', 'neighbourhoodCoordinator'))
            """).Value(bank.Value).Uuids(ids), row => row.GetGuid(0), cancel)).ToHashSet();
        var entries = (await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand($"""
            select u.account, e.type = 'hours_credited', t.kind, case when e.type = 'hours_credited' then t.payer else t.payee end, t.minutes - t.reversed, t.occurred
            from unnest($2) u (account)
            cross join lateral (
              select type, data from timebank.mt_events
              where tenant_id = $1 and stream_id = u.account and version > {AsOf.VersionBefore("$1", "u.account", "$3")} and type in ('hours_credited', 'hours_debited')
              order by version desc limit $4) e
            cross join lateral (
              select kind, payer, payee, minutes, reversed, occurred, override from timebank.transfers
              where bank = $1 and id = (e.data ->> 'transfer')::uuid limit 1) t
            where t.kind in ('exchange', 'earn', 'spend') and t.minutes > t.reversed and t.override is distinct from 'history'
            """).Value(bank.Value).Uuids(ids).Value(since.UtcDateTime, NpgsqlDbType.TimestampTz).Value((long)MostEntries),
            row => (Account: row.GetGuid(0), Entry: new Exchanged(
                row.GetBoolean(1), Words.Parse<TransferKind>(row.GetString(2)), new AccountId(row.GetGuid(3)), new Minutes(row.GetInt64(4)), row.GetFieldValue<DateOnly>(5))), cancel))
            .ToLookup(e => e.Account, e => e.Entry);
        var presences = (await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select u.account, t.kind, t.state
            from unnest($2) u (account)
            cross join lateral (
              select id from timebank.thing_parties where bank = $1 and account = u.account and kind = 'work_session' order by id desc limit $3) p
            cross join lateral (select kind, state, stage from timebank.things where bank = $1 and id = p.id limit 1) t
            where t.stage <> 'cancelled'
            """).Value(bank.Value).Uuids(ids).Value((long)MostSessions),
            row => (Account: row.GetGuid(0), Session: (WorkSession)ThingsTable.Read(row, 1)), cancel))
            .Where(s => s.Session.Find(new AccountId(s.Account)) is { In: not null, Out: not null })
            .ToLookup(s => s.Account, s => s.Session.Find(new AccountId(s.Account)) is { In: { } came, Out: { } left } ? new Presence(s.Session.Id, came, left, s.Session.Plan.Date) : null!);
        var helped = (await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select u.account, t.kind, t.state
            from unnest($2) u (account)
            cross join lateral (
              select id from timebank.thing_parties where bank = $1 and account = u.account and kind = 'arrangement' order by id desc limit $3) p
            cross join lateral (select kind, state, stage from timebank.things where bank = $1 and id = p.id limit 1) t
            where t.stage = 'done'
            """).Value(bank.Value).Uuids(ids).Value((long)MostArrangements),
            row => (Account: row.GetGuid(0), Arrangement: (Arrangement)ThingsTable.Read(row, 1)), cancel))
            .Where(a => a.Arrangement.Helper.Value == a.Account && a.Arrangement.Meeting is { At: not null })
            .ToLookup(a => a.Account, a => Helped(a.Arrangement, a.Arrangement.Meeting!, at));
        var logged = await LoggedAsync(bank, at, ids, cancel);
        return [.. ids.Select(id => new Conduct(new AccountId(id), coordinating.Contains(id), [.. entries[id]], [.. presences[id], .. helped[id], .. logged[id]]))];
    }

    /// <summary>When they helped, as it was logged, where that says when it began. What was arranged is logged without.</summary>
    private async Task<ILookup<Guid, Presence>> LoggedAsync(BankId bank, Func<DateOnly, TimeOnly, DateTimeOffset> at, Guid[] ids, CancellationToken cancel) =>
        (await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select u.account, t.kind, t.state
            from unnest($2) u (account)
            cross join lateral (
              select id from timebank.thing_parties where bank = $1 and account = u.account and kind = 'contribution' order by id desc limit $3) p
            cross join lateral (select kind, state, stage from timebank.things where bank = $1 and id = p.id limit 1) t
            where t.stage not in ('declined', 'withdrawn') and t.state #>> '{claim,from}' is not null and (t.state #>> '{claim,helper}')::uuid = u.account
            """).Value(bank.Value).Uuids(ids).Value((long)MostLogged),
            row => (Account: row.GetGuid(0), Help: (Contribution)ThingsTable.Read(row, 1)), cancel))
        .ToLookup(h => h.Account, h => Helped(h.Help, h.Help.Claim, at));

    private static Presence Helped(Contribution help, Claim claim, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        var from = at(claim.Occurred, claim.From!.Value);
        return new Presence(help.Id, from, from.AddMinutes(claim.Minutes.Value), claim.Occurred);
    }

    private static Presence Helped(Arrangement arrangement, Meeting meeting, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        var from = at(meeting.Date, meeting.At!.Value);
        return new Presence(arrangement.Id, from, from.AddMinutes(meeting.About.Value), meeting.Date);
    }

    /// <summary>Those of them that were asked before, whatever became of them.</summary>
    public async Task<HashSet<ThingId>> AskedAsync(BankId bank, IReadOnlyCollection<ThingId> questions, CancellationToken cancel) =>
        questions.Count == 0 ? [] : [.. await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("select id from timebank.things where bank = $1 and id = any ($2)")
            .Value(bank.Value).Uuids([.. questions.Select(q => q.Value)]), row => new ThingId(row.GetGuid(0)), cancel)];

    /// <summary>The journal was looked through up to there.</summary>
    public Task SawAsync(BankId bank, long number, CancellationToken cancel) =>
        Rows.ChangeAsync(database.Background, bank, new NpgsqlBatchCommand("""
            insert into timebank.fair_play (bank, number) values ($1, $2) on conflict (bank) do update set number = greatest(fair_play.number, excluded.number)
            """).Value(bank.Value).Value(number), cancel);
}
