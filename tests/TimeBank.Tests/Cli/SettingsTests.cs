using Shouldly;
using System.CommandLine;
using TimeBank.Cli;

namespace TimeBank.Tests.Cli;

public sealed class SettingsTests
{
    [TestCase("--dta /tmp/x", "no setting '--dta'")]
    [TestCase("--ConnectionStrings:TimeBnak Host=x", "no setting '--ConnectionStrings:TimeBnak'")]
    [TestCase("--Loging:LogLevel:Default Debug", "no setting '--Loging:LogLevel:Default'")]
    [TestCase("now", "What is 'now'?")]
    [TestCase("--data", "'--data' has no value")]
    [TestCase("--data --urls http://localhost:1", "'--data' has no value")]
    public void A_slip_is_said_and_not_ignored(string arguments, string words) =>
        Should.Throw<CliException>(() => Read(arguments)).Message.ShouldContain(words);

    [TestCase("--data /tmp/x --urls=http://localhost:1")]
    [TestCase("--ConnectionStrings:TimeBank Host=localhost --Logging:LogLevel:Default Debug")]
    [TestCase("--Data /tmp/x")]
    [TestCase("--connectionstrings:timebankowner=Host=x --Kestrel:Limits:MaxConcurrentConnections 5")]
    public void Settings_of_AspNetCore_pass(string arguments) => Read(arguments).ShouldBe(arguments.Split(' '));

    [Test]
    public void An_owner_of_no_ledger_is_refused() =>
        Should.Throw<CliException>(() => Settings.Builder(["--ConnectionStrings:TimeBankOwner", "Host=x", "--ConnectionStrings:TimeBank", ""])).Message.ShouldContain("TimeBankOwner alone");

    private static string[] Read(string arguments) => Settings.Of(new Command("serve") { TreatUnmatchedTokensAsErrors = false }.Parse(arguments));
}
