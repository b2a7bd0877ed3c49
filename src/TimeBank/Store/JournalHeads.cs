using Npgsql;
using TimeBank.Accounts;
using TimeBank.Holds;
using TimeBank.Projections;

namespace TimeBank.Store;

/// <summary>Keeps what is in memory as fresh as the journals: where each stands, what other servers wrote since, and which keys were used.</summary>
public sealed class JournalHeads(StateCache cache)
{
    /// <summary>So many batches of others are followed event by event; what is further behind is forgotten and read anew when needed.</summary>
    private const int MostBatchesBehind = 100;

    /// <summary>One round trip. Under the bank's lock others are at work too: what they wrote is then read in the same one.</summary>
    public void Refresh(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches)
    {
        using var sql = new NpgsqlBatch(connection, transaction);
        var readers = new List<Action<NpgsqlDataReader>>();
        void Query(NpgsqlBatchCommand command, Action<NpgsqlDataReader> read)
        {
            sql.BatchCommands.Add(command);
            readers.Add(read);
        }

        Query(BankScope.Of(batches.Select(b => b.Queue.Id)).Command(), _ => { });
        var locked = transaction is not null;
        if (locked)
            Query(EventStore.LockBanks(batches), _ => { });
        var moved = new List<(BankQueue Queue, long Number, DateTimeOffset Posted, byte[] Hash)>();
        Query(Heads(batches), row =>
        {
            var queue = batches[(int)row.GetInt64(0) - 1].Queue;
            if (row.GetInt64(1) != queue.Number)
                moved.Add((queue, row.GetInt64(1), row.Instant(2), row.GetFieldValue<byte[]>(3)));
        });
        // Until the head is known, a bank that was read may be older than it.
        var unread = batches.Where(b => b.Queue.Bank is null || b.Queue.Number < 0).ToDictionary(b => b.Queue.Id, b => b.Queue);
        if (unread.Count > 0)
            Query(BanksTable.Load([.. unread.Keys.Select(id => id.Value)]), row =>
            {
                var bank = BanksTable.Read(row, 0);
                unread[bank.Id].Bank = bank;
            });
        if (RecordedOutcomes(batches) is { } recorded)
            Query(recorded, row => batches[(int)row.GetInt64(0)].Recorded[row.GetGuid(1)] = new(row.GetGuid(2), row.GetInt16(3), row.GetString(4)));
        foreach (var batch in batches.Where(b => locked && b.Queue.Number > 0))
            Query(WrittenSince(batch.Queue), row => TakeForeign(batch.Queue, row));

        using (var reader = sql.ExecuteReader())
        {
            foreach (var read in readers)
            {
                while (reader.Read())
                    read(reader);
                reader.NextResult();
            }
        }
        foreach (var (queue, number, posted, hash) in moved)
        {
            // Only when nothing out of date is left does the queue stand at the new number: a failure in between must not
            // leave old states behind a new head.
            if (queue.Number > 0 && !locked)
            {
                if (number - queue.Number > MostBatchesBehind)
                {
                    queue.ForgetAll();
                    throw new BankChangedException();
                }
                CatchUp(connection, queue);
            }
            (queue.Number, queue.Posted, queue.Hash) = (number, posted, hash);
        }
        foreach (var queue in batches.Select(b => b.Queue).Where(q => q.Number < 0))
            (queue.Number, queue.Hash, queue.Posted) = (0, HashChain.Start, default);
    }

    /// <summary>A batch that claims no number, because all it says is no, is nevertheless of one moment: if other servers wrote
    /// while its states were read, it is decided again.</summary>
    public static void Confirm(NpgsqlConnection connection, NpgsqlTransaction? transaction, Batch batch)
    {
        using var sql = new NpgsqlBatch(connection, transaction);
        sql.BatchCommands.Add(((BankScope)batch.Queue.Id).Command());
        sql.BatchCommands.Add(new NpgsqlBatchCommand("select max(number) from timebank.journal where bank = $1").Value(batch.Queue.Id.Value));
        using var reader = sql.ExecuteReader();
        reader.NextResult();
        var head = reader.Read() ? reader.NumberOrNull(0) ?? 0 : 0;
        if (head != batch.Queue.Number)
            throw new BankChangedException();
    }

    private void CatchUp(NpgsqlConnection connection, BankQueue queue)
    {
        using var sql = new NpgsqlBatch(connection);
        sql.BatchCommands.Add(((BankScope)queue.Id).Command());
        sql.BatchCommands.Add(WrittenSince(queue));
        using var reader = sql.ExecuteReader();
        reader.NextResult();
        while (reader.Read())
            TakeForeign(queue, reader);
    }

    private static NpgsqlBatchCommand Heads(IReadOnlyList<Batch> batches) => new NpgsqlBatchCommand("""
        select u.ordinal, j.number, j.posted, j.hash
        from unnest($1) with ordinality u (bank, ordinal)
        cross join lateral (select number, posted, hash from timebank.journal j where j.bank = u.bank order by number desc limit 1) j
        """).Texts([.. batches.Select(b => b.Queue.Id.Value)]);

    /// <summary>Every event after the last batch that is known here, in order.</summary>
    private static NpgsqlBatchCommand WrittenSince(BankQueue queue) => new NpgsqlBatchCommand("""
        select e.stream_id, s.type, e.type, e.version, (e.data ->> 'balance')::bigint, (e.data ->> 'available')::bigint,
          (e.data ->> 'room')::bigint, (e.data ->> 'openHolds')::int, coalesce(e.data ->> 'owner', case when e.type = 'account_opened' then e.data ->> 'parent' end), case when s.type = 'account' then (e.data ->> 'hold')::uuid end
        from timebank.mt_events e join timebank.mt_streams s on s.tenant_id = e.tenant_id and s.id = e.stream_id
        where e.tenant_id = $1 and e.seq_id > (select last_seq from timebank.journal where bank = $1 and number = $2)
        order by e.seq_id
        """).Value(queue.Id.Value).Value(queue.Number);

    /// <summary>A passbook's event carries all figures of its account, so that memory follows without reading it again;
    /// what else changed is forgotten, to be read anew.</summary>
    private void TakeForeign(BankQueue queue, NpgsqlDataReader row)
    {
        EventCodec.ThrowIfUnknown(row.GetString(2));
        switch (row.GetString(1))
        {
            case "account":
                var passbook = new AccountId(row.GetGuid(0));
                cache.ForgetDue(queue, passbook);
                if (row.UuidOrNull(9) is { } hold)
                    cache.Forget(queue, new HoldId(hold));
                if (cache.Find(queue, passbook) is { } account && account.Version < row.GetInt64(3))
                    cache.Put(queue, After(account, row));
                break;
            case "account_settings":
                cache.Forget(queue, AccountId.OfSettings(row.GetGuid(0)));
                // A project knows its earmarks.
                if (row.TextOrNull(8) is { } project)
                    cache.Forget(queue, new AccountId(Guid.Parse(project)));
                break;
            case "rule":
                cache.Forget(queue, new AccountId(Guid.Parse(row.GetString(8))));
                break;
            case "audit" when row.GetString(2) is not ("role_granted" or "role_ended") && queue.Bank is { } bank:
                queue.Bank = bank with { AuditVersion = row.GetInt64(3) };
                break;
            case var kind when ThingsTable.IsThing(kind):
                cache.Forget(queue, new ThingId(row.GetGuid(0)));
                break;
            default:
                // The policy is read again by the next load; until then this decision must not use the old one.
                queue.ForgetAll();
                throw new BankChangedException();
        }
    }

    private static Account After(Account account, NpgsqlDataReader row) => account with
    {
        Version = row.GetInt64(3),
        Balance = new Minutes(row.GetInt64(4)),
        Held = new Minutes(row.GetInt64(4) - row.GetInt64(5)),
        Room = row.MinutesOrNull(6) ?? Minutes.Zero,
        OpenHolds = row.IsDBNull(7) ? 0 : row.GetInt32(7),
    };

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
