using Npgsql;
using NpgsqlTypes;

namespace TimeBank.Store;

/// <summary>Columns of many rows as arrays, one parameter a column: one prepared statement serves any number of rows.</summary>
public static class SqlArrays
{
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, NpgsqlDbType type, object column)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = column, NpgsqlDbType = NpgsqlDbType.Array | type });
        return command;
    }

    public static NpgsqlBatchCommand Texts(this NpgsqlBatchCommand command, IReadOnlyList<string?> column) => command.With(NpgsqlDbType.Text, column);
    public static NpgsqlBatchCommand Uuids(this NpgsqlBatchCommand command, IReadOnlyList<Guid> column) => command.With(NpgsqlDbType.Uuid, column);
    public static NpgsqlBatchCommand Uuids(this NpgsqlBatchCommand command, IReadOnlyList<Guid?> column) => command.With(NpgsqlDbType.Uuid, column);
    public static NpgsqlBatchCommand Numbers(this NpgsqlBatchCommand command, IReadOnlyList<long> column) => command.With(NpgsqlDbType.Bigint, column);
    public static NpgsqlBatchCommand Numbers(this NpgsqlBatchCommand command, IReadOnlyList<long?> column) => command.With(NpgsqlDbType.Bigint, column);
    public static NpgsqlBatchCommand Instants(this NpgsqlBatchCommand command, IReadOnlyList<DateTime> column) => command.With(NpgsqlDbType.TimestampTz, column);
    public static NpgsqlBatchCommand Instants(this NpgsqlBatchCommand command, IReadOnlyList<DateTime?> column) => command.With(NpgsqlDbType.TimestampTz, column);
    public static NpgsqlBatchCommand Dates(this NpgsqlBatchCommand command, IReadOnlyList<DateOnly> column) => command.With(NpgsqlDbType.Date, column);
    public static NpgsqlBatchCommand Json(this NpgsqlBatchCommand command, IReadOnlyList<byte[]> column) => command.With(NpgsqlDbType.Jsonb, column);

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    public static Guid? UuidOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
    public static long? NumberOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    public static Minutes? MinutesOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : new Minutes(reader.GetInt64(column));
    public static DateTimeOffset Instant(this NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);
    public static DateTimeOffset? InstantOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Instant(column);
}
