using Npgsql;
using NpgsqlTypes;

namespace TimeBank.Store;

/// <summary>Values of a row that is copied in, null or not.</summary>
internal static class CopyRows
{
    public static void Put(this NpgsqlBinaryImporter rows, string? value)
    {
        if (value is null)
            rows.WriteNull();
        else
            rows.Write(value, NpgsqlDbType.Text);
    }

    public static void Put(this NpgsqlBinaryImporter rows, Guid? value)
    {
        if (value is { } given)
            rows.Write(given, NpgsqlDbType.Uuid);
        else
            rows.WriteNull();
    }

    public static void Put(this NpgsqlBinaryImporter rows, long? value)
    {
        if (value is { } given)
            rows.Write(given, NpgsqlDbType.Bigint);
        else
            rows.WriteNull();
    }

    public static void Put(this NpgsqlBinaryImporter rows, DateTimeOffset? value)
    {
        if (value is { } given)
            rows.Write(given.UtcDateTime, NpgsqlDbType.TimestampTz);
        else
            rows.WriteNull();
    }
}
