using System.CommandLine;
using System.Globalization;
using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Postings.ImportingTransfers;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank import transfers</c>: a CSV file of transfers, checked whole, then posted line by line.</summary>
public static class ImportVerb
{
    public const int FileHasErrors = 1;
    public const int SomeRefused = 3;
    public const int NotFinished = 4;
    public const int Interrupted = 130;

    private const string Description = """
        Post the transfers of a CSV file: UTF-8, commas, a header.

        Columns, in any order:
          kind             exchange, earn, spend, refund, gift, grant, forgive or adjust
          payer, payee     an account's id, or its exact name if only one account of the bank has it; 'issuer' is the bank's issuer
          minutes          whole minutes, such as 90
          occurred         the date of the help, YYYY-MM-DD; today if left out (needed with --history)
          category         a-z, 0-9 and hyphens
          memo             up to 500 characters
          clientReference  your own reference, up to 255 characters
          key              makes the line unique for good: the same key is never posted twice, in whichever file it stands
        The first four must be there. Columns that exports and rejects files add are passed over. An apostrophe before
        =, +, -, @ is left out, as spreadsheets do.

        First the whole file is checked. If anything is wrong, every error is shown with its line and nothing is posted.
        Then the lines are posted in their order. What the rules of the bank refuse goes to FILE.rejects.csv.
        A file that is interrupted and imported again, unchanged, goes on where it stopped. Do not change a file that was
        imported in part: without keys, its lines would be new ones.

        Exit code: 0 all posted, 1 errors in the file, 2 could not start, 3 some lines refused, 4 the store gave out, 130 interrupted.
        """;

    public static Command Make()
    {
        var file = new Argument<string>("FILE.csv") { Description = "The file." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check the file and say what would be posted." };
        var history = new Option<bool>("--history") { Description = "It happened before this ledger was kept: no floors, no ceilings, no rules, any kind." };
        var bank = LedgerSession.BankOption();
        var transfers = new Command("transfers", Description) { file, dryRun, history, bank };
        transfers.WithSettings(async (parsed, settings, cancel) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!File.Exists(path))
                throw new CliException($"There is no file {path}.");
            await using var ledger = await LedgerSession.OpenAsync(parsed.GetRequiredValue(bank), settings, cancel);
            return await RunAsync(ledger, path, parsed.GetValue(dryRun), parsed.GetValue(history), cancel);
        });
        return new Command("import", "Bring in files.") { transfers };
    }

    private static async Task<int> RunAsync(LedgerSession ledger, string path, bool dryRun, bool history, CancellationToken cancel)
    {
        // The names of all accounts are read for it, whatever becomes of the file.
        await ledger.TryNoteAsync(Noted.ImportChecked);
        var accounts = await new AccountNames(ledger.Database).ListAsync(ledger.Bank.Id, cancel);
        CheckedFile check;
        using (var progress = Progress.Start("Checking, bytes", new FileInfo(path).Length))
            check = CheckedFile.Read(path, history, accounts, progress.Report, cancel);
        if (check.Errors.Count > 0)
        {
            SayErrors(check);
            return FileHasErrors;
        }
        if (dryRun)
        {
            Console.WriteLine($"Would post {Lines(check.Lines)}, nothing was posted:");
            foreach (var (kind, sum) in check.Kinds)
                Console.WriteLine($"  {kind.Word(),-10} {N(sum.Lines),12} lines {N(sum.Minutes),16} min");
            Console.WriteLine($"  {"all",-10} {N(check.Lines),12} lines {N(check.Kinds.Values.Aggregate((Int128)0, (all, k) => all + k.Minutes)),16} min");
            return 0;
        }
        await ledger.NoteAsync(Noted.Imported);
        FilePosted posted;
        using (var progress = Progress.Start("Posting, lines", check.Lines))
            posted = await new FilePosting(ledger.Bank.Id, new PostingCommands(ledger.Journal), check, progress.Report).RunAsync(cancel);
        return Say(check, posted);
    }

    private static int Say(CheckedFile check, FilePosted posted)
    {
        Console.WriteLine($"{N(posted.Posted)} of {Lines(check.Lines)} posted" + (posted.Before > 0 ? $", {N(posted.Before)} of them by an earlier run." : "."));
        if (posted.Refused > 0)
            Console.WriteLine($"{Lines(posted.Refused)} refused: see {posted.RejectsFile}. Mend it and import that file; a line with a key needs a new one.");
        switch (posted.Ended)
        {
            case EndedBecause.Interrupted:
                Console.Error.WriteLine("Interrupted. Start the same command again and it goes on; nothing is posted twice.");
                return Interrupted;
            case EndedBecause.StoreUnavailable:
                Console.Error.WriteLine("The ledger could not write for too long. Mend that and start the same command again: it goes on; nothing is posted twice.");
                return NotFinished;
            case EndedBecause.BankStopped:
                Console.Error.WriteLine("A newer program wrote to this bank. Import with the newer program: it goes on; nothing is posted twice.");
                return NotFinished;
            case EndedBecause.FileChanged:
                Console.Error.WriteLine("The file was changed while it was imported. Look at what was posted before you import it again.");
                return NotFinished;
            default:
                return posted.Refused > 0 ? SomeRefused : 0;
        }
    }

    private static void SayErrors(CheckedFile check)
    {
        var first = check.Errors.First();
        foreach (var error in first)
            Console.Error.WriteLine($"line {error.Line}: {error.Message}");
        if (check.Errors.Count > first.Count)
            Console.Error.WriteLine($"… and {N(check.Errors.Count - first.Count)} more.");
        Console.Error.WriteLine($"{(check.Errors.Count == 1 ? "1 error" : $"{N(check.Errors.Count)} errors")} in {check.Path}. Nothing was posted.");
    }

    private static string Lines(long count) => count == 1 ? "1 line" : $"{N(count)} lines";

    private static string N<T>(T number) where T : IFormattable => number.ToString("N0", CultureInfo.InvariantCulture);
}
