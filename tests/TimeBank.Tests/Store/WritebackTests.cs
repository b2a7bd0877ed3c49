using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>Only what changed lately is begun to be written, in whichever database it lies, and a table that is gone is no trouble.</summary>
[Category("Database")]
public sealed class WritebackTests
{
    [Test, Platform("Linux")]
    public void What_changed_since_is_begun_and_what_lay_still_is_left()
    {
        var tables = Directory.CreateTempSubdirectory("timebank-test-");
        try
        {
            var now = DateTimeOffset.UtcNow;
            foreach (var (name, age) in new[] { ("1/16384", 0), ("1/16385", 60), ("5/16384", 0), ("5/16384_fsm", 61) })
            {
                var path = Path.Combine(tables.FullName, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, new byte[8192]);
                File.SetLastWriteTimeUtc(path, now.UtcDateTime.AddSeconds(-age));
            }
            File.CreateSymbolicLink(Path.Combine(tables.FullName, "1", "16386"), Path.Combine(tables.FullName, "dropped"));

            Writeback.Begin(tables.FullName, now.AddSeconds(-1)).ShouldBe(2);
            Writeback.Begin(tables.FullName, now.AddSeconds(-62)).ShouldBe(4);
        }
        finally
        {
            tables.Delete(recursive: true);
        }
    }
}
