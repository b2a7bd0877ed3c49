namespace TimeBank.Store;

/// <summary>One bank's journal, batch by batch: numbers, frames, times and the hash chain; each event goes on to the checks of its kind.</summary>
internal sealed class BankVerification : IDisposable
{
    private readonly Replay _replay;
    private readonly string _bank;
    private readonly Action<Difference> _tell;
    private readonly Action<long> _report;
    private readonly HashChain _chain = new();
    private readonly BankFold _fold;
    private readonly PostingCheck _postings;
    private readonly StreamCheck _streams;
    private readonly Queue<StoredBatch> _waiting = new();
    private StoredBatch _former = new(0, 0, 0, DateTimeOffset.MinValue, HashChain.Start);
    private StoredBatch? _batch;
    private (long First, long Last) _seen;
    private bool _hashable;
    private bool _differs;
    private long _lastSeq;
    private long _events, _batches;

    public BankVerification(Replay replay, string bank, Action<Difference> tell, Action<long> report)
    {
        (_replay, _bank, _tell, _report) = (replay, bank, tell, report);
        _fold = new BankFold(new BankId(bank));
        _postings = new PostingCheck(bank, Tell);
        _streams = new StreamCheck(_fold, _postings, Tell);
    }

    public async Task<VerifiedBank> RunAsync(long after, StoredBatch? head, CancellationToken cancel)
    {
        if (head is null)
        {
            Tell("journal", "batches", "at least one", "none");
            return new VerifiedBank(_bank, 0, 0, 0, HashChain.Start);
        }
        var seed = after > 0 ? await SeedAsync(after, cancel) : null;
        var rows = new PageCheck(_replay, _fold, Tell, after > 0 ? _former.Posted : null);
        await ReadUpToAsync(head, seed, rows, cancel);
        if (seed is null)
            CheckSum();
        var guards = new GuardCheck(_replay, _fold, rows, Tell, whole: seed is null);
        var suspects = await guards.FindSuspectsAsync(cancel);
        if (suspects.Any)
        {
            // What differs from the events up to the fixed number may have been changed by later ones: these are read, too, and
            // only what still differs then, at one moment, is a difference.
            if (await _replay.HeadAsync(_bank, cancel) is { } later)
                await ReadUpToAsync(later, seed, rows, cancel);
            await using var moment = await _replay.Connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
            if (await _replay.HeadAsync(_bank, cancel) is { } now)
                await ReadUpToAsync(now, seed, rows, cancel);
            await guards.JudgeAsync(suspects, cancel);
        }
        await rows.CheckEndsAsync(_former.Posted, cancel);
        // Where the transfers themselves are not right, their sums say nothing more.
        if (seed is null && !_differs)
            await new TallyCheck(_replay, _bank, Tell).RunAsync(cancel);
        return new VerifiedBank(_bank, _events, _batches, _former.Number, _former.Hash);
    }

    public void Dispose() => _chain.Dispose();

    /// <summary>Trusts everything up to a batch: its hash, and the states that the events up to it tell.</summary>
    private async Task<FoldSeed> SeedAsync(long after, CancellationToken cancel)
    {
        _former = (await _replay.BatchesAsync(_bank, after - 1, after, cancel)).Single();
        _lastSeq = _former.Last;
        var seed = new FoldSeed(_replay, _fold, _former);
        await seed.LoadBankAsync(cancel);
        return seed;
    }

    private async Task ReadUpToAsync(StoredBatch head, FoldSeed? seed, PageCheck rows, CancellationToken cancel)
    {
        while (true)
        {
            var page = await _replay.EventsAsync(_bank, _lastSeq, head.Last, cancel);
            if (page.Count == 0)
                break;
            if (seed is not null)
                await seed.LoadAsync(page, cancel);
            foreach (var e in page)
            {
                while (_batch is null || e.Seq > _batch.Last)
                {
                    if (!await NextBatchAsync(head.Number, cancel))
                        break;
                }
                Check(e);
                rows.Add(e);
            }
            _lastSeq = page[^1].Seq;
            _events += page.Count;
            await rows.CompareAsync(cancel);
            _report(_events);
        }
        while (await NextBatchAsync(head.Number, cancel))
            cancel.ThrowIfCancellationRequested();
        _postings.End();
    }

    private void Check(StoredEvent e)
    {
        if (_batch is { } batch && e.Seq >= batch.First && e.Seq <= batch.Last)
        {
            _seen = (_seen.First == 0 ? e.Seq : _seen.First, e.Seq);
            if (e.Posted != batch.Posted)
                Tell(At(e), "timestamp", GuardRow.Said(batch.Posted), GuardRow.Said(e.Posted));
            if (e.Happened is { } happened)
                _chain.Add(e.Stream, e.Version, e.Type, EventCodec.Encode(happened), e.Correlation, e.Causation, e.Headers);
            else
                _hashable = false;
        }
        else
        {
            Tell(At(e), "seq_id", "one within a batch of the journal", e.Seq.ToString());
        }
        if (e.Happened is null)
            Tell(At(e), "event", "one that this program reads", e.Unreadable!);
        _streams.Check(e);
    }

    /// <summary>Closes the batch and opens the next; false if there is no next.</summary>
    private async Task<bool> NextBatchAsync(long upTo, CancellationToken cancel)
    {
        CloseBatch();
        if (_waiting.Count == 0)
        {
            foreach (var batch in await _replay.BatchesAsync(_bank, _former.Number, upTo, cancel))
                _waiting.Enqueue(batch);
        }
        if (!_waiting.TryDequeue(out _batch))
            return false;
        var where = $"batch {_batch.Number}";
        if (_batch.Number != _former.Number + 1)
            Tell("journal", "number after " + _former.Number, (_former.Number + 1).ToString(), _batch.Number.ToString());
        if (_batch.First <= _former.Last || _batch.Last < _batch.First)
            Tell(where, "first_seq and last_seq", $"a range above {_former.Last}", $"{_batch.First} to {_batch.Last}");
        if (_batch.Posted <= _former.Posted)
            Tell(where, "posted", "later than " + GuardRow.Said(_former.Posted), GuardRow.Said(_batch.Posted));
        _chain.Begin(_former.Hash, _bank, _batch.Number, _batch.Posted);
        _seen = default;
        _hashable = true;
        return true;
    }

    private void CloseBatch()
    {
        if (_batch is not { } batch)
            return;
        var where = $"batch {batch.Number}";
        var hash = _chain.End();
        if (_hashable && !hash.AsSpan().SequenceEqual(batch.Hash))
            Tell(where, "hash", Convert.ToHexStringLower(hash), Convert.ToHexStringLower(batch.Hash));
        if (_seen.First != batch.First)
            Tell(where, "first event", batch.First.ToString(), _seen.First == 0 ? "none" : _seen.First.ToString());
        if (_seen.Last != batch.Last)
            Tell(where, "last event", batch.Last.ToString(), _seen.Last == 0 ? "none" : _seen.Last.ToString());
        _former = batch;
        _batch = null;
        _batches++;
    }

    private void CheckSum()
    {
        Int128 sum = 0;
        foreach (var account in _fold.Accounts)
            sum += account.Balance.Value;
        if (sum != 0)
            Tell("all accounts", "sum of balances", "0", sum.ToString());
    }

    private static string At(StoredEvent e) => $"event {e.Seq} ({e.Type}, stream {e.Stream} version {e.Version})";

    private void Tell(string where, string what, string expected, string found) => Tell(new Difference(_bank, where, what, expected, found));

    private void Tell(Difference difference)
    {
        _differs = true;
        _tell(difference);
    }
}
