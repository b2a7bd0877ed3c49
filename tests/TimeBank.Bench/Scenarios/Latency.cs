namespace TimeBank.Bench.Scenarios;

/// <summary>How long a caller waits when the server has half as much to do as it can.</summary>
public static class Latency
{
    private const int Connections = 256;

    /// <summary>Long enough for a whole checkpoint of PostgreSQL's own: it begins 30 s after the last one, the least that may be set, and is
    /// spread over nine tenths of the next 30.</summary>
    private const int Seconds = 60;

    /// <summary>The top rate is measured again before each round: on a shared machine a rate of ten minutes ago may be no half of today's.</summary>
    public static async Task RunAsync(BenchRun run)
    {
        var main = await run.MainAsync();
        var (rates, tail, disturbed) = (new List<double>(), new List<double>(), 0);
        await CheckpointEveryAsync(main.Ledger, "'30s'");
        for (var round = 1; round <= run.Options.FewRounds; round++)
        {
            var top = await run.TransfersAsync(main, main.Ledger.Server, main.AtRandom(main.Ledger.Server), run.Options.Seconds);
            var rate = top / 2;
            run.Say($"  round {round}: {Row.Number(rate)}/s for {Seconds} s");
            // Only now: the server hangs up on connections that say nothing while the rate is measured.
            using var generator = await LoadGenerator.ConnectAsync(main.Ledger.Server.Url, main, Connections, run.Cancel);
            // The next one begins 30 s from here, with the load as it is after any other time without one, and ends within the minute.
            await main.Ledger.CheckpointAsync();
            // Few transfers at a time are other work than many: the generator and the server settle to it first.
            await generator.RunAsync(rate, TimeSpan.FromSeconds(run.Options.WarmUpSeconds), run.Cancel);
            var before = await LastCheckpointAsync(main.Ledger);
            var stolen = new StolenTime();
            var latencies = await generator.RunAsync(rate, TimeSpan.FromSeconds(Seconds), run.Cancel);
            if (await LastCheckpointAsync(main.Ledger) == before)
                throw new BenchException("No checkpoint ended within the load. Is checkpoint_timeout set elsewhere?");
            var taken = stolen.Percent;
            run.Say($"  round {round}: p50 {Row.Number(latencies.Milliseconds(50))} ms, p99 {Row.Number(latencies.Milliseconds(99))} ms, "
                + $"p99.9 {Row.Number(latencies.Milliseconds(99.9))} ms, most {Row.Number(latencies.Milliseconds(100))} ms; the host took {Row.Number(taken)} % of the cores");
            if (taken > StolenTime.Most && disturbed < StolenTime.MostRepeats)
            {
                disturbed++;
                round--;
                continue;
            }
            rates.Add(rate);
            tail.Add(latencies.Milliseconds(99));
        }
        await CheckpointEveryAsync(main.Ledger, "default");
        run.Add(Row.AtMost($"p99 at half of the top rate ({Row.Number(new Series(rates).Median)}/s), {Seconds} s with a checkpoint inside; {disturbed} rounds in which the host took more than {StolenTime.Most} % of the cores measured again", "ms", new Series(tail), 20));
    }

    /// <summary>Not by the command CHECKPOINT, which writes everything as fast as it can: that is for administrators, and no server does it by itself.</summary>
    private static async Task CheckpointEveryAsync(LedgerUnderTest ledger, string timeout)
    {
        await ledger.ScalarAsync<object>($"alter system set checkpoint_timeout = {timeout}");
        await ledger.ScalarAsync<bool>("select pg_reload_conf()");
    }

    private static async Task<string> LastCheckpointAsync(LedgerUnderTest ledger) =>
        await ledger.ScalarAsync<string>("select redo_lsn::text from pg_control_checkpoint()") ?? "";
}
