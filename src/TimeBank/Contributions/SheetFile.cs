using System.Globalization;
using TimeBank.Projections;
using TimeBank.Web;
using TimeBank.Web.Csv;

namespace TimeBank.Contributions;

/// <summary>A line of a sheet as it was read.</summary>
/// <param name="Who">As it stands there.</param>
/// <param name="Said">What is to be looked up, in plain words: each must mean the same member.</param>
public sealed record SheetEntry(int Line, string Who, IReadOnlyList<string> Said, Minutes? Minutes, string? Memo, IReadOnlyList<SheetFault> Wrong);

/// <summary>What is wrong with a line of a sheet: the API says it in English, a page in the language of who reads it.</summary>
public enum SheetFaultKind { NoWho, LongWho, Memo, Minutes, Time, Until, HowLong }

/// <param name="Message">How the API says it.</param>
public sealed record SheetFault(SheetFaultKind Kind, string Message);

/// <summary>A sign-in sheet: CSV in UTF-8, with or without a byte order mark, with commas, semicolons or tabs, and a header.</summary>
public static class SheetFile
{
    public const string MediaType = "text/csv";
    public const int MostBytes = 1024 * 1024;
    private static readonly string[] s_who = ["who", "number", "email", "name"];
    private static readonly CsvColumns s_columns = CsvColumns.Of(0, [.. s_who, "minutes", "from", "until", "memo"]);

    /// <summary>Null if it is no such sheet, and that was answered.</summary>
    public static async ValueTask<IReadOnlyList<SheetEntry>?> ReadAsync(HttpContext http)
    {
        if (!RequestReader.Is(http.Request.ContentType, MediaType))
        {
            await Problems.Write(http, ProblemTable.UnsupportedMediaType);
            return null;
        }
        var bytes = new byte[MostBytes + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, http.RequestAborted);
        if (length > MostBytes)
        {
            await Problems.Write(http, ProblemTable.BodyTooLarge);
            return null;
        }
        var errors = new FileErrors(RequestReader.MostFields);
        var entries = Read(bytes.AsMemory(0, length).ToArray(), errors, http.RequestAborted);
        if (errors.Count == 0)
            return entries;
        await Problems.Write(http, ProblemTable.Invalid, [.. errors.First().Select(e => new FieldProblem($"line {e.Line}", e.Message))]);
        return null;
    }

    /// <summary>Every line; none if the file as a whole cannot be read, and then errors say why.</summary>
    public static List<SheetEntry> Read(byte[] text, FileErrors errors, CancellationToken cancel)
    {
        using (var bytes = new MemoryStream(text))
        {
            if (!FileScan.Read(bytes, errors, cancel).IsText)
                return [];
        }
        using var table = new CsvTable(new MemoryStream(text), s_columns, errors, SeparatorOf(text));
        if (errors.Count == 0 && !s_who.Any(table.Has))
            errors.Add(1, "No column says who: who, number, email or name.");
        if (errors.Count == 0 && !table.Has("minutes") && !(table.Has("from") && table.Has("until")))
            errors.Add(1, "No column says how long: minutes, or from and until.");
        if (errors.Count > 0)
            return [];
        var entries = new List<SheetEntry>();
        foreach (var line in table.Lines())
        {
            // A row of separators is a line that nobody signed.
            if (line.Fields.All(string.IsNullOrWhiteSpace))
                continue;
            if (entries.Count == BatchCredit.MostLines)
            {
                errors.Add(line.Number, $"More than {BatchCredit.MostLines} lines. Make two sheets of it.");
                break;
            }
            entries.Add(Entry(table, line));
        }
        if (entries.Count == 0 && errors.Count == 0)
            errors.Add(1, "Nobody stands on the sheet.");
        return entries;
    }

    private static SheetEntry Entry(CsvTable table, FileLine line)
    {
        var wrong = new List<SheetFault>();
        string[] who = [.. s_who.Select(c => Spreadsheets.Original(table.Field(line, c))?.Trim()).OfType<string>().Where(w => w.Length > 0)];
        if (who.Length == 0)
            wrong.Add(new SheetFault(SheetFaultKind.NoWho, "It does not say who."));
        if (who.Any(w => w.Length > Rules.MostName || w.Any(char.IsControl)))
            wrong.Add(new SheetFault(SheetFaultKind.LongWho, $"Who it was is up to {Rules.MostName} characters, without line breaks."));
        var memo = Spreadsheets.Original(table.Field(line, "memo"));
        if (memo?.Length > Rules.MostMemo || memo?.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')) == true)
            wrong.Add(new SheetFault(SheetFaultKind.Memo, $"memo: up to {Rules.MostMemo} characters, no control characters but tabs and line breaks."));
        var minutes = Minutes(table, line, wrong);
        return new SheetEntry(line.Number, string.Join(", ", who), wrong.Count == 0 ? [.. who.Select(SheetQueries.Plain)] : [], minutes, memo, wrong);
    }

    private static Minutes? Minutes(CsvTable table, FileLine line, List<SheetFault> wrong)
    {
        if (table.Field(line, "minutes")?.Trim() is { Length: > 0 } text)
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 24 * 60)
                return new Minutes(minutes);
            wrong.Add(new SheetFault(SheetFaultKind.Minutes, $"minutes: '{Cut(text)}' is not a whole number from 1 to 1440."));
            return null;
        }
        var from = Time(table, line, "from", wrong);
        var until = Time(table, line, "until", wrong);
        if (from is { } begun && until is { } ended)
        {
            if (ended > begun)
                return new Minutes((long)(ended - begun).TotalMinutes);
            wrong.Add(new SheetFault(SheetFaultKind.Until, "until: It is not after from. Write two lines for what goes past midnight."));
        }
        else if (wrong.Count == 0)
            wrong.Add(new SheetFault(SheetFaultKind.HowLong, "It does not say how long."));
        return null;
    }

    private static TimeOnly? Time(CsvTable table, FileLine line, string column, List<SheetFault> wrong)
    {
        if (table.Field(line, column)?.Trim() is not { Length: > 0 } text)
            return null;
        if (TimeOnly.TryParseExact(text, ["H:mm", "HH:mm", "H.mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        wrong.Add(new SheetFault(SheetFaultKind.Time, $"{column}: '{Cut(text)}' is not a time such as 09:30."));
        return null;
    }

    private static string Cut(string text) => text.Length > 40 ? text[..40] + "…" : text;

    /// <summary>The one of which the header has most.</summary>
    private static char SeparatorOf(byte[] text)
    {
        var header = text.AsSpan();
        if (header.IndexOf((byte)'\n') is var end and >= 0)
            header = header[..end];
        var (commas, semicolons, tabs) = (header.Count((byte)','), header.Count((byte)';'), header.Count((byte)'\t'));
        return semicolons > commas && semicolons >= tabs ? ';' : tabs > commas ? '\t' : ',';
    }
}
