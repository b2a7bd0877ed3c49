using TimeBank.Projections;
using TimeBank.Reinvestment;
using TimeBank.Web;

namespace TimeBank.Postings.Exporting;

/// <summary>A transfer as an export tells it, with its texts if they were asked for.</summary>
public sealed record ExportedTransfer(
    TransferId Id, PostingId Posting, DateTimeOffset Posted, TransferKind Kind, AccountId Payer, string? PayerName, AccountId Payee, string? PayeeName,
    Minutes Minutes, DateOnly Occurred, string? Category, string? Memo, string? ClientReference, SortedDictionary<string, string>? Metadata,
    string? Reason, HoldId? Hold, RuleRef? Rule, TransferId? Reverses, OverrideKind? Override);

/// <summary>A JSON object a line.</summary>
public sealed class NdjsonFormat(TextWriter output, IEnumerable<AccountName> accounts, bool withTexts) : ExportFormat
{
    private readonly Dictionary<AccountId, string?> _names = withTexts ? accounts.ToDictionary(a => a.Id, a => a.Name) : [];

    public override void Write(TransferWithText row)
    {
        var (t, text) = row;
        output.Write(ApiJson.Write(new ExportedTransfer(
            t.Id, t.Id.Posting, Uuid.InstantOf(t.Id.Value), t.Kind, t.Payer, _names.GetValueOrDefault(t.Payer), t.Payee, _names.GetValueOrDefault(t.Payee),
            t.Minutes, t.Occurred, t.Category, text?.Memo, text?.ClientReference, text?.Metadata, text?.Reason, t.Hold, t.Rule, t.Reverses, t.Override)));
        output.Write('\n');
    }
}
