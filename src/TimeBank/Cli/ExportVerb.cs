using System.CommandLine;
using System.Globalization;
using System.Text;
using TimeBank.Access;
using TimeBank.Postings.Exporting;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank export</c>: all transfers of a bank, for other programs.</summary>
public static class ExportVerb
{
    private const string Description = """
        Write all transfers of a bank, in the order of its journal, up to where it stands at the start.

        ndjson   a JSON object a line
        csv      the columns that 'import transfers' reads, then ids and times
        hledger  a journal for hledger: a transaction a posting, quantities in minutes; needs a UTF-8 locale to be read

        Names, memos and other text about people are left out unless --with-texts is given: accounts are told by their ids.
        Without --output it goes to standard output. An export that is interrupted leaves no file; start it again.
        """;

    public static Command Make()
    {
        var format = new Option<string>("--format") { Description = "The form.", Required = true };
        format.AcceptOnlyFromAmong([.. Enum.GetValues<ExportFormatName>().Select(f => f.Word())]);
        var output = new Option<string?>("--output") { Description = "The file to write; it appears when it is complete." };
        var withTexts = new Option<bool>("--with-texts") { Description = "With names, memos, references and other text about people." };
        var bank = LedgerSession.BankOption();
        var verb = new Command("export", Description) { format, output, withTexts, bank };
        return verb.WithSettings(async (parsed, settings, cancel) =>
        {
            var path = parsed.GetValue(output);
            if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
                throw new CliException($"There is no folder {folder} to write to.");
            await using var ledger = await LedgerSession.OpenAsync(parsed.GetRequiredValue(bank), settings, cancel);
            await ledger.NoteAsync(Noted.Exported);
            var export = new TransferExport(
                new TransferPages(ledger.Database), new AccountNames(ledger.Database), ledger.Bank.Id, parsed.GetValue(withTexts));
            await RunAsync(export, Words.Parse<ExportFormatName>(parsed.GetRequiredValue(format)), path, cancel);
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
