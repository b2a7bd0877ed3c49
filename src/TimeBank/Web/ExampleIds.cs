using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace TimeBank.Web;

/// <summary>Ids in the examples of the API document: placeholders, until a story has told which ids its names have here.</summary>
public sealed class ExampleIds
{
    private readonly ConcurrentDictionary<string, string> _ids = [];

    /// <summary>The same for the same name on every machine, so that the document in the repository can be compared.</summary>
    public static string Placeholder(string name) => "01990000-0000-7000-8000-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12];

    public void Know(IReadOnlyDictionary<string, string> names)
    {
        foreach (var (name, id) in names)
            _ids[Placeholder(name)] = id;
    }

    /// <summary>The document with the ids that are known here.</summary>
    public string Fill(string document) => _ids.Aggregate(new StringBuilder(document), (text, known) => text.Replace(known.Key, known.Value)).ToString();
}
