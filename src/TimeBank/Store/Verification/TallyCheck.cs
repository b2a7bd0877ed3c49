namespace TimeBank.Store;

/// <summary>The sums that reports read, against the transfers that they come of, at one moment. While a bank's newest postings are still being added up they are
/// left alone: they are behind, and that is no difference.</summary>
internal sealed class TallyCheck(Replay replay, string bank, Action<string, string, string, string> tell)
{
    /// <summary>Reads all transfers in one statement: sums that servers go on adding to are only alike at one moment.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var differing = await Replay.ReadAsync(replay.Command("""
            with followed as materialized (
              select from timebank.tally_progress p where p.bank = $1 and p.number = (select max(number) from timebank.journal where bank = $1)
            ), moved as materialized (
              select date_trunc('month', t.occurred)::date as month, t.kind, sum(t.minutes - t.reversed)::bigint as minutes
              from timebank.transfers t where t.bank = $1 and t.kind <> 'reversal' and exists (select from followed) group by 1, 2
            ), counted as materialized (
              select c.month, c.kind, sum(c.minutes)::bigint as minutes
              from timebank.tallies c where c.bank = $1 and c.sort = 'flow' and c.kind <> '' and exists (select from followed) group by 1, 2
            )
            select coalesce(m.month, c.month), coalesce(m.kind, c.kind), coalesce(m.minutes, 0), coalesce(c.minutes, 0)
            from moved m full join counted c on c.month = m.month and c.kind = m.kind
            where coalesce(m.minutes, 0) <> coalesce(c.minutes, 0) order by 1, 2
            """, bank), row => (Month: row.GetFieldValue<DateOnly>(0), Kind: row.GetString(1), Moved: row.GetInt64(2), Counted: row.GetInt64(3)), cancel);
        foreach (var one in differing)
            tell($"tallies of {one.Month:yyyy-MM}", $"minutes of {one.Kind}", one.Moved.ToString(), one.Counted.ToString());
    }
}
