using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace TimeBank.Web.Csv;

/// <summary>One record of a file.</summary>
/// <param name="Number">The line of the file on which it begins, from 1.</param>
public sealed record FileLine(int Number, string[] Fields, string Raw);

/// <summary>The columns that a file of one kind has.</summary>
/// <param name="Known">Those that are read, in the order in which people are told of them; big and small letters are the same.</param>
/// <param name="Needed">How many of them, from the first, must be there.</param>
/// <param name="PassedOver">Those that may be there and say nothing.</param>
public sealed record CsvColumns(IReadOnlyList<string> Known, int Needed, IReadOnlyList<string> PassedOver)
{
    public static CsvColumns Of(int needed, params string[] known) => new(known, needed, RejectsFile.Added);

    public override string ToString() => string.Join(", ", Known);
}

/// <summary>A CSV text, read line by line: RFC 4180, UTF-8 with or without a byte order mark, a header.</summary>
public sealed class CsvTable : IDisposable
{
    private readonly Stream _stream;
    private readonly CsvParser _csv;
    private readonly CsvColumns _columns;
    private readonly FileErrors _errors;
    private readonly Dictionary<string, int> _places = new(StringComparer.OrdinalIgnoreCase);
    private bool _bad;

    /// <param name="text">Read from where it stands; disposed of with the table.</param>
    public CsvTable(Stream text, CsvColumns columns, FileErrors errors, char separator = ',')
    {
        (_stream, _columns, _errors) = (text, columns, errors);
        _csv = new CsvParser(new StreamReader(text, Encoding.UTF8, detectEncodingFromByteOrderMarks: false), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            IgnoreBlankLines = false,
            MaxFieldSize = FileScan.LongestLine,
            BadDataFound = _ => _bad = true,
        });
        Header = Next()?.Fields ?? [];
        foreach (var name in columns.Known)
        {
            if (Array.FindIndex(Header, h => Is(h, name)) is var place and >= 0)
                _places[name] = place;
        }
        CheckHeader();
    }

    public string[] Header { get; }

    /// <summary>How far it was read, in bytes.</summary>
    public long Position => _stream.Position;

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

    public bool Has(string column) => _places.ContainsKey(column);

    /// <summary>A field, null if it is empty or its column is not in this file.</summary>
    public string? Field(FileLine line, string column) =>
        _places.TryGetValue(column, out var place) && line.Fields[place] is { Length: > 0 } text ? text : null;

    public void Dispose()
    {
        _csv.Dispose();
        _stream.Dispose();
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
            _errors.Add(1, $"The file is empty. Its first line names the columns: {_columns}.");
        else if (Header.Length == 1 && Header[0].AsSpan().ContainsAny(';', '\t'))
            _errors.Add(1, "The columns are not separated by commas. Save the file as CSV with commas.");
        else
        {
            foreach (var name in Header.Where(h => !_columns.Known.Any(c => Is(h, c)) && !_columns.PassedOver.Any(p => Is(h, p))))
                _errors.Add(1, $"There is no column '{name.Trim()}'. The columns are {_columns}.");
            foreach (var twice in Header.GroupBy(h => h.Trim(), StringComparer.OrdinalIgnoreCase).Where(g => g.Key.Length > 0 && g.Count() > 1))
                _errors.Add(1, $"The column '{twice.Key}' is there more than once.");
            foreach (var missing in _columns.Known.Take(_columns.Needed).Where(c => !Has(c)))
                _errors.Add(1, $"The column '{missing}' is missing.");
        }
    }

    private static bool Is(string header, string name) => header.AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
}
