using Npgsql;
using TimeBank.Access;
using TimeBank.Projections;

namespace TimeBank.Store;

/// <summary>Writes batches of several banks in one transaction: claims, events, streams, guard tables, texts and keys.
/// The only code that inserts into the event tables.</summary>
public sealed class EventStore
{
    private readonly HashChain _chain = new();

    /// <summary>Everything in one pipelined round trip: in an implicit transaction, or at the end of the one that has the bank's lock.</summary>
    public void Append(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches)
    {
        using var sql = new NpgsqlBatch(connection, transaction);
        sql.BatchCommands.Add(BankScope.Of(batches.Select(b => b.Queue.Id)).Command());
        var search = new ListingSearchTable.Rows();
        var writing = batches.Where(b => b.HasEvents).OrderBy(b => b.Queue.Id.Value, StringComparer.Ordinal).ToList();
        if (writing.Count > 0)
        {
            if (transaction is null)
                sql.BatchCommands.Add(LockBanks(writing));
            AppendEvents(sql, writing, search);
        }
        AppendTexts(sql, batches);
        search.AppendTo(sql);
        AppendKeys(sql, batches);
        if (transaction is not null)
            sql.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        sql.ExecuteNonQuery();
    }

    /// <summary>Waits for a server that has the bank's lock because it lost too often; else it costs nothing. Always in the order
    /// of the banks' ids, so that two who want several never wait for each other.</summary>
    public static NpgsqlBatchCommand LockBanks(IReadOnlyList<Batch> batches) =>
        new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtextextended(bank, 7)) from unnest($1) bank")
            .Texts([.. batches.Select(b => b.Queue.Id.Value).Order(StringComparer.Ordinal)]);

    private void AppendEvents(NpgsqlBatch sql, List<Batch> batches, ListingSearchTable.Rows search)
    {
        var journal = new JournalRows();
        var events = new EventRows();
        var streams = new StreamRows();
        var accounts = new AccountsTable.Rows();
        var transfers = new TransfersTable.Rows();
        var holds = new HoldsTable.Rows();
        var rules = new RulesTable.Rows();
        var rights = new RightsTable.Rows();
        var things = new ThingsTable.Rows();
        var skills = new MemberSkillsTable.Rows();
        var banks = new BanksTable.Rows();

        for (var i = 0; i < batches.Count; i++)
        {
            var batch = batches[i];
            var bank = batch.Queue.Id;
            var posted = batch.Ledger.Now;
            streams.Begin(bank, posted);
            _chain.Begin(batch.Queue.Hash, bank.Value, batch.Queue.Number + 1, posted);
            foreach (var (posting, by, recorded) in batch.Accepted)
            {
                var correlation = posting.Value.ToString();
                // What one command caused is correlated; who asked for it is said with the first of it, and with every line of the audit trail.
                var who = ActorCodec.Encode(by);
                var isFirst = true;
                foreach (var e in recorded)
                {
                    var causation = e.Causation?.ToString();
                    var body = EventCodec.Encode(e.Happened);
                    var type = EventCodec.TypeOf(e.Happened);
                    var headers = isFirst || e.Kind == StreamKind.Audit ? who : null;
                    isFirst = false;
                    _chain.Add(e.Stream, e.Version, type, body, correlation, causation, headers);
                    events.Add(i, e.Stream, e.Version, body, type, correlation, causation, headers);
                    streams.Add(e);
                    transfers.Apply(bank, e.Stream, e.Happened);
                    holds.Apply(bank, e.Stream, e.Happened, posted);
                    if (e.Kind == StreamKind.AccountSettings)
                    {
                        var account = batch.Ledger.Find(AccountId.OfSettings(e.Stream))!;
                        accounts.Add(bank, account);
                        search.Add(bank, account);
                    }
                    if (e.Kind == StreamKind.Rule)
                        rules.Add(bank, batch.Ledger.Find(new Reinvestment.RuleRef(new RuleId(e.Stream), e.Version)));
                    if (e.Happened is ThingEvent)
                    {
                        var thing = batch.Ledger.Find(new ThingId(e.Stream))!;
                        things.Add(bank, thing, isNew: e.Version == 1);
                        skills.Add(bank, thing);
                        search.Add(bank, thing, e.Happened);
                    }
                    if (e.Kind is StreamKind.Bank or StreamKind.Audit)
                        banks.Add(batch.Ledger.Bank!);
                    if (e.Kind == StreamKind.Audit && AccessEvent.RightOf((AccessEvent)e.Happened) is { } right)
                        rights.Add(bank, batch.Ledger.Find(right)!);
                }
            }
            streams.End();
            batch.Hash = _chain.End();
            journal.Add(bank, batch.Queue.Number + 1, batch.Id, posted, batch.Hash);
        }

        events.AppendTo(sql, journal);
        streams.AppendTo(sql);
        accounts.AppendTo(sql);
        transfers.AppendTo(sql);
        holds.AppendTo(sql);
        rules.AppendTo(sql);
        rights.AppendTo(sql);
        things.AppendTo(sql);
        skills.AppendTo(sql);
        banks.AppendTo(sql);
    }

    private static void AppendTexts(NpgsqlBatch sql, IReadOnlyList<Batch> batches)
    {
        var texts = batches.SelectMany(b => b.Texts.Select(t => (Bank: b.Queue.Id.Value, Text: t))).ToList();
        if (texts.Count > 0)
            sql.BatchCommands.Add(new NpgsqlBatchCommand("""
                insert into timebank.texts (bank, id, salt, body) select bank, id, salt, body::json from unnest($1, $2, $3, $4) u (bank, id, salt, body)
                """)
                .Texts([.. texts.Select(t => t.Bank)])
                .Uuids([.. texts.Select(t => t.Text.Id.Value)])
                .With(NpgsqlTypes.NpgsqlDbType.Bytea, texts.Select(t => t.Text.Salt).ToArray())
                .Texts([.. texts.Select(t => t.Text.Body)]));
    }

    private static void AppendKeys(NpgsqlBatch sql, IReadOnlyList<Batch> batches)
    {
        var keys = batches.SelectMany(b => b.Keys.Select(k => (Bank: b.Queue.Id.Value, k.Claim, k.Outcome))).ToList();
        if (keys.Count > 0)
            sql.BatchCommands.Add(new NpgsqlBatchCommand("""
                insert into timebank.idempotency_keys (bank, key, request, status, outcome)
                select bank, key, request, status, outcome from unnest($1, $2, $3, $4::smallint[], $5) u (bank, key, request, status, outcome)
                """)
                .Texts([.. keys.Select(k => k.Bank)])
                .Uuids([.. keys.Select(k => k.Claim.Key)])
                .Uuids([.. keys.Select(k => k.Claim.Request)])
                .Numbers([.. keys.Select(k => (long)k.Outcome.Status)])
                .Texts([.. keys.Select(k => k.Outcome.Body)]));
    }
}

/// <summary>Claims of batch numbers, one a bank.</summary>
internal sealed class JournalRows
{
    public readonly List<string> Bank = [];
    public readonly List<long> Number = [];
    public readonly List<Guid> BatchId = [];
    public readonly List<DateTime> Posted = [];
    public readonly List<byte[]> Hash = [];

    public void Add(BankId bank, long number, Guid batch, DateTimeOffset posted, byte[] hash)
    {
        Bank.Add(bank.Value);
        Number.Add(number);
        BatchId.Add(batch);
        Posted.Add(posted.UtcDateTime);
        Hash.Add(hash);
    }
}

/// <summary>Rows of mt_events, in the order of the journal.</summary>
internal sealed class EventRows
{
    private readonly List<long> _batch = [];
    private readonly List<Guid> _id = [], _stream = [];
    private readonly List<long> _version = [];
    private readonly List<byte[]> _data = [];
    private readonly List<string> _type = [];
    private readonly List<string?> _correlation = [], _causation = [], _headers = [];

    public void Add(int batch, Guid stream, long version, byte[] data, string type, string? correlation, string? causation, string? headers)
    {
        _batch.Add(batch + 1);
        _id.Add(NewId());
        _stream.Add(stream);
        _version.Add(version);
        _data.Add(data);
        _type.Add(type);
        _correlation.Add(correlation);
        _causation.Add(causation);
        _headers.Add(headers);
    }

    /// <summary>Claims the numbers first: an event is inserted only through its batch's claim, so that a rival that lost
    /// waits on the journal's key and on nothing else, and its whole transaction aborts.</summary>
    public void AppendTo(NpgsqlBatch sql, JournalRows journal) => sql.BatchCommands.Add(new NpgsqlBatchCommand("""
        with numbered as materialized (
          select nextval('timebank.mt_events_sequence') as seq, e.*
          from unnest($1, $2, $3, $4, $5, $6, $7, $8, $14) e (batch, id, stream, version, data, type, correlation, causation, headers)
        ), claimed as (
          insert into timebank.journal (bank, number, batch_id, first_seq, last_seq, posted, hash)
          select b.bank, b.number, b.batch_id, n.first_seq, n.last_seq, b.posted, b.hash
          from unnest($9, $10, $11, $12, $13) with ordinality b (bank, number, batch_id, posted, hash, ordinal)
          join (select batch, min(seq) first_seq, max(seq) last_seq from numbered group by batch) n on n.batch = b.ordinal
          order by b.ordinal
          returning bank, posted, first_seq, last_seq
        )
        insert into timebank.mt_events
          (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, causation_id, headers, is_archived)
        select n.seq, n.id, n.stream, n.version, n.data, n.type, c.posted, c.bank, n.correlation, n.causation, n.headers::jsonb, false
        from claimed c join numbered n on n.seq between c.first_seq and c.last_seq
        """)
        .Numbers(_batch).Uuids(_id).Uuids(_stream).Numbers(_version).Json(_data).Texts(_type).Texts(_correlation).Texts(_causation)
        .Texts(journal.Bank).Numbers(journal.Number).Uuids(journal.BatchId).Instants(journal.Posted)
        .With(NpgsqlTypes.NpgsqlDbType.Bytea, journal.Hash)
        .Texts(_headers));

    /// <summary>A random UUID, version 4; nothing looks an event up by it, so it need not be hard to guess.</summary>
    private static Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>Rows of mt_streams: each stream once, at its last version.</summary>
internal sealed class StreamRows
{
    private readonly Dictionary<Guid, (StreamKind Kind, long First, long Last)> _touched = [];
    private readonly List<string> _newBank = [], _newType = [], _bank = [];
    private readonly List<Guid> _newId = [], _id = [];
    private readonly List<long> _newVersion = [], _version = [];
    private readonly List<DateTime> _newPosted = [], _posted = [];
    private BankId _current;
    private DateTime _currentPosted;

    public void Begin(BankId bank, DateTimeOffset posted) => (_current, _currentPosted) = (bank, posted.UtcDateTime);

    public void Add(Recorded e) =>
        _touched[e.Stream] = (e.Kind, _touched.TryGetValue(e.Stream, out var stream) ? stream.First : e.Version, e.Version);

    public void End()
    {
        foreach (var (id, (kind, first, last)) in _touched)
        {
            if (first == 1)
            {
                _newBank.Add(_current.Value);
                _newId.Add(id);
                _newType.Add(EventCodec.StreamType(kind));
                _newVersion.Add(last);
                _newPosted.Add(_currentPosted);
            }
            else
            {
                _bank.Add(_current.Value);
                _id.Add(id);
                _version.Add(last);
                _posted.Add(_currentPosted);
            }
        }
        _touched.Clear();
    }

    public void AppendTo(NpgsqlBatch sql)
    {
        if (_newId.Count > 0)
            sql.BatchCommands.Add(new NpgsqlBatchCommand("""
                insert into timebank.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
                select tenant, id, type, version, posted, posted, false from unnest($1, $2, $3, $4, $5) u (tenant, id, type, version, posted)
                """)
                .Texts(_newBank).Uuids(_newId).Texts(_newType).Numbers(_newVersion).Instants(_newPosted));
        if (_id.Count > 0)
            sql.BatchCommands.Add(new NpgsqlBatchCommand("""
                update timebank.mt_streams s set version = u.version, timestamp = u.posted
                from unnest($1, $2, $3, $4) u (tenant, id, version, posted) where s.tenant_id = u.tenant and s.id = u.id
                """)
                .Texts(_bank).Uuids(_id).Numbers(_version).Instants(_posted));
    }
}
