using System.Net;
using Shouldly;
using TimeBank.Cli;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>What <c>verify</c> finds, and what it does not mistake for an error.</summary>
[Category("Database")]
public sealed class VerificationTests
{
    private LedgerOfItsOwn _ledger = null!;
    private BusyHistory _history = null!;

    [OneTimeSetUp]
    public async Task Make()
    {
        _ledger = await LedgerOfItsOwn.OpenAsync();
        _history = await BusyHistory.MakeAsync(_ledger);
        await BusyHistory.MakeAsync(_ledger);
        await _ledger.StopServerAsync();
    }

    [OneTimeTearDown]
    public async Task Remove() => await _ledger.DisposeAsync();

    [Test]
    public async Task A_busy_history_agrees()
    {
        var (verified, differences) = await _ledger.VerifyAsync();

        differences.ShouldBeEmpty();
        verified.Banks.Count.ShouldBe(2);
        VerifyVerb.Summary(verified).ShouldBe(
            $"Verified 2 banks, {await Count("mt_events")} events, {await Count("journal")} batches: all entries agree."
            + string.Concat(verified.Banks.Select(b => $" Head of {b.Bank}: {Convert.ToHexStringLower(b.Hash)}")));
        Convert.ToHexStringLower(verified.Banks.Single(b => b.Bank == _history.Id).Hash).ShouldBe(
            await _ledger.HarmAsync($"select encode(hash, 'hex') from timebank.journal where bank = '{_history.Id}' order by number desc limit 1"));
    }

    [Test]
    public async Task From_any_batch_on_a_busy_history_agrees()
    {
        var head = long.Parse(await _ledger.HarmAsync($"select max(number) from timebank.journal where bank = '{_history.Id}'"));
        for (var after = 1L; after <= head; after++)
        {
            var (verified, differences) = await _ledger.VerifyAsync([_history.Id], after);

            differences.ShouldBeEmpty($"after batch {after}");
            verified.Banks[0].Number.ShouldBe(head);
            verified.Batches.ShouldBe(head - after);
        }
    }

    [Test]
    public async Task From_a_batch_on_what_was_before_is_trusted_and_what_came_after_is_not()
    {
        await using var ledger = await _ledger.CopyAsync();
        var first = long.Parse(await ledger.HarmAsync($"select min(seq_id) from timebank.mt_events where tenant_id = '{_history.Id}' and type = 'hours_debited'"));
        var number = long.Parse(await ledger.HarmAsync($"select number from timebank.journal where bank = '{_history.Id}' and {first} between first_seq and last_seq"));
        await ledger.HarmAsync($"update timebank.mt_events set correlation_id = gen_random_uuid() where seq_id = {first}");

        (await ledger.VerifyAsync([_history.Id], number)).Differences.ShouldBeEmpty();
        (await ledger.VerifyAsync([_history.Id], number - 1)).Differences.ShouldNotBeEmpty();
    }

    [Test]
    public async Task A_hash_is_found_with_its_bank_and_number_and_an_unknown_one_is_not()
    {
        var verification = new Verification(_ledger.Store.ServerConnectionString);
        var (verified, _) = await _ledger.VerifyAsync([_history.Id]);

        (await verification.FindAsync(verified.Banks[0].Hash, CancellationToken.None)).ShouldBe((_history.Id, verified.Banks[0].Number));
        (await verification.FindAsync(new byte[32], CancellationToken.None)).ShouldBeNull();
    }

    [Test]
    public async Task A_server_that_writes_meanwhile_raises_no_false_alarm()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var http = ledger.Http;
        var bank = await http.OpenBankAsync();
        var members = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => http.OpenAccountAsync(bank, "member", $"Member {i}", floor: -1_000_000)));
        var school = await http.OpenAccountAsync(bank, "provider", "School");
        using var enough = new CancellationTokenSource();
        var writing = Enumerable.Range(0, 8).Select(async worker =>
        {
            var dice = new Random(worker);
            var mine = 0;
            while (!enough.IsCancellationRequested)
            {
                var payer = members[dice.Next(20)];
                switch (mine++ % 6)
                {
                    case 0:
                        var hold = await http.PostAsync($"{bank}/holds", new { yes = "paper", payer, payee = school, minutes = 3, expiresAt = ledger.Clock.GetUtcNow().AddDays(1) });
                        await http.PostAsync($"{bank}/holds/{hold.Id}/{(dice.Next(2) == 0 ? "capture" : "release")}", new { });
                        break;
                    case 1:
                        var made = await http.TransferAsync(bank, "spend", payer, school, 7);
                        await http.PostAsync($"{bank}/transfers/{made.Id}/reversal", new { minutes = 2, reason = "Some" });
                        break;
                    case 2:
                        await http.OpenAccountAsync(bank, "member", "One more");
                        break;
                    default:
                        await http.TransferAsync(bank, "spend", payer, school, 1);
                        break;
                }
            }
            return mine;
        }).ToList();

        var seen = new List<long>();
        for (var round = 0; round < 12; round++)
        {
            var (verified, differences) = await ledger.VerifyAsync([bank["/v1/banks/".Length..]]);
            differences.ShouldBeEmpty();
            seen.Add(verified.Banks[0].Number);
        }
        await enough.CancelAsync();
        await Task.WhenAll(writing);

        seen.ShouldBeInOrder();
        seen[^1].ShouldBeGreaterThan(seen[0], "there was writing");
    }

    private const string LastOfAnn = "seq_id = (select max(seq_id) from timebank.mt_events where tenant_id = '{bank}' and stream_id = '{ann}')";
    private const string SomeDebit = "seq_id = (select min(seq_id) from timebank.mt_events where tenant_id = '{bank}' and type = 'hours_debited' and stream_id = '{ann}')";

    // What is done, and every line that must be said: nothing else, unless the case says that more follows from it.
    [TestCase("update timebank.mt_events set data = jsonb_set(data, '{balance}', '77') where " + LastOfAnn, "account {ann} version", "balance: expected", "hash: expected", "all accounts: sum of balances")]
    [TestCase("update timebank.mt_events set data = jsonb_set(data, '{available}', '77') where " + LastOfAnn, "account {ann} version", "available: expected", "hash: expected")]
    [TestCase("update timebank.mt_events set data = jsonb_set(data, '{floor}', '-7') where " + LastOfAnn, "floor: expected", "hash: expected")]
    [TestCase("update timebank.mt_events set data = jsonb_set(data, '{openHolds}', '9') where " + LastOfAnn, "openHolds: expected 1, found 9", "hash: expected")]
    [TestCase("update timebank.mt_events set data = jsonb_set(data, '{minutes}', '1') where " + SomeDebit, "sum: expected 0", "minutes in the credit", "hash: expected", "transfers row", "account {ann} version 4: balance", "account {ann} version 4: available")]
    [TestCase("update timebank.mt_events set data = data || '{\"secret\": 1}' where " + SomeDebit, "event: expected one that this program reads", "debit before the credit", "sum: expected 0", "account {ann} version 5: balance", "account {ann} version 5: available", "row: expected none, no event tells of it")]
    [TestCase("update timebank.mt_events set type = 'hours_stolen' where " + SomeDebit, "event: expected one that this program reads", "debit before the credit", "sum: expected 0", "account {ann} version 5: balance", "account {ann} version 5: available", "row: expected none, no event tells of it")]
    [TestCase("update timebank.mt_events set causation_id = 'x' where " + SomeDebit, "hash: expected")]
    [TestCase("update timebank.mt_events set timestamp = timestamp + interval '1 us' where " + SomeDebit, "timestamp: expected")]
    [TestCase("update timebank.mt_events set version = version + 1000 where " + LastOfAnn, "stream {ann}: version after", "hash: expected", "mt_streams row {ann}: version")]
    [TestCase("delete from timebank.mt_events where " + SomeDebit, "stream {ann}: version after 3: expected 4, found 5", "hash: expected", "first event: expected", "debit before the credit", "sum: expected 0", "account {ann} version 5: balance", "account {ann} version 5: available", "row: expected none, no event tells of it")]
    [TestCase("update timebank.journal set hash = sha256('x') where bank = '{bank}' and number = 3", "batch 3: hash: expected", "batch 4: hash: expected")]
    [TestCase("update timebank.journal set posted = '2020-01-01' where bank = '{bank}' and number = 3", "batch 3: posted: expected later than", "batch 3: hash", "timestamp: expected")]
    [TestCase("update timebank.journal set last_seq = last_seq + 1 where bank = '{bank}' and number = 3", "batch 3: hash", "batch 4: first_seq and last_seq", "batch 4: hash", "batch 4: first event", "batch 4: last event", "timestamp: expected")]
    [TestCase("delete from timebank.journal where bank = '{bank}' and number = 3", "journal: number after 2: expected 3, found 4", "seq_id: expected one within a batch", "batch 4: hash")]
    [TestCase("delete from timebank.journal where bank = '{bank}' and number = (select max(number) from timebank.journal where bank = '{bank}')", "journal: last_seq of the last batch", "mt_streams row", "banks row: audit_version")]
    [TestCase("update timebank.transfers set reversed = reversed + 1 where bank = '{bank}' and id = '{transfer}'", "{bank}: transfers row {transfer}: reversed: expected 25, found 26")]
    [TestCase("update timebank.transfers set reversed = 0 where bank = '{bank}' and id = '{transfer}'", "{bank}: transfers row {transfer}: reversed: expected 25, found 0")]
    [TestCase("update timebank.transfers set category = 'x' where bank = '{bank}' and id = '{transfer}'", "{bank}: transfers row {transfer}: category: expected nothing, found x")]
    [TestCase("delete from timebank.transfers where bank = '{bank}' and id = '{transfer}'", "{bank}: transfers row {transfer}: row: expected one, found none")]
    [TestCase("insert into timebank.transfers select bank, '00000000-0000-7000-8000-000000000001', kind, payer, payee, minutes, 0, occurred from timebank.transfers where id = '{transfer}'", "{bank}: transfers row 00000000-0000-7000-8000-000000000001: row: expected none")]
    [TestCase("insert into timebank.transfers select bank, 'ffffffff-0000-7000-8000-000000000001', kind, payer, payee, minutes, 0, occurred from timebank.transfers where id = '{transfer}'", "{bank}: transfers row ffffffff-0000-7000-8000-000000000001: row: expected none")]
    [TestCase("delete from timebank.mt_streams where tenant_id = '{bank}' and id = '{ann}'", "{bank}: mt_streams row {ann}: row: expected one, found none")]
    [TestCase("update timebank.mt_streams set version = version + 1 where tenant_id = '{bank}' and id = '{ann}'", "{bank}: mt_streams row {ann}: version: expected")]
    [TestCase("update timebank.mt_streams set type = 'rule' where tenant_id = '{bank}' and id = '{ann}'", "{bank}: mt_streams row {ann}: type: expected account, found rule")]
    [TestCase("insert into timebank.mt_streams (tenant_id, id, type, version) values ('{bank}', 'ffffffff-0000-7000-8000-000000000001', 'account', 1)", "{bank}: mt_streams row ffffffff-0000-7000-8000-000000000001: row: expected none")]
    [TestCase("update timebank.accounts set floor = -5 where bank = '{bank}' and id = '{ben}'", "{bank}: accounts row {ben}: floor: expected -120, found -5")]
    [TestCase("update timebank.accounts set purpose = 'x' where bank = '{bank}' and id = '{ben}'", "{bank}: accounts row {ben}: purpose: expected nothing, found x")]
    [TestCase("update timebank.accounts set status = 'closed' where bank = '{bank}' and id = '{ben}'", "{bank}: accounts row {ben}: status: expected open, found closed")]
    [TestCase("delete from timebank.accounts where bank = '{bank}' and id = '{ben}'", "{bank}: accounts row {ben}: row: expected one, found none")]
    [TestCase("update timebank.holds set minutes = 21 where bank = '{bank}' and id = '{hold}'", "{bank}: holds row {hold}: minutes: expected 20, found 21", "{bank}: holds row {hold}: minutes: expected 20, found 21")]
    [TestCase("update timebank.holds set status = 'released' where bank = '{bank}' and id = '{hold}'", "{bank}: holds row {hold}: open row: expected one, found none")]
    [TestCase("update timebank.holds set taken = 24 where bank = '{bank}' and status = 'captured'", "taken: expected 25, found 24")]
    [TestCase("update timebank.holds set status = 'released' where bank = '{bank}' and status = 'expired'", "status: expected expired, found released")]
    [TestCase("update timebank.things set stage = 'credited' where bank = '{bank}' and stage = 'waiting'", "stage: expected waiting, found credited")]
    [TestCase("update timebank.things set state = jsonb_set(state, '{credited}', '31') where bank = '{bank}' and stage = 'settled'", "state: expected")]
    [TestCase("update timebank.things set due = null where bank = '{bank}' and stage = 'logged'", "due: expected")]
    [TestCase("delete from timebank.things where bank = '{bank}' and stage = 'declined'", "row: expected one, found none")]
    [TestCase("delete from timebank.thing_parties where bank = '{bank}' and account = '{ann}' and id = (select id from timebank.things where bank = '{bank}' and stage = 'waiting')", "parties: expected")]
    [TestCase("update timebank.rules set newest = true where bank = '{bank}' and id = '{rule}' and version = 1", "{bank}: rules row {rule} version 1: newest: expected False, found True")]
    [TestCase("update timebank.rules set terms = jsonb_set(terms, '{share}', '1') where bank = '{bank}' and id = '{rule}' and version = 2", "{bank}: rules row {rule} version 2: terms: expected")]
    [TestCase("update timebank.mt_events set data = jsonb_set(data, '{role}', '\"auditor\"') where tenant_id = '{bank}' and type = 'role_granted'", "hash: expected", "terms: expected {\"role\":\"auditor\"}", "banks row: organisers")]
    [TestCase("update timebank.mt_events set data = jsonb_set(data, '{what}', '\"exported\"') where tenant_id = '{bank}' and type = 'access_noted'", "hash: expected")]
    [TestCase("delete from timebank.mt_events where tenant_id = '{bank}' and type = 'access_noted'", "hash: expected", "first event: expected", "last event: expected", "mt_streams row", "audit_version: expected")]
    [TestCase("update timebank.rights set active = not active where bank = '{bank}'", "{bank}: rights row")]
    [TestCase("update timebank.banks set policy = jsonb_set(policy, '{timeZone}', '\"UTC\"') where bank = '{bank}'", "{bank}: banks row: policy: expected")]
    [TestCase("update timebank.rules set terms = '{\"share\": \"half\"}' where bank = '{bank}' and id = '{rule}' and version = 2", "{bank}: rules row {rule} version 2: terms: expected")]
    [TestCase("update timebank.banks set policy = '[7]' where bank = '{bank}'", "{bank}: banks row: policy: expected")]
    [TestCase("delete from timebank.banks where bank = '{bank}'", "{bank}: banks row: row: expected one, found none")]
    [TestCase("update timebank.texts set body = json_build_object('name', 'Another') where bank = '{bank}' and body ->> 'name' = 'Ann of the tests'", "salted hash: expected")]
    public async Task Whoever_alters_a_row_is_found_out(string harm, params string[] said)
    {
        await using var ledger = await _ledger.CopyAsync();
        await ledger.HarmAsync(Named(harm));

        var (verified, differences) = await ledger.VerifyAsync();

        TestContext.Out.WriteLine(string.Join(Environment.NewLine, differences));
        foreach (var words in said)
            differences.ShouldContain(d => d.Contains(Named(words)), Named(words));
        differences.ShouldAllBe(d => said.Any(words => d.Contains(Named(words))));
        verified.Differences.ShouldBe(differences.Count);
    }

    [Test]
    public async Task A_row_of_which_no_event_tells_is_found_after_the_last_transfer_and_hold()
    {
        await using var ledger = await _ledger.CopyAsync();
        // In the time of the last batch, which changed settings only.
        var invented = await FirstOfLastBatchAsync(ledger, _history.Id);
        await ledger.HarmAsync(Named("""
            insert into timebank.transfers select bank, '{invented}', kind, payer, payee, minutes, 0, occurred from timebank.transfers where id = '{transfer}';
            insert into timebank.holds select bank, '{invented}', payer, payee, minutes, kind, category, text, text_hash, expires_at, status, taken, transfer, ended
              from timebank.holds where bank = '{bank}' and status = 'released' limit 1;
            """).Replace("{invented}", invented.ToString()));

        (await ledger.VerifyAsync()).Differences.ShouldBe(
        [
            $"{_history.Id}: transfers row {invented}: row: expected none, no event tells of it, found one",
            $"{_history.Id}: holds row {invented}: row: expected none, no event tells of it, found one",
        ]);
    }

    [Test]
    public async Task A_row_of_which_no_event_tells_is_found_in_a_bank_without_transfers()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var bank = (await ledger.Http.OpenBankAsync())["/v1/banks/".Length..];
        var invented = await FirstOfLastBatchAsync(ledger, bank);
        (await ledger.VerifyAsync()).Differences.ShouldBeEmpty();
        await ledger.HarmAsync($"insert into timebank.transfers values ('{bank}', '{invented}', 'gift', gen_random_uuid(), gen_random_uuid(), 5, 0, '2026-03-02')");

        (await ledger.VerifyAsync()).Differences.ShouldBe([$"{bank}: transfers row {invented}: row: expected none, no event tells of it, found one"]);
    }

    [Test]
    public async Task An_erased_text_is_no_difference()
    {
        await using var ledger = await _ledger.CopyAsync();
        await ledger.HarmAsync("delete from timebank.texts");

        (await ledger.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Test]
    public async Task An_entry_below_the_floor_that_nobody_allowed_is_found()
    {
        await using var ledger = await _ledger.CopyAsync();
        // The rules refuse it; so the entry that takes Ann below her floor is made to say another floor than the one she had.
        await ledger.HarmAsync(Named("update timebank.mt_events set data = jsonb_set(data, '{floor}', '100000') where " + SomeDebit));

        (await ledger.VerifyAsync()).Differences.ShouldContain(d => d.Contains("available without an override: expected at least 100000"));
    }

    /// <summary>The lowest id that a transfer or hold of the bank's last batch can have.</summary>
    private static async Task<Guid> FirstOfLastBatchAsync(LedgerOfItsOwn ledger, string bank)
    {
        var microseconds = long.Parse(await ledger.HarmAsync(
            $"select (extract(epoch from posted) * 1000000)::bigint from timebank.journal where bank = '{bank}' order by number desc limit 1"));
        return Uuid.FirstOf(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));
    }

    private Task<string> Count(string table) => _ledger.HarmAsync($"select count(*) from timebank.{table}");

    private string Named(string text) => text
        .Replace("{bank}", _history.Id).Replace("{ann}", _history.Ann.ToString()).Replace("{ben}", _history.Ben.ToString()).Replace("{rule}", _history.Rule.ToString())
        .Replace("{transfer}", _history.Transfer.ToString()).Replace("{hold}", _history.OpenHold.ToString());
}
