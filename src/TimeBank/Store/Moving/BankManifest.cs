using System.Text.Json;

namespace TimeBank.Store;

/// <summary>What a folder with a bank says of itself: <c>manifest.json</c>.</summary>
/// <param name="Format">How the folder is laid out.</param>
/// <param name="JournalFormat">The shapes of events in it.</param>
/// <param name="Number">The last batch of the journal that is in it.</param>
/// <param name="Hash">Of that batch, in hexadecimal.</param>
public sealed record BankManifest(
    int Format, int JournalFormat, string Bank, DateTimeOffset Made, long Number, string Hash, long Events, IReadOnlyList<BankFile> Files)
{
    public const int CurrentFormat = 1;
    public const string FileName = "manifest.json";

    /// <summary>The files of a folder, all of them; no other is ever opened.</summary>
    public const string Journal = "journal.ndjson", EventsFile = "events.ndjson", Texts = "texts.ndjson", Keys = "keys.ndjson";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
}

/// <summary>One file of a folder: a JSON object a line.</summary>
public sealed record BankFile(string Name, long Lines, long Bytes, string Sha256);

/// <summary>A folder that is no bank, or not one that can be imported here, and why; nothing was changed.</summary>
public sealed class BankFolderException(string message) : Exception(message);

/// <summary>A batch of the journal, as a line of <c>journal.ndjson</c>.</summary>
/// <param name="Events">How many events it has; they follow one another in <c>events.ndjson</c>.</param>
public sealed record MovedBatch(long Number, Guid Id, DateTimeOffset Posted, int Events, string Hash);

/// <summary>An event, as a line of <c>events.ndjson</c>.</summary>
public sealed record MovedEvent(Guid Id, Guid Stream, long Version, string Type, JsonElement Data, string? Correlation, string? Causation, JsonElement? Headers);

/// <summary>A text about people, as a line of <c>texts.ndjson</c>. It may stand there more than once.</summary>
public sealed record MovedText(Guid Id, byte[] Salt, string Body);

/// <summary>An answer that was given, as a line of <c>keys.ndjson</c>.</summary>
public sealed record MovedKey(Guid Key, Guid Request, int Status, string Outcome);
