using TimeBank.Bench.Scenarios;

namespace TimeBank.Bench;

/// <summary>Runs the scenarios in their order and prints the table.</summary>
public static class Measuring
{
    /// <summary>0 if every bar was met, 1 if not, 2 for a wrong option, 130 if interrupted.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancel)
    {
        var unknown = options.Only.Except(Scenario.All.Select(s => s.Name)).ToList();
        if (unknown.Count > 0 || options.Seconds < 1 || options.Rounds < 1 || options.WarmUpSeconds < 1 || options.Scale is not (> 0 and <= 1))
        {
            await Console.Error.WriteLineAsync(unknown.Count > 0
                ? $"No scenario is called {string.Join(", ", unknown)}; --list names them."
                : "Seconds, rounds and warm-up are at least 1; the scale is above 0 and at most 1.");
            return 2;
        }
#if DEBUG
        await Console.Error.WriteLineAsync("This is a debug build, whose figures do not count: dotnet run -c Release --project tests/TimeBank.Bench");
#endif
        var folder = Path.Combine(Path.GetFullPath(options.DataParent), $"tb-bench-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(folder);
        // PostgreSQL's own user must pass through, if this is root.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        var run = new BenchRun(options, folder, cancel);
        try
        {
            await using (run)
            {
                foreach (var scenario in Scenario.All.Where(s => options.Only.Count == 0 || options.Only.Contains(s.Name)))
                    await TryAsync(run, scenario);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted; everything that was started is stopped.");
            return 130;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine(Table.Markdown(run.MachineDescription, run.Rows));
        if (options.Output is { } file)
            await Table.WriteAsync(file, run.MachineDescription, run.Rows);
        return run.Rows.All(r => r.Met) ? 0 : 1;
    }

    private static async Task TryAsync(BenchRun run, Scenario scenario)
    {
        run.Say($"== {scenario.Name}: {scenario.What}");
        try
        {
            await scenario.RunAsync(run);
        }
        catch (Exception e) when (e is not OperationCanceledException || !run.Cancel.IsCancellationRequested)
        {
            // One scenario's trouble is not the others': it stands in the table as a bar that was missed.
            run.Say(e is BenchException ? e.Message : e.ToString());
            run.Add(Row.Failed(scenario.What, e.Message));
        }
    }
}
