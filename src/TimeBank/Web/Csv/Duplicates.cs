using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TimeBank.Web.Csv;

/// <summary>Finds what stands in a file twice, in constant memory: hashes wait on disk, spread over many small files, and each
/// of those is looked through by itself.</summary>
public sealed class Duplicates : IDisposable
{
    private const int Parts = 64;
    private const int RecordSize = 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("timebank-import-");
    private readonly FileStream[] _parts;

    public Duplicates() => _parts = [.. Enumerable.Range(0, Parts).Select(n => File.Create(Path.Combine(_folder.FullName, $"{n}"), 4096))];

    /// <summary>A line counts as its key; without one, as all that stands on it.</summary>
    public void Add(FileLine line, string? key)
    {
        Span<byte> record = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(key is null ? "line " + line.Raw : "key " + key), record);
        BinaryPrimitives.WriteInt32LittleEndian(record[16..], line.Number);
        _parts[record[0] % Parts].Write(record[..RecordSize]);
    }

    /// <summary>Pairs of lines: one, and the earlier one that it repeats.</summary>
    public IEnumerable<(int Line, int First)> Find()
    {
        var record = new byte[RecordSize];
        foreach (var part in _parts)
        {
            part.Position = 0;
            var seen = new Dictionary<UInt128, int>();
            while (part.ReadAtLeast(record, RecordSize, throwOnEndOfStream: false) == RecordSize)
            {
                var line = BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(16));
                var hash = BinaryPrimitives.ReadUInt128LittleEndian(record);
                if (!seen.TryAdd(hash, line))
                    yield return (line, seen[hash]);
            }
        }
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
        _folder.Delete(recursive: true);
    }
}
