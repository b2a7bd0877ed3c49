using System.CommandLine;
using System.Globalization;
using System.Text;
using TimeBank.Access;
using TimeBank.Postings.Exporting;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank export</c>: all transfers of a bank, for other programs; or the whole bank, for another installation.</summary>
public static class ExportVerb
{
    private const string Description = """
        Write all transfers of a bank, in the order of its journal, up to where it stands at the start.

        ndjson   a JSON object a line
        csv      the columns that 'import transfers' reads, then ids and times
        hledger  a journal for hledger: a transaction a posting, quantities in minutes; needs a UTF-8 locale to be read

        With --folder in place of these, a whole bank: a folder of files that `import bank` brings in elsewhere, with all its texts.

        Names, memos and other text about people are left out unless --with-texts is given: accounts are told by their ids.
        Without --output it goes to standard output. An export that is interrupted leaves no file; start it again.
        """;

    public static Command Make()
    {
        var format = new Option<string>("--format") { Description = "The form." };
        format.AcceptOnlyFromAmong([.. Enum.GetValues<ExportFormatName>().Select(f => f.Word())]);
        var output = new Option<string?>("--output") { Description = "The file to write; it appears when it is complete." };
        var folder = new Option<string?>("--folder") { Description = "The folder to write, with the whole bank; it appears when it is complete." };
        var withTexts = new Option<bool>("--with-texts") { Description = "With names, memos, references and other text about people." };
        var bank = LedgerSession.BankOption();
        var verb = new Command("export", Description) { format, output, folder, withTexts, bank };
        return verb.WithSettings(async (parsed, settings, cancel) =>
        {
            var path = parsed.GetValue(output);
            if (parsed.GetValue(folder) is { } whole)
            {
                return parsed.GetValue(format) is null && path is null
                    ? await ExportBank.RunAsync(parsed.GetRequiredValue(bank), whole, settings, cancel)
                    : throw new CliException("--folder takes the whole bank; --format and --output are for its transfers alone. Choose one.");
            }
            var form = parsed.GetValue(format) ?? throw new CliException("Say which: --format for its transfers, or --folder for the whole bank.");
            if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent))
                throw new CliException($"There is no folder {parent} to write to.");
            await using var ledger = await LedgerSession.OpenAsync(parsed.GetRequiredValue(bank), settings, cancel);
            await ledger.NoteAsync(Noted.Exported);
            var export = new TransferExport(
                new TransferPages(ledger.Database), new AccountNames(ledger.Database), ledger.Bank.Id, parsed.GetValue(withTexts));
            await RunAsync(export, Words.Parse<ExportFormatName>(form), path, cancel);
            return 0;
        });
    }

    private static async Task RunAsync(TransferExport export, ExportFormatName format, string? path, CancellationToken cancel)
    {
        long transfers, number;
        if (path is null)
        {
            await using var writer = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024);
            (transfers, number) = await WriteAsync(export, writer, format, shown: Console.IsOutputRedirected, cancel);
        }
        else
        {
            using var file = new OutputFile(path);
            (transfers, number) = await WriteAsync(export, file.Writer, format, shown: true, cancel);
            file.Complete();
        }
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{transfers:N0} transfers exported, up to number {number} of the journal{(path is null ? "" : $": {path}")}."));
    }

    private static async Task<(long Transfers, long JournalNumber)> WriteAsync(
        TransferExport export, TextWriter writer, ExportFormatName format, bool shown, CancellationToken cancel)
    {
        using var progress = shown ? Progress.Start("Exporting, transfers", null) : null;
        return await export.WriteAsync(writer, format, done => progress?.Report(done), cancel);
    }
}
