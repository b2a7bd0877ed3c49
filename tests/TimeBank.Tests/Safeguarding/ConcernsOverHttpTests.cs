using System.Net;
using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Safeguarding;

/// <summary>Concerns over HTTP: everybody raises them, the safeguarding lead reads them, and nobody else learns that there is one.</summary>
[Category("Database")]
public sealed class ConcernsOverHttpTests
{
    private const string Worry = "Bruises that he does not explain.";

    private string _bank = "";
    private Guid _ann, _ben, _benPerson;
    private HttpClient _annHttp = null!, _benHttp = null!, _lead = null!;

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        (_ann, _ben) = (await Http.OpenAccountAsync(_bank, "member", "Ann"), await Http.OpenAccountAsync(_bank, "member", "Ben"));
        (_annHttp, _) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        (_benHttp, _benPerson) = await Http.JoinAsync(_bank, new { role = "member", account = _ben });
        (_lead, _) = await Http.JoinAsync(_bank, new { role = "safeguardingLead" });
    }

    [TearDown]
    public void Close()
    {
        _annHttp.Dispose();
        _benHttp.Dispose();
        _lead.Dispose();
    }

    [Test]
    public async Task A_concern_is_looked_into_written_about_and_closed()
    {
        var id = (await RaiseAsync(_annHttp, new { account = _ben, way = "telephone", text = Worry })).Id;

        ((string?)(await SayAsync(id, "inquiry"))["stage"]).ShouldBe("lookedInto");
        var noted = await _lead.PostAsync($"{_bank}/concerns/{id}/notes", new { text = "Rang the doctor." });
        noted.Status.ShouldBe(HttpStatusCode.Created, noted.Text);
        await _lead.PostAsync($"{_bank}/concerns/{id}/notes", new { text = "All is well." });
        var file = await _lead.GetAnswerAsync($"{_bank}/concerns/{id}");
        file["notes"]!.AsArray().Select(n => (string)n!["text"]!).ShouldBe(["Rang the doctor.", "All is well."]);
        ((string?)file["concern"]!["way"], (string?)file["concern"]!["text"]).ShouldBe(("telephone", Worry));
        var closed = await SayAsync(id, "closure");
        ((string?)closed["stage"]).ShouldBe("closed");
        (await SayAsync(id, "closure"))["closed"]!.ToString().ShouldBe(closed["closed"]!.ToString(), "Twice keeps the first time.");
        (await SayAsync(id, "inquiry")).Code.ShouldBe("ConcernPast");
        (await _lead.PostAsync($"{_bank}/concerns/{id}/notes", new { text = "Late." })).Code.ShouldBe("ConcernPast");
        (await _lead.GetAnswerAsync($"{_bank}/concerns?stage=closed"))["items"]!.AsArray().Count.ShouldBe(1);
        (await SayAsync(Guid.NewGuid(), "inquiry")).Code.ShouldBe("NotFound");
    }

    [Test]
    public async Task A_concern_may_be_about_a_visit_that_whoever_raises_it_had_part_in()
    {
        var visit = (await _annHttp.PostAsync($"{_bank}/contributions", new { helper = _ann, helped = _ben, minutes = 30 })).Id;
        var (cora, _) = await Http.JoinAsync(_bank, new { role = "member", account = await Http.OpenAccountAsync(_bank, "member", "Cora") });

        var raised = await RaiseAsync(_benHttp, new { visit, text = Worry });

        ((Guid)(await _lead.GetAnswerAsync($"{_bank}/concerns/{raised.Id}"))["concern"]!["visit"]!).ShouldBe(visit);
        (await _lead.PostAsync($"{_bank}/concerns", new { visit, account = _ann, way = "paper", text = Worry })).Status.ShouldBe(HttpStatusCode.Created);
        (await cora.PostAsync($"{_bank}/concerns", new { visit, text = Worry })).Code.ShouldBe("VisitUnknown");
        (await cora.PostAsync($"{_bank}/concerns", new { visit = Guid.NewGuid(), text = Worry })).Code.ShouldBe("VisitUnknown");
        (await cora.PostAsync($"{_bank}/concerns", new { text = Worry })).Code.ShouldBe("Invalid");
        cora.Dispose();
    }

    [Test]
    public async Task Nobody_but_the_lead_learns_that_there_is_a_concern()
    {
        var (auditor, _) = await Http.JoinAsync(_bank, new { role = "auditor" });
        var (organiser, _) = await Http.JoinAsync(_bank, new { role = "organiser" });
        HttpClient[] others = [Http, organiser, auditor, _annHttp, _benHttp];
        string[] lists = ["accounts", "members", "people", "standings", "audit", "transfers", "holds", "listings", $"accounts/{_ben}"];
        var before = await SeenAsync();

        var id = (await RaiseAsync(_annHttp, new { account = _ben, text = Worry })).Id;
        await _lead.PostAsync($"{_bank}/concerns/{id}/notes", new { text = Worry });

        (await SeenAsync()).ShouldBe(before, "What others see is the same with a concern and without.");
        foreach (var other in others)
        {
            foreach (var asked in (Func<Task<Answer>>[])[
                () => other.GetAnswerAsync($"{_bank}/concerns"), () => other.GetAnswerAsync($"{_bank}/concerns/{id}"), () => other.GetAnswerAsync($"{_bank}/concerns/{Guid.NewGuid()}"),
                () => other.PostAsync($"{_bank}/concerns/{id}/notes", new { text = "x" }), () => other.PostAsync($"{_bank}/concerns/{id}/inquiry", new { }),
                () => other.PostAsync($"{_bank}/concerns/{id}/closure", new { })])
                (await asked()).Code.ShouldBe("NotPermitted");
        }
        foreach (var data in (Answer[])[await _benHttp.GetAnswerAsync("/v1/me/data"), await organiser.GetAnswerAsync($"{_bank}/people/{_benPerson}/data")])
            data.Text.ShouldNotContain("oncern");
        (await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, $"""
            select (select count(*) from timebank.mt_events e where e::text like '%Bruises%' or e::text like '%{id}%') + (select count(*) from timebank.texts t where t::text like '%Bruises%')
              + (select count(*) from timebank.things t where t::text like '%{id}%') + (select count(*) from timebank.idempotency_keys k where k::text like '%{id}%')
            """)).ShouldBe("0");

        async Task<string> SeenAsync()
        {
            var seen = new List<string>();
            // An auditor's reading is written down once: before anything is compared.
            await auditor.GetAnswerAsync($"{_bank}/accounts");
            foreach (var other in others)
            {
                foreach (var list in lists)
                    seen.Add((await other.GetAnswerAsync($"{_bank}/{list}")).Text);
            }
            return string.Join('\n', seen);
        }
    }

    [Test]
    public async Task Whether_an_organiser_may_erase_a_person_does_not_depend_on_concerns()
    {
        await RaiseAsync(_annHttp, new { account = _ben, text = Worry });
        var (other, otherPerson) = await Http.JoinAsync(_bank, new { role = "member", account = _ann });
        foreach (var account in (Guid[])[_ann, _ben])
            (await Http.PostAsync($"{_bank}/accounts/{account}/closure", new { })).Status.ShouldBe(HttpStatusCode.OK);

        var (with, without) = (await Http.PostAsync($"{_bank}/people/{_benPerson}/erasure", new { }), await Http.PostAsync($"{_bank}/people/{otherPerson}/erasure", new { }));

        (with.Status, with["texts"]!.ToString()).ShouldBe((without.Status, without["texts"]!.ToString()));
        (await _lead.GetAnswerAsync($"{_bank}/concerns"))["items"]!.AsArray().Count.ShouldBe(1);
        other.Dispose();
    }

    private async Task<Answer> RaiseAsync(HttpClient by, object concern)
    {
        var raised = await by.PostAsync($"{_bank}/concerns", concern);
        raised.Status.ShouldBe(HttpStatusCode.Created, raised.Text);
        return raised;
    }

    private Task<Answer> SayAsync(Guid id, string what) => _lead.PostAsync($"{_bank}/concerns/{id}/{what}", new { });
}
