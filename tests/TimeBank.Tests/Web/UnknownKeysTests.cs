using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Shouldly;
using TimeBank.Tests.Store;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>Who comes with a key that nobody here knows is counted before it is looked up.</summary>
[Category("Database")]
public sealed class UnknownKeysTests
{
    private const int Most = 4;

    [Test]
    public async Task Where_nothing_is_left_for_the_unknown_a_made_up_key_does_not_reach_the_database()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var bank = await ledger.Http.OpenBankAsync();
        await using var app = await LimitedAsync(ledger);
        using var nobody = RunningServer.Nobody(app);
        for (var i = 0; i < Most; i++)
            (await nobody.GetAnswerAsync("/v1/transfer-kinds")).Status.ShouldBe(HttpStatusCode.OK);
        await using var connection = new NpgsqlConnection(ledger.Superuser + ";Pooling=false");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var alone = new NpgsqlCommand("lock table timebank.rights in access exclusive mode", connection))
            await alone.ExecuteNonQueryAsync();

        using var stranger = WithMadeUpKey(app, bank);
        var refused = await stranger.GetAnswerAsync($"{bank}/accounts");

        // Whoever asked the database would be told after five seconds that it is kept from them.
        ((int)refused.Status, refused.Code).ShouldBe((429, "TooManyRequests"), refused.Text);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        refused.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"client\";r=0;");
    }

    [Test]
    public async Task A_made_up_key_is_counted_once_and_one_that_is_known_is_let_in_whoever_else_comes_from_there()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var bank = await ledger.Http.OpenBankAsync();
        var (made, _) = await ledger.Http.KeyAsync(bank, ofBank: false, "accountsRead");
        await using var app = await LimitedAsync(ledger);
        using var known = RunningServer.Nobody(app);
        known.DefaultRequestHeaders.Authorization = made.DefaultRequestHeaders.Authorization;
        // Known from now on, and counted among the unknown this one time.
        (await known.GetAnswerAsync($"{bank}/accounts")).Status.ShouldBe(HttpStatusCode.OK);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < Most + 1; i++)
        {
            using var stranger = WithMadeUpKey(app, bank);
            statuses.Add((await stranger.GetAnswerAsync($"{bank}/accounts")).Status);
        }

        statuses.ShouldBe([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, Most - 1), HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests]);
        var since = Stopwatch.StartNew();
        // Also when it has to be read again.
        while (since.Elapsed < TimeSpan.FromSeconds(5))
        {
            (await known.GetAnswerAsync($"{bank}/accounts")).Status.ShouldBe(HttpStatusCode.OK);
            await Task.Delay(500);
        }
    }

    private static Task<WebApplication> LimitedAsync(LedgerOfItsOwn ledger) => RunningServer.StartServer(
        ledger.Store, settings: new Dictionary<string, string?> { ["Limits:AnonymousPerMinute"] = $"{Most}" });

    private static HttpClient WithMadeUpKey(WebApplication app, string bank) => Logins.WithKey(
        RunningServer.Nobody(app), KeyText.New(new BankId(bank["/v1/banks/".Length..]), new TimeBank.Access.RightId(Guid.NewGuid())).ToString());
}

/// <summary>What is remembered for a few seconds.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KeptBrieflyTests
{
    private readonly List<string> _read = [];

    [Test]
    public async Task What_is_not_worth_it_is_not_kept_and_drives_nobody_out()
    {
        var kept = new KeptBriefly<string, string?>(TimeSpan.FromHours(1), 3, TimeProvider.System, value => value is not null);
        await AskAsync(kept, "ann", "here");
        for (var i = 0; i < 100; i++)
            (await AskAsync(kept, $"nobody-{i}", null)).ShouldBeNull();
        await AskAsync(kept, "ann", "here");
        await AskAsync(kept, "nobody-0", null);

        _read.Count(k => k == "ann").ShouldBe(1);
        _read.Count(k => k == "nobody-0").ShouldBe(2);
        (kept.Knows("ann"), kept.Knows("nobody-0"), kept.Knows("ben")).ShouldBe((true, false, false));
    }

    [Test]
    public async Task What_is_there_stays_where_no_room_is_left()
    {
        var kept = new KeptBriefly<string, string?>(TimeSpan.FromHours(1), 2, TimeProvider.System);
        foreach (var key in (string[])["ann", "ben", "cleo", "cleo", "ann", "ben"])
            (await AskAsync(kept, key, key)).ShouldBe(key);

        _read.ShouldBe(["ann", "ben", "cleo", "cleo"]);
    }

    [Test]
    public async Task What_was_known_is_known_while_it_is_read_again()
    {
        var kept = new KeptBriefly<string, string?>(TimeSpan.Zero, 10, TimeProvider.System, value => value is not null);
        await AskAsync(kept, "ann", "here");
        var again = new TaskCompletionSource<string?>();
        var reading = kept.GetAsync("ann", _ => again.Task).AsTask();

        kept.Knows("ann").ShouldBeTrue();
        again.SetResult(null);
        (await reading).ShouldBeNull();
        kept.Knows("ann").ShouldBeFalse();
    }

    private ValueTask<string?> AskAsync(KeptBriefly<string, string?> kept, string key, string? value) => kept.GetAsync(key, k =>
    {
        _read.Add(k);
        return Task.FromResult(value);
    });
}
