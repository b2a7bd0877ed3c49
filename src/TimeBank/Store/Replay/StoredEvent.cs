using Npgsql;

namespace TimeBank.Store;

/// <summary>An event as it lies in the store.</summary>
/// <param name="Happened">Null if this program cannot read it; then <paramref name="Unreadable"/> says why.</param>
public sealed record StoredEvent(
    long Seq, Guid Stream, long Version, string Type, object? Happened, string? Unreadable,
    DateTimeOffset Posted, string? Correlation, string? Causation, string? Headers)
{
    /// <summary>What happened, without who asked for it and what caused it.</summary>
    public const string BareColumns = "seq_id, stream_id, version, type, data, timestamp";

    public const string Columns = BareColumns + ", correlation_id, causation_id, headers";

    public static StoredEvent Read(NpgsqlDataReader row) => ReadBare(row) with
    {
        Correlation = row.TextOrNull(6),
        Causation = row.TextOrNull(7),
        Headers = ActorCodec.Canonical(row.TextOrNull(8)),
    };

    public static StoredEvent ReadBare(NpgsqlDataReader row)
    {
        var type = row.GetString(3);
        object? happened = null;
        string? unreadable = null;
        try
        {
            happened = EventCodec.Decode(type, row.GetFieldValue<byte[]>(4));
        }
        catch (UnknownEventException e)
        {
            unreadable = e.Message;
        }
        return new StoredEvent(
            row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), type, happened, unreadable, row.Instant(5), null, null, null);
    }
}

/// <summary>A batch as the journal has it.</summary>
public sealed record StoredBatch(long Number, long First, long Last, DateTimeOffset Posted, byte[] Hash)
{
    public const string Columns = "number, first_seq, last_seq, posted, hash";

    public static StoredBatch Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.Instant(3), row.GetFieldValue<byte[]>(4));
}
