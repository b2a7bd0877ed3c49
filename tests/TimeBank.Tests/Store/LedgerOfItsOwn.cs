using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using TimeBank.FairPlay;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>A clock that stands until it is turned.</summary>
internal sealed class HandClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Turn(TimeSpan by) => _now += by;
}

/// <summary>A database beside the shared one, with a ledger and a server of its own: a test may do to it what it likes.</summary>
internal sealed class LedgerOfItsOwn : IAsyncDisposable
{
    private readonly string _database;
    private readonly WebApplication? _app;
    private readonly HttpClient? _http;

    private LedgerOfItsOwn(string database, LedgerStore store, HandClock clock, WebApplication? app)
    {
        (_database, Store, Clock, _app) = (database, store, clock, app);
        _http = app is null ? null : RunningServer.Client(app);
    }

    public LedgerStore Store { get; }
    public HandClock Clock { get; }
    public HttpClient Http => _http ?? throw new InvalidOperationException("This ledger has no server.");

    /// <summary>The superuser in this database: nothing keeps him from doing harm.</summary>
    public string Superuser => LoginTo(RunningServer.Store.SuperuserConnectionString!, _database);

    public static Task<LedgerOfItsOwn> OpenAsync() => OpenAsync("template1", serve: true);

    /// <summary>A ledger without a bank, and without a server.</summary>
    public static Task<LedgerOfItsOwn> OpenEmptyAsync() => OpenAsync("template1", serve: false);

    /// <summary>On a PostgreSQL that has no extensions, as its owner sees it.</summary>
    public static async Task<LedgerOfItsOwn> OpenWithoutExtensionsAsync()
    {
        var template = $"bare_{Guid.NewGuid():N}"[..20];
        var superuser = RunningServer.Store.SuperuserConnectionString!;
        await Sql.AskAsync(superuser, $"create database {template} owner timebank_owner");
        try
        {
            var bare = new NpgsqlConnectionStringBuilder(superuser) { Database = template, Pooling = false }.ConnectionString;
            await Sql.AskAsync(bare, """
                create function public.refuse() returns event_trigger language plpgsql as 'begin raise exception ''could not open extension control file''; end';
                create event trigger no_extensions on ddl_command_start when tag in ('CREATE EXTENSION') execute function public.refuse();
                select '';
                """);
            return await OpenAsync(template, serve: true);
        }
        finally
        {
            await Sql.AskAsync(superuser, $"drop database {template} with (force)");
        }
    }

    /// <summary>The same rows in another database, without a server. Nobody may be connected to this one meanwhile.</summary>
    public Task<LedgerOfItsOwn> CopyAsync() => OpenAsync(_database, serve: false);

    public async Task StopServerAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await using var pooled = new NpgsqlConnection(Store.OwnerConnectionString);
        NpgsqlConnection.ClearPool(pooled);
        // A connection that was closed may still be on its way out.
        await Sql.AskAsync(RunningServer.Store.SuperuserConnectionString!, $"select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = '{_database}'");
    }

    private static async Task<LedgerOfItsOwn> OpenAsync(string template, bool serve)
    {
        var database = $"own_{Guid.NewGuid():N}"[..20];
        await Sql.AskAsync(RunningServer.Store.SuperuserConnectionString!, $"create database {database} owner timebank_owner template {template}");
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("data", RunningServer.DataFolder),
            new("ConnectionStrings:TimeBank", LoginTo(RunningServer.Store.ServerConnectionString, database)),
            new("ConnectionStrings:TimeBankOwner", LoginTo(RunningServer.Store.OwnerConnectionString, database)),
        ]).Build();
        var store = await LedgerStore.OpenAsync(settings, owning: false, TestContext.Progress.WriteLine, CancellationToken.None);
        var clock = new HandClock();
        return new LedgerOfItsOwn(database, store, clock, serve ? await RunningServer.StartServer(store, clock) : null);
    }

    public Task<string> HarmAsync(string sql) => Sql.AskAsync(Superuser, sql);

    public async Task<(Verified Verified, List<string> Differences)> VerifyAsync(IReadOnlyList<string>? banks = null, long after = 0)
    {
        var differences = new List<string>();
        var verification = new Verification(Store.ServerConnectionString);
        var verified = await verification.RunAsync(
            banks ?? await verification.BanksAsync(CancellationToken.None), after, d => differences.Add(d.ToString()), _ => { }, CancellationToken.None);
        return (verified, differences);
    }

    /// <summary>What the worker would find, sooner or later, in what was posted until now.</summary>
    public async Task LookForQuestionsAsync()
    {
        var commands = _app!.Services.GetRequiredService<QuestionCommands>();
        foreach (var news in await _app.Services.GetRequiredService<FairPlayQueries>().BanksWithNewsAsync(null, int.MaxValue, CancellationToken.None))
            await commands.LookAsync(news, CancellationToken.None);
    }

    /// <summary>Every row of every guard table, in order: two ledgers with the same text have the same tables.</summary>
    public Task<string> GuardTablesAsync() => Sql.AskAsync(Superuser, """
        select string_agg(line, E'\n' order by line collate "C") from (
          select 'mt_streams ' || t::text from timebank.mt_streams t union all select 'banks ' || t::text from timebank.banks t
          union all select 'accounts ' || t::text from timebank.accounts t union all select 'transfers ' || t::text from timebank.transfers t
          union all select 'holds ' || t::text from timebank.holds t union all select 'rules ' || t::text from timebank.rules t
          union all select 'rights ' || t::text from timebank.rights t
          union all select 'things ' || t::text from timebank.things t union all select 'thing_parties ' || t::text from timebank.thing_parties t
          union all select 'member_skills ' || t::text from timebank.member_skills t
          union all select 'listing_search ' || t::text from timebank.listing_search t
          union all select 'listing_words ' || t::text from timebank.listing_words t
        ) rows (line)
        """);

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
            await StopServerAsync();
        await Store.DisposeAsync();
        await Sql.AskAsync(RunningServer.Store.SuperuserConnectionString!, $"drop database {_database} with (force)");
    }

    private static string LoginTo(string login, string database) => new NpgsqlConnectionStringBuilder(login) { Database = database }.ConnectionString;
}

/// <summary>A history with every command in it, some of them several times.</summary>
internal sealed record BusyHistory(string Bank, Guid Ann, Guid Ben, Guid School, Guid Garden, Guid Rule, Guid Transfer, Guid OpenHold)
{
    public string Id => Bank["/v1/banks/".Length..];

    public static async Task<BusyHistory> MakeAsync(LedgerOfItsOwn ledger)
    {
        var http = ledger.Http;
        var bank = await http.OpenBankAsync(new { timeZone = "Europe/London", longestTransfer = 6000 });
        var issuer = await http.IssuerAsync(bank);
        var ann = await http.OpenAccountAsync(bank, "member", "Ann of the tests");
        var ben = await http.OpenAccountAsync(bank, "member", "Ben", floor: -90, ceiling: 900);
        var school = await http.OpenAccountAsync(bank, "provider", "School");
        var garden = await http.OpenAccountAsync(bank, "project", "Garden");
        var chest = await http.OpenAccountAsync(bank, "pot", "Chest");
        var low = await http.OpenAccountAsync(bank, "project", "Low ceiling", ceiling: 5);

        var rule = (await Made(http.PostAsync($"{bank}/rules", new
        {
            owner = school, kinds = new[] { "spend" }, share = 3000, targets = new object[] { new { account = garden, weight = 2 }, new { account = chest }, new { account = low } },
        }))).Id;
        await Made(http.TransferAsync(bank, "grant", issuer, garden, 1200));
        await Made(http.TransferAsync(bank, "earn", garden, ann, 300));
        await Made(http.PostAsync($"{bank}/postings", new
        {
            legs = new object[]
            {
                new { kind = "earn", payer = garden, payee = ann, minutes = 60, memo = "Weeding", category = "garden", occurred = "2026-02-28", metadata = new { bed = "3" } },
                new { kind = "earn", payer = garden, payee = ben, minutes = 45, memo = "Digging" },
                new { kind = "exchange", yes = "paper", payer = ben, payee = ann, minutes = 30 },
            },
        }));
        var spent = await Made(http.TransferAsync(bank, "spend", ann, school, 120));
        await Made(http.TransferAsync(bank, "spend", ann, school, 80));
        await Made(http.PostAsync($"{bank}/transfers/{spent.Id}/reversal", new { minutes = 50, reason = "Half was not needed" }));

        async Task<Guid> Hold(Guid payer, int minutes, int hours) => (await Made(http.PostAsync($"{bank}/holds", new
        {
            yes = "paper", payer, payee = school, minutes, expiresAt = ledger.Clock.GetUtcNow().AddHours(hours), memo = "Advice", category = "law",
        }))).Id;
        await Made(http.PostAsync($"{bank}/holds/{await Hold(ann, 40, 48)}/capture", new { minutes = 25 }));
        await Made(http.PostAsync($"{bank}/holds/{await Hold(ann, 10, 48)}/release", new { }));
        await Hold(ann, 15, 1);
        ledger.Clock.Turn(TimeSpan.FromHours(2));
        var open = await Hold(ann, 20, 500);

        await Made(http.SayAsync(HttpMethod.Put, $"{bank}/rules/{rule}", new
        {
            kinds = new[] { "spend", "gift" }, share = 5000, targets = new object[] { new { account = garden } },
        }, ifMatch: "\"1\""));
        var second = await Made(http.TransferAsync(bank, "spend", ann, school, 60));
        await Made(http.PostAsync($"{bank}/transfers/{second.Id}/reversal", new { minutes = 10, reason = "A little" }));
        await Made(http.PostAsync($"{bank}/transfers/{second.Id}/reversal", new { minutes = 15, reason = "A little more" }));
        var ended = (await Made(http.PostAsync($"{bank}/rules", new { owner = garden, kinds = new[] { "gift" }, share = 100, targets = new[] { new { account = chest } } }))).Id;
        await Made(http.SayAsync(HttpMethod.Delete, $"{bank}/rules/{ended}", ifMatch: "\"1\""));

        await Made(http.SayAsync(HttpMethod.Put, $"{bank}/policy", new
        {
            timeZone = "Europe/London", booksClosedThrough = "2026-01-31", limits = new { member = new { floor = -600, ceiling = 90000 } },
        }, ifMatch: "\"1\""));
        await Made(http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes = 5, occurred = "2026-01-15", @override = true, reason = "Found a note" }));
        await Made(http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{ben}/settings", new { name = "Benjamin", floor = -120 }, ifMatch: "\"1\""));
        await Made(http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{ben}/freeze", new { reason = "Moved house" }));
        await Made(http.SayAsync(HttpMethod.Delete, $"{bank}/accounts/{ben}/freeze"));
        await Made(http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{low}/freeze", new { reason = "Resting" }));

        async Task<Guid> Help(object claim) => (await Made(http.PostAsync($"{bank}/contributions", claim))).Id;
        Task Say(Guid id, string what, object said) => Made(http.PostAsync($"{bank}/contributions/{id}/{what}", said));
        var moving = await Help(new { helper = ann, helped = ben, minutes = 700, memo = "A whole flat" });
        await Say(moving, "confirmation", new { yes = "telephone" });
        var weeding = await Help(new { helper = ann, project = garden, minutes = 30, memo = "Weeds again" });
        await Say(weeding, "correction", new { minutes = 45, memo = "Weeds and stones" });
        await Say(weeding, "confirmation", new { });
        await Say(weeding, "dispute", new { reason = "No stones there" });
        await Say(weeding, "settlement", new { minutes = 30, reason = "Weeds only" });
        await Say(await Help(new { helper = ben, helped = ann, minutes = 10 }), "decline", new { });
        await Help(new { helper = ben, project = garden, minutes = 10, wish = "passOn", passOnTo = chest, yes = "paper" });
        await Made(http.PostAsync($"{bank}/contributions/batch", new { project = low, memo = "Saturday", lines = new[] { new { helper = ann, minutes = 15 }, new { helper = ben, minutes = 20 } } }));

        var offer = new { account = ann, kind = "offer", category = "cooking", title = "Soup and bread", description = "For two", times = new[] { "mondayEvening" }, isPublic = true };
        await Made(http.PostAsync($"{bank}/listings", offer));
        var rewritten = (await Made(http.PostAsync($"{bank}/listings", offer))).Id;
        await Made(http.SayAsync(HttpMethod.Put, $"{bank}/listings/{rewritten}", new { kind = "request", category = "moving", title = "A piano", place = "Elm Street", neighbourhood = "north", about = 90 }, ifMatch: "\"1\""));
        foreach (var end in (string[])["fulfilment", "withdrawal"])
            await Made(http.PostAsync($"{bank}/listings/{(await Made(http.PostAsync($"{bank}/listings", offer))).Id}/{end}", new { }));

        await Made(http.PostAsync($"{bank}/members", new { account = ann, how = "page", skills = new[] { "cooking" }, telephone = "555 0199", ageBand = "from65To79" }));
        await Made(http.PostAsync($"{bank}/members/{ann}/steps", new { step = "agreed", version = "1" }));
        await Made(http.PostAsync($"{bank}/members/{ann}/admission", new { }));
        await Made(http.PostAsync($"{bank}/members", new { account = ben, how = "invited" }));
        await Made(http.PostAsync($"{bank}/accounts/{ann}/numbers", new { number = "A-17" }));
        await Made(http.PostAsync($"{bank}/accounts/{ben}/numbers", new { number = "18" }));
        await Made(http.PostAsync($"{bank}/accounts/{ben}/numbers/withdrawal", new { number = "18" }));

        // Closed with minutes above a floor above zero, and closed below zero.
        var full = await http.OpenAccountAsync(bank, "member", "Full");
        await Made(http.TransferAsync(bank, "earn", chest, full, 3));
        await Made(http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{full}/settings", new { name = "Full", floor = 2 }, ifMatch: "\"1\""));
        await Made(http.PostAsync($"{bank}/accounts/{full}/closure", new { sweepTo = garden, yes = "paper" }));
        var owing = await http.OpenAccountAsync(bank, "member", "Owing");
        await Made(http.TransferAsync(bank, "exchange", owing, ann, 33));
        await Made(http.PostAsync($"{bank}/accounts/{owing}/closure", new { forgiveFrom = issuer, reason = "A gift of the community" }));
        // Takes back what was spent since: below the floor, because an organiser says so.
        await Made(http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{ann}/settings", new { name = "Ann", floor = 100 }, ifMatch: "\"1\""));
        return new BusyHistory(bank, ann, ben, school, garden, rule, second.Id, open);
    }

    private static async Task<Answer> Made(Task<Answer> asked)
    {
        var answer = await asked;
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }
}
