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
            Want(batch, missing, readsChosen: refresh);
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

    private void Want(Batch batch, StatesWanted missing, bool readsChosen)
    {
        foreach (var command in batch.Commands)
        {
            foreach (var account in command.Needs.Accounts)
                Want(batch, account, missing, 0);
            WantRest(batch, command.Needs, missing, readsChosen);
        }
    }

    private void WantRest(Batch batch, Needs needs, StatesWanted missing, bool readsChosen)
    {
        if (needs.Issuer && batch.Queue.Bank is { } bank)
            Want(batch, bank.Issuer, missing, 0);
        if (needs.AccountsOnly)
            return;
        foreach (var hold in needs.Holds)
            Want(batch, hold, missing);
        foreach (var rule in needs.Rules.Where(r => !batch.Ledger.Knows(r)))
            missing.Rules.Add((batch, rule));
        foreach (var right in needs.Rights.Where(r => !batch.Ledger.Knows(r)))
            missing.Rights.Add((batch, right));
        foreach (var thing in needs.Things)
            Want(batch, thing, missing);
        foreach (var chosen in needs.Chosen)
        {
            if (readsChosen)
                Want(batch, chosen, missing);
            else if (!batch.Ledger.Knows(chosen))
                batch.Ledger.Load(chosen, null);
        }
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

    private void Want(Batch batch, HoldId hold, StatesWanted missing)
    {
        if (batch.Ledger.Knows(hold))
            return;
        if (cache.Find(batch.Queue, hold) is { } known)
            TakeHold(batch, known, missing, 0);
        else
            missing.Holds.Add((batch, hold));
    }

    private void Want(Batch batch, ThingId thing, StatesWanted missing)
    {
        if (batch.Ledger.Knows(thing))
            return;
        if (!cache.TryFind(batch.Queue, thing, out var known))
            missing.Things.Add((batch, thing));
        else if (known is null)
            batch.Ledger.Load(thing, null);
        else
            TakeThing(batch, known, missing);
    }

    private void Have(Batch batch, Account account, StatesWanted missing, int step)
    {
        batch.Ledger.Load(account.Id, account);
        Follow(batch, account, missing, step);
    }

    /// <summary>An account is there; so must be its holds if their time has come, and the targets of its rules as far as they act.</summary>
    private void Follow(Batch batch, Account account, StatesWanted missing, int step)
    {
        // What it set apart may be asked to pay in its place.
        foreach (var earmark in step == 0 ? account.Earmarks : [])
            Want(batch, earmark, missing, 0);
        if (step >= Beyond || (account.OpenHolds == 0 && account.Rules.IsEmpty))
            return;
        var key = (batch, account.Id);
        var isNew = !_followed.TryGetValue(key, out var nearest);
        if (!isNew && nearest <= step)
            return;
        _followed[key] = step;
        if (isNew && account.OpenHolds > 0 && !(cache.NothingDueBefore(batch.Queue, account.Id) > batch.Ledger.Now))
            missing.DueHolds.Add((batch, account.Id));
        if (step == Reinvestments.MostSteps)
            return;
        foreach (var rule in account.Rules)
        {
            foreach (var target in rule.Terms.Targets)
                Want(batch, target.Account, missing, step + 1);
        }
    }

    /// <summary>Reads what is wanted; what follows from it is wanted next.</summary>
    private StatesWanted LoadWanted(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Batch> batches, StatesWanted wanted)
    {
        var found = StatesFound.Read(connection, transaction, batches, wanted);
        var next = new StatesWanted();
        foreach (var (batch, hold) in found.DueHolds)
            TakeHold(batch, hold, next, Beyond);
        // What is due already is not remembered: it is not yet certain that this batch ends it.
        foreach (var (batch, account, ends) in found.Dues.Where(d => !(d.Ends <= d.Batch.Ledger.Now)))
            cache.PutDue(batch.Queue, account, ends ?? DateTimeOffset.MaxValue);
        foreach (var (batch, hold) in found.Holds)
        {
            cache.Put(batch.Queue, hold);
            TakeHold(batch, hold, next, 0);
        }
        foreach (var (batch, rule) in found.Rules)
        {
            batch.Ledger.Load(rule.Id, rule);
            Want(batch, rule.Owner, next, 0);
        }
        foreach (var (batch, right) in found.Rights)
            TakeRight(batch, right, next);
        foreach (var (batch, thing) in found.Things)
        {
            cache.Put(batch.Queue, thing.Id, thing);
            TakeThing(batch, thing, next);
        }
        foreach (var (batch, version) in found.Versions)
            batch.Ledger.Load(version);
        foreach (var (batch, posting) in wanted.Postings)
            TakePosting(batch, posting, found.Postings.GetValueOrDefault((batch, posting), []), next);
        foreach (var (batch, account) in found.Accounts.Select(a => (a.Key.Item1, a.Value)))
        {
            cache.Put(batch.Queue, account);
            Have(batch, account, next, _asked[(batch, account.Id)]);
        }
        SayWhatIsNotThere(wanted);
        next.Accounts.RemoveWhere(w => w.Batch.Ledger.Knows(w.Account));
        return next;
    }

    private void SayWhatIsNotThere(StatesWanted wanted)
    {
        foreach (var (batch, account) in wanted.Accounts.Where(w => !w.Batch.Ledger.Knows(w.Account)))
            batch.Ledger.Load(account, null);
        foreach (var (batch, hold) in wanted.Holds.Where(w => !w.Batch.Ledger.Knows(w.Hold)))
            batch.Ledger.Load(hold, null);
        foreach (var (batch, rule) in wanted.Rules.Where(w => !w.Batch.Ledger.Knows(w.Rule)))
            batch.Ledger.Load(rule, null);
        foreach (var (batch, right) in wanted.Rights.Where(w => !w.Batch.Ledger.Knows(w.Right)))
            batch.Ledger.Load(right, null);
        foreach (var (batch, thing) in wanted.Things.Where(w => !w.Batch.Ledger.Knows(w.Thing)))
        {
            cache.Put(batch.Queue, thing, null);
            batch.Ledger.Load(thing, null);
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
        foreach (var account in thing.Parties)
        {
            Want(batch, account, next, 0);
            foreach (var link in about.SelectMany(c => c.Authority.LinksTo(account)).Where(link => !batch.Ledger.Knows(link)))
                next.Rights.Add((batch, link));
        }
        if (thing.Made is { } posting && !batch.Ledger.Knows(posting))
            next.Postings.Add((batch, posting));
        if (thing.Holding is { } hold)
            Want(batch, hold, next);
        foreach (var beside in thing.Beside([.. about.SelectMany(c => c.Needs.Accounts)]))
            Want(batch, beside, next);
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
