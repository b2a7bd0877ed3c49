using System.Net;
using Shouldly;

namespace TimeBank.Tests.Safeguarding;

/// <summary>Who is kept apart, who is paused without a reason, and who is under 18, over HTTP.</summary>
[Category("Database")]
public sealed class SafeguardingOverHttpTests
{
    private string _bank = "";
    private Guid _ann, _ben, _annPerson;
    private HttpClient _annHttp = null!, _lead = null!;

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        (_ann, _ben) = (await MemberAsync("Ann"), await MemberAsync("Ben"));
        (_annHttp, _annPerson) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        (_lead, _) = await Http.JoinAsync(_bank, new { role = "safeguardingLead" });
        (await Http.PostAsync($"{_bank}/listings", new { account = _ben, kind = "request", category = "cooking", title = "Soup" })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [TearDown]
    public void Close()
    {
        _annHttp.Dispose();
        _lead.Dispose();
    }

    [Test]
    public async Task Two_who_are_kept_apart_are_not_proposed_to_each_other_and_not_told()
    {
        (await MatchesAsync()).ShouldBe(1);

        var kept = await _lead.PostAsync($"{_bank}/apart", new { first = _ben, second = _ann });

        kept.Status.ShouldBe(HttpStatusCode.Created, kept.Text);
        (await MatchesAsync()).ShouldBe(0);
        (await _lead.GetAnswerAsync($"{_bank}/apart?stage=kept"))["items"]!.AsArray().Single()!["id"]!.ToString().ShouldBe(kept.Id.ToString());
        (await Http.GetAnswerAsync($"{_bank}/apart")).Code.ShouldBe("NotPermitted");
        foreach (var told in (Answer[])[await _annHttp.GetAnswerAsync("/v1/me/data"), await Http.GetAnswerAsync($"{_bank}/people/{_annPerson}/data"), await Http.GetAnswerAsync($"{_bank}/audit")])
            (told.Text.Contains(kept.Id.ToString(), StringComparison.Ordinal), told.Text.Contains("apart", StringComparison.OrdinalIgnoreCase)).ShouldBe((false, false), told.Text);
        (await _lead.PostAsync($"{_bank}/apart/{kept.Id}/end", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await MatchesAsync()).ShouldBe(1);
    }

    [Test]
    public async Task The_lead_pauses_a_member_and_nobody_sees_more_than_that_they_pause()
    {
        (await _lead.PostAsync($"{_bank}/members/{_ben}/pause", new { })).Status.ShouldBe(HttpStatusCode.OK);

        ((string?)(await Http.GetAnswerAsync($"{_bank}/members/{_ben}"))["member"]!["stage"]).ShouldBe("paused");
        (await MatchesAsync()).ShouldBe(0, "What they asked for is proposed to nobody.");
        (await Http.PostAsync($"{_bank}/members/{_ben}/return", new { })).Code.ShouldBe("NotPermitted");
        foreach (var told in (Answer[])[await Http.GetAnswerAsync($"{_bank}/members/{_ben}"), await Http.GetAnswerAsync($"{_bank}/audit")])
            told.Text.ShouldNotContain("kept");
        (await _lead.PostAsync($"{_bank}/members/{_ben}/return", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await _lead.GetAnswerAsync($"{_bank}/members/{_ben}")).Code.ShouldBe("NotPermitted", "The lead reads no profiles.");
    }

    [Test]
    public async Task Whom_the_lead_paused_offers_nothing_agrees_to_nothing_and_comes_to_nothing_until_they_return()
    {
        var listing = (Guid)(await Http.GetAnswerAsync($"{_bank}/listings"))["items"]![0]!["listing"]!["id"]!;
        var arranged = await _annHttp.PostAsync($"{_bank}/arrangements", new { listing, account = _ann, date = "2999-01-01", about = 30 });
        arranged.Status.ShouldBe(HttpStatusCode.Created, arranged.Text);
        var garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        var session = await Http.PostAsync($"{_bank}/work-sessions", new { project = garden, date = "2999-01-01", from = "09:00", until = "12:00" });
        session.Status.ShouldBe(HttpStatusCode.Created, session.Text);
        (await Http.PostAsync($"{_bank}/arrangements/{arranged.Id}/agreement", new { account = _ben, yes = "telephone" })).Status.ShouldBe(HttpStatusCode.OK);
        (await _annHttp.GetAnswerAsync($"{_bank}/arrangements/{arranged.Id}"))["contact"].ShouldNotBeNull();

        (await _lead.PostAsync($"{_bank}/members/{_ben}/pause", new { })).Status.ShouldBe(HttpStatusCode.OK);

        (await Http.PostAsync($"{_bank}/listings", new { account = _ben, kind = "offer", category = "cooking", title = "Soup" })).Code.ShouldBe("MemberPast");
        (await Http.PostAsync($"{_bank}/arrangements/{arranged.Id}/agreement", new { account = _ben, yes = "telephone" })).Code.ShouldBe("MemberPast");
        (await Http.PostAsync($"{_bank}/work-sessions/{session.Id}/sign-ups", new { account = _ben })).Code.ShouldBe("MemberPast");
        (await _annHttp.GetAnswerAsync($"{_bank}/arrangements/{arranged.Id}")).Body!["contact"].ShouldBeNull("Nobody is told how to reach them.");
        (await _lead.PostAsync($"{_bank}/members/{_ben}/return", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.PostAsync($"{_bank}/work-sessions/{session.Id}/sign-ups", new { account = _ben })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task What_is_told_to_a_member_of_their_own_data_does_not_say_who_paused_them()
    {
        (await _lead.PostAsync($"{_bank}/members/{_ann}/pause", new { })).Status.ShouldBe(HttpStatusCode.OK);

        var data = await _annHttp.GetAnswerAsync("/v1/me/data");

        data.Text.ShouldContain("paused");
        data.Text.ShouldNotContain("kept");
        (await _annHttp.PostAsync($"{_bank}/members/{_ann}/return", new { })).Code.ShouldBe("NotPermitted");
    }

    [Test]
    public async Task Somebody_under_18_takes_part_as_their_guardian_agreed()
    {
        var garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        var yve = await Http.OpenAccountAsync(_bank, "member", "Yve");
        (await Http.PostAsync($"{_bank}/members", new { account = yve, how = "paper" })).Status.ShouldBe(HttpStatusCode.Created);
        await Http.PostAsync($"{_bank}/members/{yve}/steps", new { step = "agreed", version = "1" });
        (await Http.PostAsync($"{_bank}/members/{yve}/youth", new { until = "2999-06-30" })).Status.ShouldBe(HttpStatusCode.OK);

        (await Http.PostAsync($"{_bank}/members/{yve}/admission", new { })).Code.ShouldBe("GuardianNeeded");
        (await Http.PostAsync($"{_bank}/contributions/batch", new { project = garden, lines = new[] { new { helper = yve, minutes = 60 } } })).Code.ShouldBe("GuardianNeeded");
        (await Http.PostAsync($"{_bank}/listings", new { account = yve, kind = "offer", category = "cooking", title = "Soup" })).Code.ShouldBe("UnderAge");
        var agreed = await Http.PostAsync($"{_bank}/members/{yve}/youth/consent", new { guardian = "Mo Adler, her father", yes = "paper", until = "2998-01-01", projects = (Guid[])[garden] });
        agreed.Status.ShouldBe(HttpStatusCode.OK, agreed.Text);
        ((string?)(await Http.GetAnswerAsync($"{_bank}/members/{yve}/youth"))["guardian"]).ShouldBe("Mo Adler, her father");
        (await Http.PostAsync($"{_bank}/members/{yve}/admission", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.PostAsync($"{_bank}/contributions/batch", new { project = garden, lines = new[] { new { helper = yve, minutes = 60 } } })).Status.ShouldBe(HttpStatusCode.Created);
        (await Http.GetAnswerAsync($"{_bank}/members/{_ben}/youth")).Code.ShouldBe("MemberUnknown");
        (await Http.PostAsync($"{_bank}/members/{yve}/youth/withdrawal", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.PostAsync($"{_bank}/contributions/batch", new { project = garden, lines = new[] { new { helper = yve, minutes = 60 } } })).Code.ShouldBe("GuardianNeeded");
    }

    [Test]
    public async Task Somebody_under_18_is_proposed_what_their_guardian_named()
    {
        await Http.PostAsync($"{_bank}/members/{_ann}/youth", new { until = "2999-06-30" });
        (await MatchesAsync()).ShouldBe(0);
        await Http.PostAsync($"{_bank}/members/{_ann}/youth/consent", new { guardian = "Mo", yes = "inPerson", until = "2998-01-01", activities = (string[])["cooking"] });
        (await MatchesAsync()).ShouldBe(1);
    }

    private async Task<int> MatchesAsync() => (await Http.GetAnswerAsync($"{_bank}/members/{_ann}/matches")).Body!.AsArray().Count;

    private async Task<Guid> MemberAsync(string name)
    {
        var account = await Http.OpenAccountAsync(_bank, "member", name);
        await Http.PostAsync($"{_bank}/members", new { account, how = "paper", skills = (string[])["cooking"] });
        await Http.PostAsync($"{_bank}/members/{account}/steps", new { step = "agreed", version = "1" });
        (await Http.PostAsync($"{_bank}/members/{account}/admission", new { })).Status.ShouldBe(HttpStatusCode.OK);
        return account;
    }
}
