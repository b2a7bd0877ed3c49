using Npgsql;
using NpgsqlTypes;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Postings;
using TimeBank.Reports;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Reads the journal for the sums of reports, in short statements of bounded size. Whatever is read is as it was when an hour was posted, or can never
/// change after it: so a part comes to the same sums whenever it is added up.</summary>
public sealed class TallySources(Database database)
{
    private const int MostBatches = 2_000;
    private const long MostEvents = 4_000;

    private static readonly string[] s_types =
    [
        EventCodec.Alias(typeof(PassbookEvent.HoursDebited)), EventCodec.Alias(typeof(ContributionEvent.ContributionCredited)), EventCodec.Alias(typeof(ContributionEvent.ContributionSettled)),
    ];

    public JournalMarks Marks { get; } = new(database, "tally_progress");

    /// <summary>A transfer as it is added up: a further leg of the same help is no further time.</summary>
    private sealed record Moved(TransferId Id, TransferKind Kind, AccountId Payer, AccountId Payee, long Minutes, DateOnly Occurred, string? Category, Guid? Cause);

    /// <summary>What a transfer that is being taken back was, with how much of it had been taken back before.</summary>
    private sealed record TakenBack(Moved Of, long Before);

    /// <summary>An account as it was at a moment; the project whose it is, if it is one or set apart by one.</summary>
    private sealed record AccountThen(TallyParty Party, AccountId? Project);

    public Task<JournalPart?> NextAsync(BankId bank, CancellationToken cancel) => Marks.NextAsync(bank, MostBatches, MostEvents, cancel);

    /// <summary>What the part adds to the sums, and how much of which transfers it takes back.</summary>
    public async Task<(Tally Tally, IReadOnlyDictionary<TransferId, long> TakenBack)> ReadAsync(BankId bank, JournalPart part, CancellationToken cancel)
    {
        var events = await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select stream_id, type, data, causation_id from timebank.mt_events
            where tenant_id = $1 and seq_id between $2 and $3 and type = any ($4) order by seq_id
            """).Value(bank.Value).Value(part.FirstSeq).Value(part.LastSeq).Texts(s_types),
            row => (Stream: row.GetGuid(0), Happened: EventCodec.Decode(row.GetString(1), row.GetFieldValue<byte[]>(2)), Cause: CauseOf(row.TextOrNull(3))), cancel);
        var debits = events.Where(e => e.Happened is PassbookEvent.HoursDebited).Select(e => (Moved: MovedBy(new AccountId(e.Stream), (PassbookEvent.HoursDebited)e.Happened, e.Cause), ((PassbookEvent.HoursDebited)e.Happened).Reverses)).ToList();
        var reversals = debits.Where(d => d.Reverses is not null).ToList();
        var originals = await OriginalsAsync(bank, [.. reversals.Select(d => d.Reverses!.Value).Distinct()], cancel);
        var said = events.Where(e => e.Happened is ContributionEvent.ContributionSettled or ContributionEvent.ContributionCredited { Posting: null }).Select(e => e.Stream).Distinct().ToList();
        var free = await WithoutHoursAsync(bank, said, part, cancel);

        var moved = debits.Where(d => d.Reverses is null).Select(d => d.Moved).ToDictionary(m => m.Id);
        var (all, back) = (new List<(Moved Of, long Minutes, long Times)>(), new Dictionary<TransferId, long>());
        foreach (var one in moved.Values)
            all.Add((one, one.Minutes, IsFurther(one, Before(one, moved)) ? 0 : 1));
        foreach (var (reversal, reverses) in reversals)
        {
            var (of, before) = originals[reverses!.Value];
            var taken = before + back.GetValueOrDefault(of.Id);
            back[of.Id] = back.GetValueOrDefault(of.Id) + reversal.Minutes;
            var isAll = taken + reversal.Minutes == of.Minutes && !IsFurther(of, Before(of, originals));
            all.Add((of, -reversal.Minutes, isAll ? -1 : 0));
        }
        var accounts = await AccountsAsync(bank, all.SelectMany(a => Sides(a.Of)).Concat(free.SelectMany(f => f.Sides)), cancel);
        var projects = await ProjectsAsync(bank, [.. all.Select(a => a.Of.Cause).OfType<Guid>().Distinct()], cancel);
        var tally = new Tally();
        foreach (var (of, minutes, times) in all)
        {
            var (payer, payee) = (accounts[(of.Payer, At(of.Id))], accounts[(of.Payee, At(of.Id))]);
            var project = of.Cause is { } cause && projects.TryGetValue(cause, out var worked) ? worked : payer.Project ?? payee.Project;
            tally.Add(new Tallied(of.Kind, of.Occurred, of.Category, project, payer.Party, payee.Party, minutes, times));
        }
        foreach (var one in free)
        {
            var (helped, helper) = (accounts[one.Helped], accounts[one.Helper]);
            tally.Add(new Tallied(null, one.Claim.Occurred, one.Claim.Category, one.Claim.Project, helped.Party, helper.Party, one.Minutes, one.Times));
        }
        return (tally, back);
    }

    private static Guid? CauseOf(string? causation) => Guid.TryParseExact(causation, "D", out var cause) ? cause : null;

    private static Moved MovedBy(AccountId payer, PassbookEvent.HoursDebited e, Guid? cause) =>
        new(e.Transfer, e.Kind, payer, e.Counterparty, e.Minutes.Value, e.Occurred, e.Category, cause);

    private static DateTimeOffset At(TransferId transfer) => Uuid.InstantOf(transfer.Value);

    private static (AccountId, DateTimeOffset)[] Sides(Moved moved) => [(moved.Payer, At(moved.Id)), (moved.Payee, At(moved.Id))];

    /// <summary>The leg before it in the same posting.</summary>
    private static TransferId? Former(TransferId id) => id.Leg > 1 ? TransferId.Of(id.Posting, id.Leg - 1) : null;

    private static Moved? Before(Moved one, Dictionary<TransferId, Moved> all) => Former(one.Id) is { } former ? all.GetValueOrDefault(former) : null;

    private static Moved? Before(Moved one, Dictionary<TransferId, TakenBack> all) => Former(one.Id) is { } former ? all.GetValueOrDefault(former)?.Of : null;

    /// <summary>What a project did not have comes from elsewhere, as a line of its own: that is no other help.</summary>
    private static bool IsFurther(Moved one, Moved? former) => one.Cause is not null && former is not null && (former.Cause, former.Payee, former.Kind) == (one.Cause, one.Payee, one.Kind);

    /// <summary>The transfers that are taken back, each with the leg before it.</summary>
    private async Task<Dictionary<TransferId, TakenBack>> OriginalsAsync(BankId bank, List<TransferId> reversed, CancellationToken cancel)
    {
        var ids = reversed.Concat(reversed.Select(Former).OfType<TransferId>()).Distinct().ToList();
        return ids.Count == 0 ? [] : (await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select t.id, t.kind, t.payer, t.payee, t.minutes, t.occurred, t.category, e.causation_id, coalesce(r.minutes, 0)
            from unnest($2, $3) u (id, at)
            cross join lateral (select * from timebank.transfers t where t.bank = $1 and t.id = u.id limit 1) t
            left join lateral (
              select e.causation_id from timebank.mt_events e
              where e.tenant_id = $1 and e.stream_id = t.payer and e.version > (
                select coalesce(max(v.version), 0) from (
                  select i.version from timebank.mt_events i
                  where i.tenant_id = $1 and i.stream_id = t.payer and i.timestamp < u.at and i.version % 8 = 0 order by i.timestamp desc, i.version desc limit 1) v)
                and e.timestamp <= u.at and e.type = 'hours_debited' and e.data ->> 'transfer' = u.id::text
              order by e.version limit 1) e on true
            left join lateral (select r.minutes from timebank.tally_reversals r where r.bank = $1 and r.transfer = u.id limit 1) r on true
            """).Value(bank.Value).Uuids([.. ids.Select(i => i.Value)]).Instants([.. ids.Select(i => At(i).UtcDateTime)]),
            row => new TakenBack(new Moved(
                new TransferId(row.GetGuid(0)), Words.Parse<TransferKind>(row.GetString(1)), new AccountId(row.GetGuid(2)), new AccountId(row.GetGuid(3)), row.GetInt64(4),
                row.GetFieldValue<DateOnly>(5), row.TextOrNull(6), CauseOf(row.TextOrNull(7))), row.GetInt64(8)), cancel)).ToDictionary(t => t.Of.Id);
    }

    /// <summary>Help for which nobody wanted hours, as far as this part changes what it comes to.</summary>
    private async Task<List<HelpWithoutHours>> WithoutHoursAsync(BankId bank, List<Guid> contributions, JournalPart part, CancellationToken cancel)
    {
        if (contributions.Count == 0)
            return [];
        var told = await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select e.stream_id, e.seq_id, e.timestamp, e.type, e.data
            from unnest($2) u (stream)
            cross join lateral (select * from timebank.mt_events e where e.tenant_id = $1 and e.stream_id = u.stream and e.seq_id <= $3 order by e.version limit 1000) e
            """).Value(bank.Value).Uuids(contributions).Value(part.LastSeq),
            row => (Stream: row.GetGuid(0), Seq: row.GetInt64(1), Posted: row.Instant(2), Happened: (ContributionEvent)EventCodec.Decode(row.GetString(3), row.GetFieldValue<byte[]>(4))), cancel);
        var found = new List<HelpWithoutHours>();
        foreach (var one in told.GroupBy(e => e.Stream))
        {
            Contribution? before = null, after = null;
            foreach (var e in one)
            {
                after = Contribution.After(new ThingId(e.Stream), after, e.Happened);
                before = e.Seq < part.FirstSeq ? after : before;
            }
            var (was, now) = (HelpWithoutHours.Of(before), HelpWithoutHours.Of(after));
            if (was != now)
                found.Add(new HelpWithoutHours(after!.Claim, one.First().Posted, now - was, Math.Sign(now) - Math.Sign(was)));
        }
        return found;
    }

    /// <summary>As they were: who moved since counted where they lived.</summary>
    private async Task<Dictionary<(AccountId, DateTimeOffset), AccountThen>> AccountsAsync(BankId bank, IEnumerable<(AccountId Account, DateTimeOffset At)> wanted, CancellationToken cancel)
    {
        var all = wanted.Distinct().ToList();
        return (await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select u.id, u.at, a.kind, a.parent, case when a.settings_version = 1 then a.neighbourhood else n.neighbourhood end
            from unnest($2, $3, $4) u (id, settings, at)
            cross join lateral (select kind, parent, neighbourhood, settings_version from timebank.accounts where bank = $1 and id = u.id limit 1) a
            left join lateral (
              select e.data ->> 'neighbourhood' as neighbourhood from timebank.mt_events e
              where e.tenant_id = $1 and e.stream_id = u.settings and e.timestamp <= u.at and e.type in ('account_opened', 'settings_changed')
              order by e.version desc limit 1) n on a.settings_version > 1
            """).Value(bank.Value).Uuids([.. all.Select(a => a.Account.Value)]).Uuids([.. all.Select(a => a.Account.SettingsStream)]).Instants([.. all.Select(a => a.At.UtcDateTime)]),
            row =>
            {
                var (id, kind) = (new AccountId(row.GetGuid(0)), Words.Parse<AccountKind>(row.GetString(2)));
                var project = kind == AccountKind.Project ? id : kind == AccountKind.Earmark && row.UuidOrNull(3) is { } parent ? new AccountId(parent) : (AccountId?)null;
                return (Of: (id, row.Instant(1)), Then: new AccountThen(new TallyParty(id, kind, row.TextOrNull(4)), project));
            }, cancel)).ToDictionary(a => a.Of, a => a.Then);
    }

    /// <summary>What contributions were work for; other causes are none.</summary>
    private async Task<Dictionary<Guid, AccountId>> ProjectsAsync(BankId bank, List<Guid> causes, CancellationToken cancel) =>
        causes.Count == 0 ? [] : (await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand("""
            select u.id, t.project from unnest($2) u (id)
            cross join lateral (
              select (t.state #>> '{claim,project}')::uuid as project from timebank.things t where t.bank = $1 and t.id = u.id and t.kind = 'contribution' limit 1) t
            where t.project is not null
            """).Value(bank.Value).Uuids(causes), row => (Cause: row.GetGuid(0), Project: new AccountId(row.GetGuid(1))), cancel)).ToDictionary(p => p.Cause, p => p.Project);
}

/// <summary>A change of what help comes to for which nobody wanted hours.</summary>
internal sealed record HelpWithoutHours(Claim Claim, DateTimeOffset Logged, long Minutes, long Times)
{
    public (AccountId, DateTimeOffset) Helper => (Claim.Helper, Logged);

    /// <summary>Whoever would have paid.</summary>
    public (AccountId, DateTimeOffset) Helped => ((Claim.Project ?? Claim.Helped)!.Value, Logged);

    public (AccountId, DateTimeOffset)[] Sides => [Helper, Helped];

    /// <summary>So many minutes it counts as given: from when it is confirmed, also while it is questioned, until it is settled otherwise.</summary>
    public static long Of(Contribution? contribution) =>
        contribution is { Claim.Wish: Wish.Nothing } c && (c.CreditedOn is not null || c.Is == ContributionStage.Settled) ? c.Claim.Minutes.Value : 0;
}
