using System.Runtime.CompilerServices;
using Npgsql;

namespace TimeBank.Store;

/// <summary>Reads a bank's journal and events again, page by page, each page a short statement of its own.</summary>
public sealed class Replay(NpgsqlConnection connection) : IAsyncDisposable
{
    private const int EventsAtOnce = 20_000;
    private const int BatchesAtOnce = 5_000;

    public NpgsqlConnection Connection => connection;

    /// <summary>A connection for reading far and wide: every query of a replay goes along an index, in its order.</summary>
    public static async Task<Replay> OpenAsync(string connectionString, CancellationToken cancel)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c jit=off -c default_transaction_read_only=on -c timebank.banks=*",
            Pooling = false,
            ApplicationName = "timebank replay",
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            CommandTimeout = 300,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            Priority.Follow(connection);
            return new Replay(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every bank of which there is a trace.</summary>
    public Task<List<string>> BanksAsync(CancellationToken cancel) => ReadAsync(
        Command("""
            select bank from (
              select distinct bank from timebank.journal union select distinct tenant_id from timebank.mt_streams union select bank from timebank.banks
            ) b order by 1
            """), row => row.GetString(0), cancel);

    public async Task<StoredBatch?> HeadAsync(string bank, CancellationToken cancel) => (await ReadAsync(
        Command($"select {StoredBatch.Columns} from timebank.journal where bank = $1 order by number desc limit 1", bank), StoredBatch.Read, cancel)).SingleOrDefault();

    public Task<List<StoredBatch>> BatchesAsync(string bank, long after, long upTo, CancellationToken cancel) => ReadAsync(
        Command($"select {StoredBatch.Columns} from timebank.journal where bank = $1 and number > $2 and number <= $3 order by number limit {BatchesAtOnce}",
            bank, after, upTo), StoredBatch.Read, cancel);

    public Task<List<StoredEvent>> EventsAsync(string bank, long after, long upTo, CancellationToken cancel) => ReadAsync(
        Command($"select {StoredEvent.Columns} from timebank.mt_events where tenant_id = $1 and seq_id > $2 and seq_id <= $3 order by seq_id limit {EventsAtOnce}",
            bank, after, upTo), StoredEvent.Read, cancel);

    /// <summary>Pages of what happened; the next is read and decoded while the caller works on one.</summary>
    public async IAsyncEnumerable<List<StoredEvent>> EventsAheadAsync(string bank, [EnumeratorCancellation] CancellationToken cancel)
    {
        var next = Task.Run(() => AfterAsync(0), cancel);
        while (true)
        {
            var page = await next;
            if (page.Count == 0)
                yield break;
            next = Task.Run(() => AfterAsync(page[^1].Seq), cancel);
            yield return page;
        }

        Task<List<StoredEvent>> AfterAsync(long seq) => ReadAsync(
            Command($"select {StoredEvent.BareColumns} from timebank.mt_events where tenant_id = $1 and seq_id > $2 order by seq_id limit {EventsAtOnce}", bank, seq),
            StoredEvent.ReadBare, cancel);
    }

    public static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancel))
                rows.Add(read(reader));
            return rows;
        }
    }

    public NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
