using System.Security.Cryptography;
using System.Text.Json;

namespace TimeBank.Store;

/// <summary>Writes one file of a folder, line by line, and knows what it wrote.</summary>
internal sealed class BankFileWriter(string folder, string name) : IDisposable
{
    private static readonly byte[] s_end = "\n"u8.ToArray();

    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FileStream _file = PrivateFile.Create(Path.Combine(folder, name));
    private long _lines, _bytes;

    public void Write<T>(T line)
    {
        Write(JsonSerializer.SerializeToUtf8Bytes(line, JsonSerializerOptions.Web));
        Write(s_end);
        _lines++;
    }

    /// <summary>What the manifest says of it, once it is on the disk.</summary>
    public BankFile Complete()
    {
        _file.Flush(flushToDisk: true);
        return new BankFile(name, _lines, _bytes, Convert.ToHexStringLower(_sha.GetHashAndReset()));
    }

    public void Dispose()
    {
        _file.Dispose();
        _sha.Dispose();
    }

    private void Write(byte[] bytes)
    {
        _file.Write(bytes);
        _sha.AppendData(bytes);
        _bytes += bytes.Length;
    }
}

/// <summary>Reads the files of a folder; each is checked against the manifest before anything is made of it.</summary>
internal static class BankFileReader
{
    /// <summary>No event and no text comes near this.</summary>
    private const int LongestLine = 8 * 1024 * 1024;

    public static BankManifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, BankManifest.FileName);
        if (!File.Exists(path))
            throw new BankFolderException($"There is no {BankManifest.FileName} in {folder}: it is no bank that was exported, or its export was interrupted.");
        BankManifest manifest;
        try
        {
            using var file = File.OpenRead(path);
            manifest = JsonSerializer.Deserialize<BankManifest>(file, BankManifest.Json) ?? throw Damaged(folder, "its manifest is empty.");
        }
        catch (JsonException e)
        {
            throw Damaged(folder, "its manifest cannot be read. " + e.Message);
        }
        if (manifest.Format > BankManifest.CurrentFormat || manifest.JournalFormat > SchemaMigrations.Format)
            throw new BankFolderException($"{folder} was written by a newer TimeBank. Import it with that one.");
        if (!BankId.IsValid(manifest.Bank))
            throw Damaged(folder, "its manifest names no bank.");
        string[] names = [BankManifest.Journal, BankManifest.EventsFile, BankManifest.Texts, BankManifest.Keys];
        if (!manifest.Files.Select(f => f.Name).Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)))
            throw Damaged(folder, $"its manifest does not name {string.Join(", ", names)}, each once and nothing else.");
        return manifest;
    }

    /// <summary>Every byte of every file is what the manifest says; else <see cref="BankFolderException"/>.</summary>
    /// <param name="report">Hears how many bytes were read, now and then.</param>
    public static void Check(string folder, BankManifest manifest, Action<long> report, CancellationToken cancel)
    {
        var buffer = new byte[1 << 17];
        var bytes = 0L;
        foreach (var file in manifest.Files)
        {
            var path = Path.Combine(folder, file.Name);
            if (!File.Exists(path))
                throw Damaged(folder, $"{file.Name} is missing.");
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var stream = File.OpenRead(path);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                sha.AppendData(buffer, 0, read);
                report(bytes += read);
            }
            if (stream.Length != file.Bytes || Convert.ToHexStringLower(sha.GetHashAndReset()) != file.Sha256)
                throw Damaged(folder, $"{file.Name} is not what was written (its length or SHA-256 differs).");
        }
    }

    /// <summary>Its lines, one after the other; counted against the manifest.</summary>
    public static IEnumerable<T> Lines<T>(string folder, BankManifest manifest, string name) where T : class
    {
        var lines = 0L;
        using var reader = new StreamReader(Path.Combine(folder, name));
        while (reader.ReadLine() is { } line)
        {
            lines++;
            T? read;
            try
            {
                read = line.Length > LongestLine ? null : JsonSerializer.Deserialize<T>(line, BankManifest.Json);
            }
            catch (JsonException e)
            {
                throw Damaged(folder, $"line {lines} of {name} cannot be read. {e.Message}");
            }
            yield return read ?? throw Damaged(folder, $"line {lines} of {name} says nothing.");
        }
        if (lines != manifest.Files.Single(f => f.Name == name).Lines)
            throw Damaged(folder, $"{name} has {lines} lines, which is not what its manifest says.");
    }

    public static BankFolderException Damaged(string folder, string why) => new($"{folder} is damaged: {why} Nothing was imported; export the bank again.");
}
