using System.Globalization;
using System.Text.RegularExpressions;

namespace TimeBank.Bench;

/// <summary>What wrk counted.</summary>
public sealed record WrkResult(long Requests, double PerSecond);

/// <summary>Closed-loop load: wrk keeps so many connections busy, each sends its next request when it has its answer.</summary>
/// <remarks>wrk itself counts answers of 400 and above, in C. A <c>response</c> function in the script would do it too, but costs a Lua table
/// for each answer, on the cores that the server needs.</remarks>
public static partial class Wrk
{
    private static readonly string s_program = Programs.Find("wrk") ?? "";

    public static async Task<WrkResult> RunAsync(BenchRun run, ServerProcess server, string script, int seconds, int connections = 64)
    {
        if (s_program.Length == 0)
            throw new BenchException("wrk is missing; install it: apt-get install wrk");
        var file = Path.Combine(run.Folder, $"{Guid.NewGuid():N}.lua");
        await File.WriteAllTextAsync(file, script, run.Cancel);
        // One thread drives 64 connections with ease; a second one would only take turns with the server's.
        var output = await Child.RunAsync(s_program,
            ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "20s", "-s", file, server.Url.ToString()], null, run.Cancel);
        File.Delete(file);
        if (Refused().Match(output) is { Success: true } refused)
            throw new BenchException($"{refused.Groups[1].Value} requests were not answered well.\n{output}\nThe server says:\n{server.Output}");
        if (Broken().Match(output) is { Success: true } broken && broken.Groups.Values.Skip(1).Any(g => g.Value != "0"))
            throw new BenchException($"Connections broke.\n{output}\nThe server says:\n{server.Output}");
        var requests = Requests().Match(output);
        var rate = Rate().Match(output);
        if (!requests.Success || !rate.Success)
            throw new BenchException($"wrk said no rate: {output}");
        return new WrkResult(long.Parse(requests.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Refused();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex Broken();

    [GeneratedRegex(@"(\d+) requests in ")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s*([0-9.]+)")]
    private static partial Regex Rate();
}
