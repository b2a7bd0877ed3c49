using System.Globalization;
using System.Text.Json;
using CsvHelper;
using TimeBank.Store;

namespace TimeBank.Web.Csv;

/// <summary>Lines that the rules refused, as they stood in the file, each with its line, code and title. It is made with the first of them.</summary>
public sealed class RejectsFile(string path, string[] header) : IDisposable
{
    public static readonly string[] Added = ["line", "code", "title"];

    // A rejects file that is imported has these columns of its own already: they are replaced.
    private readonly int[] _kept =
        [.. Enumerable.Range(0, header.Length).Where(i => !Added.Contains(header[i].Trim(), StringComparer.OrdinalIgnoreCase))];

    private CsvWriter? _csv;

    public string Path { get; } = path;

    public void Add(FileLine line, Outcome outcome)
    {
        var (code, title) = Problem(outcome);
        Begin();
        foreach (var place in _kept)
            _csv!.WriteField(line.Fields[place]);
        _csv!.WriteField(line.Number);
        _csv.WriteField(code);
        _csv.WriteField(title);
        _csv.NextRecord();
    }

    public void Dispose() => _csv?.Dispose();

    private void Begin()
    {
        if (_csv is not null)
            return;
        _csv = new CsvWriter(new StreamWriter(Path), CultureInfo.InvariantCulture);
        foreach (var column in _kept.Select(place => header[place]).Concat(Added))
            _csv.WriteField(column);
        _csv.NextRecord();
    }

    /// <summary>An answer of the rules has its problem in its body, also when it was recorded by an earlier run.</summary>
    private static (string Code, string Title) Problem(Outcome outcome)
    {
        if (outcome.Failure != JournalFailure.None)
        {
            var problem = ProblemTable.For(outcome.Failure);
            return (problem.Code, problem.Title);
        }
        using var body = JsonDocument.Parse(outcome.Body);
        return (body.RootElement.GetProperty("code").GetString()!, body.RootElement.GetProperty("title").GetString()!);
    }
}
