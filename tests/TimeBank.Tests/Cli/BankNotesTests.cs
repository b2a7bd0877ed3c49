using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Cli;

/// <summary>That somebody read or wrote a bank at the command line stands in its audit trail.</summary>
[Category("Database")]
public sealed class BankNotesTests
{
    private LedgerOfItsOwn _ledger = null!;
    private string _bank = "", _other = "", _file = "";

    [SetUp]
    public async Task Open()
    {
        _file = Path.Combine(Path.GetTempPath(), $"tb-notes-{Guid.NewGuid():N}");
        _ledger = await LedgerOfItsOwn.OpenAsync();
        _bank = (await BusyHistory.MakeAsync(_ledger)).Id;
        _other = (await _ledger.Http.OpenBankAsync())["/v1/banks/".Length..];
    }

    [TearDown]
    public async Task Close()
    {
        await _ledger.DisposeAsync();
        File.Delete(_file);
    }

    [Test]
    public async Task Verbs_that_read_every_bank_leave_a_line_in_each()
    {
        (await RunAsync("backup", _file)).ExitCode.ShouldBe(0);
        (await RunAsync("verify")).ExitCode.ShouldBe(0);
        (await RunAsync("rebuild")).ExitCode.ShouldBe(0);
        var verified = await RunAsync("verify", "--bank", _bank);
        verified.ExitCode.ShouldBe(0, verified.ToString());

        (await NotedAsync(_bank)).ShouldBe("backedUp commandLine,verified commandLine,rebuilt commandLine,verified commandLine");
        (await NotedAsync(_other)).ShouldBe("backedUp commandLine,verified commandLine,rebuilt commandLine");
        (await _ledger.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Test]
    public async Task A_ledger_that_was_restored_says_so()
    {
        (await RunAsync("backup", _file)).ExitCode.ShouldBe(0);
        await using var other = await LedgerOfItsOwn.OpenEmptyAsync();
        var restored = await RunAsync(other, "restore", _file);

        restored.ExitCode.ShouldBe(0, restored.ToString());
        (await NotedAsync(_other, other)).ShouldBe("backedUp commandLine,restored commandLine");
        (await other.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Test]
    public async Task The_hash_that_verify_names_is_the_head_until_somebody_writes_and_the_next_may_begin_there()
    {
        // Its workers write when something is due, and then the head is another.
        await _ledger.StopServerAsync();
        var first = await RunAsync("verify", "--bank", _bank);
        var head = first.Out.TrimEnd().Split(' ')[^1];
        head.ShouldBe(await HeadAsync());

        var second = await RunAsync("verify", "--from", head);
        second.ExitCode.ShouldBe(0, second.ToString());
        second.Out.ShouldStartWith("Verified 1 bank, 1 event, 1 batch: all entries agree.");
        second.Out.TrimEnd().Split(' ')[^1].ShouldBe(await HeadAsync());
    }

    [TestCase("Would import", 0, false), TestCase("Nothing was imported", 1, true)]
    public async Task A_file_that_was_only_checked_was_checked_against_the_names_of_a_bank(string said, int exitCode, bool wrong)
    {
        await _ledger.Http.OpenAccountAsync($"/v1/banks/{_other}", "member", "Ann");
        await _ledger.Http.OpenAccountAsync($"/v1/banks/{_other}", "member", "Ben");
        await File.WriteAllTextAsync(_file, $"kind,payer,payee,minutes\nexchange,Ann,Ben,{(wrong ? "many" : "5")}\n");
        var run = await RunAsync("import", "transfers", _file, "--bank", _other, "--dry-run");

        run.ExitCode.ShouldBe(exitCode, run.ToString());
        run.ToString().ShouldContain(said);
        (await NotedAsync(_other)).ShouldBe("importChecked commandLine");
    }

    [Test]
    public async Task Where_nothing_can_be_written_what_only_reads_still_does_and_says_what_is_missing()
    {
        await _ledger.StopServerAsync();
        await _ledger.HarmAsync("revoke insert on timebank.journal from timebank_server");
        try
        {
            foreach (var arguments in (string[][])[["verify"], ["backup", _file]])
            {
                var run = await RunAsync(arguments);
                run.ExitCode.ShouldBe(0, run.ToString());
                run.Error.ShouldContain($"The audit trail of {string.Join(", ", new[] { _bank, _other }.Order(StringComparer.Ordinal))} does not tell of this");
            }
            (await NotedAsync(_other)).ShouldBe("");
        }
        finally
        {
            await _ledger.HarmAsync("grant insert on timebank.journal to timebank_server");
        }
    }

    [Test]
    public async Task A_broken_bank_is_verified_and_told_of_all_the_same()
    {
        await _ledger.StopServerAsync();
        await _ledger.HarmAsync($"delete from timebank.banks where bank = '{_other}'");

        var run = await RunAsync("verify");

        run.ExitCode.ShouldBe(1, run.ToString());
        run.Out.ShouldContain($"{_other}: banks row: row: expected one, found none");
        run.Error.ShouldContain($"The audit trail of {_other} does not tell of this (verified)");
        (await NotedAsync(_bank)).ShouldBe("verified commandLine");
    }

    private Task<CommandRun> RunAsync(params string[] arguments) => RunAsync(_ledger, arguments);

    private static Task<CommandRun> RunAsync(LedgerOfItsOwn ledger, params string[] arguments) => CommandRun.RunAsync(
        [.. arguments, "--ConnectionStrings:TimeBank", ledger.Store.ServerConnectionString, "--ConnectionStrings:TimeBankOwner", ledger.Store.OwnerConnectionString]);

    private Task<string> HeadAsync() => _ledger.HarmAsync($"select encode(hash, 'hex') from timebank.journal where bank = '{_bank}' order by number desc limit 1");

    /// <summary>What the command line left, in order.</summary>
    private Task<string> NotedAsync(string bank, LedgerOfItsOwn? ledger = null) => (ledger ?? _ledger).HarmAsync(
        $"select coalesce(string_agg(data ->> 'what' || ' ' || (headers ->> 'door'), ',' order by seq_id), '') from timebank.mt_events where tenant_id = '{bank}' and type = 'access_noted' and headers ->> 'door' = 'commandLine'");
}
