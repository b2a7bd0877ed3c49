using System.Globalization;

namespace TimeBank.Store;

/// <summary>
/// TimeBank's data folder: where what lies. It belongs to the user who runs TimeBank; PostgreSQL's user (another one if that
/// is root) owns the cluster, the socket's folder and the log, and may only pass through the rest.
/// </summary>
internal sealed record DataFolder(string Root)
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode ReadableByAll = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Its being there says that the folder was made to try things out; who is in the story, with their passwords.</summary>
    public const string StoryFile = "demo.json";

    /// <summary>Letters that no mail server took.</summary>
    public const string Outbox = "outbox";

    /// <summary>Results of bulk requests that are still to be read.</summary>
    public const string Bulk = "bulk";

    private const long LargestLogBytes = 10_000_000;

    public string Cluster => Path.Combine(Root, "postgres");

    public string Secrets => Path.Combine(Root, "postgres.json");

    public string Log => Path.Combine(Root, "postgres.log");

    public string Socket => Path.Combine(Root, "socket");

    public string NpmBinaries => Path.Combine(Root, "postgres-binaries");

    private string LockFile => Path.Combine(Root, "lock");

    // A locked file cannot be read, so the holder's number stands beside it.
    private string LockHolder => Path.Combine(Root, "lock.pid");

    /// <summary>The major version that made the cluster; null if there is none yet.</summary>
    public int? ClusterMajor =>
        File.Exists(Path.Combine(Cluster, "PG_VERSION")) ? int.Parse(File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")), CultureInfo.InvariantCulture) : null;

    public static string OfCluster(string dataFolder) => new DataFolder(Path.GetFullPath(dataFolder)).Cluster;

    /// <summary>Makes the folder if need be, closes it to others, and checks that PostgreSQL's user can get into it.</summary>
    public static async Task<DataFolder> OpenAsync(string path, PostgresUser user, CancellationToken cancel)
    {
        var root = Path.GetFullPath(path);
        try
        {
            // Rights change only on a folder that is surely TimeBank's: somebody may have named /srv or /tmp by mistake.
            var stranger = Directory.Exists(root) ? Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName).FirstOrDefault(name => !IsOurs(name!)) : null;
            var isOurs = stranger is null || File.Exists(Path.Combine(root, "postgres.json"));
            if (!isOurs && new DataFolder(root).ClusterMajor is null)
                throw new DataFolderUnreachableException(
                    $"{root} is not a data folder of TimeBank's: {stranger} is in it. Name a new or an empty folder with --data, for instance {Path.Combine(root, "timebank")}.");
            Directory.CreateDirectory(root);
            var folder = new DataFolder(Posix.TryRealPath(root) ?? root);
            if (isOurs && user.Name is null)
            {
                File.SetUnixFileMode(folder.Root, Private);
            }
            else if (isOurs)
            {
                Posix.ChangeOwner(folder.Root, Posix.Unchanged, user.GroupId);
                File.SetUnixFileMode(folder.Root, Private | UnixFileMode.GroupExecute);
            }
            await CheckReachableAsync(folder.Root, user, cancel);
            return folder;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw AnothersFolder(root, denied);
        }
    }

    /// <summary>
    /// Takes the folder for this process, or fails at once if another has it. The lock is the kernel's (flock), so it
    /// ends with the process however that ends, and children do not inherit it.
    /// </summary>
    public IDisposable Claim()
    {
        try
        {
            var claim = new FileStream(LockFile, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = PrivateFile,
            });
            File.WriteAllText(LockHolder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return claim;
        }
        catch (IOException taken) when (taken.HResult is 11 or 35) // EWOULDBLOCK of Linux, of macOS and BSD
        {
            throw new DataFolderInUseException(Root, ReadHolder());
        }
        catch (UnauthorizedAccessException denied)
        {
            throw AnothersFolder(Root, denied);
        }
    }

    /// <summary>
    /// A folder for a cluster to grow in until it is whole. Each has a name of its own, for an <c>initdb</c> whose TimeBank was
    /// killed may still write into the former one, which goes.
    /// </summary>
    public string NewClusterFolder()
    {
        foreach (var abandoned in Directory.EnumerateDirectories(Root, "postgres.new-*"))
            Directory.Delete(abandoned, recursive: true);
        return Path.Combine(Root, $"postgres.new-{Guid.NewGuid():N}");
    }

    /// <summary>An empty folder for PostgreSQL alone.</summary>
    public static void MakePrivateFor(PostgresUser user, string path)
    {
        Directory.CreateDirectory(path, Private);
        user.Give(path);
    }

    /// <summary>A log that PostgreSQL can append to. One that has grown large becomes <c>postgres.log.1</c>, and the former one goes.</summary>
    public void PrepareLog(PostgresUser user)
    {
        if (File.Exists(Log) && new FileInfo(Log).Length > LargestLogBytes)
            File.Move(Log, Log + ".1", overwrite: true);
        if (!File.Exists(Log))
            File.Create(Log).Dispose();
        File.SetUnixFileMode(Log, PrivateFile);
        user.Give(Log);
    }

    /// <summary>What TimeBank makes in its folder, also in a first start that does not get far, and what a new file system has in it.</summary>
    private static bool IsOurs(string name) => name is "lock" or "lock.pid" or "socket" or Bulk or Outbox or StoryFile or StoryFile + ".part" or "postgres" or "lost+found"
        || name.StartsWith("postgres.", StringComparison.Ordinal) || name.StartsWith("postgres-", StringComparison.Ordinal);

    private int? ReadHolder() =>
        File.Exists(LockHolder) && int.TryParse(File.ReadAllText(LockHolder), CultureInfo.InvariantCulture, out var pid) ? pid : null;

    private static DataFolderUnreachableException AnothersFolder(string root, Exception denied) =>
        new($"The data folder {root} belongs to another user: {denied.Message} Choose another with --data.", denied);

    private static async Task CheckReachableAsync(string root, PostgresUser user, CancellationToken cancel)
    {
        if (user.Name is null || await CanEnterAsync(root))
            return;
        var barrier = root;
        while (Path.GetDirectoryName(barrier) is { } parent && !await CanEnterAsync(parent))
            barrier = parent;
        throw new DataFolderUnreachableException(
            $"PostgreSQL does not run as root, so it runs as `{user.Name}`, and {barrier} is closed to that user. "
            + $"Choose another data folder with --data (say /var/lib/timebank), or let others pass through: chmod o+x {barrier}");

        async Task<bool> CanEnterAsync(string folder) => (await user.RunAsync(cancel, "sh", "-c", "cd -- \"$1\"", "sh", folder)).Succeeded;
    }
}
