using System.Text;
using TimeBank.Store;

namespace TimeBank.Postings;

/// <summary>Where the results of bulk requests wait, each for who made the request: a file each in the data folder, so that a caller who does not read yet costs
/// no memory, and one who was cut off reads on later.</summary>
public sealed class BulkFolder(LedgerStore store, TimeProvider clock)
{
    /// <summary>Results are kept so long after the last was written.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>A new file; null if there is one of that id.</summary>
    public BulkResults? Create(BankId bank, Guid client, Guid id)
    {
        var folder = Directory.CreateDirectory(FolderOf(bank, client)).FullName;
        foreach (var old in Directory.EnumerateFiles(folder).Where(f => clock.GetUtcNow() - File.GetLastWriteTimeUtc(f) > Kept))
            File.Delete(old);
        try
        {
            return new BulkResults(new FileStream(PathOf(bank, client, id), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 128 * 1024));
        }
        catch (IOException) when (File.Exists(PathOf(bank, client, id)))
        {
            return null;
        }
    }

    /// <summary>What was written so far; null if there is none of that id.</summary>
    public FileStream? Open(BankId bank, Guid client, Guid id) =>
        File.Exists(PathOf(bank, client, id))
            ? new FileStream(PathOf(bank, client, id), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024, useAsync: true)
            : null;

    private string FolderOf(BankId bank, Guid client) => Path.Combine(store.DataFolder, DataFolder.Bulk, bank.Value, client.ToString());

    private string PathOf(BankId bank, Guid client, Guid id) => Path.Combine(FolderOf(bank, client), $"{id}.ndjson");
}

/// <summary>The results of one bulk request, written in the order of its lines and read at the caller's own pace.</summary>
public sealed class BulkResults(FileStream file) : IDisposable
{
    private readonly SemaphoreSlim _more = new(0);
    private long _flushed;
    private volatile bool _complete;

    public void Append(string line) => file.Write(Encoding.UTF8.GetBytes(line));

    /// <summary>Lets the reader have what was written.</summary>
    public void Flush()
    {
        file.Flush();
        Interlocked.Exchange(ref _flushed, file.Position);
        _more.Release();
    }

    public void Complete()
    {
        try
        {
            Flush();
        }
        finally
        {
            // Also when there was no room for the rest: nobody waits for it any longer.
            _complete = true;
            _more.Release();
        }
    }

    /// <summary>Copies to the caller until all is written and sent.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken cancel)
    {
        await using var reader = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1, useAsync: true);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var complete = _complete;
            while (reader.Position < Interlocked.Read(ref _flushed))
            {
                var read = await reader.ReadAsync(buffer, cancel);
                await target.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
            await target.FlushAsync(cancel);
            if (complete)
                return;
            await _more.WaitAsync(cancel);
        }
    }

    public void Dispose()
    {
        file.Dispose();
        _more.Dispose();
    }
}
