using System.Globalization;
using CsvHelper;
using TimeBank.Postings.ImportingTransfers;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;
using TimeBank.Web.Csv;

namespace TimeBank.Postings.Exporting;

/// <summary>The columns that an import reads, then ids and times. The key is the transfer's id, so that importing a later export
/// of the same bank adds only what is new.</summary>
public sealed class CsvFormat : ExportFormat
{
    private readonly CsvWriter _csv;
    private readonly Dictionary<AccountId, string> _references = [];

    public CsvFormat(TextWriter output, IReadOnlyList<AccountName> accounts, bool withTexts)
    {
        _csv = new CsvWriter(output, CultureInfo.InvariantCulture, leaveOpen: true);
        if (!withTexts)
            return;
        var references = new AccountReferences(accounts);
        foreach (var account in accounts)
            _references[account.Id] = references.Write(account);
    }

    public override void Begin()
    {
        foreach (var column in Enum.GetValues<Column>())
            _csv.WriteField(column.Word());
        foreach (var column in (string[])["transfer", "posting", "posted", "payerId", "payeeId", "rule", "reverses", "hold"])
            _csv.WriteField(column);
        _csv.NextRecord();
    }

    public override void Write(TransferWithText row)
    {
        var (t, text) = row;
        _csv.WriteField(t.Kind.Word());
        _csv.WriteField(Reference(t.Payer));
        _csv.WriteField(Reference(t.Payee));
        _csv.WriteField(t.Minutes.Value);
        _csv.WriteField(t.Occurred.ToString("O", CultureInfo.InvariantCulture));
        _csv.WriteField(t.Category);
        _csv.WriteField(Spreadsheets.Harmless(text?.Memo));
        _csv.WriteField(Spreadsheets.Harmless(text?.ClientReference));
        _csv.WriteField(t.Id.Value);
        _csv.WriteField(t.Id.Value);
        _csv.WriteField(t.Id.Posting.Value);
        _csv.WriteField(Uuid.InstantOf(t.Id.Value).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        _csv.WriteField(t.Payer.Value);
        _csv.WriteField(t.Payee.Value);
        _csv.WriteField(t.Rule?.Id.Value);
        _csv.WriteField(t.Reverses?.Value);
        _csv.WriteField(t.Hold?.Value);
        _csv.NextRecord();
    }

    public override void End() => _csv.Flush();

    /// <summary>The name, where an import would find the account by it; else the id.</summary>
    private string? Reference(AccountId account) => Spreadsheets.Harmless(_references.GetValueOrDefault(account) ?? account.ToString());
}
