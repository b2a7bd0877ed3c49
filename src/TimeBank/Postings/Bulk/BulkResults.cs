using System.Text;

namespace TimeBank.Postings;

/// <summary>The results of one bulk request, written in the order of its lines and read at the caller's own pace.</summary>
/// <param name="checkEvery">After so many bytes it is asked again whether there is room for more.</param>
/// <param name="hasRoom">Whether there is.</param>
/// <param name="ended">Hears that nothing more is written.</param>
public sealed class BulkResults(FileStream file, long checkEvery, Func<bool> hasRoom, Action ended) : IDisposable
{
    private readonly SemaphoreSlim _more = new(0);
    private long _flushed;
    private long _unchecked;
    private volatile bool _complete;
    private volatile bool _full;

    /// <summary>No lines should be read that would have more results. What is under way is still written.</summary>
    public bool IsFull => _full;

    public void Append(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        file.Write(bytes);
        _unchecked += bytes.Length;
        if (_unchecked < checkEvery || _full)
            return;
        _unchecked = 0;
        file.Flush();
        _full = !hasRoom();
    }

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
        ended();
        _more.Dispose();
    }
}
