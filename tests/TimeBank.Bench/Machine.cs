using System.Globalization;

namespace TimeBank.Bench;

/// <summary>What it was measured on: a figure without its machine says nothing.</summary>
public static class Machine
{
    public static async Task<string> DescribeAsync(LedgerUnderTest ledger, Options options)
    {
        var settings = new List<string>();
        foreach (var durable in (string[])["fsync", "synchronous_commit", "full_page_writes"])
        {
            var value = await ledger.ScalarAsync<string>($"select current_setting('{durable}')");
            if (value != "on")
                throw new BenchException($"{durable} is {value}; figures without durable commits do not count. Remove the setting from the cluster.");
            settings.Add($"{durable} {value}");
        }
        var memory = long.Parse(FieldOf("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0 / 1024;
        var version = await ledger.ScalarAsync<string>("select current_setting('server_version')");
        var buffers = await ledger.ScalarAsync<string>("select current_setting('shared_buffers')");
        var kernel = (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim();
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, {FieldOf("/proc/cpuinfo", "model name")}, {memory:0} GiB memory, "
            + $"PostgreSQL {version} ({string.Join(", ", settings)}; "
            + $"shared_buffers {buffers}), data on {FileSystemOf(ledger.DataFolder)}, "
            + $".NET {Environment.Version}, Linux {kernel}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC. "
            + $"Rounds of {options.Seconds} s, {options.Rounds} of them, both sides in turn, a CHECKPOINT before each; the load generator on the same cores.");
        return options.Scale == 1 ? text : text + $" VOLUMES SHRUNK to {options.Scale.ToString(CultureInfo.InvariantCulture)} of what they should be: not a result.";
    }

    /// <summary>A field of a file such as /proc/meminfo: "name : value".</summary>
    public static string FieldOf(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";

    private static string FileSystemOf(string folder) => File.ReadLines("/proc/mounts")
        .Select(line => line.Split(' '))
        .Where(mount => mount[1] == "/" || folder == mount[1] || folder.StartsWith(mount[1] + "/", StringComparison.Ordinal))
        .MaxBy(mount => mount[1].Length)?[2] ?? "an unknown file system";
}
