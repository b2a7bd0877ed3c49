using Npgsql;

namespace TimeBank.Store;

/// <summary>Runs one query on a pooled connection and reads its rows.</summary>
public static class Rows
{
    public static async Task<List<T>> ReadAsync<T>(Database database, NpgsqlBatchCommand query, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using var batch = database.Readers.CreateBatch();
        batch.BatchCommands.Add(query);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(read(reader));
        return rows;
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
