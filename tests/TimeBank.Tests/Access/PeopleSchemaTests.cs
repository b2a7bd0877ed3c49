using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

/// <summary>The tables are made by hand-written SQL: here they are held against what Entity Framework takes them for.</summary>
[Category("Database")]
public sealed class PeopleSchemaTests
{
    [Test]
    public async Task The_tables_are_those_of_the_model_column_for_column()
    {
        var expected = Tables().SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c.Name} {c.StoreType} {(c.IsNullable ? "null" : "not null")}")).Order(StringComparer.Ordinal);

        (await SqlAsync<string>("""
            select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else ' null' end
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'people'::regnamespace and c.relkind = 'r'
            """)).Order(StringComparer.Ordinal).ShouldBe(expected);
    }

    [Test]
    public async Task Keys_and_indexes_are_those_of_the_model()
    {
        var expected = Tables().SelectMany(t => t.Indexes.Select(i => $"{t.Name} {i.Name} {(i.IsUnique ? "unique " : "")}{Names(i.Columns)}")
            .Append($"{t.Name} {t.Name}_pkey unique {Names(t.PrimaryKey!.Columns)}")).Order(StringComparer.Ordinal);

        (await SqlAsync<string>("""
            select t.relname || ' ' || n.relname || case when i.indisunique then ' unique ' else ' ' end
              || (select string_agg(a.attname, ',' order by k.place) from unnest(i.indkey) with ordinality k (number, place)
                  join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number)
            from pg_index i join pg_class t on t.oid = i.indrelid join pg_class n on n.oid = i.indexrelid
            where t.relnamespace = 'people'::regnamespace and i.indpred is null
            """)).Order(StringComparer.Ordinal).ShouldBe(expected);
    }

    [Test]
    public async Task Nobody_but_the_owner_and_the_server_s_role_may_read_anything_of_people()
    {
        (await SqlAsync<string>("""
            select distinct grantee::regrole::text from pg_class c, aclexplode(c.relacl) where c.relnamespace = 'people'::regnamespace and grantee <> c.relowner
            """)).ShouldBe(["timebank_server"]);
        (await SqlAsync<string>("""
            select coalesce(nullif(grantee, 0)::regrole::text, 'public') || ' ' || privilege_type
            from pg_namespace n, aclexplode(n.nspacl) where nspname = 'people' and grantee <> n.nspowner
            """)).ShouldBe(["timebank_server USAGE"]);
    }

    [Test]
    public async Task The_keys_that_seal_cookies_are_added_and_never_changed_or_removed()
    {
        (await SqlAsync<string>("""
            select privilege_type from pg_class c, aclexplode(c.relacl) where c.oid = 'people.protection_keys'::regclass and grantee <> c.relowner order by 1
            """)).ShouldBe(["INSERT", "SELECT"]);
        (await SqlAsync<long>("select count(*) from people.protection_keys")).Single().ShouldBeGreaterThan(0);
        (await SqlAsync<bool>("select bool_and(xml like '<key %' or xml like '<revocation%') from people.protection_keys")).ShouldBe([true]);
        foreach (var sql in (string[])["update people.protection_keys set xml = ''", "delete from people.protection_keys", "delete from people.persons"])
        {
            await using var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(RunningServer.Store.ServerConnectionString) { Options = "-c role=timebank_server" }.ConnectionString);
            await server.OpenAsync();
            await using var command = new NpgsqlCommand(sql, server);
            (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Test]
    public async Task Another_server_of_the_same_database_reads_the_same_cookies_and_tokens()
    {
        var rosa = await NewMemberAsync();
        await using var other = await RunningServer.StartServer(RunningServer.Store);
        var token = (await rosa.SignInAsync()).DefaultRequestHeaders.Authorization!.Parameter!;

        (await WithToken(token, other).GetAnswerAsync("/v1/me")).Ok();
    }

    [Test]
    public async Task No_password_no_code_and_no_session_is_stored_as_it_was_given()
    {
        var rosa = await NewMemberAsync();
        var mine = await rosa.SignInAsync();
        var token = mine.DefaultRequestHeaders.Authorization!.Parameter!;
        var (_, recovery) = await mine.TurnOnSecondFactorAsync();
        var code = (string)(await RunningServer.Http.PostAsync($"{rosa.Bank}/people/{rosa.Id}/codes", new { })).Ok()["code"]!;
        var invitation = (string)(await RunningServer.Http.PostAsync($"{rosa.Bank}/invitations", new { name = "Rosa", standing = new { role = "auditor" } })).Ok()["code"]!;

        var everything = string.Concat(await SqlAsync<string>(string.Join(" union all ", Tables().Select(t => $"select t::text from people.{t.Name} t"))));
        foreach (var secret in (string[])[rosa.Password, token, code, invitation, .. recovery])
        {
            everything.ShouldNotContain(secret, Case.Insensitive);
            everything.ShouldNotContain(secret.Replace("-", ""), Case.Insensitive);
        }
    }

    private static string Names(IEnumerable<IColumn> columns) => string.Join(",", columns.Select(c => c.Name));

    private static List<ITable> Tables()
    {
        using var people = RunningServer.App.Services.GetRequiredService<IDbContextFactory<PeopleContext>>().CreateDbContext();
        return [.. people.Model.GetRelationalModel().Tables.Where(t => t.Schema == PeopleContext.Schema)];
    }
}
