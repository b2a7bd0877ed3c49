namespace TimeBank.Web.Csv;

/// <summary>How many lines of one kind a file has, and how much they would move; null: nothing.</summary>
public readonly record struct KindSum(long Lines, Int128? Minutes);

/// <summary>A file that was read from end to end before anything of it is done.</summary>
public sealed class CheckedFile
{
    private readonly SortedDictionary<string, KindSum> _kinds = new(StringComparer.Ordinal);
    private readonly ImportFormat _format;
    private readonly long _bytes;
    private readonly DateTime _written;

    private CheckedFile(string path, ImportFormat format)
    {
        (Path, _format) = (path, format);
        var info = new FileInfo(path);
        (_bytes, _written) = (info.Length, info.LastWriteTimeUtc);
    }

    public string Path { get; }
    public string Identity { get; private set; } = "";

    /// <summary>If there is any, nothing of the file is done.</summary>
    public FileErrors Errors { get; } = new();

    public IReadOnlyDictionary<string, KindSum> Kinds => _kinds;
    public long Lines => _kinds.Values.Sum(k => k.Lines);

    /// <summary>What is to be said of it besides.</summary>
    public IEnumerable<string> Remarks => _format.Remarks;

    /// <summary>Still the file that was checked, as far as its length and time tell.</summary>
    public bool IsUnchanged => new FileInfo(Path) is { Exists: true } now && now.Length == _bytes && now.LastWriteTimeUtc == _written;

    /// <summary>The whole file: its bytes, its columns, every field, every account that it names, what stands in it twice.</summary>
    public static CheckedFile Read(string path, ImportFormat format, Action<long> progress, CancellationToken cancel)
    {
        var check = new CheckedFile(path, format);
        check.Read(progress, cancel);
        return check;
    }

    /// <summary>Opens it again, to do what it says.</summary>
    public CsvTable Open(FileErrors errors) => new(File.OpenRead(Path), _format.Columns, errors);

    /// <summary>What a line asks for; null if it is not as it was when it was checked.</summary>
    public ImportLine? Read(CsvTable file, FileLine line, FileErrors errors) => _format.Read(file, line, errors);

    /// <summary>What each line would do, in words.</summary>
    public IEnumerable<string> Told(CancellationToken cancel)
    {
        var errors = new FileErrors();
        using var file = Open(errors);
        foreach (var line in file.Lines())
        {
            cancel.ThrowIfCancellationRequested();
            if (Read(file, line, errors) is { } asked)
                yield return $"line {line.Number}: {asked.Tell()}";
        }
    }

    private void Read(Action<long> progress, CancellationToken cancel)
    {
        FileScan scan;
        using (var bytes = File.OpenRead(Path))
            scan = FileScan.Read(bytes, Errors, cancel);
        Identity = scan.Identity;
        if (scan.Identity.Length == 0)
            return;
        var before = Errors.Count;
        using var file = Open(Errors);
        if (Errors.Count > before)
            return;
        using var duplicates = new Duplicates();
        foreach (var line in file.Lines())
        {
            cancel.ThrowIfCancellationRequested();
            progress(file.Position);
            // Bytes that are not UTF-8 were reported with their line; what stands in their place would be reported again.
            if (!scan.IsText && line.Raw.Contains('\uFFFD'))
                continue;
            duplicates.Add(line, file.Field(line, ImportFormat.KeyColumn));
            if (Read(file, line, Errors) is { } asked)
                Count(asked);
        }
        foreach (var (line, first) in duplicates.Find())
            Errors.Add(line, $"The same as line {first}. If it happened twice, give each line a key or a clientReference of its own.");
    }

    private void Count(ImportLine asked)
    {
        var sum = _kinds.GetValueOrDefault(asked.Kind);
        _kinds[asked.Kind] = new KindSum(sum.Lines + 1, asked.Minutes is { } minutes ? (sum.Minutes ?? 0) + minutes.Value : sum.Minutes);
    }
}
