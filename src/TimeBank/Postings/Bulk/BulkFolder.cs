using TimeBank.Store;

namespace TimeBank.Postings;

/// <summary>Where the results of bulk requests wait, each for who made the request: a file each in the data folder, so that a caller who does not read yet costs
/// no memory, and one who was cut off reads on later.</summary>
/// <remarks>The oldest go before their time where there would be too many: whoever sends lines must not fill the disk, on which the ledger itself may lie.</remarks>
public sealed class BulkFolder(LedgerStore store, BulkLimits limits, TimeProvider clock)
{
    /// <summary>Results are kept so long after the last was written, if there is room.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>What the smallest file takes on a disk.</summary>
    private const long Block = 4096;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _underWay = [];

    private string Root => Path.Combine(store.DataFolder, DataFolder.Bulk);

    /// <summary>A new file; null if there is one of that id.</summary>
    public BulkResults? Create(BankId bank, Guid client, Guid id)
    {
        var path = PathOf(bank, client, id);
        lock (_lock)
        {
            var folder = Directory.CreateDirectory(FolderOf(bank, client));
            if (File.Exists(path))
                return null;
            Fit(folder, limits.MostBytes, limits.MostFiles - 1);
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 128 * 1024);
            _underWay.Add(path);
            return new BulkResults(file, checkEvery: Math.Clamp(limits.MostBytes / 16, Block, 16 << 20), () => HasRoom(folder), () => Ended(path));
        }
    }

    /// <summary>What was written so far; null if there is none of that id.</summary>
    public FileStream? Open(BankId bank, Guid client, Guid id)
    {
        try
        {
            return new FileStream(PathOf(bank, client, id), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Results whose time is over go, whoever's they are, and so do folders that have been empty for as long.</summary>
    public void RemoveOld()
    {
        lock (_lock)
        {
            var root = new DirectoryInfo(Root);
            if (!root.Exists)
                return;
            var since = clock.GetUtcNow() - Kept;
            foreach (var old in root.EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.LastWriteTimeUtc < since && !_underWay.Contains(f.FullName)).ToList())
                old.Delete();
            Fit(root, limits.MostBytesOfAll, int.MaxValue);
            foreach (var folder in root.EnumerateDirectories("*", SearchOption.AllDirectories).Where(f => f.LastWriteTimeUtc < since).OrderByDescending(f => f.FullName.Length).ToList())
            {
                if (!folder.EnumerateFileSystemInfos().Any())
                    folder.Delete();
            }
        }
    }

    /// <summary>Makes room for what is being written, at the cost of older results. False if that alone is too much.</summary>
    private bool HasRoom(DirectoryInfo folder)
    {
        lock (_lock)
            return Fit(folder, limits.MostBytes, limits.MostFiles) && Fit(new DirectoryInfo(Root), limits.MostBytesOfAll, int.MaxValue);
    }

    private bool Fit(DirectoryInfo folder, long mostBytes, int mostFiles)
    {
        var files = folder.EnumerateFiles("*", SearchOption.AllDirectories).ToList();
        var (bytes, count) = (files.Sum(OnDisk), files.Count);
        if (bytes <= mostBytes && count <= mostFiles)
            return true;
        foreach (var old in files.Where(f => !_underWay.Contains(f.FullName)).OrderBy(f => f.LastWriteTimeUtc))
        {
            (bytes, count) = (bytes - OnDisk(old), count - 1);
            old.Delete();
            if (bytes <= mostBytes && count <= mostFiles)
                return true;
        }
        return bytes <= mostBytes;
    }

    private void Ended(string path)
    {
        lock (_lock)
            _underWay.Remove(path);
    }

    private static long OnDisk(FileInfo file) => (file.Length + Block - 1) / Block * Block;

    private string FolderOf(BankId bank, Guid client) => Path.Combine(Root, bank.Value, client.ToString());

    private string PathOf(BankId bank, Guid client, Guid id) => Path.Combine(FolderOf(bank, client), $"{id}.ndjson");
}
