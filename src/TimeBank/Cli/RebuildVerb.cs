using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank rebuild</c>: makes every table that can be made from the events again.</summary>
public static class RebuildVerb
{
    public static Command Make() =>
        new Command("rebuild", "Make all tables that follow from the events again. Nothing is written meanwhile; interrupted, it changes nothing.")
            .WithSettings((_, settings, cancel) => RunAsync(settings, cancel));

    private static async Task<int> RunAsync(string[] settings, CancellationToken cancel)
    {
        await using var store = await VerbSettings.OpenAsync(settings, cancel);
        var started = Stopwatch.GetTimestamp();
        int banks;
        long events;
        using (var progress = Progress.Start("Rebuilding", await new Verification(store.ServerConnectionString).EstimateAsync(cancel)))
        {
            try
            {
                (banks, events) = await new Rebuild(store.OwnerConnectionString).RunAsync(progress.Report, cancel);
            }
            catch (RebuildException e)
            {
                throw new CliException(e.Message);
            }
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        // Afterwards: what a note is written by are the very tables that were made again.
        await BankNotes.TryWriteAsync(store, await BankNotes.BanksAsync(store, cancel), Noted.Rebuilt);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Rebuilt all tables of {banks} {(banks == 1 ? "bank" : "banks")} from {events} events in {seconds:0.0} s ({events / seconds:N0}/s). A server that runs on them should be started again, so that it forgets what it remembers of the old ones."));
        return 0;
    }
}
