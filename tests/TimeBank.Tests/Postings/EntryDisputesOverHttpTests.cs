using System.Net;
using Microsoft.AspNetCore.Builder;
using Shouldly;

namespace TimeBank.Tests.Postings;

/// <summary>Who was debited questions the entry; it shows on the organisers' list, and one of them settles it. The server's clock is turned by hand.</summary>
[Category("Database")]
public sealed class EntryDisputesOverHttpTests
{
    private TurnedClock _clock = null!;
    private WebApplication _app = null!;
    private HttpClient _organiser = null!, _annHttp = null!, _benHttp = null!;
    private string _bank = "";
    private Guid _ann, _ben;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(new DateTimeOffset(DateTime.UtcNow.Date.AddHours(12), TimeSpan.Zero));
        _app = await RunningServer.StartServer(RunningServer.Store, _clock);
        _organiser = RunningServer.Client(_app);
        _bank = await _organiser.OpenBankAsync();
        (_ann, _ben) = (await _organiser.OpenAccountAsync(_bank, "member", "Ann"), await _organiser.OpenAccountAsync(_bank, "member", "Ben"));
        _annHttp = (await _organiser.JoinAsync(_bank, new { role = "member", account = _ann })).Http;
        _benHttp = (await _organiser.JoinAsync(_bank, new { role = "member", account = _ben })).Http;
    }

    [TearDown]
    public async Task Stop()
    {
        _organiser.Dispose();
        _annHttp.Dispose();
        _benHttp.Dispose();
        await _app.DisposeAsync();
    }

    [Test]
    public async Task What_an_organiser_wrote_down_is_questioned_and_taken_back()
    {
        var entry = await GivenAsync();

        var asked = await DisputeAsync(entry, "I was in hospital that day.");

        (asked.Status, (string)asked["stage"]!, (string)asked["payer"]!).ShouldBe((HttpStatusCode.Created, "open", _ann.ToString()));
        (await DisputeAsync(entry)).Id.ShouldBe(asked.Id);
        var waits = (await _organiser.GetAnswerAsync($"{_bank}/waiting?kind=entries")).Body![0]!;
        ((int)waits["count"]!, (string)waits["items"]![0]!["id"]!, (string)waits["items"]![0]!["memo"]!).ShouldBe((1, asked.Id.ToString(), "I was in hospital that day."));

        var settled = await SettleAsync(asked.Id, new { verdict = "reversed", reason = "It was another Ann." });

        settled.Status.ShouldBe(HttpStatusCode.OK, settled.Text);
        ((string)settled["dispute"]["stage"]!, (int)settled["posting"]["transfers"]![0]!["minutes"]!).ShouldBe(("reversed", 30));
        (await _organiser.BalanceAsync(_bank, _ann)).ShouldBe(0);
        var shown = await _annHttp.GetAnswerAsync($"{_bank}/disputes/{asked.Id}");
        ((string)shown["memo"]!, (string)shown["reason"]!).ShouldBe(("I was in hospital that day.", "It was another Ann."));
        ((int)(await _organiser.GetAnswerAsync($"{_bank}/waiting?kind=entries")).Body![0]!["count"]!).ShouldBe(0);
    }

    [Test]
    public async Task Who_received_the_hours_and_strangers_neither_question_it_nor_hear_of_it()
    {
        var entry = await GivenAsync();
        var asked = await DisputeAsync(entry, "Ben was not there.");
        using var cora = (await _organiser.JoinAsync(_bank, new { role = "member", account = await _organiser.OpenAccountAsync(_bank, "member", "Cora") })).Http;

        (await _benHttp.PostAsync($"{_bank}/transfers/{entry}/dispute", new { })).Code.ShouldBe("NotPermitted");
        (await cora.PostAsync($"{_bank}/transfers/{entry}/dispute", new { })).Code.ShouldBe("TransferUnknown");
        foreach (var other in (HttpClient[])[_benHttp, cora])
        {
            (await other.GetAnswerAsync($"{_bank}/disputes/{asked.Id}")).Code.ShouldBe("EntryDisputeUnknown");
            (await other.GetAnswerAsync($"{_bank}/disputes?account={_ann}")).Code.ShouldBe("NotPermitted");
        }
        (await _benHttp.GetAnswerAsync($"{_bank}/disputes?account={_ben}"))["items"].AsArray().ShouldBeEmpty();
        (await _benHttp.GetAnswerAsync($"{_bank}/transfers/{entry}")).Text.ShouldNotContain("Ben was not there.");
        (await _annHttp.GetAnswerAsync($"{_bank}/disputes?account={_ann}"))["items"].AsArray().Count.ShouldBe(1);
    }

    [Test]
    public async Task After_30_days_it_is_too_late_and_the_answer_says_until_when_it_was_not()
    {
        var entry = await GivenAsync();
        _clock.Turn(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
        // Nobody stays signed in for so long.
        using var organiser = RunningServer.Client(_app);
        using var ann = (await organiser.JoinAsync(_bank, new { role = "member", account = _ann })).Http;

        var late = await ann.PostAsync($"{_bank}/transfers/{entry}/dispute", new { });

        (late.Status, late.Code).ShouldBe((HttpStatusCode.Conflict, "EntryDisputeTooLate"));
        ((DateTimeOffset)late["until"]!).ShouldBeLessThanOrEqualTo(_clock.GetUtcNow());
    }

    [Test]
    public async Task Of_help_given_the_contribution_is_questioned_whichever_entry_came_before()
    {
        for (var i = 0; i < 20; i++)
            await GivenAsync();
        var help = (await _benHttp.PostAsync($"{_bank}/contributions", new { helper = _ben, helped = _ann, minutes = 45 })).Id;
        var confirmed = await _annHttp.PostAsync($"{_bank}/contributions/{help}/confirmation", new { });

        var refused = await DisputeAsync(Guid.Parse((string)confirmed["posting"]["transfers"]![0]!["id"]!));

        (refused.Status, refused.Code, (string)refused["contribution"]!).ShouldBe((HttpStatusCode.Conflict, "EntryOfHelp", help.ToString()));
        (await DisputeAsync(await GivenAsync())).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task Nobody_settles_it_without_a_reason_and_nobody_for_themselves()
    {
        var asked = await DisputeAsync(await GivenAsync());

        (await SettleAsync(asked.Id, new { verdict = "stands" })).Code.ShouldBe("Invalid");
        (await _annHttp.PostAsync($"{_bank}/disputes/{asked.Id}/settlement", new { verdict = "reversed", reason = "I say so." })).Code.ShouldBe("NotPermitted");
        (await SettleAsync(asked.Id, new { verdict = "stands", reason = "She was there." })).Status.ShouldBe(HttpStatusCode.OK);
        (await DisputeAsync(Guid.Parse((string)asked["transfer"]!))).Code.ShouldBe("EntryDisputePast");
        (await _organiser.BalanceAsync(_bank, _ann)).ShouldBe(-30);
    }

    private async Task<Guid> GivenAsync()
    {
        var given = await _organiser.PostAsync($"{_bank}/transfers", new { kind = "exchange", payer = _ann, payee = _ben, minutes = 30, yes = "telephone" });
        given.Status.ShouldBe(HttpStatusCode.Created, given.Text);
        return given.Id;
    }

    private Task<Answer> DisputeAsync(Guid entry, string? reason = null) => _annHttp.PostAsync($"{_bank}/transfers/{entry}/dispute", new { reason });

    private Task<Answer> SettleAsync(Guid dispute, object verdict) => _organiser.PostAsync($"{_bank}/disputes/{dispute}/settlement", verdict);
}
