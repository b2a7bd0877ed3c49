using Microsoft.Extensions.Logging;
using Npgsql;

namespace TimeBank.Store;

/// <summary>One writer connection: reads, decides and writes the batches it is given, and answers their callers.</summary>
/// <remarks>Memory advances only after commit. A lost claim is decided again on what the winner wrote; a batch whose commit may or
/// may not have happened is looked up by its id; a batch that the database refuses for another reason is taken apart,
/// so that one command's trouble is not its neighbours'.</remarks>
public sealed class JournalWriter(Database database, LedgerLoader loader, StateCache cache, FreshBanks fresh, ILogger log) : IDisposable
{
    private const int MostAttempts = 6;
    private const int LostBeforeLocking = 2;
    private const int BatchesUnderLock = 64;
    private const int CarefulAfterLoss = 64;

    private readonly EventStore _store = new();
    private readonly ManualResetEventSlim _pause = new();
    private NpgsqlConnection? _connection;

    public void Write(IReadOnlyList<Batch> batches)
    {
        if (batches.Any(b => b.Queue.Stopped is not null))
        {
            foreach (var batch in batches.Where(b => b.Queue.Stopped is not null))
                batch.Fail(JournalFailure.BankStopped, batch.Queue.Stopped!);
            batches = [.. batches.Where(b => b.Queue.Stopped is null)];
            if (batches.Count == 0)
                return;
        }
        if (batches.Count > 1 && batches.Any(b => b.Queue.LockedBatches > 0))
        {
            OneByOne(batches);
            return;
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Attempt(batches, attempt);
                return;
            }
            catch (UnknownEventException e)
            {
                if (batches.Count > 1)
                {
                    OneByOne(batches);
                    return;
                }
                log.LogCritical(e, "Bank {Bank} stands still on this server.", batches[0].Queue.Id);
                batches[0].Queue.Stopped = e.Message;
                Fail(batches, JournalFailure.BankStopped, e.Message);
                return;
            }
            catch (Exception e) when (StoreFaults.IsConflict(e))
            {
                if (batches.Count > 1)
                {
                    OneByOne(batches);
                    return;
                }
                Lost(batches[0].Queue);
                // Nobody loses that often under the bank's lock: rather than others, it is this server's memory that is wrong.
                if (attempt > LostBeforeLocking + 1)
                    batches[0].Queue.ForgetAll();
                if (attempt >= MostAttempts)
                {
                    Fail(batches, JournalFailure.StoreUnavailable, "Others wrote first, too often.");
                    return;
                }
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("The store did not answer: {Why}", e.Message);
                Disconnect();
                var committed = Committed(batches, ref attempt);
                if (committed == true)
                {
                    Advance(batches);
                    return;
                }
                // While it is not known whether the batch was committed, it is not decided again: a change of settings that was
                // made would be answered as one that somebody else made.
                if (committed is null || attempt >= MostAttempts || StoreFaults.IsFull(e) || StoreFaults.IsLocked(e))
                {
                    Fail(batches, JournalFailure.StoreUnavailable, e.Message);
                    return;
                }
                Pause(attempt);
            }
            catch (PostgresException e)
            {
                if (batches.Count > 1)
                {
                    OneByOne(batches);
                    return;
                }
                if (batches[0].Commands.Count > 1)
                {
                    foreach (var command in batches[0].Commands)
                        Write([new Batch(batches[0].Queue, [command])]);
                    return;
                }
                log.LogError(e, "The store refused a command of bank {Bank}.", batches[0].Queue.Id);
                batches[0].Queue.ForgetAll();
                Fail(batches, JournalFailure.Defect, e.MessageText);
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                log.LogError(e, "A batch failed.");
                foreach (var batch in batches)
                    batch.Queue.ForgetAll();
                Disconnect();
                Fail(batches, JournalFailure.Defect, e.Message);
                return;
            }
        }
    }

    public void Dispose() => Disconnect();

    private void Attempt(IReadOnlyList<Batch> batches, int attempt)
    {
        var connection = Connection();
        using var transaction = batches[0].Queue.LockedBatches > 0 ? connection.BeginTransaction() : null;
        // Memory is the newest there is as long as nobody else writes this bank. If that is wrong, or if a key was used before, the claim
        // or the key fails and all is decided again; only what is refused, or claims nothing, must be known to be fresh before it is said.
        if (attempt == 1 && transaction is null && batches is [{ Queue.MayTrustMemory: true }])
        {
            loader.Load(connection, transaction, batches, refresh: false);
            batches[0].Decide();
            if (batches[0].ProvesItself)
            {
                _store.Append(connection, transaction, batches);
                Advance(batches);
                return;
            }
        }
        loader.Load(connection, transaction, batches, refresh: true);
        foreach (var batch in batches)
            batch.Decide();
        foreach (var batch in batches.Where(b => !b.HasEvents && b.ReadFromStore))
            JournalHeads.Confirm(connection, transaction, batch);
        var writing = batches.Where(b => b.HasRows).ToList();
        if (writing.Count > 0)
            _store.Append(connection, transaction, writing);
        Advance(batches);
    }

    /// <summary>After the commit: memory takes what was decided, and the callers hear it.</summary>
    private void Advance(IReadOnlyList<Batch> batches)
    {
        foreach (var batch in batches)
        {
            var queue = batch.Queue;
            if (batch.HasEvents)
            {
                queue.Number++;
                queue.Hash = batch.Hash;
                queue.Posted = batch.Ledger.Now;
                queue.Bank = batch.Ledger.Bank;
                foreach (var id in batch.ChangedAccounts)
                    cache.Put(queue, batch.Ledger.Find(id)!);
                foreach (var id in batch.ChangedHolds)
                    cache.Put(queue, batch.Ledger.Find(id)!);
                foreach (var id in batch.ChangedThings)
                    cache.Put(queue, id, batch.Ledger.Find(id));
                fresh.Add(queue.Id);
            }
            queue.LostInARow = 0;
            queue.LockedBatches = Math.Max(0, queue.LockedBatches - 1);
            queue.CarefulBatches = Math.Max(0, queue.CarefulBatches - 1);
            batch.Answer();
        }
    }

    private void OneByOne(IReadOnlyList<Batch> batches)
    {
        foreach (var batch in batches)
            Write([batch]);
    }

    private static void Lost(BankQueue queue)
    {
        queue.CarefulBatches = CarefulAfterLoss;
        if (++queue.LostInARow >= LostBeforeLocking)
            queue.LockedBatches = BatchesUnderLock;
    }

    private static void Fail(IReadOnlyList<Batch> batches, JournalFailure failure, string why)
    {
        foreach (var batch in batches)
            batch.Fail(failure, why);
    }

    /// <summary>Whether the transaction whose end we did not hear was committed: all of it was, or nothing. Null if the store does not
    /// say, however often it is asked.</summary>
    private bool? Committed(IReadOnlyList<Batch> batches, ref int attempt)
    {
        if (batches.FirstOrDefault(b => b.HasEvents && b.Hash.Length > 0) is not { } batch)
            return false;
        for (; ; attempt++)
        {
            try
            {
                // The lost transaction may still be at work in the server. It has the banks' locks: wait for them, then look.
                using var sql = new NpgsqlBatch(Connection());
                sql.BatchCommands.Add(((BankScope)batch.Queue.Id).Command());
                sql.BatchCommands.Add(EventStore.LockBanks(batches));
                sql.BatchCommands.Add(new NpgsqlBatchCommand("select batch_id from timebank.journal where bank = $1 and number = $2")
                {
                    Parameters = { new() { Value = batch.Queue.Id.Value }, new() { Value = batch.Queue.Number + 1 } },
                });
                using var reader = sql.ExecuteReader();
                reader.NextResult();
                reader.NextResult();
                return reader.Read() && reader.GetGuid(0) == batch.Id;
            }
            catch (Exception e) when (e is NpgsqlException || StoreFaults.IsUnavailable(e))
            {
                Disconnect();
                if (attempt >= MostAttempts)
                    return null;
                Pause(attempt);
            }
        }
    }

    private void Pause(int attempt) => _pause.Wait(TimeSpan.FromMilliseconds(50 << attempt));

    private NpgsqlConnection Connection()
    {
        if (_connection is { State: System.Data.ConnectionState.Open })
            return _connection;
        Disconnect();
        return _connection = database.OpenWriter();
    }

    private void Disconnect()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            connection.Dispose();
        }
    }
}
