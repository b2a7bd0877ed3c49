using System.Net;
using Shouldly;

namespace TimeBank.Tests.Pots;

[Category("Database")]
public sealed class PotRequestsOverHttpTests
{
    private static HttpClient Organiser => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _chest;
    private HttpClient _annHttp = null!, _keeper = null!, _auditor = null!;

    [SetUp]
    public async Task Open()
    {
        _bank = await Organiser.OpenBankAsync();
        _ann = await Organiser.OpenAccountAsync(_bank, "member", "Ann");
        _chest = await Organiser.OpenAccountAsync(_bank, "pot", "Chest");
        await Organiser.TransferAsync(_bank, "grant", await Organiser.IssuerAsync(_bank), _chest, 600);
        _annHttp = (await Organiser.JoinAsync(_bank, new { role = "member", account = _ann })).Http;
        _keeper = (await Organiser.JoinAsync(_bank, new { role = "coordinator", account = _chest })).Http;
        _auditor = (await Organiser.JoinAsync(_bank, new { role = "auditor" })).Http;
    }

    [TearDown]
    public void Leave()
    {
        _annHttp.Dispose();
        _keeper.Dispose();
        _auditor.Dispose();
    }

    private async Task<Guid> AskAsync(int minutes)
    {
        var asked = await _annHttp.PostAsync($"{_bank}/pot-requests", new { pot = _chest, member = _ann, minutes, memo = "For the fare to the hospital." });
        asked.Status.ShouldBe(HttpStatusCode.Created, asked.Text);
        return asked.Id;
    }

    private Task<Answer> SayAsync(HttpClient by, Guid id, string what, object? body = null) => by.PostAsync($"{_bank}/pot-requests/{id}/{what}", body ?? new { });

    [Test]
    public async Task Two_people_grant_what_was_asked_and_the_figures_are_sums()
    {
        var id = await AskAsync(120);
        (await SayAsync(_annHttp, id, "approval")).Code.ShouldBe("NotPermitted");
        var seconded = await SayAsync(_keeper, id, "approval");
        ((string)seconded["request"]["stage"]!, seconded.Body!["posting"]).ShouldBe(("seconded", null));
        (await SayAsync(_keeper, id, "approval")).Status.ShouldBe(HttpStatusCode.OK);
        (await Organiser.BalanceAsync(_bank, _ann)).ShouldBe(0);

        var granted = await SayAsync(Organiser, id, "approval");

        ((string)granted["request"]["stage"]!, (long)granted["posting"]["transfers"]![0]!["minutes"]!).ShouldBe(("granted", 120));
        (await Organiser.BalanceAsync(_bank, _ann)).ShouldBe(120);
        var no = await AskAsync(500);
        (await SayAsync(Organiser, no, "decline", new { reason = "The chest is nearly empty." })).Status.ShouldBe(HttpStatusCode.OK);
        ((string)(await _annHttp.GetAnswerAsync($"{_bank}/pot-requests/{no}"))["reason"]!).ShouldBe("The chest is nearly empty.");
        var figures = await _auditor.GetAnswerAsync($"{_bank}/pot-requests/figures?pot={_chest}");
        ((long)figures["asked"], (long)figures["granted"], (long)figures["declined"], (long)figures["minutes"]).ShouldBe((2, 1, 1, 120));
        figures.Text.ShouldNotContain(_ann.ToString());
    }

    [Test]
    public async Task It_stays_between_who_asks_and_who_decides()
    {
        var id = await AskAsync(1);
        var (ben, _) = await Organiser.JoinAsync(_bank, new { role = "member", account = await Organiser.OpenAccountAsync(_bank, "member", "Ben") });
        var (app, _) = await Organiser.KeyAsync(_bank, ofBank: true, "transfersRead", "transfersWrite", "accountsRead");

        (await ben.GetAnswerAsync($"{_bank}/pot-requests/{id}")).Code.ShouldBe("PotRequestUnknown");
        foreach (var outside in (HttpClient[])[_auditor, app])
            (await outside.GetAnswerAsync($"{_bank}/pot-requests/{id}")).Code.ShouldBe("NotPermitted");
        ((string)(await _keeper.GetAnswerAsync($"{_bank}/pot-requests/{id}"))["memo"]!).ShouldBe("For the fare to the hospital.");
        (await SayAsync(_annHttp, id, "withdrawal")).Status.ShouldBe(HttpStatusCode.OK);
        ben.Dispose();
        app.Dispose();
    }

    [Test]
    public async Task A_member_gives_to_a_member_and_to_a_pot()
    {
        var (cora, pot) = (await Organiser.OpenAccountAsync(_bank, "member", "Cora"), await Organiser.OpenAccountAsync(_bank, "pot", "Fund"));
        var giver = await Organiser.OpenAccountAsync(_bank, "member", "Gil");
        var (gil, _) = await Organiser.JoinAsync(_bank, new { role = "member", account = giver });

        (await gil.TransferAsync(_bank, "gift", giver, cora, 30)).Status.ShouldBe(HttpStatusCode.Created);
        (await gil.TransferAsync(_bank, "gift", giver, pot, 15)).Status.ShouldBe(HttpStatusCode.Created);
        (await gil.TransferAsync(_bank, "gift", cora, giver, 1)).Code.ShouldBe("NotPermitted");

        (await Organiser.BalanceAsync(_bank, cora), await Organiser.BalanceAsync(_bank, pot), await Organiser.BalanceAsync(_bank, giver)).ShouldBe((30, 15, -45));
        gil.Dispose();
    }
}
