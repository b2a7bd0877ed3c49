using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.FairPlay;
using TimeBank.Members;
using TimeBank.Notices;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Safeguarding;
using TimeBank.Store;
using TimeBank.Web;
using TimeBank.WorkSessions;

namespace TimeBank.Tests.Pages;

/// <summary>Every word on a page stands in the files of its languages, and every word there on a page.</summary>
public sealed partial class PageWordsTests
{
    /// <summary>What the keys of pages' words begin with.</summary>
    internal const string Pages = "site|home|signIn|hours|passbook|kind|problem|help|refusal|menu|yes|invitation|password|lost|services|booking|desk|today|credit|posting|"
        + "people|settle|pay|projects|bank|operator|listings|meet|category|give|me|worry|concern|join|sessions|signedOut|offline|passkey|statement|sheet|rules|providers|policy|books|audit|notices|tellings|report|about|promises|credentials";

    private static readonly IReadOnlyList<string> s_pages = [.. Directory.EnumerateFiles(Source(), "*.razor", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Source(), "PassbookFile.cs", SearchOption.AllDirectories)).Select(File.ReadAllText)];

    [Test]
    public void Pages_say_what_the_files_have_and_the_files_have_what_pages_say()
    {
        var said = s_pages.SelectMany(p => Key().Matches(p).Select(m => m.Groups[1].Value))
            .Concat(Enum.GetValues<TransferKind>().Select(k => $"kind.{k.Word()}"))
            .Concat(((int[])[400, 403, 404, 429, 500, 503]).SelectMany(s => (string[])[$"problem.{s}", $"problem.{s}.mend"]))
            .Concat(PageRefusals.Known.Select(c => $"refusal.{c}")).Concat(["refusal.other", "refusal.later", "refusal.sentBefore"])
            .Concat(Each<WaitingKind>("today")).Concat(Each<MemberStage>("today.member")).Concat(Each<QuestionKind>("today.question")).Concat(Each<MemberStage>("people.stage")).Concat(["today.potRequest.asked", "today.potRequest.seconded"])
            .Concat(Each<ConcernStage>("concern.stage")).Concat(Each<WorkSessionStage>("sessions.stage")).Concat(Each<SheetFaultKind>("sheet.fault"))
            .Concat(Each<Noted>("audit.of")).Concat(typeof(AccessEvent).GetNestedTypes().Where(t => t != typeof(AccessEvent.AccessNoted)).Select(t => $"audit.of.{JsonNamingPolicy.CamelCase.ConvertName(t.Name)}"))
            .Concat(Each<AccountKind>("books.of")).Concat(Each<TellingHow>("tellings")).Concat(Each<ProjectWork>("bank.pays")).Concat(Each<Confirming>("bank.confirms")).Concat(((Yes[])[Yes.Telephone, Yes.InPerson, Yes.Paper]).Select(y => $"yes.{y.Word()}"))
            .Concat(BankPolicy.StarterCategories.Select(c => $"category.{c}"))
            .ToHashSet();
        var english = Locale.First(["en"]).Keys.Where(k => OfPages().IsMatch(k)).ToHashSet();

        said.Count.ShouldBeGreaterThan(50);
        said.Except(english).ShouldBeEmpty("Add these to Locales/*.json.");
        english.Except(said).ShouldBeEmpty("Nobody says these.");
    }

    private static IEnumerable<string> Each<T>(string under) where T : struct, Enum => Enum.GetValues<T>().Select(v => $"{under}.{v.Word()}");

    private static string Source()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "src")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "src", "TimeBank");
    }

    [GeneratedRegex("\"((?:" + Pages + ")\\.[A-Za-z0-9.-]+)\"")]
    private static partial Regex Key();

    [GeneratedRegex("^(" + Pages + ")\\.")]
    private static partial Regex OfPages();
}
