using Npgsql;

namespace TimeBank.Store;

/// <summary>Rows that change, compared with the fold at the end. While a server writes, a row may be ahead of the fold:
/// what differs at first is only suspected, and judged when the fold has caught up.</summary>
/// <param name="whole">All rows of the bank; otherwise those of the streams that were replayed.</param>
internal sealed class GuardCheck(Replay replay, BankFold fold, PageCheck pages, Action<string, string, string, string> tell, bool whole)
{
    private const int RowsAtOnce = 10_000;

    /// <summary>Which row: an id, with a version in the table of rules.</summary>
    internal readonly record struct Key(Guid Id, long Version = 0);

    /// <summary>A table: how its rows are read, which there must be and what each must say.</summary>
    private sealed record Table(
        string Name, string Columns, string Where, Func<NpgsqlDataReader, (Key, GuardRow)> Read, Func<IEnumerable<Key>> Keys, Func<Key, GuardRow?, GuardRow?> Expected);

    private sealed record ReversedRow(long Reversed) : GuardRow;

    internal sealed class Suspects
    {
        internal readonly Dictionary<string, HashSet<Key>> ByTable = [];
        public bool Any => ByTable.Values.Any(keys => keys.Count > 0);
    }

    private Table[] Tables =>
    [
        new("mt_streams", StreamRow.Columns, "tenant_id = $1", row => (new Key(row.GetGuid(0)), StreamRow.Read(row, 1)),
            () => fold.Streams.Where(s => s.Value.Version > 0).Select(s => new Key(s.Key)),
            (key, found) => fold.Streams.TryGetValue(key.Id, out var s) && s.Version > 0
                ? StreamRow.Of(s) with { Created = s.Created ?? (found as StreamRow)?.Created }
                : null),
        new("accounts", AccountRow.Columns, "bank = $1", row => (new Key(row.GetGuid(0)), AccountRow.Read(row, 1)),
            () => fold.Accounts.Select(a => new Key(a.Id.Value)),
            (key, _) => fold.Streams.GetValueOrDefault(new AccountId(key.Id).SettingsStream)?.Account?.State is { } account ? AccountRow.Of(account) : null),
        new("rules", RuleRow.Columns, "bank = $1", row => (new Key(row.GetGuid(0), row.GetInt64(1)), RuleRow.Read(row, 2)),
            () => fold.Rules.Keys.Select(r => new Key(r.Id.Value, r.Version)),
            (key, _) => fold.Rules.TryGetValue(new Reinvestment.RuleRef(new RuleId(key.Id), key.Version), out var rule)
                ? RuleRow.Of(rule, fold.NewestRules[rule.Id].Version == rule.Version)
                : null),
        new("rights", RightRow.Columns, "bank = $1", row => (new Key(row.GetGuid(0)), RightRow.Read(row, 1)),
            () => fold.Rights.Keys.Select(r => new Key(r.Value)),
            (key, _) => fold.Rights.TryGetValue(new Access.RightId(key.Id), out var right) ? RightRow.Of(right) : null),
        new("things", ThingRow.Columns, "bank = $1", row => (new Key(row.GetGuid(0)), ThingRow.Read(row, 1)),
            () => fold.Things.Keys.Select(t => new Key(t.Value)),
            (key, _) => fold.Things.TryGetValue(new ThingId(key.Id), out var thing) ? ThingRow.Of(thing) : null),
        new("holds", HoldRow.Columns, "bank = $1 and status = 'open'", row => (new Key(row.GetGuid(0)), HoldRow.Read(row, 1)),
            () => fold.OpenHolds.Keys.Select(h => new Key(h.Value)),
            (key, _) => fold.OpenHolds.TryGetValue(new HoldId(key.Id), out var hold) ? HoldRow.Of(hold, null) : null),
    ];

    private Table ReversedTransfers => new("transfers", "id, reversed", "bank = $1", row => (new Key(row.GetGuid(0)), new ReversedRow(row.GetInt64(1))),
        () => [], (key, _) => new ReversedRow(fold.Reversed.GetValueOrDefault(key.Id)));

    public async Task<Suspects> FindSuspectsAsync(CancellationToken cancel)
    {
        var suspects = new Suspects();
        foreach (var table in Tables)
        {
            var keys = suspects.ByTable[table.Name] = [.. table.Keys()];
            await foreach (var page in whole ? AllAsync(table, cancel) : ByIdAsync(table, keys.Select(k => k.Id).Distinct().ToList(), cancel))
            {
                foreach (var (key, found) in page)
                {
                    if (table.Expected(key, found) is { } expected && expected.Equals(found))
                        keys.Remove(key);
                    else
                        keys.Add(key);
                }
            }
        }
        suspects.ByTable[ReversedTransfers.Name] =
            [.. fold.Reversed.Keys.Union(pages.SeenReversed.Keys)
                .Where(id => fold.Reversed.GetValueOrDefault(id) != pages.SeenReversed.GetValueOrDefault(id)).Select(id => new Key(id))];
        if (await BankDiffersAsync(cancel) is not null)
            suspects.ByTable["banks"] = [new Key(Guid.Empty)];
        return suspects;
    }

    /// <summary>Looks at the suspects again, at one moment to which the fold has been brought.</summary>
    public async Task JudgeAsync(Suspects suspects, CancellationToken cancel)
    {
        foreach (var table in Tables.Append(ReversedTransfers))
        {
            var keys = suspects.ByTable[table.Name];
            await foreach (var page in ByIdAsync(table, keys.Select(k => k.Id).Distinct().ToList(), cancel))
            {
                foreach (var (key, found) in page)
                {
                    if (!keys.Remove(key))
                        continue;
                    var where = $"{table.Name} row {key.Id}{(key.Version > 0 ? $" version {key.Version}" : "")}";
                    if (table.Expected(key, found) is not { } expected)
                        tell(where, table.Name == "holds" ? "open row" : "row", "none, no event tells of it", "one");
                    else if (!expected.Equals(found))
                        Tell(where, expected, found);
                }
            }
            foreach (var key in keys.Where(k => table.Expected(k, null) is not (null or ReversedRow { Reversed: 0 })))
                tell($"{table.Name} row {key.Id}{(key.Version > 0 ? $" version {key.Version}" : "")}", table.Name == "holds" ? "open row" : "row", "one", "none");
        }
        if (suspects.ByTable.ContainsKey("banks") && await BankDiffersAsync(cancel) is var (told, row))
        {
            if (told is null || row is null)
                tell("banks row", "row", told is null ? "none" : "one", row is null ? "none" : "one");
            else
                Tell("banks row", told, row);
        }
    }

    private async Task<(BankRow? Expected, BankRow? Found)?> BankDiffersAsync(CancellationToken cancel)
    {
        var found = (await Replay.ReadAsync(
            replay.Command($"select {BankRow.Columns} from timebank.banks where bank = $1", fold.Id.Value), row => BankRow.Read(row, 0), cancel)).SingleOrDefault();
        var expected = fold.Bank is { } bank ? BankRow.Of(bank) : null;
        return expected == found ? null : (expected, found);
    }

    private async IAsyncEnumerable<List<(Key, GuardRow)>> AllAsync(Table table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var after = Guid.Empty;
        while (true)
        {
            // All versions of a rule, so that none is cut off between two pages.
            var limit = table.Name == "rules" ? "all" : RowsAtOnce.ToString();
            var page = await Replay.ReadAsync(
                replay.Command($"select {table.Columns} from timebank.{table.Name} where {table.Where} and id > $2 order by id limit {limit}", fold.Id.Value, after),
                table.Read, cancel);
            yield return page;
            if (limit == "all" || page.Count < RowsAtOnce)
                yield break;
            after = page[^1].Item1.Id;
        }
    }

    private async IAsyncEnumerable<List<(Key, GuardRow)>> ByIdAsync(
        Table table, List<Guid> ids, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var chunk in ids.Chunk(RowsAtOnce))
            yield return await Replay.ReadAsync(
                replay.Command($"select {table.Columns} from timebank.{table.Name} where {table.Where} and id = any ($2)", fold.Id.Value, chunk), table.Read, cancel);
    }

    private void Tell(string where, GuardRow expected, GuardRow found)
    {
        foreach (var (column, should, does) in expected.Against(found))
            tell(where, column, should, does);
    }
}
