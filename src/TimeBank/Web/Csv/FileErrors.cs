namespace TimeBank.Web.Csv;

/// <summary>What is wrong with a line of a file, and how to mend it.</summary>
public readonly record struct FileError(int Line, string Message);

/// <summary>All that is wrong with a file: counts everything, remembers what stands first.</summary>
public sealed class FileErrors(int most = 100)
{
    private readonly PriorityQueue<FileError, (int, int)> _first =
        new(Comparer<(int, int)>.Create((a, b) => b.CompareTo(a)));

    public int Count { get; private set; }

    public void Add(int line, string message)
    {
        var error = new FileError(line, message);
        var priority = (line, Count++);
        if (_first.Count < most)
            _first.Enqueue(error, priority);
        else
            _first.EnqueueDequeue(error, priority);
    }

    /// <summary>The first errors, in the order of their lines.</summary>
    public IReadOnlyList<FileError> First() =>
        [.. _first.UnorderedItems.OrderBy(e => e.Priority).Select(e => e.Element)];
}
