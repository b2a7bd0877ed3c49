using Npgsql;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Reinvestment;

namespace TimeBank.Store;

/// <summary>What the store has of the states that were wanted, read in one round trip.</summary>
internal sealed class StatesFound
{
    public readonly Dictionary<(Batch, AccountId), Account> Accounts = [];
    public readonly List<(Batch Batch, Hold Hold)> Holds = [], DueHolds = [];
    public readonly List<(Batch Batch, AccountId Account, DateTimeOffset? Ends)> Dues = [];
    public readonly List<(Batch Batch, Rule Rule)> Rules = [], Versions = [];
    public readonly List<(Batch Batch, Right Right)> Rights = [];
    public readonly List<(Batch Batch, Thing Thing)> Things = [];
    public readonly Dictionary<(Batch, PostingId), List<Transfer>> Postings = [];

    public static StatesFound Read(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches, StatesWanted wanted)
    {
        var found = new StatesFound();
        var byBank = batches.ToDictionary(b => b.Queue.Id.Value);
        using var sql = new NpgsqlBatch(connection, transaction);
        var readers = new List<Action<NpgsqlDataReader>>();
        sql.BatchCommands.Add(BankScope.Of(batches.Select(b => b.Queue.Id)).Command());

        if (wanted.Accounts.Count > 0)
        {
            var (banks, ids) = Keys(wanted.Accounts, w => (w.Batch, w.Account.Value));
            Query(AccountsTable.Load(banks, ids), (batch, row) =>
            {
                var account = AccountsTable.Read(row, 1);
                found.Accounts[(batch, account.Id)] = account;
            });
            Query(RulesTable.LoadInForce(banks, ids), (batch, row) =>
            {
                var rule = RulesTable.Read(row, 1);
                var owner = found.Accounts[(batch, rule.Owner)];
                found.Accounts[(batch, rule.Owner)] = owner with { Rules = owner.Rules.Add(rule) };
            });
        }
        if (wanted.DueHolds.Count > 0)
        {
            var (banks, ids) = Keys(wanted.DueHolds, w => (w.Batch, w.Account.Value));
            Query(HoldsTable.LoadDue(banks, ids, wanted.DueHolds.Max(w => w.Batch.Ledger.Now)), (batch, row) => found.DueHolds.Add((batch, HoldsTable.Read(row, 1))));
            Query(HoldsTable.NextDue(banks, ids), (batch, row) => found.Dues.Add((batch, new AccountId(row.GetGuid(1)), row.InstantOrNull(2))));
        }
        if (wanted.Holds.Count > 0)
        {
            var (banks, ids) = Keys(wanted.Holds, w => (w.Batch, w.Hold.Value));
            Query(HoldsTable.Load(banks, ids), (batch, row) => found.Holds.Add((batch, HoldsTable.Read(row, 1))));
        }
        if (wanted.Rules.Count > 0)
        {
            var (banks, ids) = Keys(wanted.Rules, w => (w.Batch, w.Rule.Value));
            Query(RulesTable.LoadNewest(banks, ids), (batch, row) => found.Rules.Add((batch, RulesTable.Read(row, 1))));
        }
        if (wanted.Rights.Count > 0)
        {
            var (banks, ids) = Keys(wanted.Rights, w => (w.Batch, w.Right.Value));
            Query(RightsTable.Load(banks, ids), (batch, row) => found.Rights.Add((batch, RightsTable.Read(row, 1))));
        }
        if (wanted.Things.Count > 0)
        {
            var (banks, ids) = Keys(wanted.Things, w => (w.Batch, w.Thing.Value));
            Query(ThingsTable.Load(banks, ids), (batch, row) => found.Things.Add((batch, ThingsTable.Read(row, 1))));
        }
        if (wanted.Postings.Count > 0)
        {
            var (banks, ids) = Keys(wanted.Postings, w => (w.Batch, w.Posting.Value));
            Query(TransfersTable.Load(banks, ids, [.. ids.Select(id => Uuid.WithLow16(id, 0xFFFF))]), (batch, row) =>
            {
                var transfer = TransfersTable.Read(row, 1);
                var key = (batch, transfer.Id.Posting);
                if (!found.Postings.TryGetValue(key, out var legs))
                    found.Postings[key] = legs = [];
                legs.Add(transfer);
            });
        }
        if (wanted.Versions.Count > 0)
        {
            var (banks, ids) = Keys(wanted.Versions, w => (w.Batch, w.Version.Id.Value));
            Query(RulesTable.LoadVersions(banks, ids, [.. wanted.Versions.Select(w => w.Version.Version)]), (batch, row) => found.Versions.Add((batch, RulesTable.Read(row, 1))));
        }

        using var reader = sql.ExecuteReader();
        reader.NextResult();
        foreach (var read in readers)
        {
            read(reader);
            reader.NextResult();
        }
        return found;

        static (List<string> Banks, List<Guid> Ids) Keys<TWanted>(IReadOnlyCollection<TWanted> wanted, Func<TWanted, (Batch Batch, Guid Id)> key)
        {
            var (banks, ids) = (new List<string>(wanted.Count), new List<Guid>(wanted.Count));
            foreach (var (batch, id) in wanted.Select(key))
            {
                banks.Add(batch.Queue.Id.Value);
                ids.Add(id);
            }
            return (banks, ids);
        }

        // The first column of every row is its bank.
        void Query(NpgsqlBatchCommand command, Action<Batch, NpgsqlDataReader> row)
        {
            sql.BatchCommands.Add(command);
            readers.Add(reader =>
            {
                while (reader.Read())
                    row(byBank[reader.GetString(0)], reader);
            });
        }
    }
}
