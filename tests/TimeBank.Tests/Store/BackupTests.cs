using System.Globalization;
using System.IO.Compression;
using Npgsql;
using Shouldly;
using TimeBank.Cli;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>What <c>backup</c> writes and <c>restore</c> reads.</summary>
[Category("Database")]
public sealed class BackupTests
{
    private LedgerOfItsOwn _ledger = null!;
    private BusyHistory _history = null!;
    private TrialFolder _folder = null!;
    private string _file = null!;

    [OneTimeSetUp]
    public async Task Make()
    {
        _folder = new TrialFolder();
        _ledger = await LedgerOfItsOwn.OpenAsync();
        _history = await BusyHistory.MakeAsync(_ledger);
        await BusyHistory.MakeAsync(_ledger);
        await _ledger.LookForQuestionsAsync();
        _file = Path.Combine(_folder.Parent, "ledger.zip");
        await new Backup(_ledger.Store.OwnerConnectionString).WriteAsync(_file, _ => { }, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task Remove()
    {
        await _ledger.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task What_is_restored_is_what_was_there_and_verifies()
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();

        await new Restore(other.Store.OwnerConnectionString).ReadAsync(_file, _ => { }, CancellationToken.None);

        var (restored, there) = ((await other.GuardTablesAsync()).Split('\n'), (await _ledger.GuardTablesAsync()).Split('\n'));
        restored.Except(there).ShouldBeEmpty();
        there.Except(restored).ShouldBeEmpty();
        foreach (var table in new[] { "timebank.mt_events", "timebank.journal", "timebank.texts", "timebank.idempotency_keys", "timebank.journal_format", "timebank.concerns", "timebank.concern_notes", "people.persons", "people.invitations" })
        {
            var all = $"select string_agg(t::text, E'\n' order by t::text) from {table} t";
            (await other.HarmAsync(all)).ShouldBe(await _ledger.HarmAsync(all), table);
        }
        var (verified, differences) = await other.VerifyAsync();
        differences.ShouldBeEmpty();
        verified.Banks.Select(b => Convert.ToHexStringLower(b.Hash)).ShouldBe((await _ledger.VerifyAsync()).Verified.Banks.Select(b => Convert.ToHexStringLower(b.Hash)));
    }

    [Test]
    public async Task A_restored_ledger_has_the_same_balances_and_goes_on_from_them()
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        await new Restore(other.Store.OwnerConnectionString).ReadAsync(_file, _ => { }, CancellationToken.None);
        await using var app = await RunningServer.StartServer(other.Store, new TurnedClock(_ledger.Clock.GetUtcNow()));
        using var http = RunningServer.Client(app);
        foreach (var account in new[] { _history.Ann, _history.Ben, _history.School, _history.Garden })
            (await http.BalanceAsync(_history.Bank, account)).ShouldBe(await _ledger.Http.BalanceAsync(_history.Bank, account));

        var given = await http.TransferAsync(_history.Bank, "gift", _history.School, _history.Garden, 1);

        given.Status.ShouldBe(System.Net.HttpStatusCode.Created, given.Text);
        (await other.VerifyAsync()).Differences.ShouldBeEmpty();
        await app.StopAsync();
    }

    [Test]
    public void The_file_is_whole_when_it_has_its_name_and_only_its_owner_reads_it()
    {
        File.Exists(_file + ".partial").ShouldBeFalse();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Restore.ReadManifest(_file).Tables.Single(t => t.Name == "transfers").Rows.ShouldBeGreaterThan(20);
    }

    [Test]
    public async Task Tables_that_were_made_again_while_a_backup_waited_for_them_are_in_it()
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        await new Restore(other.Store.OwnerConnectionString).ReadAsync(_file, _ => { }, CancellationToken.None);
        var waited = Path.Combine(_folder.Parent, "waited.zip");
        Task<BackupManifest> backup;
        await using (var connection = new NpgsqlConnection(other.Superuser + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var again = new NpgsqlCommand(
                "create temporary table kept as select * from timebank.transfers; truncate timebank.transfers; insert into timebank.transfers select * from kept", connection);
            await again.ExecuteNonQueryAsync();
            backup = new Backup(other.Store.OwnerConnectionString).WriteAsync(waited, _ => { }, CancellationToken.None);
            while (await other.HarmAsync("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'timebank backup' and wait_event_type = 'Lock'") == "0")
            {
                backup.IsCompleted.ShouldBeFalse("it did not wait");
                await Task.Delay(20);
            }
            await transaction.CommitAsync();
        }

        await backup;

        Restore.ReadManifest(waited).Tables.Select(t => (t.Name, t.Rows)).ShouldBe(Restore.ReadManifest(_file).Tables.Select(t => (t.Name, t.Rows)));
    }

    [Test]
    public async Task A_ledger_with_anything_in_it_is_not_restored_into()
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        await other.HarmAsync("insert into timebank.texts values ('a', gen_random_uuid(), 'x', '{}')");

        (await RefusedAsync(other, _file)).ShouldContain("not empty");

        (await other.HarmAsync("select count(*) from timebank.mt_events")).ShouldBe("0");
    }

    [Test]
    public async Task A_file_that_is_cut_off_is_refused()
    {
        var cut = Path.Combine(_folder.Parent, "cut.zip");
        var bytes = await File.ReadAllBytesAsync(_file);
        await File.WriteAllBytesAsync(cut, bytes[..(bytes.Length / 2)]);

        await RefusedAndEmptyAsync(cut, "not");
    }

    [Test]
    public async Task A_file_with_a_bit_turned_is_refused()
    {
        var turned = Path.Combine(_folder.Parent, "turned.zip");
        var bytes = await File.ReadAllBytesAsync(_file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(turned, bytes);

        await RefusedAndEmptyAsync(turned, "damaged");
    }

    [Test]
    public async Task A_file_with_a_row_altered_is_refused()
    {
        // As whoever knows the zip format would do it: everything fits but the SHA-256.
        var altered = Path.Combine(_folder.Parent, "altered.zip");
        File.Copy(_file, altered);
        using (var zip = ZipFile.Open(altered, ZipArchiveMode.Update))
        {
            var member = zip.GetEntry("tables/transfers.copy")!;
            using var content = new MemoryStream();
            using (var from = member.Open())
                await from.CopyToAsync(content);
            member.Delete();
            var bytes = content.ToArray();
            var kind = bytes.AsSpan().IndexOf("earn"u8);
            bytes[kind + 3] ^= 1;
            using var to = zip.CreateEntry("tables/transfers.copy").Open();
            await to.WriteAsync(bytes);
        }

        await RefusedAndEmptyAsync(altered, "SHA-256 differs");
    }

    [Test]
    public async Task A_file_without_a_member_or_a_manifest_is_refused()
    {
        foreach (var (missing, why) in new[] { ("tables/texts.copy", "texts.copy is missing"), ("manifest.json", "no manifest") })
        {
            var less = Path.Combine(_folder.Parent, "less.zip");
            File.Copy(_file, less, overwrite: true);
            using (var zip = ZipFile.Open(less, ZipArchiveMode.Update))
                zip.GetEntry(missing)!.Delete();

            await RefusedAndEmptyAsync(less, why);
        }
    }

    [Test]
    public async Task Interrupted_a_backup_leaves_no_file_and_a_restore_no_row()
    {
        using var interrupt = new CancellationTokenSource();
        var never = Path.Combine(_folder.Parent, "never.zip");
        await Should.ThrowAsync<OperationCanceledException>(
            new Backup(_ledger.Store.OwnerConnectionString).WriteAsync(never, _ => interrupt.Cancel(), interrupt.Token));
        Directory.GetFiles(_folder.Parent, "never*").ShouldBeEmpty();

        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        using var again = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(
            new Restore(other.Store.OwnerConnectionString).ReadAsync(_file, read => { if (read > 1000) again.Cancel(); }, again.Token));
        (await other.HarmAsync("select (select count(*) from timebank.accounts) + (select count(*) from timebank.mt_events)")).ShouldBe("0");
        await new Restore(other.Store.OwnerConnectionString).ReadAsync(_file, _ => { }, CancellationToken.None);
        (await other.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Test]
    public async Task The_verbs_say_what_they_did_with_their_exit_codes()
    {
        // A verb writes into the audit trail: not into that of the ledger that others are compared with.
        await using var first = await LedgerOfItsOwn.OpenEmptyAsync();
        await new Restore(first.Store.OwnerConnectionString).ReadAsync(_file, _ => { }, CancellationToken.None);
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        string[] here = ["--ConnectionStrings:TimeBank", first.Store.ServerConnectionString, "--ConnectionStrings:TimeBankOwner", first.Store.OwnerConnectionString];
        string[] there = ["--ConnectionStrings:TimeBank", other.Store.ServerConnectionString, "--ConnectionStrings:TimeBankOwner", other.Store.OwnerConnectionString];
        var file = Path.Combine(_folder.Parent, "by-verb.zip");

        (await CommandLine.RunAsync(["backup", .. here, file])).ShouldBe(0);
        (await CommandLine.RunAsync(["restore", .. there, file])).ShouldBe(0);
        (await CommandLine.RunAsync(["restore", .. there, file])).ShouldBe(2, "it is not empty any more");
        (await CommandLine.RunAsync(["verify", .. there])).ShouldBe(0);
        (await CommandLine.RunAsync(["verify", "--bank", "nobody", .. there])).ShouldBe(2);
        (await CommandLine.RunAsync(["verify", "--from", new string('0', 64), .. there])).ShouldBe(2);
        await other.HarmAsync("update timebank.accounts set status = 'frozen' where status = 'open'");
        (await CommandLine.RunAsync(["verify", .. there])).ShouldBe(1);
        (await CommandLine.RunAsync(["rebuild", .. there])).ShouldBe(0);
        (await CommandLine.RunAsync(["verify", .. there])).ShouldBe(0);
    }

    [Test]
    public async Task A_backup_is_restored_into_a_data_folder_that_is_made_for_it()
    {
        using var folder = new TrialFolder("restored");

        (await CommandLine.RunAsync(["restore", "--data", folder.Data, _file])).ShouldBe(0);
        // Two verbs in one process: the first one's PostgreSQL has ended, and its pooled connections with it.
        NpgsqlConnection.ClearAllPools();
        (await CommandLine.RunAsync(["verify", "--data", folder.Data])).ShouldBe(0);

        await using var server = await ServerProcess.StartAsync("--data", folder.Data);
        // Help that waited was confirmed by silence since: by this server's clock it is months later.
        var then = _ledger.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        ((long)(await server.Http.GetAnswerAsync($"{_history.Bank}/accounts/{_history.Garden}/balance?at={then}"))["balance"])
            .ShouldBe(await _ledger.Http.BalanceAsync(_history.Bank, _history.Garden));
        (await server.Http.TransferAsync(_history.Bank, "gift", _history.School, _history.Garden, 1)).Status.ShouldBe(System.Net.HttpStatusCode.Created);
    }

    private async Task RefusedAndEmptyAsync(string file, string why)
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        (await RefusedAsync(other, file)).ShouldContain(why);
        (await other.HarmAsync("select (select count(*) from timebank.accounts) + (select count(*) from timebank.mt_events)")).ShouldBe("0");
    }

    private static async Task<string> RefusedAsync(LedgerOfItsOwn ledger, string file) =>
        (await Should.ThrowAsync<BackupException>(new Restore(ledger.Store.OwnerConnectionString).ReadAsync(file, _ => { }, CancellationToken.None))).Message;
}
