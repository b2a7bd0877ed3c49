using Npgsql;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Reinvestment;

namespace TimeBank.Store;

/// <summary>Reads, for the batches of one transaction, every state that their decisions need: from memory first,
/// the rest in one round trip, and again for what follows from it (a rule's targets, a due hold's accounts).</summary>
public sealed class LedgerLoader(StateCache cache, TimeProvider clock)
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
        // Until the head is known, a bank that was read may be older than it.
        var unread = batches.Where(b => b.Queue.Bank is null || b.Queue.Number < 0).ToList();
        if (unread.Count > 0)
            sql.BatchCommands.Add(BanksTable.Load([.. unread.Select(b => b.Queue.Id.Value)]));
        var recorded = RecordedOutcomes(batches);
        if (recorded is not null)
            sql.BatchCommands.Add(recorded);

        var moved = new List<(BankQueue Queue, long Number, DateTimeOffset Posted, byte[] Hash)>();
        using (var reader = sql.ExecuteReader())
        {
            if (transaction is not null)
                reader.NextResult();
            while (reader.Read())
            {
                var queue = batches[(int)reader.GetInt64(0) - 1].Queue;
                if (reader.GetInt64(1) != queue.Number)
                    moved.Add((queue, reader.GetInt64(1), reader.Instant(2), reader.GetFieldValue<byte[]>(3)));
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
        foreach (var (queue, number, posted, hash) in moved)
        {
            // Only when all that is out of date is forgotten does the queue stand at the new number: a failure in between must not
            // leave old states behind a new head.
            if (queue.Number >= 0)
                CatchUp(connection, transaction, queue, queue.Number + 1);
            (queue.Number, queue.Posted, queue.Hash) = (number, posted, hash);
        }
        foreach (var queue in batches.Select(b => b.Queue).Where(q => q.Number < 0))
            (queue.Number, queue.Hash, queue.Posted) = (0, HashChain.Start, default);
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

    private void Want(Batch batch, Missing missing)
    {
        foreach (var command in batch.Commands)
        {
            foreach (var account in command.Needs.Accounts)
                Want(batch, account, missing);
            foreach (var hold in command.Needs.Holds)
            {
                if (!batch.Ledger.Knows(hold))
                    missing.Holds.Add((batch, hold));
            }
            foreach (var rule in command.Needs.Rules)
            {
                if (!batch.Ledger.Knows(rule))
                    missing.Rules.Add((batch, rule));
            }
            foreach (var posting in command.Needs.Postings)
            {
                if (!batch.Ledger.Knows(posting))
                    missing.Postings.Add((batch, posting));
            }
        }
    }

    private void Want(Batch batch, AccountId account, Missing missing)
    {
        if (batch.Ledger.Knows(account))
            return;
        if (cache.Find(batch.Queue, account) is { } known)
            Have(batch, known, missing);
        else
            missing.Accounts.Add((batch, account));
    }

    /// <summary>An account is there; so must be the targets of its rules, and its holds if their time has come.</summary>
    private void Have(Batch batch, Account account, Missing missing)
    {
        batch.Ledger.Load(account.Id, account);
        if (account.OpenHolds > 0)
            missing.DueHolds.Add((batch, account.Id));
        foreach (var rule in account.Rules)
        {
            foreach (var target in rule.Terms.Targets)
                Want(batch, target.Account, missing);
        }
    }

    private Missing LoadMissing(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches, Missing wanted)
    {
        var byBank = batches.ToDictionary(b => b.Queue.Id.Value);
        using var sql = new NpgsqlBatch(connection, transaction);
        var readers = new List<Action<NpgsqlDataReader>>();
        var accounts = new Dictionary<(string, AccountId), Account>();
        var rules = new Dictionary<(string, AccountId), List<Rule>>();
        var next = new Missing();

        if (wanted.Accounts.Count > 0)
        {
            var banks = wanted.Accounts.Select(w => w.Batch.Queue.Id.Value).ToList();
            var ids = wanted.Accounts.Select(w => w.Account.Value).ToList();
            Query(AccountsTable.Load(banks, ids), row =>
            {
                var account = AccountsTable.Read(row, 1);
                accounts[(row.GetString(0), account.Id)] = account;
            });
            Query(RulesTable.LoadInForce(banks, ids), row =>
            {
                var rule = RulesTable.Read(row, 1);
                var key = (row.GetString(0), rule.Owner);
                if (!rules.TryGetValue(key, out var list))
                    rules[key] = list = [];
                list.Add(rule);
            });
        }
        if (wanted.DueHolds.Count > 0)
        {
            var now = wanted.DueHolds.Max(w => w.Batch.Ledger.Now);
            Query(HoldsTable.LoadDue([.. wanted.DueHolds.Select(w => w.Batch.Queue.Id.Value)], [.. wanted.DueHolds.Select(w => w.Account.Value)], now),
                row => TakeHold(byBank[row.GetString(0)], HoldsTable.Read(row, 1), next));
        }
        if (wanted.Holds.Count > 0)
            Query(HoldsTable.Load([.. wanted.Holds.Select(w => w.Batch.Queue.Id.Value)], [.. wanted.Holds.Select(w => w.Hold.Value)]),
                row => TakeHold(byBank[row.GetString(0)], HoldsTable.Read(row, 1), next));
        if (wanted.Rules.Count > 0)
            Query(RulesTable.LoadNewest([.. wanted.Rules.Select(w => w.Batch.Queue.Id.Value)], [.. wanted.Rules.Select(w => w.Rule.Value)]), row =>
            {
                var rule = RulesTable.Read(row, 1);
                var batch = byBank[row.GetString(0)];
                batch.Ledger.Load(rule.Id, rule);
                Want(batch, rule.Owner, next);
            });
        var transfers = new Dictionary<(string, PostingId), List<Transfer>>();
        if (wanted.Postings.Count > 0)
            Query(TransfersTable.Load(
                [.. wanted.Postings.Select(w => w.Batch.Queue.Id.Value)],
                [.. wanted.Postings.Select(w => w.Posting.Value)],
                [.. wanted.Postings.Select(w => Uuid.WithLow16(w.Posting.Value, 0xFFFF))]), row =>
            {
                var transfer = TransfersTable.Read(row, 1);
                var key = (row.GetString(0), transfer.Id.Posting);
                if (!transfers.TryGetValue(key, out var list))
                    transfers[key] = list = [];
                list.Add(transfer);
            });
        if (wanted.Versions.Count > 0)
            Query(RulesTable.LoadVersions(
                [.. wanted.Versions.Select(w => w.Batch.Queue.Id.Value)],
                [.. wanted.Versions.Select(w => w.Version.Id.Value)],
                [.. wanted.Versions.Select(w => w.Version.Version)]),
                row => byBank[row.GetString(0)].Ledger.Load(RulesTable.Read(row, 1)));

        using (var reader = sql.ExecuteReader())
        {
            foreach (var read in readers)
            {
                read(reader);
                reader.NextResult();
            }
        }

        foreach (var (batch, hold) in wanted.Holds.Where(w => !w.Batch.Ledger.Knows(w.Hold)))
            batch.Ledger.Load(hold, null);
        foreach (var (batch, rule) in wanted.Rules.Where(w => !w.Batch.Ledger.Knows(w.Rule)))
            batch.Ledger.Load(rule, null);
        foreach (var (batch, posting) in wanted.Postings)
            TakePosting(batch, posting, transfers.GetValueOrDefault((batch.Queue.Id.Value, posting), []), next);
        foreach (var (batch, id) in wanted.Accounts)
        {
            var key = (batch.Queue.Id.Value, id);
            if (!accounts.TryGetValue(key, out var account))
            {
                batch.Ledger.Load(id, null);
                continue;
            }
            if (rules.TryGetValue(key, out var inForce))
                account = account with { Rules = [.. inForce] };
            cache.Put(batch.Queue, account);
            Have(batch, account, next);
        }
        next.Accounts.RemoveWhere(w => w.Batch.Ledger.Knows(w.Account));
        return next;

        void Query(NpgsqlBatchCommand command, Action<NpgsqlDataReader> row)
        {
            sql.BatchCommands.Add(command);
            readers.Add(reader =>
            {
                while (reader.Read())
                    row(reader);
            });
        }
    }

    private void TakeHold(Batch batch, Holds.Hold hold, Missing next)
    {
        batch.Ledger.Load(hold.Id, hold);
        Want(batch, hold.Payer, next);
        Want(batch, hold.Payee, next);
    }

    private void TakePosting(Batch batch, PostingId posting, List<Transfer> transfers, Missing next)
    {
        batch.Ledger.Load(posting, transfers);
        foreach (var transfer in transfers)
        {
            Want(batch, transfer.Payer, next);
            Want(batch, transfer.Payee, next);
            if (transfer.Rule is { } version && !batch.Ledger.Knows(version))
                next.Versions.Add((batch, version));
        }
    }

    private sealed class Missing
    {
        public readonly HashSet<(Batch Batch, AccountId Account)> Accounts = [];
        public readonly HashSet<(Batch Batch, AccountId Account)> DueHolds = [];
        public readonly HashSet<(Batch Batch, HoldId Hold)> Holds = [];
        public readonly HashSet<(Batch Batch, RuleId Rule)> Rules = [];
        public readonly HashSet<(Batch Batch, RuleRef Version)> Versions = [];
        public readonly HashSet<(Batch Batch, PostingId Posting)> Postings = [];

        public IEnumerable<Batch> Batches =>
            Accounts.Select(w => w.Batch).Concat(DueHolds.Select(w => w.Batch)).Concat(Holds.Select(w => w.Batch))
                .Concat(Rules.Select(w => w.Batch)).Concat(Versions.Select(w => w.Batch)).Concat(Postings.Select(w => w.Batch)).Distinct();

        public bool IsEmpty =>
            Accounts.Count + DueHolds.Count + Holds.Count + Rules.Count + Versions.Count + Postings.Count == 0;
    }
}

/// <summary>Another server changed the bank itself while its batch was being read.</summary>
public sealed class BankChangedException : Exception;
