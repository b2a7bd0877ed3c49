using System.Globalization;
using System.Text;
using Shouldly;
using TimeBank.Store;
using TimeBank.Tests.Cli;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Moving;

/// <summary>A whole bank, exported to a folder and imported elsewhere.</summary>
[Category("Database")]
public sealed class BankFolderTests
{
    private LedgerOfItsOwn _ledger = null!;
    private BusyHistory _history = null!;
    private TrialFolder _trial = null!;
    private string _folder = "";

    [OneTimeSetUp]
    public async Task Export()
    {
        _trial = new TrialFolder();
        _ledger = await LedgerOfItsOwn.OpenAsync();
        _history = await BusyHistory.MakeAsync(_ledger);
        // Its workers would go on writing.
        await _ledger.StopServerAsync();
        _folder = Path.Combine(_trial.Parent, "bank");
        await new BankExport(_ledger.Store.OwnerConnectionString, _history.Id).WriteAsync(_folder, _ => { }, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task Remove()
    {
        await _ledger.DisposeAsync();
        _trial.Dispose();
    }

    private static string[] Where(LedgerOfItsOwn ledger) =>
        ["--ConnectionStrings:TimeBank", ledger.Store.ServerConnectionString, "--ConnectionStrings:TimeBankOwner", ledger.Store.OwnerConnectionString];

    private static async Task ImportAsync(LedgerOfItsOwn into, string folder, Action<long>? report = null, CancellationToken cancel = default)
    {
        var manifest = BankImport.ReadManifest(folder);
        BankImport.Check(folder, manifest, _ => { }, cancel);
        await new BankImport(into.Store.OwnerConnectionString).ReadAsync(folder, manifest, report ?? (_ => { }), cancel);
    }

    [Test]
    public async Task What_is_imported_is_what_was_there_and_verifies()
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        // The events get other numbers there than they had.
        await other.HarmAsync("select setval('timebank.mt_events_sequence', 5000)::text");

        await ImportAsync(other, _folder);

        (await other.GuardTablesAsync()).ShouldBe(await _ledger.GuardTablesAsync());
        foreach (var (table, columns) in new[]
        {
            ("mt_events", "id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, causation_id, headers, is_archived"),
            ("journal", "bank, number, batch_id, last_seq - first_seq, posted, hash"), ("texts", "bank, id, salt, body::text"), ("idempotency_keys", "bank, key, request, status, outcome"),
        })
        {
            var all = $"select string_agg(r::text, E'\n' order by r::text) from (select {columns} from timebank.{table}) r";
            (await other.HarmAsync(all)).ShouldBe(await _ledger.HarmAsync(all), table);
        }
        var (verified, differences) = await other.VerifyAsync();
        differences.ShouldBeEmpty();
        verified.Banks.Single().Hash.ShouldBe((await _ledger.VerifyAsync()).Verified.Banks.Single().Hash);
    }

    [Test]
    public async Task Balances_at_every_date_and_listings_are_the_same_there_and_the_bank_goes_on()
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        var imported = await CommandRun.RunAsync(["import", "bank", _folder, "--organiser", await Logins.OperatorAsync(other.Store), .. Where(other)]);
        imported.ExitCode.ShouldBe(0, imported.ToString());
        // Workers write when their timers ring, to this one sooner than to that one: so nothing rings.
        var clock = new TurnedClock(_ledger.Clock.GetUtcNow());
        await using var app = await RunningServer.StartServer(other.Store, clock);
        await using var copy = await _ledger.CopyAsync();
        await using var old = await RunningServer.StartServer(copy.Store, clock);
        using var http = RunningServer.Client(app);
        using var there = RunningServer.Client(old);
        var moments = (await _ledger.HarmAsync("select string_agg(to_char(posted at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), ' ' order by number) from timebank.journal")).Split(' ');
        moments.Length.ShouldBeGreaterThan(20);
        var accounts = (await there.GetAnswerAsync($"{_history.Bank}/accounts?limit=100"))["items"]!.AsArray().Select(a => (string)a!["id"]!).ToList();

        foreach (var at in moments)
        {
            foreach (var path in accounts.Select(a => $"{_history.Bank}/accounts/{a}/balance?at={at}").Append($"{_history.Bank}/trial-balance?at={at}"))
                (await http.GetAnswerAsync(path)).Text.ShouldBe((await there.GetAnswerAsync(path)).Text, path);
        }
        foreach (var path in (string[])["listings", "listings?text=soup", "members", "contributions", "transfers?limit=100", "rules", "accounts?number=a-17"])
            (await http.GetAnswerAsync($"{_history.Bank}/{path}")).Text.ShouldBe((await there.GetAnswerAsync($"{_history.Bank}/{path}")).Text, path);

        var after = await http.TransferAsync(_history.Bank, "gift", _history.School, _history.Garden, 1);
        ((int)after.Status).ShouldBe(201, after.Text);
        (await other.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Test]
    public async Task A_bank_is_imported_once()
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        await ImportAsync(other, _folder);

        (await Should.ThrowAsync<BankFolderException>(() => ImportAsync(other, _folder))).Message.ShouldContain($"There is a bank {_history.Id} here already");
    }

    [TestCase("events.ndjson", "is not what was written"), TestCase("journal.ndjson", "is not what was written")]
    [TestCase("texts.ndjson", "is not what was written"), TestCase("keys.ndjson", "is not what was written")]
    public void A_folder_in_which_one_letter_changed_is_refused(string file, string said)
    {
        var damaged = Copy();
        var path = Path.Combine(damaged, file);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        var manifest = BankImport.ReadManifest(damaged);

        Should.Throw<BankFolderException>(() => BankImport.Check(damaged, manifest, _ => { }, CancellationToken.None)).Message.ShouldContain(said);
    }

    /// <summary>Whoever writes the manifest anew for other events cannot write other hashes that fit.</summary>
    [TestCase("\"minutes\":300", "\"minutes\":301", "does not have the hash"), TestCase("Ann", "Ann", "")]
    public async Task Events_that_were_changed_are_refused_even_if_the_manifest_agrees(string from, string to, string said)
    {
        var changed = Copy();
        var path = Path.Combine(changed, "events.ndjson");
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
        await Rewritten(changed, "events.ndjson");
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();

        if (said.Length == 0)
        {
            await ImportAsync(other, changed);
            return;
        }
        (await Should.ThrowAsync<BankFolderException>(() => ImportAsync(other, changed))).Message.ShouldContain(said);
        (await other.HarmAsync("select ((select count(*) from timebank.mt_events) + (select count(*) from timebank.texts) + (select count(*) from timebank.journal))::text")).ShouldBe("0");
    }

    [TestCase("\"texts.ndjson\"", "\"../bank/texts.ndjson\""), TestCase("\"texts.ndjson\"", "\"/etc/passwd\""), TestCase("\"texts.ndjson\"", "\"keys.ndjson\"")]
    public async Task A_manifest_that_names_other_files_is_refused(string from, string to)
    {
        var changed = Copy();
        var path = Path.Combine(changed, "manifest.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace(from, to, StringComparison.Ordinal));

        Should.Throw<BankFolderException>(() => BankImport.ReadManifest(changed)).Message.ShouldContain("does not name");
    }

    [Test]
    public async Task An_import_that_is_killed_in_the_middle_leaves_nothing_and_is_begun_again()
    {
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        var killed = false;

        await Should.ThrowAsync<Npgsql.NpgsqlException>(() => ImportAsync(other, _folder, _ =>
        {
            killed = true;
            other.HarmAsync("select count(pg_terminate_backend(pid, 5000))::text from pg_stat_activity where application_name = 'timebank import bank' and datname = current_database()")
                .GetAwaiter().GetResult().ShouldBe("1");
        }));

        killed.ShouldBeTrue();
        (await other.HarmAsync("select ((select count(*) from timebank.mt_events) + (select count(*) from timebank.texts) + (select count(*) from timebank.banks))::text")).ShouldBe("0");
        await ImportAsync(other, _folder);
        (await other.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Test]
    public void Only_its_owner_may_look_into_the_folder()
    {
        File.GetUnixFileMode(_folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(_folder).Length.ShouldBe(5);
        Directory.GetFiles(_folder).ShouldAllBe(f => File.GetUnixFileMode(f) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Directory.Exists(_folder + ".partial").ShouldBeFalse();
    }

    [Test]
    public async Task An_export_that_is_interrupted_leaves_no_folder()
    {
        var folder = Path.Combine(_trial.Parent, "interrupted");
        using var interrupt = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() =>
            new BankExport(_ledger.Store.OwnerConnectionString, _history.Id).WriteAsync(folder, _ => interrupt.Cancel(), interrupt.Token));

        (Directory.Exists(folder), Directory.Exists(folder + ".partial")).ShouldBe((false, false));
    }

    [Test]
    public async Task By_the_command_line_it_goes_out_and_comes_in_with_an_organiser_of_this_place()
    {
        await using var from = await LedgerOfItsOwn.OpenAsync();
        var history = await BusyHistory.MakeAsync(from);
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        var folder = Path.Combine(_trial.Parent, "cli");
        var login = $"olga-{Guid.NewGuid():N}";
        await Logins.OperatorAsync(other.Store, login);

        var exported = await CommandRun.RunAsync(["export", "--bank", history.Id, "--folder", folder, .. Where(from)]);
        var again = await CommandRun.RunAsync(["export", "--bank", history.Id, "--folder", folder, .. Where(from)]);
        var preview = await CommandRun.RunAsync(["import", "bank", folder, "--dry-run", .. Where(other)]);
        var unknown = await CommandRun.RunAsync(["import", "bank", folder, "--organiser", "nobody-of-that-name", .. Where(other)]);
        var imported = await CommandRun.RunAsync(["import", "bank", folder, "--organiser", login, .. Where(other)]);
        var verified = await CommandRun.RunAsync(["verify", "--bank", history.Id, .. Where(other)]);

        exported.ExitCode.ShouldBe(0, exported.ToString());
        (again.ExitCode, again.Error.Contains("already", StringComparison.Ordinal)).ShouldBe((2, true), again.ToString());
        (preview.ExitCode, preview.Out.Contains("Nothing was done", StringComparison.Ordinal)).ShouldBe((0, true), preview.ToString());
        unknown.ExitCode.ShouldBe(2, unknown.ToString());
        imported.ExitCode.ShouldBe(0, imported.ToString());
        imported.Out.ShouldContain($"{login} organises it now.");
        verified.ExitCode.ShouldBe(0, verified.ToString());
        (await from.HarmAsync("select count(*)::text from timebank.mt_events where data ->> 'what' = 'exported'")).ShouldBe("1");
        (await other.HarmAsync("select count(*)::text from timebank.mt_events where data ->> 'what' = 'imported'")).ShouldBe("1");
    }

    private string Copy()
    {
        var copy = Path.Combine(_trial.Parent, string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}"));
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(_folder))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>The manifest says of the file what it is now.</summary>
    private static async Task Rewritten(string folder, string name)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, name));
        var path = Path.Combine(folder, "manifest.json");
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        var file = manifest["files"]!.AsArray().Single(f => (string)f!["name"]! == name)!;
        file["bytes"] = bytes.Length;
        file["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        await File.WriteAllTextAsync(path, manifest.ToJsonString(), Encoding.UTF8);
    }
}
