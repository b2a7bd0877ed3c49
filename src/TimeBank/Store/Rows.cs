using Npgsql;

namespace TimeBank.Store;

/// <summary>Runs one statement on a pooled connection, in the scope of its banks, and reads its rows.</summary>
public static class Rows
{
    public static async Task<List<T>> ReadAsync<T>(
        Database database, BankScope banks, NpgsqlBatchCommand query, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        var rows = new List<T>();
        await RunAsync(database, banks, query, async reader =>
        {
            rows.Clear();
            while (await reader.ReadAsync(cancel))
                rows.Add(read(reader));
        }, cancel);
        return rows;
    }

    /// <summary>How many rows the statement changed. It may run twice, if a connection dies: so it must be one that may.</summary>
    public static async Task<int> ChangeAsync(Database database, BankScope banks, NpgsqlBatchCommand statement, CancellationToken cancel)
    {
        var changed = 0;
        await RunAsync(database, banks, statement, async reader =>
        {
            await reader.CloseAsync();
            changed = reader.RecordsAffected;
        }, cancel);
        return Math.Max(changed, 0);
    }

    private static async Task RunAsync(Database database, BankScope banks, NpgsqlBatchCommand query, Func<NpgsqlDataReader, Task> read, CancellationToken cancel)
    {
        try
        {
            await RunOnceAsync(database, banks, query, read, cancel);
        }
        catch (NpgsqlException e) when (e.InnerException is not TimeoutException && StoreFaults.IsUnavailable(e))
        {
            // The pool kept a connection that died with the last PostgreSQL. A new one may do; if not, the caller is told.
            await RunOnceAsync(database, banks, Copy(query), read, cancel);
        }
    }

    private static async Task RunOnceAsync(Database database, BankScope banks, NpgsqlBatchCommand query, Func<NpgsqlDataReader, Task> read, CancellationToken cancel)
    {
        await using var batch = database.Readers.CreateBatch();
        batch.BatchCommands.Add(banks.Command());
        batch.BatchCommands.Add(query);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        await read(reader);
    }

    /// <summary>A command belongs to one batch for good, and so do its parameters.</summary>
    private static NpgsqlBatchCommand Copy(NpgsqlBatchCommand query)
    {
        var copy = new NpgsqlBatchCommand(query.CommandText);
        foreach (NpgsqlParameter parameter in query.Parameters)
            copy.Parameters.Add(parameter.Clone());
        return copy;
    }

    public static NpgsqlBatchCommand Value(this NpgsqlBatchCommand command, object? value, NpgsqlTypes.NpgsqlDbType? type = null)
    {
        var parameter = new NpgsqlParameter { Value = value ?? DBNull.Value };
        if (type is { } given)
            parameter.NpgsqlDbType = given;
        command.Parameters.Add(parameter);
        return command;
    }
}
