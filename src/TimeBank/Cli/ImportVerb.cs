using System.CommandLine;
using System.Globalization;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Postings.ImportingTransfers;
using TimeBank.Projections;
using TimeBank.Web.Csv;

namespace TimeBank.Cli;

/// <summary><c>timebank import …</c>: a CSV file of members, projects, listings or transfers, checked whole, then done line by line.</summary>
public static class ImportVerb
{
    public const int FileHasErrors = 1;
    public const int SomeRefused = 3;
    public const int NotFinished = 4;
    public const int Interrupted = 130;

    private const string OfTransfers = "transfers";

    public static Command Make()
    {
        var history = new Option<bool>("--history") { Description = "It happened before this ledger was kept: no floors, no ceilings, no rules, any kind." };
        var format = new Option<string>("--format") { Description = "What wrote the file.", DefaultValueFactory = _ => "timebank" };
        format.AcceptOnlyFromAmong("timebank", "timeoverflow");
        var round = new Option<bool>("--round") { Description = "With timeoverflow: seconds that are not whole minutes become the nearest." };
        return new Command("import", "Bring in files.")
        {
            Verb("members", ImportHelp.Members, (_, known) => new MemberLines(known.Bank, new MemberCommands(known.Journal()), known.Accounts)),
            Verb("projects", ImportHelp.Projects, (_, known) => new ProjectLines(known.Bank, new AccountCommands(known.Journal()), known.Accounts)),
            Verb("listings", ImportHelp.Listings, (_, known) => new ListingLines(known.Bank, new ListingCommands(known.Journal()), known.Accounts)),
            Verb(OfTransfers, ImportHelp.Transfers, (parsed, known) => parsed.GetValue(format) == "timeoverflow"
                ? new TimeOverflowLines(known.Bank, new PostingCommands(known.Journal()), known.Accounts, parsed.GetValue(round))
                : new TransferLines(known.Bank, new PostingCommands(known.Journal()), known.Accounts, parsed.GetValue(history)), history, format, round),
            ImportBankVerb.Make(),
        };
    }

    /// <summary>What a file's lines are read with.</summary>
    private sealed record Known(BankId Bank, AccountReferences Accounts, Func<Store.Journal> Journal);

    private static Command Verb(string what, string description, Func<ParseResult, Known, ImportFormat> formatOf, params Option[] options)
    {
        var file = new Argument<string>("FILE.csv") { Description = "The file." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check the file and say what each line would do." };
        var bank = LedgerSession.BankOption();
        var verb = new Command(what, description + ImportHelp.All) { file, dryRun };
        foreach (var option in options)
            verb.Add(option);
        verb.Add(bank);
        return verb.WithSettings(async (parsed, settings, cancel) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!File.Exists(path))
                throw new CliException($"There is no file {path}.");
            await using var ledger = await LedgerSession.OpenAsync(parsed.GetRequiredValue(bank), settings, cancel);
            return await RunAsync(ledger, path, parsed.GetValue(dryRun), known => formatOf(parsed, known), cancel);
        });
    }

    private static async Task<int> RunAsync(LedgerSession ledger, string path, bool dryRun, Func<Known, ImportFormat> formatOf, CancellationToken cancel)
    {
        // The names of all accounts are read for it, whatever becomes of the file.
        await ledger.TryNoteAsync(Noted.ImportChecked);
        var accounts = new AccountReferences(await new AccountNames(ledger.Database).ListAsync(ledger.Bank.Id, cancel));
        CheckedFile check;
        using (var progress = Progress.Start("Checking, bytes", new FileInfo(path).Length))
            check = CheckedFile.Read(path, formatOf(new Known(ledger.Bank.Id, accounts, () => ledger.Journal)), progress.Report, cancel);
        if (check.Errors.Count > 0)
        {
            SayErrors(check);
            return FileHasErrors;
        }
        if (dryRun)
        {
            SayWhatWouldHappen(check, cancel);
            return 0;
        }
        await ledger.NoteAsync(Noted.Imported);
        FileImported imported;
        using (var progress = Progress.Start("Importing, lines", check.Lines))
            imported = await new FileImport(check, progress.Report).RunAsync(cancel);
        return Say(check, imported);
    }

    private static void SayWhatWouldHappen(CheckedFile check, CancellationToken cancel)
    {
        foreach (var told in check.Told(cancel))
            Console.WriteLine(told);
        Console.WriteLine($"Would import {Lines(check.Lines)}, nothing was done:");
        foreach (var (kind, sum) in check.Kinds)
            Console.WriteLine($"  {kind,-10} {N(sum.Lines),12} lines{Minutes(sum.Minutes)}");
        Int128? all = null;
        foreach (var sum in check.Kinds.Values.Where(k => k.Minutes is not null))
            all = (all ?? 0) + sum.Minutes;
        Console.WriteLine($"  {"all",-10} {N(check.Lines),12} lines{Minutes(all)}");
        SayRemarks(check);
    }

    private static int Say(CheckedFile check, FileImported imported)
    {
        Console.WriteLine($"{N(imported.Done)} of {Lines(check.Lines)} imported" + (imported.Before > 0 ? $", {N(imported.Before)} of them by an earlier run." : "."));
        if (imported.Refused > 0)
            Console.WriteLine($"{Lines(imported.Refused)} refused: see {imported.RejectsFile}. Mend it and import that file; a line with a key needs a new one.");
        SayRemarks(check);
        switch (imported.Ended)
        {
            case EndedBecause.Interrupted:
                Console.Error.WriteLine("Interrupted. Start the same command again and it goes on; nothing is imported twice.");
                return Interrupted;
            case EndedBecause.StoreUnavailable:
                Console.Error.WriteLine("The ledger could not write for too long. Mend that and start the same command again: it goes on; nothing is imported twice.");
                return NotFinished;
            case EndedBecause.BankStopped:
                Console.Error.WriteLine("A newer program wrote to this bank. Import with the newer program: it goes on; nothing is imported twice.");
                return NotFinished;
            case EndedBecause.FileChanged:
                Console.Error.WriteLine("The file was changed while it was imported. Look at what was imported before you import it again.");
                return NotFinished;
            default:
                return imported.Refused > 0 ? SomeRefused : 0;
        }
    }

    private static void SayRemarks(CheckedFile check)
    {
        foreach (var remark in check.Remarks)
            Console.WriteLine(remark);
    }

    private static void SayErrors(CheckedFile check)
    {
        var first = check.Errors.First();
        foreach (var error in first)
            Console.Error.WriteLine($"line {error.Line}: {error.Message}");
        if (check.Errors.Count > first.Count)
            Console.Error.WriteLine($"… and {N(check.Errors.Count - first.Count)} more.");
        Console.Error.WriteLine($"{(check.Errors.Count == 1 ? "1 error" : $"{N(check.Errors.Count)} errors")} in {check.Path}. Nothing was imported.");
    }

    private static string Minutes(Int128? minutes) => minutes is { } sum ? $" {N(sum),16} min" : "";

    private static string Lines(long count) => count == 1 ? "1 line" : $"{N(count)} lines";

    private static string N<T>(T number) where T : IFormattable => number.ToString("N0", CultureInfo.InvariantCulture);
}
