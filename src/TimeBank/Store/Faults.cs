using System.Net.Sockets;
using Npgsql;

namespace TimeBank.Store;

/// <summary>Faults of the database, the disk and their rights, in one line: what was said of it, and what to do.</summary>
public static class Faults
{
    /// <summary>Null for anything else: that is a defect, and whoever mends it wants its stack trace.</summary>
    public static string? Explain(Exception e) => Advice(e) is { } advice ? $"{Said(e).TrimEnd('.')}. {advice}" : null;

    private static string? Advice(Exception e) => e switch
    {
        PostgresException p => OfPostgres(p),
        NpgsqlException or SocketException or TimeoutException =>
            "The database was not reached, or went away: see that PostgreSQL runs where ConnectionStrings:TimeBank or --data says, then try again.",
        UnauthorizedAccessException => "Let the user that TimeBank runs as read and write there, or name another place.",
        IOException => "See that the disk has room and that the place can be read and written, then try again.",
        _ => null,
    };

    private static string? OfPostgres(PostgresException e) => e switch
    {
        _ when StoreFaults.IsLocked(e) => "Somebody keeps a table to himself, as `timebank rebuild` does: try again when it is done.",
        _ when StoreFaults.IsFull(e) => "PostgreSQL's disk is full: make room, then try again.",
        _ when StoreFaults.IsUnavailable(e) => "PostgreSQL does not serve now: see its log, then try again.",
        { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
            "An administrator of the database must allow it. The login of ConnectionStrings:TimeBank acts as timebank_server: grant timebank_server to LOGIN;",
        { SqlState: PostgresErrorCodes.InvalidCatalogName } => "Make the database, or name another in ConnectionStrings:TimeBank.",
        _ => e.SqlState[..2] switch
        {
            "28" => "See that ConnectionStrings:TimeBank and ConnectionStrings:TimeBankOwner name a login and its password.",
            "XX" => "PostgreSQL failed inside, or its files are damaged: see its log before anything else is written.",
            _ => null,
        },
    };

    /// <summary>The message with those of its causes, on one line.</summary>
    private static string Said(Exception e)
    {
        var said = string.Join(' ', e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return e.InnerException is { } cause ? $"{said} ({Said(cause)})" : said;
    }
}
