using TimeBank.Projections;

namespace TimeBank.Postings.Exporting;

/// <summary>One form of an export: something before, each transfer in the journal's order, something after.</summary>
public abstract class ExportFormat
{
    public virtual void Begin() { }

    public abstract void Write(TransferWithText row);

    public virtual void End() { }
}

/// <summary>Writes all transfers of a bank up to where its journal stands at the start.</summary>
/// <remarks>Names and other free text about people are left out unless they are asked for. What was reversed of a transfer is not
/// said with it but by the reversals themselves, so that the same journal number always gives the same file.</remarks>
public sealed class TransferExport(TransferPages pages, AccountNames names, BankId bank, bool withTexts)
{
    /// <summary>How many transfers, and up to which batch.</summary>
    public async Task<(long Transfers, long JournalNumber)> WriteAsync(
        TextWriter output, ExportFormatName form, Action<long> progress, CancellationToken cancel)
    {
        // First the end, then the accounts: so every account that a transfer names is there.
        var head = await pages.HeadAsync(bank, cancel);
        var accounts = await names.ListAsync(bank, cancel);
        ExportFormat format = form switch
        {
            ExportFormatName.Ndjson => new NdjsonFormat(output, accounts, withTexts),
            ExportFormatName.Csv => new CsvFormat(output, accounts, withTexts),
            _ => new HledgerFormat(output, bank, head, accounts, withTexts),
        };
        format.Begin();
        var written = 0L;
        await foreach (var row in pages.ReadAsync(bank, head, withTexts, cancel))
        {
            format.Write(row);
            progress(++written);
        }
        format.End();
        await output.FlushAsync(cancel);
        return (written, head.Number);
    }
}

public enum ExportFormatName { Ndjson, Csv, Hledger }
