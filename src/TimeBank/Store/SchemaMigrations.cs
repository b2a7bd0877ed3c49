using System.Reflection;
using Npgsql;

namespace TimeBank.Store;

/// <summary>Brings the schema up to date: the numbered files of Schema/, each once, in order, as the role that owns it.</summary>
public static class SchemaMigrations
{
    /// <summary>Shapes of events that this program writes; a database that a newer program wrote to is refused.</summary>
    public const int Format = 27;

    private const long LockKey = 0x7469_6d65_6261_6e6b;

    /// <param name="say">Hears what this PostgreSQL lacks for searching.</param>
    public static async Task ApplyAsync(string ownerConnectionString, Action<string> say, CancellationToken cancel)
    {
        // Not from a pool: one of a PostgreSQL that has ended since would be handed out again.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        await Execute(connection, $"select pg_advisory_lock({LockKey})", cancel);
        try
        {
            await EnsureRole(connection, cancel);
            await Execute(connection, """
                create schema if not exists timebank;
                create table if not exists timebank.schema_files (name text primary key, applied timestamptz not null default now());
                """, cancel);
            foreach (var name in Files())
                await ApplyOnce(connection, name, cancel);
            await RefuseNewerFormat(connection, cancel);
            await SayWhatSearchLacks(connection, say, cancel);
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    /// <summary>Every connection of a server acts as <c>timebank_server</c>. The login that makes the schema becomes its member, so that it can serve too;
    /// a server with a login of its own is made one by the administrator.</summary>
    private static async Task EnsureRole(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            await Execute(connection, """
                do $$
                declare
                  -- From PostgreSQL 16 on, who creates a role is its member at once, but may not act as it.
                  act text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
                begin
                  if not exists (select from pg_roles where rolname = 'timebank_server') then
                    create role timebank_server nologin;
                  end if;
                  -- A superuser may act as anybody.
                  if not pg_has_role(current_user, 'timebank_server', act) then
                    begin
                      grant timebank_server to current_user;
                    exception when insufficient_privilege then
                      -- The owner need not act as it where another login does, as in the cluster that is TimeBank's own.
                      if not exists (select from pg_roles where rolcanlogin and not rolsuper and pg_has_role(oid, 'timebank_server', act)) then
                        raise;
                      end if;
                    end;
                  end if;
                end $$;
                """, cancel);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await using var command = new NpgsqlCommand("""
                select concat(
                  case when not exists (select from pg_roles where rolname = 'timebank_server') then 'create role timebank_server; ' end,
                  'grant timebank_server to ', quote_ident(current_user), ';')
                """, connection);
            throw new RoleRefusedException((string)(await command.ExecuteScalarAsync(cancel))!, refused);
        }
    }

    private static async Task ApplyOnce(NpgsqlConnection connection, string name, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var mark = new NpgsqlCommand(
            "insert into timebank.schema_files (name) values ($1) on conflict do nothing", connection, transaction)
        {
            Parameters = { new() { Value = name } },
        };
        if (await mark.ExecuteNonQueryAsync(cancel) == 1)
        {
            await using var apply = new NpgsqlCommand("set local search_path = timebank;\n" + Read(name), connection, transaction);
            await apply.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    private static async Task RefuseNewerFormat(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select format from timebank.journal_format", connection);
        var format = (int)(await command.ExecuteScalarAsync(cancel))!;
        if (format > Format)
            throw new NewerFormatException(format);
    }

    /// <summary>The functions that search were made for the extensions that were there then (Schema/006).</summary>
    private static async Task SayWhatSearchLacks(NpgsqlConnection connection, Action<string> say, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select string_agg(name, ', ') from unnest(array['unaccent', 'pg_trgm']) name where not exists (select from pg_extension where extname = name)
            """, connection);
        if (await command.ExecuteScalarAsync(cancel) is string missing)
            say($"PostgreSQL's extensions are not all there ({missing}): listings are found by whole words as they are written, and no typing error is forgiven.");
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static IEnumerable<string> Files() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>The database holds events of a shape that this program does not know.</summary>
public sealed class NewerFormatException(int format) : Exception(
    $"This database was written by a newer TimeBank (format {format}; this program knows {SchemaMigrations.Format}). Start the newer program.");

/// <summary>The login may not make the role that servers act as, or become its member.</summary>
public sealed class RoleRefusedException(string statements, PostgresException refused) : Exception(
    $"The login may not set up the role that servers act as ({refused.SqlState}: {refused.MessageText}). An administrator of the database must run, once: {statements} (The login of a server, if it is another, needs the same grant.)", refused);
