using System.Globalization;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Postings.ImportingTransfers;

/// <summary>Makes a request of a line, and says all that is wrong with it.</summary>
public sealed class LineReader(TransferFile file, AccountReferences accounts, FileErrors errors, bool history)
{
    private const int MostKey = 200;

    /// <summary>Null if anything is wrong.</summary>
    public SingleTransferRequest? Read(FileLine line)
    {
        var before = errors.Count;
        var request = new SingleTransferRequest
        {
            Kind = Kind(line),
            Payer = Account(line, Column.Payer),
            Payee = Account(line, Column.Payee),
            Minutes = WholeMinutes(line),
            Occurred = Occurred(line),
            Category = file.Field(line, Column.Category),
            Memo = Spreadsheets.Original(file.Field(line, Column.Memo)),
            ClientReference = Spreadsheets.Original(file.Field(line, Column.ClientReference)),
        };
        if (Key(line) is { } key && (key.Length > MostKey || Keys.Parse(key) != key))
            errors.Add(line.Number, $"key: 1 to {MostKey} printable ASCII characters, without spaces at its ends.");
        // What could not be read was said already; what is missing or breaks a rule of the format is said here.
        foreach (var (field, message) in RequestReader.Check(request, SingleTransferRequestValidator.Instance) ?? [])
        {
            if (!Enum.TryParse<Column>(field, ignoreCase: true, out var column) || column > Column.Minutes || file.Field(line, column) is null)
                errors.Add(line.Number, $"{field}: {message}");
        }
        return errors.Count == before ? request : null;
    }

    public string? Key(FileLine line) => file.Field(line, Column.Key);

    private TransferKind? Kind(FileLine line)
    {
        if (file.Field(line, Column.Kind) is not { } text)
            return null;
        if (Words.TryParse<TransferKind>(text, out var kind))
            return kind;
        errors.Add(line.Number, $"kind: '{text}' is none of {Words.All<TransferKind>()}.");
        return null;
    }

    private Guid? Account(FileLine line, Column column)
    {
        if (Spreadsheets.Original(file.Field(line, column)) is not { } text)
            return null;
        var account = accounts.Find(text, out var wrong);
        if (wrong is not null)
            errors.Add(line.Number, $"{column.Word()}: {wrong}");
        return account?.Value;
    }

    private Minutes? WholeMinutes(FileLine line)
    {
        if (file.Field(line, Column.Minutes) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes) && Minutes.InRange(minutes))
            return new Minutes(minutes);
        errors.Add(line.Number, $"minutes: '{text}' is not a whole number of minutes within ±{Minutes.Limit}, such as 90.");
        return null;
    }

    private DateOnly? Occurred(FileLine line)
    {
        if (file.Field(line, Column.Occurred) is not { } text)
        {
            if (history)
                errors.Add(line.Number, "occurred: This is missing. History needs its date.");
            return null;
        }
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        errors.Add(line.Number, $"occurred: '{text}' is not a date such as 2026-11-21.");
        return null;
    }
}
