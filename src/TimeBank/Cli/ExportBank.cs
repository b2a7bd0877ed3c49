using System.Globalization;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank export --folder</c>: a whole bank, to be imported elsewhere.</summary>
internal static class ExportBank
{
    public static async Task<int> RunAsync(string bank, string folder, string[] settings, CancellationToken cancel)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder) || File.Exists(folder))
            throw new CliException($"There is {folder} already. Name a folder that is not there; it appears when it is whole.");
        if (!Directory.Exists(Path.GetDirectoryName(folder)))
            throw new CliException($"There is no folder {Path.GetDirectoryName(folder)} to write to.");
        await using var store = await VerbSettings.OpenAsync(settings, cancel);
        var verification = new Verification(store.ServerConnectionString);
        if (!(await verification.BanksAsync(cancel)).Contains(bank))
            throw new CliException($"There is no bank '{bank}' here. --bank takes its id, as in /v1/banks/ID; --data names the folder of its ledger.");
        await BankNotes.TryWriteAsync(store, [bank], Noted.Exported);
        BankManifest manifest;
        try
        {
            using var progress = Progress.Start("Exporting, events", await verification.EstimateAsync(cancel));
            manifest = await new BankExport(store.OwnerConnectionString, bank).WriteAsync(folder, progress.Report, cancel);
        }
        catch (BankFolderException e)
        {
            throw new CliException(e.Message);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            Exported bank {bank} up to number {manifest.Number} of its journal, {manifest.Events:N0} events: {folder}
            It holds everything about everybody in it, for its owner's eyes only. What is written to the bank from now on is not in it.
            Logins, invitations and concerns are not in it either. `timebank import bank {folder}` brings it back, where there is no bank {bank}.
            """));
        return 0;
    }
}
