using TimeBank.Projections;

namespace TimeBank.Postings.ImportingTransfers;

/// <summary>How much a file would move by one kind of transfer.</summary>
public readonly record struct KindSum(long Lines, Int128 Minutes);

/// <summary>A file that was read from end to end before anything of it is posted.</summary>
public sealed class CheckedFile
{
    private readonly SortedDictionary<TransferKind, KindSum> _kinds = [];
    private readonly AccountReferences _accounts;
    private readonly long _bytes;
    private readonly DateTime _written;

    private CheckedFile(string path, bool history, AccountReferences accounts)
    {
        (Path, History, _accounts) = (path, history, accounts);
        var info = new FileInfo(path);
        (_bytes, _written) = (info.Length, info.LastWriteTimeUtc);
    }

    public string Path { get; }
    public bool History { get; }
    public string Identity { get; private set; } = "";

    /// <summary>If there is any, nothing of the file is posted.</summary>
    public FileErrors Errors { get; } = new();

    public IReadOnlyDictionary<TransferKind, KindSum> Kinds => _kinds;
    public long Lines => _kinds.Values.Sum(k => k.Lines);

    /// <summary>Still the file that was checked, as far as its length and time tell.</summary>
    public bool IsUnchanged => new FileInfo(Path) is { Exists: true } now && now.Length == _bytes && now.LastWriteTimeUtc == _written;

    /// <summary>The whole file: its bytes, its columns, every field, every account that it names, what stands in it twice.</summary>
    public static CheckedFile Read(string path, bool history, IEnumerable<AccountName> accounts, Action<long> progress, CancellationToken cancel)
    {
        var check = new CheckedFile(path, history, new AccountReferences(accounts));
        check.Read(progress, cancel);
        return check;
    }

    /// <summary>Opens it again, to post it.</summary>
    public (TransferFile File, LineReader Reader) Open(FileErrors errors)
    {
        var file = new TransferFile(Path, errors);
        return (file, new LineReader(file, _accounts, errors, History));
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
        var (file, reader) = Open(Errors);
        using var open = file;
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
            duplicates.Add(line, reader.Key(line));
            if (reader.Read(line) is { } request)
                Count(request);
        }
        foreach (var (line, first) in duplicates.Find())
            Errors.Add(line, $"The same as line {first}. If it happened twice, give each line a key or a clientReference of its own.");
    }

    private void Count(SingleTransferRequest request)
    {
        var sum = _kinds.GetValueOrDefault(request.Kind!.Value);
        _kinds[request.Kind.Value] = new KindSum(sum.Lines + 1, sum.Minutes + request.Minutes!.Value.Value);
    }
}
