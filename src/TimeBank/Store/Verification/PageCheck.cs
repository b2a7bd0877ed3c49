using Npgsql;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Store;

/// <summary>Rows that do not change after their event, compared as the events go by: transfers, holds at their start and at their end, texts.</summary>
/// <remarks>Ids of transfers and holds run in the order of the journal: what lies between the last of one page and the last of the
/// next must come from that page's events, so that rows of which no event tells are found as well.</remarks>
internal sealed class PageCheck
{
    private readonly Replay _replay;
    private readonly BankFold _fold;
    private readonly Action<string, string, string, string> _tell;
    private readonly Dictionary<Guid, TransferRow> _transfers = [];
    private readonly Dictionary<Guid, HoldRow> _placed = [];
    private readonly Dictionary<Guid, (Hold? Hold, HoldRow? Row, DateTimeOffset Ended, PassbookEvent How)> _ended = [];
    private readonly Dictionary<Guid, string> _texts = [];
    private readonly bool _fromStart;
    private Guid _lastTransfer, _lastHold;

    public PageCheck(Replay replay, BankFold fold, Action<string, string, string, string> tell, DateTimeOffset? after)
    {
        (_replay, _fold, _tell, _fromStart) = (replay, fold, tell, after is null);
        if (after is { } trusted)
            _lastTransfer = _lastHold = Beyond(trusted);
        fold.HoldEnded = (id, hold, ended, how) => _ended[id.Value] = (hold, hold is null ? null : HoldRow.Of(hold, ended), ended, how);
    }

    /// <summary>Minutes reversed as the rows said when they were read, where not zero: later events may have changed them since.</summary>
    public Dictionary<Guid, long> SeenReversed { get; } = [];

    public void Add(StoredEvent e)
    {
        switch (e.Happened)
        {
            case PassbookEvent.HoursDebited debit:
                _transfers[debit.Transfer.Value] = TransferRow.Of(e.Stream, debit);
                Add(debit.Text);
                break;
            case PassbookEvent.HoursHeld held:
                _placed[held.Hold.Value] = HoldRow.Of(
                    new Hold(held.Hold, new AccountId(e.Stream), held.Payee, held.Minutes, held.Kind, held.Category, held.Text, held.ExpiresAt), null);
                Add(held.Text);
                break;
            case ThingEvent happened:
                foreach (var text in happened.Texts)
                    Add(text);
                break;
            case AccountEvent.AccountOpened opened: Add(opened.Name); break;
            case AccountEvent.SettingsChanged changed: Add(changed.Name); break;
            case AccountEvent.AccountFrozen frozen: Add(frozen.Reason); break;
            case AccountEvent.AccountUnfrozen unfrozen: Add(unfrozen.Reason); break;
            case AccountEvent.AccountClosed closed: Add(closed.Reason); break;
            case AccessEvent.KeyMade made: Add(made.Name); break;
        }
    }

    /// <summary>The page is read: its rows are looked at.</summary>
    public async Task CompareAsync(CancellationToken cancel)
    {
        if (_transfers.Count > 0)
            await CompareTransfersAsync(_transfers.Keys.Max(), cancel);
        if (_placed.Count > 0)
            await ComparePlacedAsync(_placed.Keys.Max(), cancel);
        if (_ended.Count > 0)
            await CompareEndedAsync(cancel);
        if (_texts.Count > 0)
            await CompareTextsAsync(cancel);
    }

    /// <summary>Nothing lies between the last transfer, or hold, and the end of what was verified, nor beyond the end of the journal.</summary>
    /// <param name="verified">The time of the last batch that was read.</param>
    public async Task CheckEndsAsync(DateTimeOffset verified, CancellationToken cancel)
    {
        var last = Beyond(verified);
        await CompareTransfersAsync(last, cancel);
        await ComparePlacedAsync(last, cancel);
        // One statement sees one moment, whatever is being written.
        var bank = _fold.Id.Value;
        var ends = await Replay.ReadAsync(_replay.Command("""
            select j.posted, j.last_seq,
              (select seq_id from timebank.mt_events where tenant_id = $1 order by seq_id desc limit 1),
              (select id from timebank.transfers where bank = $1 order by id desc limit 1),
              (select id from timebank.holds where bank = $1 order by id desc limit 1)
            from timebank.journal j where bank = $1 order by number desc limit 1
            """, bank), row => (Posted: row.Instant(0), Last: row.GetInt64(1), Seq: row.NumberOrNull(2), Transfer: row.UuidOrNull(3), Hold: row.UuidOrNull(4)), cancel);
        foreach (var end in ends)
        {
            if (end.Seq > end.Last)
                _tell("journal", "last_seq of the last batch", end.Seq.ToString()!, end.Last.ToString());
            var beyond = Beyond(end.Posted);
            if (end.Transfer is { } transfer && transfer.CompareTo(beyond) >= 0)
                _tell($"transfers row {transfer}", "row", "none, no event tells of it", "one");
            if (end.Hold is { } hold && hold.CompareTo(beyond) >= 0)
                _tell($"holds row {hold}", "row", "none, no event tells of it", "one");
        }
    }

    /// <summary>The lowest id after a batch; none is as old as 1970, so a time before that was altered.</summary>
    private static Guid Beyond(DateTimeOffset posted) => posted < DateTimeOffset.UnixEpoch ? Guid.Empty : Uuid.FirstOf(posted.AddMicroseconds(1));

    private async Task CompareTransfersAsync(Guid last, CancellationToken cancel)
    {
        await CompareAsync(TransferRow.Columns, "transfers", _lastTransfer, last, _transfers, row =>
        {
            if (row.GetInt64(1) is not 0 and var reversed)
                SeenReversed[row.GetGuid(0)] = reversed;
            return TransferRow.Read(row, 2);
        }, cancel);
        _lastTransfer = last.CompareTo(_lastTransfer) > 0 ? last : _lastTransfer;
    }

    private async Task ComparePlacedAsync(Guid last, CancellationToken cancel)
    {
        // How it ended is compared when it ended, or at the end.
        await CompareAsync(HoldRow.Columns, "holds", _lastHold, last, _placed,
            row => HoldRow.Read(row, 1) with { Status = HoldStatus.Open.Word(), Taken = 0, Transfer = null, Ended = null }, cancel);
        _lastHold = last.CompareTo(_lastHold) > 0 ? last : _lastHold;
    }

    private async Task CompareAsync<TRow>(
        string columns, string table, Guid after, Guid upTo, Dictionary<Guid, TRow> expected, Func<NpgsqlDataReader, TRow> read, CancellationToken cancel)
        where TRow : GuardRow
    {
        var found = await Replay.ReadAsync(
            _replay.Command($"select {columns} from timebank.{table} where bank = $1 and id > $2 and id <= $3 order by id", _fold.Id.Value, after, upTo),
            row => (Id: row.GetGuid(0), Row: read(row)), cancel);
        foreach (var (id, row) in found)
        {
            if (!expected.Remove(id, out var told))
                _tell($"{table} row {id}", "row", "none, no event tells of it", "one");
            else if (told != row)
                Tell($"{table} row {id}", told, row);
        }
        foreach (var id in expected.Keys)
            _tell($"{table} row {id}", "row", "one", "none");
        expected.Clear();
    }

    private async Task CompareEndedAsync(CancellationToken cancel)
    {
        var found = (await Replay.ReadAsync(
            _replay.Command($"select {HoldRow.Columns} from timebank.holds where bank = $1 and id = any ($2)", _fold.Id.Value, _ended.Keys.ToArray()),
            row => (Id: row.GetGuid(0), Row: HoldRow.Read(row, 1)), cancel)).ToDictionary(f => f.Id, f => f.Row);
        foreach (var (id, (hold, told, ended, how)) in _ended)
        {
            var where = $"holds row {id}";
            var (minutes, taken) = how is PassbookEvent.HoldCaptured c ? (c.Minutes, c.Captured) : (((PassbookEvent.HoldReleased)how).Minutes, Minutes.Zero);
            if (hold is null && _fromStart)
                _tell($"hold {id}", "placed before its end", "once", "never");
            if (hold is not null && hold.Minutes != minutes)
                _tell($"hold {id}", "minutes at its end", hold.Minutes.ToString(), minutes.ToString());
            if (!found.TryGetValue(id, out var row))
                _tell(where, "row", "one", "none");
            else if ((told ?? Ended(row, ended, how, taken)) is var expected && expected != row)
                Tell(where, expected, row);
        }
        _ended.Clear();
    }

    /// <summary>Of a hold that was placed before the verification began, only the end is known.</summary>
    private static HoldRow Ended(HoldRow row, DateTimeOffset ended, PassbookEvent how, Minutes taken) => row with
    {
        Status = (how is PassbookEvent.HoldReleased { Reason: var reason }
            ? reason == ReleaseReason.Expired ? HoldStatus.Expired : HoldStatus.Released
            : HoldStatus.Captured).Word(),
        Taken = taken.Value,
        Transfer = (how as PassbookEvent.HoldCaptured)?.Transfer.Value,
        Ended = ended,
    };

    /// <summary>A text that is gone was erased; one that is there must be the one that was written.</summary>
    private async Task CompareTextsAsync(CancellationToken cancel)
    {
        var found = await Replay.ReadAsync(
            _replay.Command("select id, salt, body::text from timebank.texts where bank = $1 and id = any ($2)", _fold.Id.Value, _texts.Keys.ToArray()),
            row => (Id: row.GetGuid(0), Hash: TextBody.Hash(row.GetFieldValue<byte[]>(1), row.GetString(2))), cancel);
        foreach (var (id, hash) in found.Where(f => f.Hash != _texts[f.Id]))
            _tell($"texts row {id}", "salted hash", _texts[id], hash);
        _texts.Clear();
    }

    private void Add(TextRef? text)
    {
        if (text is not null)
            _texts[text.Id.Value] = text.Hash;
    }

    private void Tell(string where, GuardRow expected, GuardRow found)
    {
        foreach (var (column, should, does) in expected.Against(found))
            _tell(where, column, should, does);
    }
}
