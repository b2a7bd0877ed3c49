using System.Net;
using Shouldly;

namespace TimeBank.Tests.Workshops;

/// <summary>Ann shows two others how to mend a coat.</summary>
[Category("Database")]
public sealed class WorkshopsOverHttpTests
{
    private HttpClient _organiser = null!, _ann = null!, _ben = null!;
    private string _bank = "";
    private Guid _annAccount, _benAccount, _coraAccount;

    [SetUp]
    public async Task Open()
    {
        _organiser = RunningServer.Http;
        _bank = await _organiser.OpenBankAsync();
        _annAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ann");
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben");
        _coraAccount = await _organiser.OpenAccountAsync(_bank, "member", "Cora");
        _ann = (await _organiser.JoinAsync(_bank, new { role = "member", account = _annAccount })).Http;
        _ben = (await _organiser.JoinAsync(_bank, new { role = "member", account = _benAccount })).Http;
    }

    [TearDown]
    public void Leave()
    {
        _ann.Dispose();
        _ben.Dispose();
    }

    private object Lesson(Guid? pot = null, string? yes = null) => new
    {
        helper = _annAccount, minutes = 61, memo = "Buttons.", pot, receivers = new object[] { new { account = _benAccount, yes }, new { account = _coraAccount, yes } },
    };

    [Test]
    public async Task Each_gives_their_share_with_their_own_yes_and_once()
    {
        var given = await _ann.PostAsync($"{_bank}/workshops", Lesson(), key: "lesson");
        given.Status.ShouldBe(HttpStatusCode.Created, given.Text);
        (await _ann.PostAsync($"{_bank}/workshops", Lesson(), key: "lesson")).Id.ShouldBe(given.Id);
        given["shares"].AsArray().Select(s => (long)s!["minutes"]!).ShouldBe([31, 30]);
        (await _organiser.BalanceAsync(_bank, _annAccount)).ShouldBe(0);

        var share = $"{_bank}/contributions/{(Guid)given["shares"].AsArray()[0]!["contribution"]!}";
        (await _ben.PostAsync($"{share}/confirmation", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await _ben.PostAsync($"{share}/confirmation", new { })).Status.ShouldBe(HttpStatusCode.OK);

        ((await _organiser.BalanceAsync(_bank, _annAccount)), await _organiser.BalanceAsync(_bank, _benAccount)).ShouldBe((31, -31));
        (await _ben.GetAnswerAsync($"{_bank}/workshops/{given.Id}"))["workshop"]!["shares"]!.AsArray().Count.ShouldBe(1);
        var whole = await _ann.GetAnswerAsync($"{_bank}/workshops?account={_annAccount}");
        (whole["items"][0]!["workshop"]!["shares"]!.AsArray().Count, (string)whole["items"][0]!["memo"]!).ShouldBe((2, "Buttons."));
    }

    [Test]
    public async Task On_paper_all_shares_move_at_once_or_a_pot_gives_them()
    {
        var given = await _organiser.PostAsync($"{_bank}/workshops", Lesson(yes: "paper"));
        given["posting"]!["transfers"]!.AsArray().Select(t => (long)t!["minutes"]!).ShouldBe([31, 30]);
        ((await _organiser.BalanceAsync(_bank, _annAccount)), await _organiser.BalanceAsync(_bank, _coraAccount)).ShouldBe((61, -30));

        var chest = await _organiser.OpenAccountAsync(_bank, "pot", "Chest", floor: -100);
        (await _ann.PostAsync($"{_bank}/workshops", Lesson(chest))).Code.ShouldBe("NotPermitted");
        (await _organiser.PostAsync($"{_bank}/workshops", Lesson(chest))).Status.ShouldBe(HttpStatusCode.Created);

        ((await _organiser.BalanceAsync(_bank, _annAccount)), await _organiser.BalanceAsync(_bank, _coraAccount), await _organiser.BalanceAsync(_bank, chest)).ShouldBe((122, -30, -61));
    }
}
