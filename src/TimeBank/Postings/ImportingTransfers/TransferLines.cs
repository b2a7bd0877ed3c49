using TimeBank.Store;
using TimeBank.Web;
using TimeBank.Web.Csv;

namespace TimeBank.Postings.ImportingTransfers;

/// <summary>The columns of a file of transfers. Their words are the header; the first four must be there.</summary>
public enum Column { Kind, Payer, Payee, Minutes, Occurred, Category, Memo, ClientReference, Key }

/// <summary>A file of transfers, as an export writes it, too.</summary>
/// <param name="history">It happened before this ledger was kept: no floors, no ceilings, no rules, any kind.</param>
public sealed class TransferLines(BankId bank, PostingCommands commands, AccountReferences accounts, bool history) : ImportFormat
{
    /// <summary>What exports and rejects files add says nothing to an import.</summary>
    private static readonly CsvColumns s_columns = new(
        [.. Enum.GetValues<Column>().Select(c => c.Word())], 4, ["transfer", "posting", "posted", "payerId", "payeeId", "rule", "reverses", "hold", .. RejectsFile.Added]);

    public override CsvColumns Columns => s_columns;

    protected override ImportLine? Read(LineReading line)
    {
        var request = new SingleTransferRequest
        {
            Kind = line.Word<TransferKind>(Column.Kind.Word()),
            Payer = line.Account(Column.Payer.Word(), accounts)?.Value,
            Payee = line.Account(Column.Payee.Word(), accounts)?.Value,
            Minutes = line.Minutes(Column.Minutes.Word()),
            Occurred = line.Date(Column.Occurred.Word()),
            Category = line.Field(Column.Category.Word()),
            Memo = line.Text(Column.Memo.Word()),
            ClientReference = line.Text(Column.ClientReference.Word()),
        };
        if (history && line.Field(Column.Occurred.Word()) is null)
            line.Wrong(Column.Occurred.Word(), "This is missing. History needs its date.");
        line.Check(request, SingleTransferRequestValidator.Instance);
        return Asked(bank, commands, accounts, request, history);
    }

    /// <summary>Null where the kind or the minutes could not be read.</summary>
    internal static ImportLine? Asked(BankId bank, PostingCommands commands, AccountReferences accounts, SingleTransferRequest request, bool history) =>
        request is not { Kind: { } kind, Minutes: { } minutes, Payer: { } payer, Payee: { } payee } ? null : new ImportLine(
            kind.Word(), minutes,
            () => $"{kind.Word()}, {minutes} min from {accounts.Call(new AccountId(payer))} to {accounts.Call(new AccountId(payee))}{(request.Occurred is { } on ? $" of {on:yyyy-MM-dd}" : "")}",
            said => history ? commands.RecordHistoryAsync(bank, request, said) : commands.TransferAsync(bank, request, said));
}
