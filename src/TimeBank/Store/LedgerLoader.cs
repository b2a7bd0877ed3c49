using Npgsql;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Reinvestment;

namespace TimeBank.Store;

/// <summary>Reads, for the batches of one transaction, every state that their decisions need: from memory first,
/// the rest in one round trip, and again for what follows from it (a rule's targets, a due hold's accounts).</summary>
/// <remarks>How far it follows is counted in steps of rules: an account that a command names is at step 0, the targets of its rules at
/// step 1, and so on to the last that a chain of rules reaches. Accounts at which a due hold only releases what it had reserved are
/// beyond that: nothing follows from them.</remarks>
public sealed class LedgerLoader(StateCache cache, TimeProvider clock)
{
    private const int MostRounds = 24;
    private const int Beyond = Reinvestments.MostSteps + 1;

    private readonly JournalHeads _heads = new(cache);

    /// <summary>At which step an account is waited for, and from which step on it was followed; the least of each.</summary>
    private readonly Dictionary<(Batch, AccountId), int> _asked = [], _followed = [];

    /// <param name="refresh">Whether to ask first what others wrote meanwhile, and which keys were used before.</param>
    public void Load(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches, bool refresh)
    {
        _asked.Clear();
        _followed.Clear();
        foreach (var batch in batches)
            batch.Begin();
        if (refresh)
            _heads.Refresh(connection, transaction, batches);
        var missing = new StatesWanted();
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
            missing = LoadWanted(connection, transaction, batches, missing);
        }
    }

    /// <summary>Whole microseconds, never before the bank's last batch, whichever server wrote that.</summary>
    private DateTimeOffset NextPosted(BankQueue queue)
    {
        var now = Uuid.ToMicroseconds(clock.GetUtcNow());
        return now > queue.Posted ? now : queue.Posted.AddMicroseconds(1);
    }

    private static DateOnly TodayOf(BankQueue queue, DateTimeOffset now) => queue.Bank is { } bank
        ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(bank.Policy.TimeZone)).DateTime)
        : DateOnly.FromDateTime(now.UtcDateTime);

    private void Want(Batch batch, StatesWanted missing)
    {
        foreach (var command in batch.Commands)
        {
            foreach (var account in command.Needs.Accounts)
                Want(batch, account, missing, 0);
            WantRest(batch, command.Needs, missing);
        }
    }

    private void WantRest(Batch batch, Needs needs, StatesWanted missing)
    {
        if (needs.Issuer && batch.Queue.Bank is { } bank)
            Want(batch, bank.Issuer, missing, 0);
        if (needs.AccountsOnly)
            return;
        foreach (var hold in needs.Holds.Where(h => !batch.Ledger.Knows(h)))
            missing.Holds.Add((batch, hold));
        foreach (var rule in needs.Rules.Where(r => !batch.Ledger.Knows(r)))
            missing.Rules.Add((batch, rule));
        foreach (var right in needs.Rights.Where(r => !batch.Ledger.Knows(r)))
            missing.Rights.Add((batch, right));
        foreach (var thing in needs.Things.Where(t => !batch.Ledger.Knows(t)))
            missing.Things.Add((batch, thing));
        foreach (var posting in needs.Postings.Where(p => !batch.Ledger.Knows(p)))
            missing.Postings.Add((batch, posting));
    }

    private void Want(Batch batch, AccountId account, StatesWanted missing, int step)
    {
        if (batch.Ledger.Knows(account))
        {
            if (batch.Ledger.Find(account) is { } there)
                Follow(batch, there, missing, step);
        }
        else if (cache.Find(batch.Queue, account) is { } known)
        {
            Have(batch, known, missing, step);
        }
        else
        {
            missing.Accounts.Add((batch, account));
            _asked[(batch, account)] = Math.Min(step, _asked.GetValueOrDefault((batch, account), Beyond));
        }
    }

    private void Have(Batch batch, Account account, StatesWanted missing, int step)
    {
        batch.Ledger.Load(account.Id, account);
        Follow(batch, account, missing, step);
    }

    /// <summary>An account is there; so must be its holds if their time has come, and the targets of its rules as far as they act.</summary>
    private void Follow(Batch batch, Account account, StatesWanted missing, int step)
    {
        if (step >= Beyond || (account.OpenHolds == 0 && account.Rules.IsEmpty))
            return;
        var key = (batch, account.Id);
        var isNew = !_followed.TryGetValue(key, out var nearest);
        if (!isNew && nearest <= step)
            return;
        _followed[key] = step;
        if (isNew && account.OpenHolds > 0)
            missing.DueHolds.Add((batch, account.Id));
        if (step == Reinvestments.MostSteps)
            return;
        foreach (var rule in account.Rules)
        {
            foreach (var target in rule.Terms.Targets)
                Want(batch, target.Account, missing, step + 1);
        }
    }

    private StatesWanted LoadWanted(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches, StatesWanted wanted)
    {
        var byBank = batches.ToDictionary(b => b.Queue.Id.Value);
        using var sql = new NpgsqlBatch(connection, transaction);
        var readers = new List<Action<NpgsqlDataReader>>();
        var accounts = new Dictionary<(string, AccountId), Account>();
        var rules = new Dictionary<(string, AccountId), List<Rule>>();
        var next = new StatesWanted();

        Query(BankScope.Of(batches.Select(b => b.Queue.Id)).Command(), _ => { });
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
                row => TakeHold(byBank[row.GetString(0)], HoldsTable.Read(row, 1), next, Beyond));
        }
        if (wanted.Holds.Count > 0)
            Query(HoldsTable.Load([.. wanted.Holds.Select(w => w.Batch.Queue.Id.Value)], [.. wanted.Holds.Select(w => w.Hold.Value)]),
                row => TakeHold(byBank[row.GetString(0)], HoldsTable.Read(row, 1), next, 0));
        if (wanted.Rules.Count > 0)
            Query(RulesTable.LoadNewest([.. wanted.Rules.Select(w => w.Batch.Queue.Id.Value)], [.. wanted.Rules.Select(w => w.Rule.Value)]), row =>
            {
                var rule = RulesTable.Read(row, 1);
                var batch = byBank[row.GetString(0)];
                batch.Ledger.Load(rule.Id, rule);
                Want(batch, rule.Owner, next, 0);
            });
        if (wanted.Rights.Count > 0)
            Query(RightsTable.Load([.. wanted.Rights.Select(w => w.Batch.Queue.Id.Value)], [.. wanted.Rights.Select(w => w.Right.Value)]),
                row => TakeRight(byBank[row.GetString(0)], RightsTable.Read(row, 1), next));
        if (wanted.Things.Count > 0)
            Query(ThingsTable.Load([.. wanted.Things.Select(w => w.Batch.Queue.Id.Value)], [.. wanted.Things.Select(w => w.Thing.Value)]),
                row => TakeThing(byBank[row.GetString(0)], ThingsTable.Read(row, 1), next));
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
        foreach (var (batch, thing) in wanted.Things.Where(w => !w.Batch.Ledger.Knows(w.Thing)))
            batch.Ledger.Load(thing, null);
        foreach (var (batch, rule) in wanted.Rules.Where(w => !w.Batch.Ledger.Knows(w.Rule)))
            batch.Ledger.Load(rule, null);
        foreach (var (batch, right) in wanted.Rights.Where(w => !w.Batch.Ledger.Knows(w.Right)))
            batch.Ledger.Load(right, null);
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
            Have(batch, account, next, _asked[(batch, id)]);
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

    private void TakeHold(Batch batch, Holds.Hold hold, StatesWanted next, int step)
    {
        batch.Ledger.Load(hold.Id, hold);
        Want(batch, hold.Payer, next, step);
        Want(batch, hold.Payee, next, step);
    }

    /// <summary>Whether an account may be acted for is asked of the account, too: its neighbourhood counts.</summary>
    private void TakeRight(Batch batch, Right right, StatesWanted next)
    {
        batch.Ledger.Load(right.Id, right);
        if (right.Account is { } account)
            Want(batch, account, next, Beyond);
    }

    /// <summary>With it the accounts that it concerns, whether an app that asks was linked to them, and what its decisions look at beside it.</summary>
    private void TakeThing(Batch batch, Thing thing, StatesWanted next)
    {
        batch.Ledger.Load(thing.Id, thing);
        var about = batch.Commands.Where(c => c.Needs.Things.Contains(thing.Id)).ToList();
        var apps = about.Where(c => c.Authority.App is not null).Select(c => c.Authority.App!.Value).ToList();
        foreach (var account in thing.Parties)
        {
            Want(batch, account, next, 0);
            foreach (var link in apps.Select(app => RightId.OfLink(app, account)).Where(link => !batch.Ledger.Knows(link)))
                next.Rights.Add((batch, link));
        }
        if (thing.Made is { } posting && !batch.Ledger.Knows(posting))
            next.Postings.Add((batch, posting));
        if (thing.Holding is { } hold && !batch.Ledger.Knows(hold))
            next.Holds.Add((batch, hold));
        next.Things.UnionWith(thing.Beside([.. about.SelectMany(c => c.Needs.Accounts)]).Where(t => !batch.Ledger.Knows(t)).Select(t => (batch, t)));
    }

    private void TakePosting(Batch batch, PostingId posting, List<Transfer> transfers, StatesWanted next)
    {
        batch.Ledger.Load(posting, transfers);
        foreach (var transfer in transfers)
        {
            Want(batch, transfer.Payer, next, 0);
            Want(batch, transfer.Payee, next, 0);
            if (transfer.Rule is { } version && !batch.Ledger.Knows(version))
                next.Versions.Add((batch, version));
        }
    }
}
