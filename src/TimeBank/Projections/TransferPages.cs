using System.Runtime.CompilerServices;
using Npgsql;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>Where a bank's journal stood: its last batch, and when that was posted.</summary>
public sealed record JournalHead(long Number, DateTimeOffset Posted);

/// <summary>All transfers of a bank up to a batch of its journal, in the journal's order.</summary>
/// <remarks>Page by page, each in a transaction of its own: one long snapshot would keep PostgreSQL from tidying up what the
/// writers leave behind. What is posted meanwhile has higher ids and is not read.</remarks>
public sealed class TransferPages(Database database)
{
    private const int PageSize = 5_000;

    private static readonly string Columns = string.Join(", ", TransfersTable.Columns.Split(", ").Select(c => "t." + c));

    public async Task<JournalHead> HeadAsync(BankId bank, CancellationToken cancel) => (await Rows.ReadAsync(database, bank,
        new NpgsqlBatchCommand("select number, posted from timebank.journal where bank = $1 order by number desc limit 1").Value(bank.Value),
        row => new JournalHead(row.GetInt64(0), row.Instant(1)), cancel)).Single();

    /// <param name="withTexts">Without them the table of texts is not touched at all.</param>
    public async IAsyncEnumerable<TransferWithText> ReadAsync(
        BankId bank, JournalHead head, bool withTexts, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Batches of a bank have times of their own, which never run backwards, and the ids of transfers begin with them.
        var end = Uuid.FirstOf(head.Posted.AddMicroseconds(1));
        var (text, join) = withTexts
            ? ("x.body", "left join timebank.texts x on x.bank = t.bank and x.id = t.text")
            : ("null::text", "");
        for (var after = Guid.Empty; ;)
        {
            var page = await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
                select {Columns}, {text} from timebank.transfers t {join}
                where t.bank = $1 and t.id > $2 and t.id < $3 order by t.id limit $4
                """).Value(bank.Value).Value(after).Value(end).Value((long)PageSize), Read, cancel);
            foreach (var row in page)
                yield return row;
            if (page.Count < PageSize)
                yield break;
            after = page[^1].Transfer.Id.Value;
        }
    }

    private static TransferWithText Read(NpgsqlDataReader row) =>
        new(TransfersTable.Read(row, 0), row.TextOrNull(14) is { } body ? TextBody.Parse(body) : null);
}
