using System.CommandLine;
using System.Globalization;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank backup FILE</c>: the whole ledger as of one moment, in one file, while servers go on.</summary>
public static class BackupVerb
{
    public static Command Make()
    {
        var file = new Argument<string>("file") { Description = "The file to write; it is there only when it is whole." };
        var verb = new Command("backup", "Write the whole ledger to one file.") { file };
        return verb.WithSettings((parsed, settings, cancel) => RunAsync(settings, Path.GetFullPath(parsed.GetValue(file)!), cancel));
    }

    private static async Task<int> RunAsync(string[] settings, string file, CancellationToken cancel)
    {
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw new CliException($"There is no folder {Path.GetDirectoryName(file)}. Make it first.");
        await using var store = await VerbSettings.OpenAsync(settings, cancel);
        await BankNotes.TryWriteAsync(store, await BankNotes.BanksAsync(store, cancel), Noted.BackedUp);
        var backup = new Backup(store.OwnerConnectionString);
        BackupManifest manifest;
        using (var progress = Progress.Start("Writing bytes", await backup.EstimateAsync(cancel)))
            manifest = await backup.WriteAsync(file, progress.Report, cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Wrote {manifest.Tables.Sum(t => t.Rows)} rows of {manifest.Tables.Count} tables to {file} ({new FileInfo(file).Length} bytes). `timebank restore FILE --data NEW-FOLDER` brings them back."));
        return 0;
    }
}
