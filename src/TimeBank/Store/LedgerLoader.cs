using Npgsql;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Reinvestment;

namespace TimeBank.Store;

/// <summary>Reads, for the batches of one transaction, every state that their decisions need: from memory first,
/// the rest in one round trip, and again for what follows from it (a rule's targets, a due hold's accounts).</summary>
public sealed partial class LedgerLoader(StateCache cache, TimeProvider clock)
{
    private const int MostRounds = 24;

    public void Load(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches)
    {
        foreach (var batch in batches)
            batch.Begin();
        RefreshHeads(connection, transaction, batches);
        var missing = new Missing();
        foreach (var batch in batches)
        {
            var now = NextPosted(batch.Queue);
            batch.Ledger = new Ledger(batch.Queue.Id, batch.Queue.Bank, now, TodayOf(batch.Queue, now));
        }
        foreach (var batch in batches)
            Want(batch, missing);
        for (var round = 0; !missing.IsEmpty; round++)
        {
            if (round == MostRounds)
                throw new InvalidOperationException("What a decision needs did not come to an end.");
            foreach (var batch in missing.Batches)
                batch.ReadFromStore = true;
            missing = LoadMissing(connection, transaction, batches, missing);
        }
    }

    /// <summary>A batch that claims no number, because all it says is no, is nevertheless of one moment: if other servers wrote
    /// while its states were read, it is decided again.</summary>
    public static void Confirm(NpgsqlConnection connection, NpgsqlTransaction? transaction, Batch batch)
    {
        using var command = new NpgsqlCommand("select max(number) from timebank.journal where bank = $1", connection, transaction)
        {
            Parameters = { new() { Value = batch.Queue.Id.Value } },
        };
        var head = command.ExecuteScalar() is long number ? number : 0;
        if (head != batch.Queue.Number)
            throw new BankChangedException();
    }

    /// <summary>Whole microseconds, never before the bank's last batch, whichever server wrote that.</summary>
    private DateTimeOffset NextPosted(BankQueue queue)
    {
        var now = clock.GetUtcNow();
        var whole = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return whole > queue.Posted ? whole : queue.Posted.AddMicroseconds(1);
    }

    private static DateOnly TodayOf(BankQueue queue, DateTimeOffset now) => queue.Bank is { } bank
        ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(bank.Policy.TimeZone)).DateTime)
        : DateOnly.FromDateTime(now.UtcDateTime);

    /// <summary>Where each journal stands, and which keys were used before. What other servers wrote since is forgotten here, to be read anew.</summary>
    private void RefreshHeads(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches)
    {
        using var sql = new NpgsqlBatch(connection, transaction);
        if (transaction is not null)
            sql.BatchCommands.Add(EventStore.LockBanks(batches));
        sql.BatchCommands.Add(new NpgsqlBatchCommand("""
            select u.ordinal, j.number, j.posted, j.hash
            from unnest($1) with ordinality u (bank, ordinal)
            cross join lateral (select number, posted, hash from timebank.journal j where j.bank = u.bank order by number desc limit 1) j
            """).Texts([.. batches.Select(b => b.Queue.Id.Value)]));
        var unread = batches.Where(b => b.Queue.Bank is null).ToList();
        if (unread.Count > 0)
            sql.BatchCommands.Add(BanksTable.Load([.. unread.Select(b => b.Queue.Id.Value)]));
        var recorded = RecordedOutcomes(batches);
        if (recorded is not null)
            sql.BatchCommands.Add(recorded);

        var behind = new List<(BankQueue Queue, long From)>();
        using (var reader = sql.ExecuteReader())
        {
            if (transaction is not null)
                reader.NextResult();
            while (reader.Read())
            {
                var queue = batches[(int)reader.GetInt64(0) - 1].Queue;
                var number = reader.GetInt64(1);
                if (number == queue.Number)
                    continue;
                if (queue.Number >= 0)
                    behind.Add((queue, queue.Number + 1));
                queue.Number = number;
                queue.Posted = reader.Instant(2);
                queue.Hash = reader.GetFieldValue<byte[]>(3);
            }
            if (unread.Count > 0)
            {
                reader.NextResult();
                var queues = unread.ToDictionary(b => b.Queue.Id, b => b.Queue);
                while (reader.Read())
                {
                    var bank = BanksTable.Read(reader, 0);
                    queues[bank.Id].Bank = bank;
                }
            }
            if (recorded is not null)
            {
                reader.NextResult();
                while (reader.Read())
                    batches[(int)reader.GetInt64(0)].Recorded[reader.GetGuid(1)] = new(reader.GetGuid(2), reader.GetInt16(3), reader.GetString(4));
            }
        }
        foreach (var queue in batches.Select(b => b.Queue).Where(q => q.Number < 0))
            (queue.Number, queue.Hash, queue.Posted) = (0, HashChain.Start, default);
        foreach (var (queue, from) in behind)
            CatchUp(connection, transaction, queue, from);
    }

    /// <summary>Forgets every account that batches from that number on touched.</summary>
    private void CatchUp(NpgsqlConnection connection, NpgsqlTransaction? transaction, BankQueue queue, long from)
    {
        using var command = new NpgsqlCommand("""
            select distinct e.stream_id, s.type, e.type, e.data ->> 'owner'
            from timebank.mt_events e join timebank.mt_streams s on s.tenant_id = e.tenant_id and s.id = e.stream_id
            where e.tenant_id = $1 and e.seq_id >= (select first_seq from timebank.journal where bank = $1 and number = $2)
            """, connection, transaction)
        {
            Parameters = { new() { Value = queue.Id.Value }, new() { Value = from } },
        };
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var type = reader.GetString(2);
            if (!EventCodec.Knows(type))
                throw new UnknownEventException(type, null);
            switch (reader.GetString(1))
            {
                case "account": cache.Forget(queue, new AccountId(reader.GetGuid(0))); break;
                case "account_settings": cache.Forget(queue, AccountId.OfSettings(reader.GetGuid(0))); break;
                case "rule": cache.Forget(queue, new AccountId(Guid.Parse(reader.GetString(3)))); break;
                case "bank":
                    // The policy is read again by the next load; until then this decision must not use the old one.
                    queue.ForgetAll();
                    throw new BankChangedException();
            }
        }
    }

    private static NpgsqlBatchCommand? RecordedOutcomes(IReadOnlyList<Batch> batches)
    {
        List<long> ordinals = [];
        List<string> banks = [];
        List<Guid> keys = [];
        for (var i = 0; i < batches.Count; i++)
        {
            foreach (var command in batches[i].Commands)
            {
                if (command.Key is not { } claim || command.DryRun)
                    continue;
                ordinals.Add(i);
                banks.Add(batches[i].Queue.Id.Value);
                keys.Add(claim.Key);
            }
        }
        return keys.Count == 0 ? null : new NpgsqlBatchCommand("""
            select u.ordinal, k.key, k.request, k.status, k.outcome
            from unnest($1, $2, $3) u (ordinal, bank, key) join timebank.idempotency_keys k on k.bank = u.bank and k.key = u.key
            """).Numbers(ordinals).Texts(banks).Uuids(keys);
    }
}

/// <summary>Another server changed the bank itself while its batch was being read.</summary>
public sealed class BankChangedException : Exception;
