namespace TimeBank.Bench.Scenarios;

/// <summary>How long a caller waits when the server has half as much to do as it can.</summary>
public static class Latency
{
    private const int Connections = 256;
    private const int FullSeconds = 60;

    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var rate = await run.TopRateAsync(main) / 2;
        var seconds = run.Options.Seconds < 20 ? run.Options.Seconds * 3 : FullSeconds;
        var tail = new List<double>();
        using var generator = await LoadGenerator.ConnectAsync(main.Ledger.Server.Url, main, Connections, run.Cancel);
        run.Say($"{Row.Number(rate)}/s for {seconds} s, a checkpoint after a third");
        await generator.RunAsync(rate, TimeSpan.FromSeconds(Math.Min(10, run.Options.WarmUpSeconds)), run.Cancel);
        for (var round = 1; round <= run.Options.FewRounds; round++)
        {
            await main.Ledger.CheckpointAsync();
            var running = generator.RunAsync(rate, TimeSpan.FromSeconds(seconds), run.Cancel);
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(seconds / 3.0), run.Cancel));
            await main.Ledger.CheckpointAsync();
            if (running.IsCompleted && running.IsCompletedSuccessfully)
                throw new BenchException("The checkpoint ended after the load: not inside. Use longer rounds.");
            var latencies = await running;
            tail.Add(latencies.Milliseconds(99));
            run.Say($"  round {round}: p50 {Row.Number(latencies.Milliseconds(50))} ms, p99 {Row.Number(tail[^1])} ms, "
                + $"p99.9 {Row.Number(latencies.Milliseconds(99.9))} ms, most {Row.Number(latencies.Milliseconds(100))} ms");
        }
        run.Add(Row.AtMost($"p99 at half of the top rate ({Row.Number(rate)}/s), {seconds} s with a checkpoint inside", "ms", new Series(tail), 20));
    }
}
