using FluentValidation;
using TimeBank.Store;

namespace TimeBank.Web.Csv;

/// <summary>What one line of a file asks of the ledger.</summary>
/// <param name="Kind">What it is counted as.</param>
/// <param name="Minutes">How many it moves; null: it moves none.</param>
/// <param name="Tell">What it would do, in words.</param>
/// <param name="SendAsync">Asks for it.</param>
public sealed record ImportLine(string Kind, Minutes? Minutes, Func<string> Tell, Func<Said, Task<Outcome>> SendAsync);

/// <summary>A kind of file that is imported: its columns, and what a line of it asks for.</summary>
public abstract class ImportFormat
{
    private const int MostKey = 200;

    /// <summary>The column that makes a line unique for good, in every kind of file.</summary>
    public const string KeyColumn = "key";

    public abstract CsvColumns Columns { get; }

    /// <summary>What a line asks for; null if anything is wrong with it, which is then among the errors.</summary>
    public ImportLine? Read(CsvTable file, FileLine line, FileErrors errors)
    {
        var before = errors.Count;
        var read = new LineReading(file, line, errors);
        var asked = Read(read);
        if (read.Field(KeyColumn) is { } key && (key.Length > MostKey || Keys.Parse(key) != key))
            errors.Add(line.Number, $"{KeyColumn}: 1 to {MostKey} printable ASCII characters, without spaces at its ends.");
        return errors.Count == before ? asked : null;
    }

    /// <summary>What is to be said when the whole file was checked, besides sums.</summary>
    public virtual IEnumerable<string> Remarks => [];

    protected abstract ImportLine? Read(LineReading line);
}

/// <summary>One line while it is made a request, with the ways in which its fields are read. What is wrong becomes an error with the line's number.</summary>
public sealed class LineReading(CsvTable file, FileLine line, FileErrors errors)
{
    private readonly HashSet<string> _wrong = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of the line, from 1.</summary>
    public int Number => line.Number;

    /// <summary>A field as it stands; null if it is empty.</summary>
    public string? Field(string column) => file.Field(line, column);

    /// <summary>Without the apostrophe that spreadsheets put before what would be a formula.</summary>
    public string? Text(string column) => Spreadsheets.Original(Field(column));

    public void Wrong(string column, string message)
    {
        _wrong.Add(column);
        errors.Add(line.Number, $"{column}: {message}");
    }

    public TEnum? Word<TEnum>(string column) where TEnum : struct, Enum
    {
        if (Field(column) is not { } text)
            return null;
        if (Words.TryParse<TEnum>(text, out var word))
            return word;
        Wrong(column, $"'{text}' is none of {Words.All<TEnum>()}.");
        return null;
    }

    /// <summary>Words with spaces or semicolons between.</summary>
    public IReadOnlyList<TEnum>? SeveralWords<TEnum>(string column) where TEnum : struct, Enum
    {
        var words = new List<TEnum>();
        foreach (var text in Several(column) ?? [])
        {
            if (Words.TryParse<TEnum>(text, out var word))
                words.Add(word);
            else
                Wrong(column, $"'{text}' is none of {Words.All<TEnum>()}.");
        }
        return words.Count == 0 ? null : words;
    }

    /// <summary>Codes with spaces or semicolons between.</summary>
    public IReadOnlyList<string>? Several(string column) =>
        Field(column)?.Split([' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public DateOnly? Date(string column)
    {
        if (Field(column) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var date))
            return date;
        Wrong(column, $"'{text}' is not a date such as 2026-11-21.");
        return null;
    }

    public int? Year(string column)
    {
        if (Field(column) is not { } text)
            return null;
        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var year))
            return year;
        Wrong(column, $"'{text}' is not a year such as 2011.");
        return null;
    }

    public Minutes? Minutes(string column)
    {
        if (Field(column) is not { } text)
            return null;
        if (long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var minutes) && TimeBank.Minutes.InRange(minutes))
            return new Minutes(minutes);
        Wrong(column, $"'{text}' is not a whole number of minutes within ±{TimeBank.Minutes.Limit}, such as 90.");
        return null;
    }

    public bool? YesOrNo(string column)
    {
        switch (Field(column))
        {
            case null:
                return null;
            case "yes" or "true":
                return true;
            case "no" or "false":
                return false;
            case var text:
                Wrong(column, $"'{text}' is neither yes nor no.");
                return null;
        }
    }

    public AccountId? Account(string column, AccountReferences accounts)
    {
        if (Text(column) is not { } text)
            return null;
        var account = accounts.Find(text, out var wrong);
        if (wrong is not null)
            Wrong(column, wrong);
        return account;
    }

    /// <summary>What breaks a rule of the form, or is missing. What could not be read was said already.</summary>
    public void Check<TRequest>(TRequest request, IValidator<TRequest> validator, Func<string, string>? columnOf = null)
    {
        foreach (var (field, message) in RequestReader.Check(request, validator) ?? [])
        {
            var column = columnOf?.Invoke(field) ?? field;
            if (!_wrong.Contains(column))
                Wrong(column, message);
        }
    }
}
