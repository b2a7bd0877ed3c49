using Npgsql;

namespace TimeBank.Store;

/// <summary>What an exception of the store means.</summary>
public static class StoreFaults
{
    /// <summary>Another writer was first: read again and decide again.</summary>
    public static bool IsConflict(Exception e) => e is BankChangedException or PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
    };

    /// <summary>The connection, the server or its disk: not something that a command did.</summary>
    public static bool IsUnavailable(Exception e) => e is PostgresException p
        ? p.SqlState[..2] is "08" or "53" or "57" or "58" || p.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable
        : e is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException;

    /// <summary>A sum that no column holds.</summary>
    public static bool IsTooLarge(Exception e) => e is OverflowException or PostgresException { SqlState: PostgresErrorCodes.NumericValueOutOfRange };

    public static bool IsFull(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    /// <summary>Somebody keeps a table to himself for long, as a rebuild does: waiting in line any longer helps nobody.</summary>
    public static bool IsLocked(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };
}
