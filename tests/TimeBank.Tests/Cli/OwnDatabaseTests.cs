using Npgsql;
using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Cli;

/// <summary>A database that the settings name, with one login that owns it and is no superuser.</summary>
[Category("Database")]
public sealed class OwnDatabaseTests
{
    private string _name = null!;

    private static string Administrator => RunningServer.Store.SuperuserConnectionString!;

    [SetUp]
    public async Task MakeOne()
    {
        _name = $"plain_{Guid.NewGuid():N}"[..20];
        await Sql.AskAsync(Administrator, $"create role {_name} login password 'of-{_name}'");
        await Sql.AskAsync(Administrator, $"create database {_name} owner {_name} template template1");
    }

    [TearDown]
    public async Task Remove()
    {
        await Sql.AskAsync(Administrator, $"drop database {_name} with (force)");
        await Sql.AskAsync(Administrator, $"drop role {_name}");
    }

    [Test]
    public async Task A_login_that_may_grant_the_role_grants_it_to_itself_and_serves()
    {
        // From PostgreSQL 16 on, createrole is for roles of one's own making: such a role is administered, but not acted as.
        await Sql.AskAsync(Administrator, int.Parse(await Sql.AskAsync(Administrator, "show server_version_num")) >= 160000
            ? $"grant timebank_server to {_name} with admin true, set false, inherit false"
            : $"alter role {_name} createrole");

        (await ExportAsync()).Error.ShouldContain("There is no bank 'nobody'");
    }

    [Test]
    public async Task A_login_that_may_not_is_told_what_an_administrator_runs_and_serves_after_it()
    {
        var before = await ExportAsync();
        await Sql.AskAsync(Administrator, $"grant timebank_server to {_name}");
        var after = await ExportAsync();

        before.ExitCode.ShouldBe(2, before.ToString());
        before.Error.ShouldContain("42501");
        before.Error.ShouldContain("grant timebank_server to");
        after.Error.ShouldContain("There is no bank 'nobody'");
    }

    /// <summary>Reads as a server does.</summary>
    private Task<CommandRun> ExportAsync() => CommandRun.RunAsync(
        "export", "--bank", "nobody", "--format", "ndjson", "--ConnectionStrings:TimeBank",
        new NpgsqlConnectionStringBuilder(Administrator) { Username = _name, Password = $"of-{_name}", Database = _name }.ConnectionString);
}
