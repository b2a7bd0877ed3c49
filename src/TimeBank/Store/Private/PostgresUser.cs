using System.Diagnostics;
using System.Globalization;

namespace TimeBank.Store;

/// <summary>
/// The user of the operating system whom PostgreSQL runs as. PostgreSQL refuses root: root lends the work to the owner of
/// the cluster, or for a new one to <c>postgres</c> or else <c>nobody</c>. Everybody else runs it as himself.
/// </summary>
/// <param name="Name">Null for the user that this process runs as.</param>
internal sealed record PostgresUser(string? Name, uint UserId, uint GroupId)
{
    public static readonly PostgresUser Myself = new(null, Posix.Unchanged, Posix.Unchanged);

    public static async Task<PostgresUser> ChooseAsync(string clusterFolder, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess)
            return Myself;
        if (Directory.Exists(clusterFolder) && await OwnerAsync(clusterFolder, cancel) is { } owner)
            return owner;
        return await FindAsync("postgres", cancel) ?? await FindAsync("nobody", cancel)
            ?? throw new PostgresMissingException(
                "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as. "
                + "Make one: useradd --system postgres");
    }

    /// <summary>Makes a file or folder PostgreSQL's own; the parts of the data folder that it must not touch stay with us.</summary>
    public void Give(string path)
    {
        if (Name is not null)
            Posix.ChangeOwner(path, UserId, GroupId);
    }

    public ProcessStartInfo Program(string program, params IEnumerable<string> arguments)
    {
        // The working directory may be closed to that user, and PostgreSQL insists on knowing where it is.
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Name is not null)
        {
            start.UserName = Name;
            start.Environment["HOME"] = "/";
        }
        // A PGPORT or PGDATA of the caller's own must not reach our cluster; messages are read by this program.
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(variable);
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    public Task<ProgramResult> RunAsync(CancellationToken cancel, string program, params IEnumerable<string> arguments) =>
        ProgramResult.OfAsync(Program(program, arguments), cancel);

    private static async Task<PostgresUser?> OwnerAsync(string path, CancellationToken cancel)
    {
        var format = OperatingSystem.IsLinux() ? new[] { "-c", "%U" } : ["-f", "%Su"];
        var stat = await Myself.RunAsync(cancel, "stat", [.. format, path]);
        return stat.Succeeded && stat.Output is not "root" ? await FindAsync(stat.Output, cancel) : null;
    }

    private static async Task<PostgresUser?> FindAsync(string name, CancellationToken cancel)
    {
        var user = await Myself.RunAsync(cancel, "id", "-u", name);
        var group = await Myself.RunAsync(cancel, "id", "-g", name);
        return user.Succeeded && group.Succeeded
            ? new PostgresUser(name, uint.Parse(user.Output, CultureInfo.InvariantCulture), uint.Parse(group.Output, CultureInfo.InvariantCulture))
            : null;
    }
}
