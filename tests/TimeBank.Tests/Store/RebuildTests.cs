using System.Net;
using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>What <c>rebuild</c> makes of the events.</summary>
[Category("Database")]
public sealed class RebuildTests
{
    [Test]
    public async Task Rebuilt_equals_live()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        await BusyHistory.MakeAsync(ledger);
        await BusyHistory.MakeAsync(ledger);
        var live = await ledger.GuardTablesAsync();
        foreach (var table in new[] { "mt_streams", "banks", "accounts", "transfers", "holds", "rules", "things", "thing_parties", "member_skills", "listing_search", "listing_words" })
            live.ShouldContain($"{table} (");

        var (banks, events) = await new Rebuild(ledger.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None);

        (await ledger.GuardTablesAsync()).ShouldBe(live);
        banks.ShouldBe(2);
        events.ShouldBe(long.Parse(await ledger.HarmAsync("select count(*) from timebank.mt_events")));
    }

    [Test]
    public async Task What_was_altered_or_lost_is_as_it_was_and_the_server_goes_on()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var history = await BusyHistory.MakeAsync(ledger);
        var live = await ledger.GuardTablesAsync();
        await ledger.HarmAsync("""
            update timebank.transfers set reversed = 1; delete from timebank.accounts; delete from timebank.mt_streams where type = 'account';
            update timebank.holds set status = 'open'; update timebank.rules set newest = true; insert into timebank.banks select 'stray', stream, version, name, issuer, policy from timebank.banks;
            """);
        var catalog = await CatalogAsync(ledger);

        await new Rebuild(ledger.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None);

        (await ledger.GuardTablesAsync()).ShouldBe(live);
        (await CatalogAsync(ledger)).ShouldBe(catalog, "indexes, constraints and grants are untouched");
        (await ledger.VerifyAsync()).Differences.ShouldBeEmpty();
        (await ledger.Http.TransferAsync(history.Bank, "gift", history.School, history.Garden, 1)).Status.ShouldBe(HttpStatusCode.Created);
        (await ledger.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Test]
    public async Task Interrupted_it_changes_nothing()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        await BusyHistory.MakeAsync(ledger);
        var live = await ledger.GuardTablesAsync();
        using var interrupt = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(
            new Rebuild(ledger.Store.OwnerConnectionString).RunAsync(_ => interrupt.Cancel(), interrupt.Token));

        (await ledger.GuardTablesAsync()).ShouldBe(live);
    }

    [Test]
    public async Task An_event_that_cannot_be_read_is_named_and_nothing_is_changed()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var history = await BusyHistory.MakeAsync(ledger);
        await ledger.HarmAsync("update timebank.mt_events set type = 'hours_stolen' where seq_id = 20");
        var live = await ledger.GuardTablesAsync();

        var refusal = await Should.ThrowAsync<RebuildException>(new Rebuild(ledger.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None));

        refusal.Message.ShouldContain($"event 20 of bank {history.Id} (hours_stolen)");
        (await ledger.GuardTablesAsync()).ShouldBe(live);
    }

    [Test]
    public async Task Commands_given_meanwhile_are_done_or_answered_503_and_none_is_lost()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var history = await BusyHistory.MakeAsync(ledger);
        var before = await ledger.Http.BalanceAsync(history.Bank, history.Garden);
        using var enough = new CancellationTokenSource();
        var giving = Enumerable.Range(0, 4).Select(async _ =>
        {
            var done = 0;
            while (!enough.IsCancellationRequested)
            {
                var answer = await ledger.Http.TransferAsync(history.Bank, "grant", await ledger.Http.IssuerAsync(history.Bank), history.Garden, 1);
                answer.Status.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable);
                done += answer.Status == HttpStatusCode.Created ? 1 : 0;
            }
            return done;
        }).ToList();

        for (var round = 0; round < 5; round++)
            await new Rebuild(ledger.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None);
        await enough.CancelAsync();
        var given = (await Task.WhenAll(giving)).Sum();

        (await ledger.Http.BalanceAsync(history.Bank, history.Garden)).ShouldBe(before + given);
        (await ledger.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Test]
    public async Task Who_waits_too_long_for_the_tables_is_answered_503_and_the_command_is_not_done()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var history = await BusyHistory.MakeAsync(ledger);
        var before = await ledger.Http.BalanceAsync(history.Bank, history.Garden);
        var issuer = await ledger.Http.IssuerAsync(history.Bank);
        await using (var connection = new Npgsql.NpgsqlConnection(ledger.Superuser + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new Npgsql.NpgsqlCommand("lock table timebank.journal in share row exclusive mode; lock table timebank.accounts", connection);
            await command.ExecuteNonQueryAsync();

            var written = ledger.Http.TransferAsync(history.Bank, "grant", issuer, history.Garden, 1);
            var read = ledger.Http.GetAnswerAsync($"{history.Bank}/accounts/{history.Garden}/balance");

            foreach (var answer in await Task.WhenAll(written, read))
            {
                answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, answer.Text);
                answer.Headers.RetryAfter.ShouldNotBeNull();
            }
        }

        (await ledger.Http.BalanceAsync(history.Bank, history.Garden)).ShouldBe(before);
        (await ledger.Http.TransferAsync(history.Bank, "grant", issuer, history.Garden, 1)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task While_a_backup_has_the_tables_it_waits_says_so_and_keeps_nobody_out()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var history = await BusyHistory.MakeAsync(ledger);
        var issuer = await ledger.Http.IssuerAsync(history.Bank);
        var waits = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<(int Banks, long Events)> rebuild;
        await using (var connection = new Npgsql.NpgsqlConnection(ledger.Superuser + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new Npgsql.NpgsqlCommand("lock table timebank.transfers in access share mode", connection);
            await command.ExecuteNonQueryAsync();

            rebuild = new Rebuild(ledger.Store.OwnerConnectionString, said => waits.TrySetResult(said)).RunAsync(_ => { }, CancellationToken.None);

            (await waits.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldContain("Waiting for a backup");
            (await ledger.Http.TransferAsync(history.Bank, "grant", issuer, history.Garden, 1)).Status.ShouldBe(HttpStatusCode.Created);
            rebuild.IsCompleted.ShouldBeFalse();
        }

        (await rebuild).Banks.ShouldBe(1);
        (await ledger.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    private static Task<string> CatalogAsync(LedgerOfItsOwn ledger) => ledger.HarmAsync("""
        select string_agg(line, E'\n' order by line) from (
          select indexdef from pg_indexes where schemaname = 'timebank'
          union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'timebank'::regnamespace
          union all select relname || ' ' || coalesce(relacl::text, '') || ' ' || coalesce(reloptions::text, '') from pg_class where relnamespace = 'timebank'::regnamespace
        ) c (line)
        """);
}
