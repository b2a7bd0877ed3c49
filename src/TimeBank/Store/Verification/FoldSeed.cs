using TimeBank.Postings;

namespace TimeBank.Store;

/// <summary>For a verification that begins in the middle: what the streams it meets were before, from the events up to there,
/// which are trusted. A passbook's figures are those that its last event carries.</summary>
internal sealed class FoldSeed(Replay replay, BankFold fold, StoredBatch trusted)
{
    private readonly HashSet<Guid> _seeded = [];
    private readonly Guid _beyond = Uuid.FirstOf(trusted.Posted.AddMicroseconds(1));

    public async Task LoadBankAsync(CancellationToken cancel)
    {
        // The first event of a bank opened it, and so tells the bank's own stream, and by that its audit trail.
        var events = await Replay.ReadAsync(replay.Command($"""
            select {StoredEvent.Columns} from timebank.mt_events where tenant_id = $1 and seq_id <= $2
              and stream_id = (select stream_id from timebank.mt_events where tenant_id = $1 order by seq_id limit 1)
            order by version
            """, fold.Id.Value, trusted.Last), StoredEvent.Read, cancel);
        foreach (var e in events)
            Apply(e);
        if (fold.Bank is { } bank)
        {
            var trail = await Replay.ReadAsync(replay.Command($"""
                select {StoredEvent.Columns} from timebank.mt_events where tenant_id = $1 and seq_id <= $2 and stream_id = $3 order by version
                """, fold.Id.Value, trusted.Last, bank.AuditStream), StoredEvent.Read, cancel);
            foreach (var e in trail)
                Apply(e);
        }
    }

    /// <summary>Before a page is checked: every stream in it that began before, and the settings of every account.</summary>
    public async Task LoadAsync(List<StoredEvent> page, CancellationToken cancel)
    {
        var passbooks = new Dictionary<Guid, long>();
        var whole = new HashSet<Guid>();
        foreach (var e in page.Where(e => e.Happened is not null && !_seeded.Contains(e.Stream)))
        {
            switch (BankFold.KindOf(e.Happened!))
            {
                case StreamKind.Account:
                    passbooks.TryAdd(e.Stream, e.Version);
                    var settings = new AccountId(e.Stream).SettingsStream;
                    if (!_seeded.Contains(settings))
                        whole.Add(settings);
                    break;
                case StreamKind.Bank:
                case StreamKind.Audit:
                    break;
                default:
                    whole.Add(e.Stream);
                    break;
            }
        }
        if (whole.Count > 0)
        {
            var events = await Replay.ReadAsync(replay.Command($"""
                select {StoredEvent.Columns} from timebank.mt_events where tenant_id = $1 and stream_id = any ($2) and seq_id <= $3 order by stream_id, version
                """, fold.Id.Value, whole.ToArray(), trusted.Last), StoredEvent.Read, cancel);
            foreach (var e in events)
                Apply(e);
        }
        if (passbooks.Count > 0)
        {
            var last = await Replay.ReadAsync(replay.Command($"""
                select {string.Join(", ", StoredEvent.Columns.Split(", ").Select(c => "e." + c))}
                from unnest($2, $3) u (stream, version) cross join lateral (
                  select * from timebank.mt_events e
                  where e.tenant_id = $1 and e.stream_id = u.stream and e.version < u.version and e.seq_id <= $4 order by e.version desc limit 1
                ) e
                """, fold.Id.Value, passbooks.Keys.ToArray(), passbooks.Values.ToArray(), trusted.Last), StoredEvent.Read, cancel);
            foreach (var e in last)
                Carry(e);
        }
        _seeded.UnionWith(whole);
        _seeded.UnionWith(passbooks.Keys);
        await LoadReversedAsync(page, cancel);
    }

    /// <summary>What had been reversed before of the older transfers that this page reverses.</summary>
    private async Task LoadReversedAsync(List<StoredEvent> page, CancellationToken cancel)
    {
        var older = page.Select(e => (e.Happened as PassbookEvent.HoursDebited)?.Reverses?.Value).OfType<Guid>()
            .Where(id => id.CompareTo(_beyond) < 0 && _seeded.Add(id)).Distinct().ToArray();
        if (older.Length == 0)
            return;
        var before = await Replay.ReadAsync(replay.Command("""
            select reverses, sum(minutes)::bigint from timebank.transfers where bank = $1 and id < $2 and reverses = any ($3) group by reverses
            """, fold.Id.Value, _beyond, older), row => (Id: row.GetGuid(0), Minutes: row.GetInt64(1)), cancel);
        foreach (var (id, minutes) in before)
            fold.Reversed[id] = fold.Reversed.GetValueOrDefault(id) + minutes;
    }

    private void Apply(StoredEvent e)
    {
        if (e.Happened is not null)
            fold.Apply(e);
    }

    private void Carry(StoredEvent e)
    {
        if (e.Happened is not PassbookEvent carried)
            return;
        var stream = fold.StreamOf(e);
        stream.Version = e.Version;
        stream.Updated = e.Posted;
        if (stream.Account!.State is { } account)
        {
            stream.Account.State = account with
            {
                Balance = carried.Balance,
                Held = carried.Balance - carried.Available,
                Room = carried.Room ?? Minutes.Zero,
                OpenHolds = carried.OpenHolds ?? 0,
                Version = e.Version,
            };
        }
    }
}
