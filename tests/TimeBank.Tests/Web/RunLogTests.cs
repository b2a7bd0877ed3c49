using System.Buffers;
using System.Net;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>Runs last of all, over what every server of the whole test run logged; by itself, over its own.</summary>
[Category("Database"), Category("Afterwards")]
public sealed class RunLogTests
{
    [Test]
    public async Task No_secret_of_the_whole_test_run_is_in_what_its_servers_logged()
    {
        var http = RunningServer.Http;
        var bank = await http.OpenBankAsync();
        var (app, _) = await http.KeyAsync(bank, ofBank: false, "accountsRead");
        (await app.GetAnswerAsync(bank)).Status.ShouldBe(HttpStatusCode.OK);
        using var nobody = RunningServer.Nobody(RunningServer.App);
        (await nobody.GetAnswerAsync($"{bank}/no-such-thing")).Status.ShouldNotBe(HttpStatusCode.OK);
        RunLog.Flush();

        var secrets = Files("secrets").SelectMany(File.ReadLines).ToHashSet();
        secrets.ShouldContain(Logins.Password);
        secrets.ShouldContain(app.DefaultRequestHeaders.Authorization!.Parameter!);
        var lines = 0L;
        Found([bank[(bank.LastIndexOf('/') + 1)..]], ref lines).ShouldNotBeEmpty("What was asked for is logged, so a secret would be found.");
        lines = 0;
        Found(secrets, ref lines).ShouldBeEmpty();
        TestContext.Out.WriteLine($"{secrets.Count:N0} secrets, {lines:N0} lines of {Files("log").Count():N0} processes.");
        app.Dispose();
    }

    private static IEnumerable<string> Files(string kind) => Directory.EnumerateFiles(RunLog.Folder, $"*.{kind}");

    private static List<string> Found(IReadOnlyCollection<string> secrets, ref long lines)
    {
        var any = SearchValues.Create([.. secrets], StringComparison.Ordinal);
        var found = new List<string>();
        foreach (var line in Files("log").SelectMany(File.ReadLines))
        {
            lines++;
            if (found.Count < 20 && line.AsSpan().ContainsAny(any))
                found.Add(Hostile.Cut(line));
        }
        return found;
    }
}
