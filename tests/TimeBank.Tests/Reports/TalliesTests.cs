using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Tests.Notices;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Reports;

/// <summary>The sums that reports read: each hour once, whatever happens meanwhile, and no more of it than was not taken back.</summary>
[Category("Database")]
public sealed class TalliesTests
{
    private NoticeTown _town = null!;

    [SetUp]
    public async Task Start() => _town = await NoticeTown.OpenAsync();

    [TearDown]
    public async Task Stop() => await _town.DisposeAsync();

    private Task<List<string>> YearAsync(string by) => _town.LinesAsync($"from=2025-01&to=2025-12&by={by}");

    private async Task<string> MonthAsync(string month) => (await _town.LinesAsync($"from={month}&to={month}")).ShouldHaveSingleItem();

    private static string Month(string month, long minutes, long free, long times, int gave, int received, int tookPart) =>
        $"month={month}-01 minutes={minutes} withoutHours={free} times={times} membersGave={gave} membersReceived={received} membersTookPart={tookPart}";

    [Test]
    public async Task Help_counts_in_the_month_in_which_it_was_given_also_if_it_is_written_down_long_after()
    {
        await _town.HelpAsync(60, "2025-03-31", "cooking");
        await _town.AddUpAsync();
        await _town.HelpAsync(30, "2025-02-01", "cooking");
        await _town.HelpAsync(90, "2025-04-01");
        await _town.AddUpAsync();

        (await _town.LinesAsync("from=2025-02&to=2025-05")).ShouldBe(
            [Month("2025-02", 30, 0, 1, 1, 1, 2), Month("2025-03", 60, 0, 1, 1, 1, 2), Month("2025-04", 90, 0, 1, 1, 1, 2), Month("2025-05", 0, 0, 0, 0, 0, 0)]);
        (await YearAsync("category")).ShouldBe(["category=cooking minutes=90 withoutHours=0 times=2", "minutes=90 withoutHours=0 times=1"], ignoreOrder: true);
        (await YearAsync("neighbourhood")).ShouldBe(["neighbourhood=north minutes=180 withoutHours=0 times=3 received=0", "neighbourhood=south minutes=0 withoutHours=0 times=0 received=180"]);
    }

    [Test]
    public async Task What_is_taken_back_is_counted_no_more_in_the_month_in_which_it_was_given()
    {
        await _town.HelpAsync(60, "2025-03-08");
        var help = await _town.LastAsync("exchange");
        await _town.AddUpAsync();
        await _town.TakeBackAsync(help, 20);
        await _town.AddUpAsync();
        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 40, 0, 1, 1, 1, 2));
        await _town.TakeBackAsync(help, 15);
        await _town.TakeBackAsync(help);
        await _town.AddUpAsync();

        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 0, 0, 0, 0, 0, 0));
        (await YearAsync("category")).ShouldBeEmpty();
    }

    [Test]
    public async Task Given_and_taken_back_before_anybody_counted_it_comes_to_nothing()
    {
        await _town.HelpAsync(60, "2025-03-08");
        await _town.TakeBackAsync(await _town.LastAsync("exchange"), 10);
        await _town.TakeBackAsync(await _town.LastAsync("exchange"));
        await _town.AddUpAsync();

        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 0, 0, 0, 0, 0, 0));
    }

    [Test]
    public async Task Work_for_which_a_project_and_the_community_pay_is_one_time_and_counts_for_the_project()
    {
        var garden = await _town.Organiser.OpenAccountAsync(_town.Bank, "project", "Garden");
        await _town.DoneAsync(_town.Organiser.TransferAsync(_town.Bank, "grant", await _town.Organiser.IssuerAsync(_town.Bank), garden, 50));
        await _town.CreditAsync(garden, "2025-03-08", 80);
        await _town.AddUpAsync();

        (await YearAsync("project")).ShouldBe([$"project={garden} name=Garden minutes=80 withoutHours=0 times=1"]);
        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 80, 0, 1, 1, 0, 1));
        var posting = await _town.LastAsync("earn");
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/postings/{posting[..^4]}0000/reversal", new { reason = "Another day's list." }));
        await _town.AddUpAsync();
        (await YearAsync("project")).ShouldBeEmpty();
        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 0, 0, 0, 0, 0, 0));
    }

    [Test]
    public async Task Help_for_which_nobody_wanted_hours_counts_as_help_until_it_is_settled_otherwise()
    {
        var help = await _town.HelpAsync(60, "2025-03-08", "cooking", wantsHours: false);
        await _town.AddUpAsync();
        (await YearAsync("category")).ShouldBe(["category=cooking minutes=60 withoutHours=60 times=1"]);
        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 60, 60, 1, 1, 1, 2));
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/contributions/{help}/dispute", new { reason = "So long?" }));
        await _town.AddUpAsync();
        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 60, 60, 1, 1, 1, 2));
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/contributions/{help}/settlement", new { minutes = 0, reason = "It was another day." }));
        await _town.AddUpAsync();

        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 0, 0, 0, 0, 0, 0));
    }

    [Test]
    public async Task Who_moves_takes_along_nothing_that_was_given_before()
    {
        await _town.HelpAsync(60, "2025-03-08");
        var before = await _town.LastAsync("exchange");
        await _town.DoneAsync(_town.Organiser.SayAsync(HttpMethod.Put, $"{_town.Bank}/accounts/{_town.Ann}/settings", new { name = "Ann", neighbourhood = "west" }, ifMatch: "\"1\""));
        await _town.HelpAsync(30, "2025-03-08");
        await _town.AddUpAsync();
        (await YearAsync("neighbourhood")).Select(l => l.Split(' ')[..2]).ShouldBe([["neighbourhood=north", "minutes=60"], ["neighbourhood=west", "minutes=30"], ["neighbourhood=south", "minutes=0"]]);
        await _town.TakeBackAsync(before);
        await _town.AddUpAsync();

        (await YearAsync("neighbourhood")).Select(l => l.Split(' ')[..2]).ShouldBe([["neighbourhood=west", "minutes=30"], ["neighbourhood=south", "minutes=0"]]);
    }

    [Test]
    public async Task Gifts_and_grants_are_no_help()
    {
        await _town.GiftAsync();
        await _town.AddUpAsync();

        (await YearAsync("category")).ShouldBeEmpty();
        (await Sql.AskAsync(_town.Store.OwnerConnectionString, $"select string_agg(kind || ' ' || one || ' ' || other || ' ' || minutes, ',') from timebank.tallies where bank = '{_town.Id}'")).ShouldBe("gift member member 90");
    }

    [Test]
    public async Task Two_servers_at_once_count_nothing_twice()
    {
        var other = await _town.AddServerAsync();
        for (var round = 0; round < 5; round++)
        {
            for (var i = 1; i <= 6; i++)
                await _town.HelpAsync(i, "2025-03-08");
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => _town.AddUpAsync(i % 2 == 0 ? null : other))));
        }

        (await MonthAsync("2025-03")).ShouldBe(Month("2025-03", 105, 0, 30, 1, 1, 2));
    }

    [Test]
    public async Task A_bank_in_which_nothing_happened_is_not_behind()
    {
        await _town.AddUpAsync();
        var before = await _town.SumsAsync();
        (await _town.GetAsync(_town.Organiser, "report"))["isAll"].GetValue<bool>().ShouldBeTrue();
        await _town.HelpAsync(1, "2025-03-08");
        (await _town.GetAsync(_town.Organiser, "report"))["isAll"].GetValue<bool>().ShouldBeFalse();
        (await _town.SumsAsync()).ShouldBe(before);
    }
}

/// <summary>What happens to the sums where much goes wrong: in a database of its own.</summary>
[Category("Database")]
public sealed class TalliesInTroubleTests
{
    private NoticeTown _town = null!;

    [SetUp]
    public async Task Start()
    {
        _town = await NoticeTown.OpenOwnAsync();
        await _town.HelpAsync(60, "2025-03-08", "cooking");
        await _town.HelpAsync(20, "2025-03-09", wantsHours: false);
        await _town.AddUpAsync();
    }

    [TearDown]
    public async Task Stop() => await _town.DisposeAsync();

    [Test]
    public async Task Cut_off_in_the_middle_it_has_counted_all_of_a_part_or_nothing()
    {
        var before = await _town.SumsAsync();
        await _town.HelpAsync(30, "2025-04-01");
        await _town.TakeBackAsync(await _town.LastAsync("exchange"), 10);
        // The last of the tables that a part is added to.
        await _town.Own.HarmAsync("""
            create function timebank.cut() returns trigger language plpgsql as 'begin raise exception ''cut off''; end';
            create trigger cut before insert on timebank.tally_months execute function timebank.cut();
            """);
        (await Should.ThrowAsync<PostgresException>(_town.AddUpAsync())).MessageText.ShouldBe("cut off");
        (await _town.SumsAsync()).ShouldBe(before);
        await _town.Own.HarmAsync("drop trigger cut on timebank.tally_months");
        await _town.AddUpAsync();

        (await _town.LinesAsync("from=2025-04&to=2025-04"))[0].ShouldStartWith("month=2025-04-01 minutes=20 withoutHours=0 times=1 ");
    }

    [Test]
    public async Task Begun_anew_after_a_rebuild_they_are_the_same()
    {
        await _town.TakeBackAsync(await _town.LastAsync("exchange"), 10);
        await _town.AddUpAsync();
        var before = await _town.SumsAsync();
        await new Rebuild(_town.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None);

        (await _town.SumsAsync()).ShouldBeEmpty();
        await _town.AddUpAsync();
        (await _town.SumsAsync()).ShouldBe(before);
    }

    [Test]
    public async Task What_was_read_before_a_rebuild_is_not_added_after_it()
    {
        await _town.HelpAsync(30, "2025-04-01");
        var services = _town.App.Services;
        var part = (await services.GetRequiredService<TallySources>().NextAsync(_town.Id, CancellationToken.None))!;
        var (tally, takenBack) = await services.GetRequiredService<TallySources>().ReadAsync(_town.Id, part, CancellationToken.None);
        await new Rebuild(_town.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None);
        await services.GetRequiredService<TalliesTable>().AddAsync(_town.Id, part, tally, takenBack, CancellationToken.None);
        (await _town.SumsAsync()).ShouldBeEmpty();
        await _town.AddUpAsync();

        (await _town.LinesAsync("from=2025-03&to=2025-04")).Select(l => l.Split(' ')[1]).ShouldBe(["minutes=80", "minutes=30"]);
    }

    [Test]
    public async Task Verify_finds_sums_that_are_not_those_of_the_transfers_and_leaves_those_alone_that_are_behind()
    {
        var verification = new Verification(_town.Store.ServerConnectionString);
        async Task<List<string>> DifferencesAsync()
        {
            var found = new List<string>();
            await verification.RunAsync([_town.Id.Value], 0, d => found.Add(d.ToString()), _ => { }, CancellationToken.None);
            return found;
        }
        (await DifferencesAsync()).ShouldBeEmpty();
        await _town.Own.HarmAsync($"update timebank.tallies set minutes = minutes - 28 where sort = 'flow' and kind = 'exchange' and bank = '{_town.Id}'");
        (await DifferencesAsync()).ShouldHaveSingleItem().ShouldContain("tallies of 2025-03");
        await _town.HelpAsync(1, "2025-04-01");

        (await DifferencesAsync()).ShouldBeEmpty();
    }
}
