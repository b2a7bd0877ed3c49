namespace TimeBank.Store;

/// <summary>No PostgreSQL was found that can serve the data folder; the message says what to install.</summary>
public sealed class PostgresMissingException(string message) : Exception(message);

/// <summary>Another process of TimeBank works on the data folder; two at once would end each other's database.</summary>
public sealed class DataFolderInUseException(string folder, int? holder)
    : Exception($"The data folder {folder} is in use by {(holder is { } pid ? $"process {pid}" : "another process")}. "
        + "Stop that process first, or choose another folder with --data.")
{
    public string Folder { get; } = folder;

    /// <summary>The process that holds the folder; null in the instant before it has written down its number.</summary>
    public int? Holder { get; } = holder;
}

/// <summary>The data folder cannot be used by this user, or not by the one that PostgreSQL must run as.</summary>
public sealed class DataFolderUnreachableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>PostgreSQL was found but did not start, or could not make its cluster; the message quotes what it said.</summary>
public sealed class PostgresFailedException(string message) : Exception(message);
