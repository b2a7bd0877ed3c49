using System.Net;
using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Access;

/// <summary>Somebody acts for a member by that member's permission, over HTTP.</summary>
[Category("Database")]
public sealed class PermissionsOverHttpTests
{
    private string _bank = "";
    private Guid _ann, _ben, _dora, _doraPerson;
    private HttpClient _annHttp = null!, _doraHttp = null!, _forAnn = null!;

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        (_ann, _ben, _dora) = (await Http.OpenAccountAsync(_bank, "member", "Ann"), await Http.OpenAccountAsync(_bank, "member", "Ben"), await Http.OpenAccountAsync(_bank, "member", "Dora"));
        (_annHttp, _) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        (_doraHttp, _doraPerson) = await Http.JoinAsync(_bank, new { role = "member", account = _dora });
        _forAnn = new HttpClient { BaseAddress = Http.BaseAddress };
        _forAnn.DefaultRequestHeaders.Authorization = _doraHttp.DefaultRequestHeaders.Authorization;
        _forAnn.DefaultRequestHeaders.Add("Acting-For", _ann.ToString());
    }

    [TearDown]
    public void Close()
    {
        _annHttp.Dispose();
        _doraHttp.Dispose();
        _forAnn.Dispose();
    }

    [Test]
    public async Task A_deputy_pays_for_a_member_until_the_minutes_are_used_up_and_every_entry_says_who_did_it_for_whom()
    {
        (await PayAsync(10)).Code.ShouldBe("BankUnknown");
        var given = await GiveAsync(_annHttp);
        given.Status.ShouldBe(HttpStatusCode.Created, given.Text);

        var paid = await PayAsync(50);

        paid.Status.ShouldBe(HttpStatusCode.Created, paid.Text);
        (await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, $"""
            select string_agg(e.type, ' ' order by e.type) from timebank.mt_events e
            join timebank.mt_events who on who.correlation_id = e.correlation_id and who.headers ->> 'by' = '{_doraPerson}' and who.headers ->> 'for' = '{_ann}'
            """)).ShouldBe("hours_credited hours_debited permission_used", "What one command caused is told with who asked for it.");
        var refused = await PayAsync(11);
        (refused.Code, (long)refused["left"]).ShouldBe(("PermissionUsedUp", 10));
        ((long)(await _annHttp.GetAnswerAsync($"{_bank}/accounts/{_ann}/permissions"))["items"]![0]!["left"]!).ShouldBe(10);
        (await PayAsync(10)).Status.ShouldBe(HttpStatusCode.Created);
        (await _forAnn.GetAnswerAsync($"{_bank}/accounts/{_ann}/entries"))["items"]!.AsArray().Count.ShouldBe(2);
        (await _annHttp.GetAnswerAsync("/v1/me/data")).Text.ShouldContain("\"permissions\":[{");
    }

    [Test]
    public async Task It_ends_at_once_by_the_member_the_organiser_or_the_deputy()
    {
        foreach (var ends in (HttpClient[])[_annHttp, Http, _doraHttp, _forAnn])
        {
            var given = await GiveAsync(Http, "paper");
            (await PayAsync(1)).Status.ShouldBe(HttpStatusCode.Created);

            (await ends.SayAsync(HttpMethod.Delete, $"{_bank}/permissions/{given.Id}")).Status.ShouldBe(HttpStatusCode.OK);

            (await PayAsync(1)).Code.ShouldBe("BankUnknown");
            (await _forAnn.GetAnswerAsync($"{_bank}/accounts/{_ann}/entries")).Code.ShouldBe("BankUnknown");
        }
    }

    [Test]
    public async Task An_organiser_says_how_the_member_gave_it_and_gives_none_to_themselves_or_to_a_stranger()
    {
        (await GiveAsync(Http)).Code.ShouldBe("YesNeeded");
        (await GiveAsync(_doraHttp, "paper")).Code.ShouldBe("NotPermitted");
        (await Http.PostAsync($"{_bank}/accounts/{_ann}/permissions", new { deputy = Guid.NewGuid(), minutes = 60, expiresAt = "2999-01-01T00:00:00Z", yes = "paper" })).Code.ShouldBe("RightUnknown");
        var (organiser, person) = await Http.JoinAsync(_bank, new { role = "organiser" });
        (await organiser.PostAsync($"{_bank}/accounts/{_ann}/permissions", new { deputy = person, minutes = 60, expiresAt = "2999-01-01T00:00:00Z", yes = "paper" })).Code.ShouldBe("NotPermitted");
        organiser.Dispose();
    }

    [Test]
    public async Task A_deputy_changes_nothing_but_what_the_permission_is_for()
    {
        await GiveAsync(_annHttp);
        var app = (await Http.KeyAsync(_bank, ofBank: false, "transfersWrite")).Key;
        await Http.PostAsync($"{_bank}/members", new { account = _ann, how = "paper" });

        foreach (var asked in (Func<Task<Answer>>[])[
            () => _forAnn.PostAsync($"{_bank}/accounts/{_ann}/links", new { key = app }),
            () => _forAnn.PostAsync($"{_bank}/accounts/{_ann}/permissions", new { deputy = _doraPerson, minutes = 600, expiresAt = "2999-01-01T00:00:00Z" }),
            () => _forAnn.PostAsync($"{_bank}/listings", new { account = _ann, kind = "offer", category = "cooking", title = "Soup" }),
            () => _forAnn.PostAsync($"{_bank}/members/{_ann}/departure", new { }),
            () => _forAnn.PostAsync($"{_bank}/schedules", new { kind = "exchange", payer = _ann, payee = _ben, minutes = 1, every = "week", from = "2999-01-01" }),
            () => _forAnn.PostAsync($"{_bank}/transfers", new { kind = "exchange", payer = _ann, payee = _dora, minutes = 1 }),
            () => _forAnn.PostAsync($"{_bank}/transfers", new { kind = "exchange", payer = _dora, payee = _ben, minutes = 1 })])
            (await asked()).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task Two_who_use_the_last_minutes_at_once_do_not_both_get_them()
    {
        await GiveAsync(_annHttp);

        var paid = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PayAsync(20)));

        paid.Count(p => p.Status == HttpStatusCode.Created).ShouldBe(3);
        paid.Where(p => p.Status != HttpStatusCode.Created).ShouldAllBe(p => p.Code == "PermissionUsedUp");
        (await Http.BalanceAsync(_bank, _ann)).ShouldBe(-60);
    }

    private Task<Answer> PayAsync(int minutes) => _forAnn.PostAsync($"{_bank}/transfers", new { kind = "exchange", payer = _ann, payee = _ben, minutes });

    private Task<Answer> GiveAsync(HttpClient by, string? yes = null) => yes is null
        ? by.PostAsync($"{_bank}/accounts/{_ann}/permissions", new { deputy = _doraPerson, minutes = 60, expiresAt = "2999-01-01T00:00:00Z" })
        : by.PostAsync($"{_bank}/accounts/{_ann}/permissions", new { deputy = _doraPerson, minutes = 60, expiresAt = "2999-01-01T00:00:00Z", yes });
}
