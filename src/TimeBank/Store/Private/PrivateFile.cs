namespace TimeBank.Store;

/// <summary>Files for nobody else's eyes: only their owner may read them, and they are there whole or not at all.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file beside its place and moves it there, over a former one, once it is on the disk.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var part = path + ".part";
        File.Delete(part);
        using (var file = Create(part))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    /// <summary>A new file, which must not be there yet.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = DataFolder.PrivateFile;
        return new FileStream(path, options);
    }
}
