using System.CommandLine;
using System.Globalization;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank restore FILE</c>: a backup into an empty ledger, wholly or not at all.</summary>
public static class RestoreVerb
{
    public static Command Make()
    {
        var file = new Argument<string>("file") { Description = "A file that backup wrote." };
        var verb = new Command("restore", "Read a backup into an empty ledger.") { file };
        return verb.WithSettings((parsed, settings, cancel) => RunAsync(settings, Path.GetFullPath(parsed.GetValue(file)!), cancel));
    }

    private static async Task<int> RunAsync(string[] settings, string file, CancellationToken cancel)
    {
        if (!File.Exists(file))
            throw new CliException($"There is no file {file}.");
        try
        {
            var announced = Restore.ReadManifest(file);
            await using var store = await VerbSettings.OpenAsync(settings, cancel);
            using (var progress = Progress.Start("Reading bytes", announced.Tables.Sum(t => t.Bytes)))
                await new Restore(store.OwnerConnectionString).ReadAsync(file, progress.Report, cancel);
            await BankNotes.TryWriteAsync(store, await BankNotes.BanksAsync(store, cancel), Noted.Restored);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Restored {announced.Tables.Sum(t => t.Rows)} rows of {announced.Tables.Count} tables, as of {announced.Made:u}. `timebank verify` checks them."));
            return 0;
        }
        catch (BackupException e)
        {
            throw new CliException(e.Message);
        }
    }
}
