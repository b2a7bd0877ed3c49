using System.Reflection;
using System.Text.RegularExpressions;
using Shouldly;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Tests;

/// <summary>Rules of the house, kept by tests that list every offender.</summary>
public sealed partial class TidyTests
{
    private static readonly string[] s_features = ["Access", "Accounts", "Banks", "Contributions", "Credentials", "Holds", "Listings", "Members", "Notices", "Postings", "Projects", "Redemptions", "Reinvestment"];

    /// <summary>The context of logins is the Identity framework's own way to the database.</summary>
    private static readonly string[] s_identity = ["src/TimeBank/Access/People/PeopleContext.cs"];

    private static readonly Assembly s_domain = typeof(Minutes).Assembly;
    private static readonly Assembly s_app = typeof(Server).Assembly;

    private static readonly string s_root = Root();

    private sealed record Source(string Path, string Text)
    {
        public bool In(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

        /// <summary>Without comments and strings, so that only what the compiler sees is judged.</summary>
        public string Code { get; } = CommentOrString().Replace(Text, m => m.Value.StartsWith('/') ? "" : "\"\"");
    }

    private static readonly Source[] s_sources = [.. Directory.EnumerateFiles(Path.Combine(s_root, "src"), "*.*", SearchOption.AllDirectories)
        .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".sql", StringComparison.Ordinal) || f.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(f => (File: f, Path: Path.GetRelativePath(s_root, f).Replace('\\', '/')))
        .Where(f => !f.Path.Contains("/bin/", StringComparison.Ordinal) && !f.Path.Contains("/obj/", StringComparison.Ordinal))
        .OrderBy(f => f.Path, StringComparer.Ordinal)
        .Select(f => new Source(f.Path, File.ReadAllText(f.File)))];

    private static IEnumerable<Source> Code => s_sources.Where(s => s.Path.EndsWith(".cs", StringComparison.Ordinal));

    [Test]
    public void There_is_something_to_judge()
    {
        Code.Count().ShouldBeGreaterThan(50);
        s_features.ShouldAllBe(f => Code.Any(s => s.In($"src/TimeBank/{f}")));
    }

    [Test]
    public void The_domain_references_nothing_but_the_framework()
    {
        s_sources.Single(s => s.Path.EndsWith("TimeBank.Domain.csproj", StringComparison.Ordinal)).Text.ShouldNotContain("Reference Include");
        s_domain.GetReferencedAssemblies().Select(a => a.Name!).Where(n => !n.StartsWith("System.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Test]
    public void Decisions_and_projections_have_neither_a_clock_nor_dice_and_decisions_do_not_wait()
    {
        Offenders(s => s.In("src/TimeBank.Domain"), @"\b(UtcNow|Now\(\)|GetUtcNow|NewGuid|CreateVersion7|Random|Task|async|await|Thread|Environment|File|HttpClient)\b").ShouldBeEmpty();
        Offenders(s => s.In("src/TimeBank/Projections"), @"\b(UtcNow|GetUtcNow|NewGuid|CreateVersion7|Random)\b").ShouldBeEmpty();
    }

    [Test]
    public void Npgsql_appears_only_in_the_store_and_in_projections() =>
        Offenders(s => !s.In("src/TimeBank/Store") && !s.In("src/TimeBank/Projections") && !s_identity.Contains(s.Path), @"\bNpgsql").ShouldBeEmpty();

    [Test]
    public void Only_the_event_store_inserts_into_the_event_tables() =>
        s_sources.Where(s => InsertsEvents().IsMatch(s.Text) && s.Path != "src/TimeBank/Store/EventStore.cs"
                && !s.In("src/TimeBank/Store/Backups") && !s.In("src/TimeBank/Store/Rebuilding") && !s.In("src/TimeBank/Store/Moving"))
            .Select(s => s.Path).ShouldBeEmpty();

    [Test]
    public void Nothing_changes_or_removes_what_stands_in_the_journal() =>
        s_sources.Where(s => ChangesEvents().IsMatch(s.Text) && !s.In("src/TimeBank/Store/Backups") && !s.In("src/TimeBank/Store/Rebuilding"))
            .Select(s => s.Path).ShouldBeEmpty();

    [Test]
    public void No_interface_has_exactly_one_implementation()
    {
        var types = s_domain.GetTypes().Concat(s_app.GetTypes()).ToList();

        types.Where(i => i.IsInterface && types.Count(t => t.IsClass && i.IsAssignableFrom(t)) == 1).Select(i => i.FullName).ShouldBeEmpty();
    }

    [Test]
    public void No_name_says_only_that_something_is_there()
    {
        var names = s_domain.GetTypes().Concat(s_app.GetTypes()).Where(t => t.Namespace?.StartsWith("TimeBank", StringComparison.Ordinal) == true)
            .Select(t => t.Name).Where(n => !n.Contains('<')).Concat(s_sources.SelectMany(s => s.Path.Split('/')));

        names.Where(n => EmptyWord().IsMatch(n)).Distinct().ShouldBeEmpty();
    }

    [TestCase("AccountManager", true)]
    [TestCase("ManagerOfAccounts", true)]
    [TestCase("Utils.cs", true)]
    [TestCase("AccountDto", true)]
    [TestCase("Database", false)]
    [TestCase("Score", false)]
    [TestCase("Corentin", false)]
    [TestCase("Basement", false)]
    public void A_name_is_judged_by_its_whole_words(string name, bool empty) => EmptyWord().IsMatch(name).ShouldBe(empty);

    [Test]
    public void A_file_has_three_hundred_lines_at_most() =>
        s_sources.Select(s => (s.Path, Lines: s.Text.Count(c => c == '\n'))).Where(s => s.Lines > 300).Select(s => $"{s.Path}: {s.Lines} lines").ShouldBeEmpty();

    [Test]
    public void Features_of_the_app_never_name_each_other()
    {
        var offenders = new List<string>();
        foreach (var feature in s_features)
        {
            var types = s_app.GetTypes().Where(t => t.Namespace == $"TimeBank.{feature}" && !t.IsNested && !t.Name.Contains('<'))
                .Select(t => t.Name.Split('`')[0]).Distinct().ToList();
            types.ShouldNotBeEmpty(feature);
            var named = new Regex($@"\b({string.Join('|', types)})\b");
            offenders.AddRange(
                from source in Code
                where s_features.Any(other => other != feature && source.In($"src/TimeBank/{other}"))
                from Match m in named.Matches(source.Code)
                select $"{source.Path} names {m.Value} of {feature}");
        }
        offenders.Distinct().ShouldBeEmpty();
    }

    [Test]
    public void No_comment_hides_code_and_no_region_hides_anything() => Code.Where(s => s.Text.Contains("#region", StringComparison.Ordinal)).Select(s => s.Path).ShouldBeEmpty();

    [Test]
    public void The_table_of_problems_has_a_row_for_every_refusal_in_the_order_of_precedence()
    {
        var refusals = Enum.GetNames<RefusalCode>();

        ProblemTable.All.Select(p => p.Code).Where(refusals.Contains).ShouldBe(refusals);
        foreach (var code in Enum.GetValues<RefusalCode>())
            ProblemTable.For(code).Code.ShouldBe(code.ToString());
    }

    [Test]
    public void Every_problem_has_a_code_of_its_own_a_status_of_an_error_and_says_how_to_mend_things()
    {
        ProblemTable.All.GroupBy(p => p.Code).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
        ProblemTable.All.Where(p => p.Status is < 400 or > 599 || p.Title.Length == 0 || p.Mend.Length == 0 || !p.Title.EndsWith('.') || !p.Mend.EndsWith('.'))
            .Select(p => p.Code).ShouldBeEmpty();
        foreach (var failure in Enum.GetValues<JournalFailure>())
            ProblemTable.All.ShouldContain(ProblemTable.For(failure));
    }

    private static IEnumerable<string> Offenders(Func<Source, bool> judged, string pattern) =>
        from source in Code.Where(judged)
        from Match m in Regex.Matches(source.Code, pattern)
        select $"{source.Path}: {m.Value}";

    private static string Root()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TimeBank.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("TimeBank.sln lies above the tests.");
        return folder.FullName;
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|\$*""""""(.*?)""""""|""(\\.|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();

    [GeneratedRegex(@"insert\s+into\s+(timebank\.)?(mt_events|mt_streams|journal)\b|copy\s+(timebank\.)?(mt_events|mt_streams|journal)\b[^;]*from", RegexOptions.IgnoreCase)]
    private static partial Regex InsertsEvents();

    [GeneratedRegex(@"(update|delete\s+from|truncate(\s+table)?)\s+(timebank\.)?(mt_events|journal)\b(?!_)", RegexOptions.IgnoreCase)]
    private static partial Regex ChangesEvents();

    [GeneratedRegex(@"(Manager|Helper|Util|Base|Common|Core|Infrastructure|Dto)s?(?![a-z])")]
    private static partial Regex EmptyWord();
}
