using Shouldly;

namespace TimeBank.Tests.Cli;

/// <summary>Which ledger a verb works on is never a guess.</summary>
[Category("Database")]
public sealed class VerbSettingsTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody;Password=x";

    [TestCase("verify --bnak b", "'--bnak'")]
    [TestCase("verify b", "'b'")]
    [TestCase("verify --ConnectionStrings:TimeBnak Host=x", "'--ConnectionStrings:TimeBnak'")]
    [TestCase("rebuild --dta /tmp/never", "'--dta'")]
    [TestCase("backup /tmp/never.zip --dta /tmp/never", "'--dta'")]
    [TestCase("backup --dta /tmp/never /tmp/never.zip", "'--dta'")]
    [TestCase("backup --dta", "'--dta'")]
    [TestCase("restore /tmp/never.zip --dta /tmp/never", "'--dta'")]
    [TestCase("restore --dta=/tmp/never /tmp/never.zip", "'--dta'")]
    [TestCase("import transfers /tmp/never.csv --bank b --histroy", "'--histroy'")]
    [TestCase("export --bank b --format csv --outptu /tmp/never.csv", "'--outptu'")]
    public async Task A_mistyped_option_is_refused_by_its_name(string arguments, string named)
    {
        var run = await CommandRun.RunAsync(arguments.Split(' '));

        run.ExitCode.ShouldBe(2, run.ToString());
        run.Error.ShouldContain(named);
        File.Exists("/tmp/never.zip").ShouldBeFalse();
    }

    [Test]
    public async Task What_cannot_be_read_at_all_is_not_the_1_of_a_difference() =>
        (await CommandRun.RunAsync("verify", "--bank")).ExitCode.ShouldBe(2);

    [TestCase("verify")]
    [TestCase("rebuild")]
    [TestCase("backup /tmp/never.zip")]
    [TestCase("export --bank b --format csv")]
    public async Task Every_verb_reads_the_settings_beside_the_program(string arguments)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "appsettings.elsewhere.json");
        await File.WriteAllTextAsync(file, $$"""{ "ConnectionStrings": { "TimeBank": "{{Nowhere}}" } }""");
        try
        {
            var run = await CommandRun.RunAsync([.. arguments.Split(' '), "--environment", "elsewhere"]);

            run.ExitCode.ShouldBe(2, run.ToString());
            run.Error.ShouldContain("127.0.0.1:1 ");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task Both_logins_may_stand_before_or_after_the_name_of_a_file()
    {
        string[] logins = ["--ConnectionStrings:TimeBank", Nowhere.Replace("Port=1;", "Port=2;"), "--ConnectionStrings:TimeBankOwner", Nowhere];

        foreach (var run in new[] { await CommandRun.RunAsync(["backup", .. logins, "/tmp/never.zip"]), await CommandRun.RunAsync(["backup", "/tmp/never.zip", .. logins]) })
        {
            run.ExitCode.ShouldBe(2, run.ToString());
            run.Error.ShouldContain("127.0.0.1:1 ", customMessage: "the owner's");
        }
    }
}
