using System.Diagnostics;
using NUnit.Framework;
using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>How a private PostgreSQL starts, is killed, and starts again. Every test has a folder of its own.</summary>
[Category("Database")]
public sealed class PrivatePostgresLifeTests
{
    private TrialFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TrialFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task What_was_written_is_there_after_a_stop_and_needs_no_recovery()
    {
        await using (var first = await StartAsync())
        {
            await Sql.AskAsync(first.OwnerConnectionString, "create table kept as select 42 as hours");
            Directory.EnumerateFileSystemEntries(_folder.Data, "*new*").ShouldBeEmpty("no half-made file or folder stays");
        }
        File.Exists(_folder.PostmasterPid).ShouldBeFalse("it stopped cleanly");

        await using var second = await StartAsync();

        (await Sql.AskAsync(second.OwnerConnectionString, "select hours from kept")).ShouldBe("42");
        _folder.Said.ShouldNotContain(line => line.Contains("Recovering"));
    }

    [Test]
    public async Task A_killed_postgres_is_noticed_and_started_again_with_all_that_was_committed()
    {
        await using var postgres = await StartAsync();
        await Sql.AskAsync(postgres.OwnerConnectionString, "create table kept as select 42 as hours");
        var former = postgres.ProcessId;
        // A session that is busy when its postmaster dies does not notice, and must not go on beside the new one.
        var busy = Sql.AskAsync(postgres.OwnerConnectionString, "do $$ begin loop null; end loop; end $$");
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (await Sql.AskAsync(postgres.OwnerConnectionString, "select count(*) from pg_stat_activity where query like 'do %' and state = 'active'") == "0")
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline);
            await Task.Delay(20);
        }
        postgres.ExitedUnexpectedly.IsCompleted.ShouldBeFalse();

        Kill(former);
        await postgres.ExitedUnexpectedly.WaitAsync(TimeSpan.FromSeconds(10));
        postgres.ProcessId.ShouldBe(0);
        await postgres.RestartAsync(CancellationToken.None);

        await Should.ThrowAsync<Npgsql.NpgsqlException>(busy);
        postgres.ProcessId.ShouldNotBe(former);
        postgres.ExitedUnexpectedly.IsCompleted.ShouldBeFalse();
        (await Sql.AskAsync(postgres.OwnerConnectionString, "select hours from kept")).ShouldBe("42");
    }

    [Test]
    public async Task A_killed_owner_leaves_nothing_that_blocks_the_next()
    {
        using var owner = await OwnerProcess.StartAsync(_folder.Data);
        await Sql.AskAsync(owner.Login, "create table kept as select 42 as hours");
        await owner.KillAsync();
        (await Sql.AskAsync(owner.Login, "select hours from kept")).ShouldBe("42", "PostgreSQL survives its owner");

        await using var next = await StartAsync();

        next.ProcessId.ShouldNotBe(owner.Postmaster);
        (await Sql.AskAsync(next.OwnerConnectionString, "select hours from kept")).ShouldBe("42");
        _folder.Said.ShouldContain(line => line.Contains($"process {owner.Postmaster}"));
    }

    [Test]
    public async Task An_owner_and_its_postgres_killed_together_leave_nothing_that_blocks_the_next()
    {
        using var owner = await OwnerProcess.StartAsync(_folder.Data);
        await Sql.AskAsync(owner.Login, "create table kept as select 42 as hours");
        await owner.KillAsync();
        Kill(owner.Postmaster);

        await using var next = await StartAsync();

        (await Sql.AskAsync(next.OwnerConnectionString, "select hours from kept")).ShouldBe("42");
        _folder.Said.ShouldContain(line => line.Contains("Recovering"));
    }

    [Test]
    public async Task A_number_in_the_pid_file_that_is_a_strangers_by_now_does_not_block_the_start()
    {
        await (await StartAsync()).DisposeAsync();
        // The stranger is PostgreSQL's own user's process: that is the case which PostgreSQL itself takes for a living rival.
        var start = new ProcessStartInfo("sleep", ["60"]);
        if (Environment.IsPrivilegedProcess)
            start.UserName = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:")) ? "postgres" : "nobody";
        using var stranger = Process.Start(start)!;
        try
        {
            await File.WriteAllTextAsync(_folder.PostmasterPid, $"{stranger.Id}\n{_folder.Data}/postgres\n1700000000\n5432\n{_folder.Data}/socket\n\n  1234567 7654321\nready   \n");

            await using var next = await StartAsync();

            (await Sql.AskAsync(next.OwnerConnectionString, "select 1")).ShouldBe("1");
            stranger.HasExited.ShouldBeFalse("a stranger is left alone");
        }
        finally
        {
            stranger.Kill();
            await stranger.WaitForExitAsync();
        }
    }

    [Test]
    public async Task An_empty_pid_file_does_not_block_the_start()
    {
        await (await StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(_folder.PostmasterPid, "");

        await using var next = await StartAsync();

        (await Sql.AskAsync(next.OwnerConnectionString, "select 1")).ShouldBe("1");
    }

    [Test]
    public async Task A_start_that_is_cancelled_leaves_nothing_running_and_can_be_repeated()
    {
        using var impatience = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(PrivatePostgres.StartAsync(_folder.Data, line =>
        {
            if (line.StartsWith("Making"))
                impatience.CancelAfter(TimeSpan.FromMilliseconds(200));
        }, impatience.Token));

        await using var next = await StartAsync();

        (await Sql.AskAsync(next.OwnerConnectionString, "select 1")).ShouldBe("1");
    }

    [Test]
    public async Task A_verb_that_comes_while_the_server_starts_waits_for_it()
    {
        var hasFolder = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = PrivatePostgres.StartAsync(_folder.Data, _ => hasFolder.TrySetResult(), CancellationToken.None);
        await Task.WhenAny(hasFolder.Task, server);
        await using var verb = await PrivatePostgres.StartOrJoinAsync(_folder.Data, _folder.Say, CancellationToken.None);
        await using var started = await server;

        verb.ProcessId.ShouldBe(started.ProcessId);
        (await Sql.AskAsync(verb.OwnerConnectionString, "select 1")).ShouldBe("1");
    }

    [Test]
    public async Task A_verb_without_a_server_starts_the_database_and_stops_it_again()
    {
        int postmaster;
        await using (var alone = await PrivatePostgres.StartOrJoinAsync(_folder.Data, _folder.Say, CancellationToken.None))
            postmaster = alone.ProcessId;

        Should.Throw<ArgumentException>(() => Process.GetProcessById(postmaster));
    }

    [Test]
    public async Task A_folder_with_a_path_too_long_for_a_socket_has_it_elsewhere()
    {
        var deep = Path.Combine(_folder.Data, new string('a', 60), new string('b', 60));
        await using (var postgres = await PrivatePostgres.StartAsync(deep, _folder.Say, CancellationToken.None))
        {
            (await Sql.AskAsync(postgres.ServerConnectionString, "select 1")).ShouldBe("1");
            await using var joined = await PrivatePostgres.StartOrJoinAsync(deep, _folder.Say, CancellationToken.None);
            joined.ServerConnectionString.ShouldBe(postgres.ServerConnectionString);
        }

        await using var again = await PrivatePostgres.StartAsync(deep, _folder.Say, CancellationToken.None);
        (await Sql.AskAsync(again.ServerConnectionString, "select 1")).ShouldBe("1");
    }

    [Test]
    public async Task A_postgres_that_cannot_start_says_why()
    {
        await (await StartAsync()).DisposeAsync();
        await File.AppendAllTextAsync(Path.Combine(_folder.Data, "postgres", "postgresql.conf"), "max_connections = many\n");

        (await Should.ThrowAsync<PostgresFailedException>(StartAsync())).Message.ShouldContain("max_connections");
    }

    [Test]
    public async Task A_folder_with_something_else_in_it_is_refused_and_stays_as_it_was()
    {
        Directory.CreateDirectory(_folder.Data);
        await File.WriteAllTextAsync(Path.Combine(_folder.Data, "letters.txt"), "Dear Ann");
        var mode = File.GetUnixFileMode(_folder.Data);

        for (var start = 1; start <= 2; start++)
            (await Should.ThrowAsync<DataFolderUnreachableException>(StartAsync())).Message.ShouldContain("letters.txt");

        File.GetUnixFileMode(_folder.Data).ShouldBe(mode);
        Directory.EnumerateFileSystemEntries(_folder.Data).Select(Path.GetFileName).ShouldBe(["letters.txt"]);
    }

    [Test]
    public async Task A_new_file_system_and_what_a_failed_first_start_left_are_no_obstacle()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Data, "lost+found"));
        foreach (var left in new[] { "lock", "lock.pid", "postgres.log" })
            await File.WriteAllTextAsync(Path.Combine(_folder.Data, left), "");

        await using var postgres = await StartAsync();

        (await Sql.AskAsync(postgres.OwnerConnectionString, "select 1")).ShouldBe("1");
    }

    [Test]
    public async Task Lost_passwords_are_named_before_anything_is_made()
    {
        await (await StartAsync()).DisposeAsync();
        File.Delete(Path.Combine(_folder.Data, "postgres.json"));

        (await Should.ThrowAsync<PostgresFailedException>(StartAsync())).Message.ShouldContain("postgres.json");
    }

    private Task<PrivatePostgres> StartAsync() => PrivatePostgres.StartAsync(_folder.Data, _folder.Say, CancellationToken.None);

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }
}
