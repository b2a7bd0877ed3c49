using System.Net;
using Shouldly;

namespace TimeBank.Tests.Members;

[Category("Database")]
public sealed class DepartureOverHttpTests
{
    private static HttpClient Organiser => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _ben, _chest;
    private HttpClient _annHttp = null!;

    [SetUp]
    public async Task Open()
    {
        _bank = await Organiser.OpenBankAsync();
        _ann = await Organiser.OpenAccountAsync(_bank, "member", "Ann");
        _ben = await Organiser.OpenAccountAsync(_bank, "member", "Ben");
        _chest = await Organiser.OpenAccountAsync(_bank, "pot", "Chest");
        _annHttp = (await Organiser.JoinAsync(_bank, new { role = "member", account = _ann })).Http;
        await _annHttp.PostAsync($"{_bank}/members", new { account = _ann, how = "page" });
    }

    [TearDown]
    public void Close() => _annHttp.Dispose();

    private Task<Answer> LeaveAsync(HttpClient by, object how, string? key = null) => by.PostAsync($"{_bank}/members/{_ann}/departure", how, key);

    [Test]
    public async Task A_member_leaves_with_what_is_hers_in_order_and_says_where_her_hours_go()
    {
        await Organiser.TransferAsync(_bank, "earn", await Organiser.IssuerAsync(_bank), _ann, 90);
        var offer = (await _annHttp.PostAsync($"{_bank}/listings", new { account = _ann, kind = "offer", category = "cooking", title = "Soup" })).Id;
        var schedule = (await _annHttp.PostAsync($"{_bank}/schedules", new { kind = "gift", payer = _ann, payee = _ben, minutes = 5, every = "week", from = "2999-01-01" })).Id;
        var logged = (await _annHttp.PostAsync($"{_bank}/contributions", new { helper = _ann, helped = _ben, minutes = 5 })).Id;

        var refused = await LeaveAsync(_annHttp, new { restTo = _ben });
        (refused.Code, (long)refused["open"], Guid.Parse((string)refused["first"]!)).ShouldBe(("MattersOpen", 1, logged));
        await _annHttp.PostAsync($"{_bank}/contributions/{logged}/withdrawal", new { });
        var left = await LeaveAsync(_annHttp, new { restTo = _ben }, "goodbye");
        var again = await LeaveAsync(_annHttp, new { restTo = _ben }, "goodbye");

        left.Status.ShouldBe(HttpStatusCode.OK, left.Text);
        ((string)left["member"]["stage"]!, (string)left["account"]!, (string)left["posting"]["transfers"]![0]!["kind"]!).ShouldBe(("left", "closed", "gift"));
        again.Text.ShouldBe(left.Text);
        (await Organiser.BalanceAsync(_bank, _ben)).ShouldBe(90);
        ((string)(await Organiser.GetAnswerAsync($"{_bank}/schedules/{schedule}"))["schedule"]["stage"]!).ShouldBe("ended");
        (await Organiser.GetAnswerAsync($"{_bank}/listings/{offer}")).Text.ShouldContain("withdrawn");
    }

    [Test]
    public async Task Where_she_says_nothing_policy_says_and_what_is_below_zero_is_forgiven_with_a_reason()
    {
        await Organiser.TransferAsync(_bank, "exchange", _ann, _ben, 60);
        (await LeaveAsync(_annHttp, new { })).Code.ShouldBe("BalanceNotZero");
        (await LeaveAsync(Organiser, new { forgiveFrom = await Organiser.IssuerAsync(_bank) })).Status.ShouldBe(HttpStatusCode.BadRequest);

        var left = await LeaveAsync(Organiser, new { forgiveFrom = await Organiser.IssuerAsync(_bank), reason = "She died in March." });

        (left.Status, (string)left["posting"]["transfers"]![0]!["kind"]!).ShouldBe((HttpStatusCode.OK, "forgive"));
        (await Organiser.BalanceAsync(_bank, _ben)).ShouldBe(60);
    }

    [Test]
    public async Task Silence_counts_once_she_said_so_and_her_settings_tell()
    {
        (await _annHttp.GetAnswerAsync($"{_bank}/accounts/{_ann}/settings"))["silenceCounts"].GetValue<bool>().ShouldBeFalse();
        (await Organiser.SayAsync(HttpMethod.Put, $"{_bank}/accounts/{_ann}/silence", new { counts = true })).Code.ShouldBe("YesNeeded");

        var said = await _annHttp.SayAsync(HttpMethod.Put, $"{_bank}/accounts/{_ann}/silence", new { counts = true });

        ((bool)said["counts"], (string)said["said"]!).ShouldBe((true, "themselves"));
        (await _annHttp.GetAnswerAsync($"{_bank}/accounts/{_ann}/settings"))["silenceCounts"].GetValue<bool>().ShouldBeTrue();
        var logged = await Organiser.PostAsync($"{_bank}/contributions", new { helper = _ben, helped = _ann, minutes = 5 });
        logged["confirmsItself"].ShouldNotBeNull();
    }
}
