using Npgsql;
using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>Faults end in a line that says what happened and what to do; defects keep their stack trace.</summary>
public sealed class FaultsTests
{
    [TestCase("55P03", "timebank rebuild")]
    [TestCase("53100", "disk is full")]
    [TestCase("57P03", "does not serve now")]
    [TestCase("28P01", "a login and its password")]
    [TestCase("3D000", "Make the database")]
    [TestCase("42501", "grant timebank_server to")]
    public void What_PostgreSQL_says_is_in_the_line_with_what_to_do(string sqlState, string advice)
    {
        var line = Faults.Explain(new PostgresException("the words of PostgreSQL", "ERROR", "ERROR", sqlState))!;

        line.ShouldContain($"{sqlState}: the words of PostgreSQL");
        line.ShouldContain(advice);
        line.ShouldNotContain("\n");
    }

    [Test]
    public void A_cause_is_said_too()
    {
        var line = Faults.Explain(new NpgsqlException("Failed to connect", new IOException("Connection\nrefused.")))!;

        line.ShouldContain("Failed to connect (Connection refused.)");
        line.ShouldNotContain("\n");
    }

    [Test]
    public void Files_are_explained_and_defects_are_not()
    {
        Faults.Explain(new IOException("No space left on device"))!.ShouldStartWith("No space left on device. See that the disk has room");
        Faults.Explain(new UnauthorizedAccessException("Access to '/x' is denied."))!.ShouldStartWith("Access to '/x' is denied. Let the user");
        Faults.Explain(new PostgresException("syntax error", "ERROR", "ERROR", "42601")).ShouldBeNull();
        Faults.Explain(new InvalidOperationException("?")).ShouldBeNull();
    }

    [Test]
    [Category("Database")]
    public async Task A_wrong_password_is_one_line_and_not_a_stack_trace()
    {
        var login = new NpgsqlConnectionStringBuilder(RunningServer.Store.OwnerConnectionString) { Password = "wrong" }.ConnectionString;

        var run = await Cli.CommandRun.RunAsync("verify", "--ConnectionStrings:TimeBank", login);

        run.ExitCode.ShouldBe(2, run.ToString());
        run.Error.ShouldContain("28P01");
        run.Error.Trim().ShouldNotContain("\n");
    }
}
