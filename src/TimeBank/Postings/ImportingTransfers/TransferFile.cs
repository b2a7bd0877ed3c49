using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using TimeBank.Store;

namespace TimeBank.Postings.ImportingTransfers;

/// <summary>The columns that an import reads. Their words are the header; the first four must be there.</summary>
public enum Column { Kind, Payer, Payee, Minutes, Occurred, Category, Memo, ClientReference, Key }

/// <summary>One record of the file.</summary>
/// <param name="Number">The line of the file on which it begins, from 1.</param>
public sealed record FileLine(int Number, string[] Fields, string Raw);

/// <summary>A CSV file of transfers, read line by line: RFC 4180, commas, UTF-8 with or without a byte order mark, a header.</summary>
public sealed class TransferFile : IDisposable
{
    /// <summary>Columns of exports and of rejects files that say nothing to an import.</summary>
    private static readonly string[] PassedOver =
        ["transfer", "posting", "posted", "payerId", "payeeId", "rule", "reverses", "hold", "line", "code", "title"];

    private readonly FileStream _file;
    private readonly CsvParser _csv;
    private readonly FileErrors _errors;
    private readonly int[] _places;
    private bool _bad;

    public TransferFile(string path, FileErrors errors)
    {
        _errors = errors;
        _file = File.OpenRead(path);
        _csv = new CsvParser(new StreamReader(_file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ",",
            IgnoreBlankLines = false,
            MaxFieldSize = FileScan.LongestLine,
            BadDataFound = _ => _bad = true,
        });
        Header = Next()?.Fields ?? [];
        _places = [.. Enum.GetValues<Column>().Select(c => Array.FindIndex(Header, h => Is(h, c.Word())))];
        CheckHeader();
    }

    public string[] Header { get; }

    /// <summary>How far it was read, in bytes.</summary>
    public long Position => _file.Position;

    /// <summary>Every line that has as many fields as the header; the others are errors. Blank lines are passed over.</summary>
    public IEnumerable<FileLine> Lines()
    {
        while (Next() is { } line)
        {
            if (line.Fields.Length == Header.Length)
                yield return line;
            else if (line.Fields is not [""])
                _errors.Add(line.Number, $"{Header.Length} fields are expected and {line.Fields.Length} are here. Put text that has commas in it in double quotes.");
        }
    }

    /// <summary>A field, null if it is empty or its column is not in this file.</summary>
    public string? Field(FileLine line, Column column) =>
        _places[(int)column] is var place and >= 0 && line.Fields[place] is { Length: > 0 } text ? text : null;

    public void Dispose()
    {
        _csv.Dispose();
        _file.Dispose();
    }

    /// <summary>The next record that is well quoted; the others are errors.</summary>
    private FileLine? Next()
    {
        while (true)
        {
            var number = _csv.RawRow + 1;
            try
            {
                if (!_csv.Read())
                    return null;
            }
            catch (MaxFieldSizeException)
            {
                _errors.Add(number, $"A field is longer than {FileScan.LongestLine} characters: a double quote is not closed. The lines after it were not checked.");
                return null;
            }
            _bad = false;
            var line = new FileLine(number, _csv.Record!, _csv.RawRecord.TrimEnd('\r', '\n'));
            if (!_bad && line.Raw.AsSpan().Count('"') % 2 == 0)
                return line;
            _errors.Add(number, "Double quotes are not as in CSV: quote the whole field, and write a quote within it twice.");
        }
    }

    private void CheckHeader()
    {
        if (Header.Length == 0)
            _errors.Add(1, $"The file is empty. Its first line names the columns: {Known}.");
        else if (Header.Length == 1 && Header[0].AsSpan().ContainsAny(';', '\t'))
            _errors.Add(1, "The columns are not separated by commas. Save the file as CSV with commas.");
        else
        {
            foreach (var name in Header.Where(h => !Enum.GetValues<Column>().Any(c => Is(h, c.Word())) && !PassedOver.Any(p => Is(h, p))))
                _errors.Add(1, $"There is no column '{name.Trim()}'. The columns are {Known}.");
            foreach (var twice in Header.GroupBy(h => h.Trim(), StringComparer.OrdinalIgnoreCase).Where(g => g.Key.Length > 0 && g.Count() > 1))
                _errors.Add(1, $"The column '{twice.Key}' is there more than once.");
            foreach (var missing in Enum.GetValues<Column>().Where(c => c <= Column.Minutes && _places[(int)c] < 0))
                _errors.Add(1, $"The column '{missing.Word()}' is missing.");
        }
    }

    private static string Known => Words.All<Column>();

    private static bool Is(string header, string name) => header.AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
}
