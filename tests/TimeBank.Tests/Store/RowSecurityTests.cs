using Npgsql;
using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>The database's own defence: a server's role sees and writes the rows of the banks that it named, and no others.</summary>
[Category("Database")]
public sealed class RowSecurityTests
{
    private string _mine = "", _theirs = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        var http = RunningServer.Http;
        var (mine, theirs) = (await http.OpenBankAsync(), await http.OpenBankAsync());
        foreach (var bank in (string[])[mine, theirs])
        {
            var ann = await http.OpenAccountAsync(bank, "member", "Ann");
            var school = await http.OpenAccountAsync(bank, "provider", "School");
            await http.PostAsync($"{bank}/transfers", new { kind = "spend", yes = "paper", payer = ann, payee = school, minutes = 1, memo = "Advice" });
            await http.PostAsync($"{bank}/holds", new { yes = "paper", payer = ann, payee = school, minutes = 1, expiresAt = "2999-01-01T00:00:00Z" });
            await http.PostAsync($"{bank}/rules", new { owner = school, kinds = new[] { "spend" }, share = 1, targets = new[] { new { account = ann } } });
            await http.PostAsync($"{bank}/concerns", new { account = ann, text = "She was not herself." });
            await http.PostAsync($"{bank}/contributions", new { helper = ann, project = await http.OpenAccountAsync(bank, "project", "Garden"), minutes = 1 });
            await http.PostAsync($"{bank}/listings", new { account = ann, kind = "offer", category = "cooking", title = "Soup for the neighbours" });
            await http.KeyAsync(bank, ofBank: false, "accountsRead");
            var (_, person) = await http.JoinAsync(bank, new { role = "member", account = ann });
            await http.PostAsync($"{bank}/people/{person}/codes", new { });
            await http.PostAsync($"{bank}/members", new { account = ann, how = "page", skills = new[] { "cooking" } });
            await http.PostAsync($"{bank}/members/{ann}/steps", new { step = "agreed", version = "1" });
            await http.PostAsync($"{bank}/members/{ann}/admission", new { });
            await http.PostAsync($"{bank}/invitations", new { name = "Ben", standing = new { role = "auditor" } });
        }
        (_mine, _theirs) = (mine["/v1/banks/".Length..], theirs["/v1/banks/".Length..]);
        await Sql.AskAsync(RunningServer.Store.OwnerConnectionString,
            $"insert into timebank.concern_notes (bank, id, concern, written, by, body) select bank, id, id, now(), by, 'Seen.' from timebank.concerns where bank in ('{_mine}', '{_theirs}') on conflict do nothing");
        await Sql.AskAsync(RunningServer.Store.OwnerConnectionString,
            $"insert into timebank.key_uses (bank, id, last_used) select bank, id, now() from timebank.rights where bank in ('{_mine}', '{_theirs}') and kind = 'key' on conflict do nothing");
        foreach (var bank in (string[])[_mine, _theirs])
            await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, $"""
                insert into timebank.notice_progress (bank, number) values ('{bank}', 0) on conflict do nothing;
                insert into timebank.tally_progress (bank, number, posted) values ('{bank}', 0, now()) on conflict do nothing;
                insert into timebank.tallies (bank, sort, month, kind, one, other, minutes, times) values ('{bank}', 'none', '2026-01-01', '', '', '', 0, 0);
                insert into timebank.tally_people (bank, account, month, given, gave, received, got) values ('{bank}', gen_random_uuid(), '2026-01-01', 0, 0, 0, 0);
                insert into timebank.tally_months (bank, month, gave, received, took_part) values ('{bank}', '1999-01-01', 0, 0, 0);
                insert into timebank.tally_reversals (bank, transfer, minutes) values ('{bank}', gen_random_uuid(), 0);
                insert into timebank.notices (bank, id, recipient, account, kind, said, subject, made, shown, mailed, tell)
                  values ('{bank}', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'helpWaits', 'helped', gen_random_uuid(), now(), true, false, false);
                insert into timebank.notice_mail (bank, id, recipient, due, stage) values ('{bank}', gen_random_uuid(), gen_random_uuid(), now(), 'dropped');
                insert into timebank.notice_settings (bank, recipient, settings, version) select '{bank}', gen_random_uuid(), settings, 1 from (values ('{"{}"}'::jsonb)) s (settings);
                """);
        await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, $"insert into timebank.fair_play (bank, number) values ('{_mine}', 1), ('{_theirs}', 1) on conflict do nothing");
    }

    private static readonly (string Table, string Bank)[] s_tables =
    [
        ("people.invitations", "bank"), ("people.codes", "bank"),
        ("mt_streams", "tenant_id"), ("mt_events", "tenant_id"), ("journal", "bank"), ("banks", "bank"), ("accounts", "bank"), ("transfers", "bank"), ("holds", "bank"),
        ("rules", "bank"), ("rights", "bank"), ("texts", "bank"), ("idempotency_keys", "bank"), ("concerns", "bank"), ("concern_notes", "bank"), ("key_uses", "bank"), ("things", "bank"), ("thing_parties", "bank"), ("member_skills", "bank"), ("listing_search", "bank"), ("listing_words", "bank"), ("fair_play", "bank"),
        ("tally_progress", "bank"), ("tallies", "bank"), ("tally_people", "bank"), ("tally_months", "bank"), ("tally_reversals", "bank"),
        ("notice_progress", "bank"), ("notices", "bank"), ("notice_mail", "bank"), ("notice_settings", "bank"),
    ];

    [Test]
    public async Task Every_table_with_a_bank_is_guarded()
    {
        var withBank = await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, """
            select string_agg(distinct case c.relnamespace when 'people'::regnamespace then 'people.' else '' end || c.relname, ',') from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relnamespace in ('timebank'::regnamespace, 'people'::regnamespace) and c.relkind = 'r' and a.attname in ('bank', 'tenant_id')
            """);

        withBank.Split(',').ShouldBe(s_tables.Select(t => t.Table), ignoreOrder: true);
    }

    [TestCaseSource(nameof(s_tables))]
    public async Task A_table_shows_the_rows_of_the_named_bank_only((string Table, string Bank) t)
    {
        (await BanksSeenAsync(t, _mine)).ShouldBe([_mine]);
        (await BanksSeenAsync(t, $"{_mine},{_theirs}")).ShouldBe([_mine, _theirs], ignoreOrder: true);
        (await BanksSeenAsync(t, null)).ShouldBeEmpty();
        (await BanksSeenAsync(t, "")).ShouldBeEmpty();
        (await BanksSeenAsync(t, "no-such-bank")).ShouldBeEmpty();
        (await BanksSeenAsync(t, "*")).ShouldContain(_theirs);
    }

    [Test]
    public async Task A_row_of_a_bank_that_was_not_named_is_not_taken()
    {
        await using var connection = await ServerAsync(_mine);
        await using var command = new NpgsqlCommand($"insert into timebank.texts (bank, id, salt, body) values ('{_theirs}', gen_random_uuid(), '', '{"{}"}')", connection);

        (await Should.ThrowAsync<PostgresException>(command.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Test]
    public async Task A_printed_code_without_a_bank_is_seen_by_who_asks_for_all_alone()
    {
        var made = $"insert into people.codes (hash, person, ends_second_factor, expires) values (sha256('{Guid.NewGuid()}'), gen_random_uuid(), false, now()) returning 1";
        await using var all = await ServerAsync("*");
        await using (var insert = new NpgsqlCommand(made, all))
            (await insert.ExecuteScalarAsync()).ShouldBe(1);
        await using var mine = await ServerAsync(_mine);
        await using var refused = new NpgsqlCommand(made, mine);
        await using var seen = new NpgsqlCommand("select count(*) from people.codes where bank is null", mine);

        (await seen.ExecuteScalarAsync()).ShouldBe(0L);
        (await Should.ThrowAsync<PostgresException>(refused.ExecuteScalarAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Test]
    public async Task What_is_not_seen_is_not_changed_either()
    {
        await using var connection = await ServerAsync(_mine);
        await using var command = new NpgsqlCommand($"delete from timebank.texts where bank = '{_theirs}'", connection);

        (await command.ExecuteNonQueryAsync()).ShouldBe(0);
    }

    [Test]
    public async Task A_search_finds_nothing_in_a_bank_that_was_not_named()
    {
        (await FoundAsync(_mine, _mine)).ShouldBe(1);
        (await FoundAsync(_theirs, $"{_mine},{_theirs}")).ShouldBe(1);
        (await FoundAsync(_theirs, "*")).ShouldBe(1);
        foreach (var named in (string?[])[_mine, "", null, "no-such-bank"])
            (await FoundAsync(_theirs, named)).ShouldBe(0, named);
    }

    [Test]
    public async Task Nobody_but_a_server_calls_the_search_that_the_policies_do_not_bind()
    {
        var open = await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, """
            select count(*) from pg_proc p where p.pronamespace = 'timebank'::regnamespace and p.prosecdef
              and (has_function_privilege('public', p.oid, 'execute') or not p.proconfig::text like '%search_path=%pg_temp%')
            """);

        open.ShouldBe("0");
    }

    private static async Task<long> FoundAsync(string bank, string? named)
    {
        await using var connection = await ServerAsync(named);
        await using var command = new NpgsqlCommand("select count(*) from timebank.find_listings($1, 'soup', '{}', false, now(), 9, $2, 20)", connection)
        {
            Parameters = { new() { Value = bank }, new() { Value = Guid.AllBitsSet } },
        };
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [TestCase("select number from timebank.journal where bank = $1 order by number desc limit 1", true)]
    [TestCase("select number from timebank.journal where bank = $1 order by number desc limit 1", false)]
    [TestCase("select data from timebank.mt_events where tenant_id = $1 and stream_id = '01990000-0000-7000-8000-000000000001' order by version desc limit 1", true)]
    [TestCase("select data from timebank.mt_events where tenant_id = $1 and stream_id = '01990000-0000-7000-8000-000000000001' order by version desc limit 1", false)]
    public async Task The_last_row_is_found_by_its_index_and_not_by_sorting_all(string sql, bool writes)
    {
        await using var database = new Database(RunningServer.Store.ServerConnectionString);
        await using var connection = writes ? database.OpenWriter() : await database.Readers.OpenConnectionAsync();
        await using (var prepare = new NpgsqlCommand($"prepare last (text) as {sql}", connection))
            await prepare.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand($"explain execute last ('{_mine}')", connection);
        var plan = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));
        }

        plan.ShouldContain(line => line.Contains("Scan Backward", StringComparison.Ordinal));
        plan.ShouldAllBe(line => !line.Contains("Sort", StringComparison.Ordinal));
    }

    private static async Task<string[]> BanksSeenAsync((string Table, string Bank) t, string? named)
    {
        await using var connection = await ServerAsync(named);
        await using var command = new NpgsqlCommand($"select coalesce(array_agg(distinct {t.Bank}::text), '{"{}"}') from {(t.Table.Contains('.') ? "" : "timebank.")}{t.Table}", connection);
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A connection as a server makes it.</summary>
    private static async Task<NpgsqlConnection> ServerAsync(string? banks)
    {
        var settings = new NpgsqlConnectionStringBuilder(RunningServer.Store.ServerConnectionString) { Options = "-c role=timebank_server", Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        if (banks is not null)
        {
            await using var name = new NpgsqlCommand("select set_config('timebank.banks', $1, false)", connection) { Parameters = { new() { Value = banks } } };
            await name.ExecuteScalarAsync();
        }
        return connection;
    }
}
