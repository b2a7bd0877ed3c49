using System.Text;
using TimeBank.Store;

namespace TimeBank.Postings.Exporting;

/// <summary>A file that is there whole or not at all: written beside its place, moved there when it is complete.</summary>
/// <remarks>It may tell about people, so that only its owner may read it.</remarks>
public sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string _partial;

    public OutputFile(string path)
    {
        _path = path;
        _partial = path + ".partial";
        File.Delete(_partial);
        Writer = new StreamWriter(PrivateFile.Create(_partial), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    public StreamWriter Writer { get; }

    public void Complete()
    {
        Writer.Dispose();
        File.Move(_partial, _path, overwrite: true);
    }

    /// <summary>What is not complete is deleted.</summary>
    public void Dispose()
    {
        Writer.Dispose();
        File.Delete(_partial);
    }
}
