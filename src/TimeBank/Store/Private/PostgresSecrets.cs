using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;

namespace TimeBank.Store;

/// <summary>What <c>postgres.json</c> keeps: where the socket is and the passwords of the three logins. Readable by its owner only.</summary>
internal sealed record PostgresSecrets
{
    public const string Superuser = "postgres";
    public const string Owner = "timebank_owner";
    public const string Server = "timebank_server";
    public const string Database = "timebank";

    // A socket's whole path has room for 107 bytes on Linux and for 103 on macOS and BSD.
    private const int LongestSocketPathBytes = 103;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public required string SocketFolder { get; init; }

    public required string SuperuserPassword { get; init; }

    public required string OwnerPassword { get; init; }

    public required string ServerPassword { get; init; }

    public string SuperuserConnection(string database) => Connection(Superuser, SuperuserPassword, database, pool: 4);

    public string OwnerConnection => Connection(Owner, OwnerPassword, Database, pool: 20);

    /// <summary>Leaves room beside it, within the cluster's 200 connections, for a second server process and for people.</summary>
    public string ServerConnection => Connection(Server, ServerPassword, Database, pool: 80);

    public static PostgresSecrets Read(DataFolder folder) =>
        JsonSerializer.Deserialize<PostgresSecrets>(File.ReadAllText(folder.Secrets), s_json)
        ?? throw new PostgresFailedException($"{folder.Secrets} is empty. It holds the database's passwords: restore it from a backup.");

    /// <summary>Reads the file, or makes it with the cluster; and makes the socket's folder, which a restart may have swept from a temporary place.</summary>
    public static PostgresSecrets ReadOrCreate(DataFolder folder, PostgresUser user)
    {
        if (!File.Exists(folder.Secrets) && Directory.Exists(folder.Cluster))
            throw new PostgresFailedException($"{folder.Secrets} is missing. It holds the passwords of the cluster in {folder.Cluster}: restore it from a backup.");

        var isNew = !File.Exists(folder.Secrets);
        var secrets = isNew
            ? new PostgresSecrets { SocketFolder = "", SuperuserPassword = NewPassword(), OwnerPassword = NewPassword(), ServerPassword = NewPassword() }
            : Read(folder);
        var socketFolder = Fits(folder.Socket) ? folder.Socket : secrets.SocketFolder;
        // Elsewhere than in the data folder, a folder that exists may be a stranger's: a new name then, never his.
        if (socketFolder != folder.Socket && (socketFolder.Length == 0 || Directory.Exists(socketFolder) || File.Exists(socketFolder)))
            socketFolder = NewShortFolder();
        DataFolder.MakePrivateFor(user, socketFolder);
        secrets = secrets with { SocketFolder = socketFolder };
        if (isNew || Read(folder) != secrets)
            PrivateFile.Write(folder.Secrets, file => JsonSerializer.Serialize(file, secrets, s_json));
        return secrets;
    }

    private static string NewShortFolder()
    {
        var name = $"timebank-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var folder = Path.Combine(Path.GetTempPath(), name);
        return Fits(folder) ? folder : Path.Combine("/tmp", name);
    }

    private static bool Fits(string folder) => System.Text.Encoding.UTF8.GetByteCount(Path.Combine(folder, ".s.PGSQL.5432")) <= LongestSocketPathBytes;

    private static string NewPassword() => RandomNumberGenerator.GetHexString(48, lowercase: true);

    private string Connection(string login, string password, string database, int pool) => new NpgsqlConnectionStringBuilder
    {
        Host = SocketFolder,
        Username = login,
        Password = password,
        Database = database,
        ApplicationName = "timebank",
        Timeout = 15,
        CommandTimeout = 30,
        MaxPoolSize = pool,
    }.ConnectionString;
}
