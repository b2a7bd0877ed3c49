using Npgsql;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Reinvestment;

namespace TimeBank.Store;

/// <summary>The states themselves: what is wanted, what is missing, and what follows from what was found.</summary>
public sealed partial class LedgerLoader
{
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
