using Npgsql;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>The next part of a bank's journal.</summary>
/// <param name="After">The number up to which it was followed.</param>
/// <param name="UpTo">The number up to which this part goes.</param>
/// <param name="Posted">When that was posted.</param>
public sealed record JournalPart(long After, long UpTo, long FirstSeq, long LastSeq, DateTimeOffset Posted);

/// <summary>Up to where the journals were followed by one of those who do: a table with a number for each bank.</summary>
public sealed class JournalMarks(Database database, string table)
{
    /// <summary>The next of those banks in which something was not followed yet, in the order of their names.</summary>
    public Task<List<BankId>> BehindAsync(string after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database.Background, BankScope.All, new NpgsqlBatchCommand($"""
            select b.bank from timebank.banks b
            cross join lateral (select j.number from timebank.journal j where j.bank = b.bank order by j.number desc limit 1) j
            left join lateral (select p.number from timebank.{table} p where p.bank = b.bank limit 1) p on true
            where b.bank > $1 and j.number > coalesce(p.number, 0) order by b.bank limit $2
            """).Value(after).Value((long)limit), row => new BankId(row.GetString(0)), cancel);

    /// <summary>Null: everything was followed.</summary>
    /// <param name="mostEvents">A batch is taken whole, however many events it has; batches together no more than these.</param>
    public async Task<JournalPart?> NextAsync(BankId bank, int mostBatches, long mostEvents, CancellationToken cancel)
    {
        var batches = await Rows.ReadAsync(database.Background, bank, new NpgsqlBatchCommand($"""
            select p.number, j.number, j.first_seq, j.last_seq, j.posted
            from (select coalesce((select number from timebank.{table} where bank = $1), 0) as number) p
            cross join lateral (select number, first_seq, last_seq, posted from timebank.journal where bank = $1 and number > p.number order by number limit $2) j
            order by j.number
            """).Value(bank.Value).Value((long)mostBatches),
            row => new JournalPart(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.Instant(4)), cancel);
        if (batches.Count == 0)
            return null;
        var many = 1;
        for (var events = batches[0].LastSeq - batches[0].FirstSeq; many < batches.Count && events < mostEvents; many++)
            events += batches[many].LastSeq - batches[many].FirstSeq + 1;
        return batches[many - 1] with { FirstSeq = batches[0].FirstSeq };
    }
}
