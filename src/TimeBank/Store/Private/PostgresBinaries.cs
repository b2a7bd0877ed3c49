using System.Globalization;
using System.Text.RegularExpressions;

namespace TimeBank.Store;

/// <summary>A folder that holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> of one major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>A folder to use instead of searching, or <c>npm</c> for the package whatever else is there.</summary>
    public const string Variable = "TIMEBANK_POSTGRES_BIN";

    /// <summary>The first with the role <c>pg_checkpoint</c>, with <c>MERGE</c> and with lz4 for the write-ahead log.</summary>
    private const int OldestMajor = 15;

    private static readonly string[] s_programs = ["initdb", "pg_ctl", "postgres"];

    // A star stands for one folder's name or a part of it.
    private static readonly string[] s_usualPlaces =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin",
        "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", "/Library/PostgreSQL/*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
    ];

    public string InitDb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>Finds binaries for a new cluster, or for the one that the folder has: only its own major version can open it.</summary>
    public static async Task<PostgresBinaries> FindAsync(DataFolder folder, Action<string> say, CancellationToken cancel)
    {
        var wanted = folder.ClusterMajor;
        var forced = Environment.GetEnvironmentVariable(Variable);
        if (forced == "npm")
            return await NpmPostgres.InstallAsync(folder, wanted, say, cancel);
        if (!string.IsNullOrEmpty(forced))
            return await ForcedAsync(forced, wanted, cancel);

        var found = await CandidatesAsync(cancel);
        if (found.FirstOrDefault(binaries => wanted is { } major ? binaries.Major == major : binaries.Major >= OldestMajor) is { } fit)
            return fit;
        if (NpmPostgres.CanInstall(wanted))
            return await NpmPostgres.InstallAsync(folder, wanted, say, cancel);

        var seen = found.Count == 0 ? "none was found" : $"found: {string.Join(", ", found.Select(other => $"{other.Major} in {other.Folder}"))}";
        throw new PostgresMissingException(wanted is null
            ? $"TimeBank needs PostgreSQL {OldestMajor} or newer, and {seen}. Install it (apt-get install postgresql), or install "
              + "node and npm (apt-get install npm) and TimeBank fetches its own, or name a database in ConnectionStrings__TimeBank."
            : $"The cluster in {folder.Cluster} was made by PostgreSQL {wanted} and only that version opens it; {seen}. "
              + $"Install it: apt-get install postgresql-{wanted}{(NpmPostgres.Offers(wanted) ? ", or node and npm: apt-get install npm" : "")}");
    }

    /// <summary>The binaries of a folder, if all three are really there (a link may point nowhere) and in one place.</summary>
    public static async Task<PostgresBinaries?> InAsync(string folder, CancellationToken cancel)
    {
        var places = s_programs.Select(program => RealFolderOf(Path.Combine(folder, program))).Distinct().ToList();
        if (places is not [{ } place])
            return null;
        var version = await PostgresUser.Myself.RunAsync(cancel, Path.Combine(place, "postgres"), "--version");
        return version.Succeeded && MajorInVersion().Match(version.Output) is { Success: true } match
            ? new PostgresBinaries(place, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>The folder of the binaries that serve the cluster now, from the command line that PostgreSQL notes at its start.</summary>
    public static string RunningOn(DataFolder folder) =>
        Path.GetDirectoryName(File.ReadAllText(Path.Combine(folder.Cluster, "postmaster.opts")).Split(" \"")[0])!;

    /// <summary>A program's full path, if one of the folders of PATH has it.</summary>
    public static string? OnPath(string program) =>
        PathFolders().Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static async Task<PostgresBinaries> ForcedAsync(string folder, int? wanted, CancellationToken cancel)
    {
        var binaries = await InAsync(folder, cancel)
            ?? throw new PostgresMissingException($"{Variable} names {folder}, which does not hold working {string.Join(", ", s_programs)}.");
        return wanted is { } major && binaries.Major != major
            ? throw new PostgresMissingException($"{Variable} names PostgreSQL {binaries.Major}, and the cluster was made by {major}.")
            : binaries;
    }

    private static async Task<IReadOnlyList<PostgresBinaries>> CandidatesAsync(CancellationToken cancel)
    {
        var onPath = await AllInAsync(PathFolders(), cancel);
        var elsewhere = await AllInAsync(s_usualPlaces.SelectMany(Matching), cancel);
        return [.. onPath, .. elsewhere.OrderByDescending(binaries => binaries.Major)];
    }

    private static async Task<List<PostgresBinaries>> AllInAsync(IEnumerable<string> folders, CancellationToken cancel)
    {
        var all = new List<PostgresBinaries>();
        foreach (var folder in folders.Distinct())
        {
            if (await InAsync(folder, cancel) is { } binaries)
                all.Add(binaries);
        }
        return all;
    }

    private static IEnumerable<string> PathFolders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified);

    private static IEnumerable<string> Matching(string pattern) =>
        pattern.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate<string, IEnumerable<string>>(["/"], (folders, name) =>
            folders.SelectMany(folder => name.Contains('*')
                ? Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, name) : []
                : [Path.Combine(folder, name)]));

    private static string? RealFolderOf(string file) =>
        File.Exists(file) && Posix.TryRealPath(file) is { } real ? Path.GetDirectoryName(real) : null;

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorInVersion();
}
