using System.Text.Json;

namespace TimeBank.Store;

/// <summary>What a backup says of itself: the last member of the file, <c>manifest.json</c>.</summary>
/// <param name="Format">How the file is laid out.</param>
/// <param name="JournalFormat">The shapes of events in it.</param>
/// <param name="SchemaFiles">What had been applied to the schema.</param>
/// <param name="Sequence">The last event number given out.</param>
public sealed record BackupManifest(
    int Format, int JournalFormat, DateTimeOffset Made, IReadOnlyList<string> SchemaFiles, long Sequence, IReadOnlyList<BackupTable> Tables)
{
    public const int CurrentFormat = 1;
    public const string Member = "manifest.json";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
}

/// <summary>One table: a member in PostgreSQL's binary COPY format.</summary>
/// <param name="Name">Alone for a table of the ledger; with its schema before it and a dot for one of logins.</param>
public sealed record BackupTable(string Name, IReadOnlyList<string> Columns, long Rows, long Bytes, string Sha256)
{
    public string Member => $"tables/{Name}.copy";
    public string Copy => $"{Quoted(Name)} ({string.Join(", ", Columns.Select(c => $"\"{c}\""))})";

    /// <summary>As it stands in statements.</summary>
    public static string Quoted(string name) => name.Split('.') is [var schema, var table] ? $"{schema}.\"{table}\"" : $"timebank.\"{name}\"";
}

/// <summary>A backup that cannot be restored here, and why; nothing was changed.</summary>
public sealed class BackupException(string message) : Exception(message);
