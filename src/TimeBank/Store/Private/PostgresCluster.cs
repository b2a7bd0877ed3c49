using Npgsql;

namespace TimeBank.Store;

/// <summary>Makes the cluster on the first start, and the database, its logins and extensions in it.</summary>
internal static class PostgresCluster
{
    private static readonly string[] s_extensions = ["pg_trgm", "unaccent", "btree_gin"];

    public static async Task CreateAsync(DataFolder folder, PostgresUser user, PostgresBinaries binaries, PostgresSecrets secrets, CancellationToken cancel)
    {
        // Text compares by code point, the same on every machine and for good; upper and lower case know all letters if they can.
        string[] caseRules = ["C.UTF-8", "en_US.UTF-8", "C"];
        ProgramResult? made = null;
        var growing = "";
        foreach (var letters in caseRules)
        {
            growing = folder.NewClusterFolder();
            made = await InitializeAsync(folder, growing, user, binaries, secrets, letters, cancel);
            if (made.Succeeded || !made.Words.Contains("invalid locale", StringComparison.Ordinal))
                break;
        }
        if (made is not { Succeeded: true })
            throw new PostgresFailedException($"PostgreSQL could not make its cluster in {folder.Root}:{Environment.NewLine}{made?.Words}");
        await File.AppendAllTextAsync(Path.Combine(growing, "postgresql.conf"), $"{Environment.NewLine}include_if_exists = '{PostgresSettings.FileName}'{Environment.NewLine}", cancel);
        Directory.Move(growing, folder.Cluster);
    }

    /// <summary>What is missing is made and what is there is left, so that a first start that was interrupted is finished by the next.</summary>
    public static async Task PrepareAsync(PostgresSecrets secrets, Action<string> say, CancellationToken cancel)
    {
        await using (var server = await OpenAsync(secrets, "postgres", cancel))
        {
            // The owner makes and owns the schema; it needs no more than to look after its own database.
            if (!await ExistsAsync(server, "select from pg_roles where rolname = $1", PostgresSecrets.Owner, cancel))
                await ExecuteAsync(server, $"create role {PostgresSecrets.Owner} login password '{secrets.OwnerPassword}'", cancel);
            if (!await ExistsAsync(server, "select from pg_roles where rolname = $1", PostgresSecrets.Server, cancel))
                await ExecuteAsync(server, $"create role {PostgresSecrets.Server} login password '{secrets.ServerPassword}'", cancel);
            if (!await ExistsAsync(server, "select from pg_database where datname = $1", PostgresSecrets.Database, cancel))
                await ExecuteAsync(server, $"create database {PostgresSecrets.Database} owner {PostgresSecrets.Owner}", cancel);
            await ExecuteAsync(server, $"""
                grant pg_checkpoint, pg_read_all_stats, pg_signal_backend to {PostgresSecrets.Owner};
                revoke all on database {PostgresSecrets.Database}, postgres, template1 from public;
                grant connect on database {PostgresSecrets.Database} to {PostgresSecrets.Server};
                -- A claim of the journal that a rival won is an error to PostgreSQL and daily bread to us: it would fill the log.
                alter role {PostgresSecrets.Server} set log_min_messages = 'log';
                -- A forgotten transaction would keep old rows alive until tables swell.
                alter role {PostgresSecrets.Server} set idle_in_transaction_session_timeout = '60s';
                """, cancel);
        }

        await using var database = await OpenAsync(secrets, PostgresSecrets.Database, cancel);
        foreach (var extension in s_extensions)
        {
            if (!await ExistsAsync(database, "select from pg_available_extensions where name = $1 and installed_version is null", extension, cancel))
                continue;
            try
            {
                await ExecuteAsync(database, $"create extension {extension}", cancel);
            }
            catch (PostgresException refused)
            {
                say($"PostgreSQL's extension {extension} cannot be used here ({refused.MessageText}); searching will be slower.");
            }
        }
    }

    private static async Task<ProgramResult> InitializeAsync(
        DataFolder folder, string growing, PostgresUser user, PostgresBinaries binaries, PostgresSecrets secrets, string letters, CancellationToken cancel)
    {
        DataFolder.MakePrivateFor(user, growing);
        var passwordFile = Path.Combine(folder.Root, "postgres.password");
        try
        {
            File.Delete(passwordFile);
            await using (var file = PrivateFile.Create(passwordFile))
                await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(secrets.SuperuserPassword), cancel);
            user.Give(passwordFile);
            return await user.RunAsync(cancel, binaries.InitDb, "-D", growing, "--username", PostgresSecrets.Superuser, "--pwfile", passwordFile,
                "--auth-local=scram-sha-256", "--auth-host=reject", "--data-checksums", "--encoding=UTF8", "--locale=C", $"--lc-ctype={letters}");
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(PostgresSecrets secrets, string database, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(secrets.SuperuserConnection(database) + ";Pooling=false");
        await connection.OpenAsync(cancel);
        return connection;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string question, string name, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(question, connection) { Parameters = { new() { Value = name } } };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
