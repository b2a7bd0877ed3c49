using NUnit.Framework;

namespace TimeBank.Tests;

/// <summary>Programs that a test needs and a machine may lack: such a test is skipped by name, with the command that would install it.</summary>
public static class Tools
{
    /// <summary>The program's path. Without it the test is skipped, or fails where everything is required (<c>REQUIRE_ALL=1</c>, as in CI).</summary>
    public static string Require(string program, string install) => Require(Find(program), program, install);

    /// <summary>For what is called differently from system to system: the first that is there.</summary>
    public static string RequireAny(string install, params string[] programs) =>
        Require(programs.Select(Find).FirstOrDefault(path => path is not null), string.Join(" or ", programs), install);

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Skips the test with a reason, or fails it where everything is required.</summary>
    public static void Skip(string reason)
    {
        if (Environment.GetEnvironmentVariable("REQUIRE_ALL") == "1")
            Assert.Fail(reason);
        Assert.Ignore(reason);
    }

    private static string Require(string? path, string program, string install)
    {
        if (path is null)
            Skip($"{program} is missing; install it: {install}");
        return path!;
    }
}
