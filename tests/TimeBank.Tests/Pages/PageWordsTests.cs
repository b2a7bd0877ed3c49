using System.Text.RegularExpressions;
using Shouldly;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Tests.Pages;

/// <summary>Every word on a page stands in the files of its languages, and every word there on a page.</summary>
public sealed partial class PageWordsTests
{
    private static readonly IReadOnlyList<string> s_pages = [.. Directory.EnumerateFiles(Source(), "*.razor", SearchOption.AllDirectories).Select(File.ReadAllText)];

    [Test]
    public void Pages_say_what_the_files_have_and_the_files_have_what_pages_say()
    {
        var said = s_pages.SelectMany(p => Key().Matches(p).Select(m => m.Groups[1].Value))
            .Concat(Enum.GetValues<TransferKind>().Select(k => $"kind.{k.Word()}"))
            .Concat(((int[])[400, 403, 404, 429, 500, 503]).SelectMany(s => (string[])[$"problem.{s}", $"problem.{s}.mend"]))
            .Concat(PageRefusals.Known.Select(c => $"refusal.{c}")).Concat(["refusal.other", "refusal.later"])
            .ToHashSet();
        var english = Locale.First(["en"]).Keys.Where(k => OfPages().IsMatch(k)).ToHashSet();

        said.Count.ShouldBeGreaterThan(50);
        said.Except(english).ShouldBeEmpty("Add these to Locales/*.json.");
        english.Except(said).ShouldBeEmpty("Nobody says these.");
    }

    private static string Source()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "src")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "src", "TimeBank");
    }

    [GeneratedRegex("\"((?:site|home|signIn|hours|passbook|kind|problem|help|refusal)\\.[A-Za-z0-9.]+)\"")]
    private static partial Regex Key();

    [GeneratedRegex(@"^(site|home|signIn|hours|passbook|kind|problem|help|refusal)\.")]
    private static partial Regex OfPages();
}
