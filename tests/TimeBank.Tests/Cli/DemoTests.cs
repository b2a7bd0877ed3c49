using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using TimeBank.Stories;

namespace TimeBank.Tests.Cli;

/// <summary>The demonstration, as a newcomer meets it: what it prints is pasted into a shell, and works.</summary>
[Category("Database")]
public sealed partial class DemoTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Test]
    public async Task What_it_prints_works_when_pasted_and_the_secrets_are_this_folders_own()
    {
        var (first, second) = (await RunAsync("law-school", PasteAsync), await RunAsync("youth-court", PasteAsync));

        foreach (var (said, story) in ((string, Story)[])[(first, Story.Load("law-school")), (second, Story.Load("youth-court"))])
        {
            foreach (var person in story.People)
                Regex.IsMatch(said, $@"^ +\S+ +\S{{12,}}   {Regex.Escape(person.Value.Name)}, ", RegexOptions.Multiline).ShouldBeTrue($"{person.Key} has no login in:\n{said}");
        }
        Secrets(first).Intersect(Secrets(second)).ShouldBeEmpty();
    }

    [Test]
    public async Task A_folder_that_no_demonstration_made_offers_nobody_to_look_around_as()
    {
        var home = await RunningServer.Http.GetStringAsync("/");

        home.ShouldContain("One hour given is one hour earned");
        home.ShouldNotContain("look-around");
    }

    private static async Task PasteAsync(string said, string url)
    {
        using var nobody = new HttpClient();
        (await nobody.GetStringAsync(url)).ShouldContain("look-around");
        // Lines that end with a backslash go on on the next.
        var commands = Commands().Matches(said.Replace("\\\n", "", StringComparison.Ordinal)).Select(m => m.Value.Trim()).ToList();
        commands.Count(c => c.StartsWith("curl", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(3, said);
        var script = string.Join('\n', commands.Select(c => c.Replace("curl ", "curl --fail-with-body ", StringComparison.Ordinal)));
        Tools.Require("curl", "apt-get install curl");
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-e", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (answered, complained) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync().WaitAsync(s_patience);
        bash.ExitCode.ShouldBe(0, $"{script}\n{await answered}\n{await complained}");
    }

    private static List<string> Secrets(string said) => [.. Passwords().Matches(said).Select(m => m.Groups[1].Value), .. Keys().Matches(said).Select(m => m.Value)];

    /// <summary>Starts it in a folder of its own, lets somebody try it, and stops it; the answer is what it said.</summary>
    private static async Task<string> RunAsync(string story, Func<string, string, Task> tryIt)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"tb-demo-{Guid.NewGuid().ToString("N")[..8]}");
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerProcess.FreePort()}");
        using var demo = Process.Start(new ProcessStartInfo(
            Tools.Require("dotnet", "apt-get install dotnet-sdk-10.0"),
            ["exec", Path.Combine(AppContext.BaseDirectory, "timebank.dll"), "demo", "--story", story, "--data", folder, "--urls", url]) { RedirectStandardOutput = true })!;
        try
        {
            var lines = new List<string>();
            using var patience = new CancellationTokenSource(s_patience);
            while (await demo.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                lines.Add(line);
                if (line.StartsWith("Ctrl-C stops everything", StringComparison.Ordinal))
                    break;
            }
            var said = string.Join('\n', lines);
            said.ShouldContain("Ctrl-C stops everything", Case.Sensitive);
            await tryIt(said, url);
            return said;
        }
        finally
        {
            if (!demo.HasExited)
                await ServerProcess.SignalAsync(demo.Id, "INT");
            await demo.WaitForExitAsync().WaitAsync(s_patience);
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"^ +(curl .*|KEY=\S+)$", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"^ +\S+ +(\S{12,})   ", RegexOptions.Multiline)]
    private static partial Regex Passwords();

    [GeneratedRegex(@"tb_\S+")]
    private static partial Regex Keys();
}
