namespace TimeBank.Store;

/// <summary>Reads banks again from their first event, or from a batch, and compares everything that is kept of them.</summary>
/// <remarks>It stops at the number at which each journal stands when it begins, reads in short statements and writes nothing,
/// so that servers go on meanwhile. Memory grows with accounts and open holds, not with the number of events.</remarks>
public sealed class Verification(string connectionString)
{
    /// <summary>Every bank there is, in order.</summary>
    public async Task<IReadOnlyList<string>> BanksAsync(CancellationToken cancel)
    {
        await using var replay = await Replay.OpenAsync(connectionString, cancel);
        return await replay.BanksAsync(cancel);
    }

    /// <summary>The bank and number of the batch with that hash; null if there is none.</summary>
    public async Task<(string Bank, long Number)?> FindAsync(byte[] hash, CancellationToken cancel)
    {
        await using var replay = await Replay.OpenAsync(connectionString, cancel);
        var found = await Replay.ReadAsync(
            replay.Command("select bank, number from timebank.journal where hash = $1", hash), row => (row.GetString(0), row.GetInt64(1)), cancel);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>How many events the banks have, by PostgreSQL's own estimate: for a bar that moves, not for a figure.</summary>
    public async Task<long?> EstimateAsync(CancellationToken cancel)
    {
        await using var replay = await Replay.OpenAsync(connectionString, cancel);
        var rows = await Replay.ReadAsync(
            replay.Command("select reltuples::bigint from pg_class where oid = 'timebank.mt_events'::regclass"), row => row.GetInt64(0), cancel);
        return rows[0] > 0 ? rows[0] : null;
    }

    /// <param name="banks">Which banks; those that are not there are differences.</param>
    /// <param name="after">Batches up to this number of the one bank are trusted; 0 begins at the beginning.</param>
    /// <param name="tell">Hears every difference as it is found.</param>
    /// <param name="report">Hears how many events were read, now and then.</param>
    public async Task<Verified> RunAsync(
        IReadOnlyList<string> banks, long after, Action<Difference> tell, Action<long> report, CancellationToken cancel)
    {
        await using var replay = await Replay.OpenAsync(connectionString, cancel);
        var heads = new List<(string Bank, StoredBatch? Head)>();
        foreach (var bank in banks)
            heads.Add((bank, await replay.HeadAsync(bank, cancel)));
        var differences = 0L;
        long events = 0;
        var verified = new List<VerifiedBank>();
        foreach (var (bank, head) in heads)
        {
            using var work = new BankVerification(replay, bank, Tell, read => report(events + read));
            verified.Add(await work.RunAsync(after, head, cancel));
            events += verified[^1].Events;
        }
        return new Verified(verified, differences);

        void Tell(Difference difference)
        {
            differences++;
            tell(difference);
        }
    }
}
