using System.Net;
using Shouldly;

namespace TimeBank.Tests.Projects;

/// <summary>What a project is for, its activities, and hours that need a credential, over HTTP.</summary>
[Category("Database")]
public sealed class ProjectsOverHttpTests
{
    private string _bank = "";
    private Guid _annAccount, _benAccount, _garden;
    private HttpClient _organiser = null!, _ann = null!, _teo = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        _organiser = RunningServer.Http;
        _bank = await _organiser.OpenBankAsync();
        _annAccount = (await _organiser.PostAsync($"{_bank}/accounts", new { kind = "member", name = "Ann", neighbourhood = "north" })).Id;
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben");
        _garden = (await _organiser.PostAsync($"{_bank}/accounts", new { kind = "project", name = "Garden", neighbourhood = "north" })).Id;
        _ann = (await _organiser.JoinAsync(_bank, new { role = "member", account = _annAccount })).Http;
        _teo = (await _organiser.JoinAsync(_bank, new { role = "coordinator", account = _garden })).Http;
    }

    [OneTimeTearDown]
    public void Leave()
    {
        _ann.Dispose();
        _teo.Dispose();
    }

    private static readonly object s_coProduction = new
    {
        kind = "coDesign", plannedBy = "professionalsWithUsersAndCommunities", deliveredBy = "professionalsWithUsersAndCommunities", togetherness = "collective", effect = "additive",
        inputOf = new[] { "publicAgency", "citizen", "citizen" },
    };

    [Test]
    public async Task A_project_names_its_coordinators_for_those_who_see_all_of_it()
    {
        var meadow = (await _organiser.PostAsync($"{_bank}/accounts", new { kind = "project", name = "Meadow", neighbourhood = "south" })).Id;
        (await _organiser.PostAsync($"{_bank}/projects", new { account = meadow })).Status.ShouldBe(HttpStatusCode.Created);
        (await _organiser.GetAnswerAsync($"{_bank}/projects/{meadow}"))["coordinators"].AsArray().ShouldBeEmpty();
        var (una, person) = await _organiser.JoinAsync(_bank, new { role = "coordinator", account = meadow });
        var (south, _) = await _organiser.JoinAsync(_bank, new { role = "neighbourhoodCoordinator", neighbourhood = "south" });
        var (auditor, _) = await _organiser.JoinAsync(_bank, new { role = "auditor" });

        foreach (var who in (HttpClient[])[_organiser, una, south, auditor])
        {
            var shown = await who.GetAnswerAsync($"{_bank}/projects/{meadow}");
            shown["coordinators"].AsArray().Select(c => ((Guid)c!["id"]!, (string)c["name"]!)).ShouldBe([(person, "Somebody for tests")]);
            var listed = (await who.GetAnswerAsync($"{_bank}/projects?limit=100"))["items"].AsArray().Single(p => (Guid)p!["project"]!["id"]! == meadow)!;
            listed["coordinators"]!.AsArray().Count.ShouldBe(1);
        }
        foreach (var who in (HttpClient[])[_ann, _teo])
            (await who.GetAnswerAsync($"{_bank}/projects/{meadow}")).Body!["coordinators"].ShouldBeNull();
        foreach (var client in (HttpClient[])[una, south, auditor])
            client.Dispose();
    }

    private async Task<Guid> OpenProjectAsync() => await _organiser.OpenAccountAsync(_bank, "project", "Meadow");

    [Test]
    public async Task Its_coordinator_describes_it_everybody_of_the_bank_sees_it_and_whoever_changes_it_has_read_it()
    {
        var described = await _teo.PostAsync($"{_bank}/projects", new { account = _garden, purpose = "Food from the alley.", needs = "Spades.", from = "2020-01-01", coProduction = s_coProduction });
        described.Status.ShouldBe(HttpStatusCode.Created, described.Text);
        (described.Id, described.Headers.Location!.OriginalString, (string)described["stage"]!).ShouldBe((_garden, $"{_bank}/projects/{_garden}", "running"));
        ((string)described["coProduction"]["form"]!, described["coProduction"]["inputOf"]!.AsArray().Count).ShouldBe(("fullCoProduction", 2));
        (await _teo.PostAsync($"{_bank}/projects", new { account = _garden })).Code.ShouldBe("ProjectPast");

        var seen = await _ann.GetAnswerAsync($"{_bank}/projects/{_garden}");
        ((string)seen["name"]!, (string)seen["neighbourhood"]!, (string)seen["purpose"]!, (string)seen["needs"]!).ShouldBe(("Garden", "north", "Food from the alley.", "Spades."));
        var version = seen.Headers.ETag!.Tag;
        (await _ann.SayAsync(HttpMethod.Put, $"{_bank}/projects/{_garden}", new { purpose = "Flowers." }, ifMatch: version)).Code.ShouldBe("NotPermitted");
        (await _teo.SayAsync(HttpMethod.Put, $"{_bank}/projects/{_garden}", new { purpose = "Flowers." }, ifMatch: "\"9\"")).Code.ShouldBe("VersionMismatch");
        (await _teo.SayAsync(HttpMethod.Put, $"{_bank}/projects/{_garden}", new { purpose = "Flowers.", from = "2020-02-01", until = "2020-01-01" }, ifMatch: version)).Code.ShouldBe("Invalid");
        (await _teo.SayAsync(HttpMethod.Put, $"{_bank}/projects/{_garden}", new { purpose = "Flowers." }, ifMatch: version)).Status.ShouldBe(HttpStatusCode.OK);

        var listed = (await _ann.GetAnswerAsync($"{_bank}/projects?stage=running"))["items"].AsArray().Single(p => (Guid)p!["project"]!["id"]! == _garden)!;
        ((string)listed["purpose"]!, listed["needs"], listed["project"]!["coProduction"]).ShouldBe(("Flowers.", null, null));
        (await _ann.GetAnswerAsync($"{_bank}/projects/{_annAccount}")).Code.ShouldBe("ProjectUnknown");
    }

    [Test]
    public async Task A_project_is_planned_runs_and_ends()
    {
        var meadow = await OpenProjectAsync();
        ((string)(await _organiser.PostAsync($"{_bank}/projects", new { account = meadow, from = "2999-01-01" }))["stage"]!).ShouldBe("planned");
        ((string)(await _organiser.PostAsync($"{_bank}/projects/{meadow}/start", new { }))["stage"]!).ShouldBe("running");
        ((string)(await _organiser.PostAsync($"{_bank}/projects/{meadow}/end", new { }))["stage"]!).ShouldBe("ended");
        (await _organiser.PostAsync($"{_bank}/projects/{meadow}/start", new { })).Code.ShouldBe("ProjectPast");
        (await _organiser.GetAnswerAsync($"{_bank}/projects?stage=ended"))["items"].AsArray().Select(p => (Guid)p!["project"]!["id"]!).ShouldContain(meadow);
    }

    [Test]
    public async Task Nobody_is_credited_without_the_credential_by_log_list_or_session()
    {
        var meadow = await OpenProjectAsync();
        var felling = await _organiser.PostAsync($"{_bank}/projects/{meadow}/activities", new { name = "Felling", risk = "A saw.", precautions = "Helmets.", insurance = "The city's.", requires = new[] { "training-saw" } });
        felling.Status.ShouldBe(HttpStatusCode.Created, felling.Text);
        var shown = await _ann.GetAnswerAsync(felling.Headers.Location!.OriginalString);
        ((string)shown["name"]!, (string)shown["risk"]!, (string)shown["precautions"]!, (string)shown["insurance"]!).ShouldBe(("Felling", "A saw.", "Helmets.", "The city's."));
        (await _ann.GetAnswerAsync($"{_bank}/projects/{meadow}/activities?stage=open"))["items"].AsArray().Count.ShouldBe(1);
        var activity = felling.Id;
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var session = (await _organiser.PostAsync($"{_bank}/work-sessions", new { project = meadow, date = today, from = "00:00", until = "23:00", activity })).Id;

        Task<Answer> Log() => _organiser.PostAsync($"{_bank}/contributions", new { helper = _benAccount, project = meadow, minutes = 30, activity });
        Task<Answer> List() => _organiser.PostAsync($"{_bank}/contributions/batch", new { project = meadow, activity, lines = new[] { new { helper = _benAccount, minutes = 30 } } });
        Task<Answer> CheckIn() => _organiser.PostAsync($"{_bank}/work-sessions/{session}/check-ins", new { account = _benAccount });
        Task<Answer> Credit() => _organiser.PostAsync($"{_bank}/work-sessions/{session}/credit", new { minutes = new[] { new { helper = _benAccount, minutes = 15 } } });
        foreach (var way in (Func<Task<Answer>>[])[Log, List, CheckIn, Credit])
        {
            var refused = await way();
            (refused.Status, refused.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "CredentialNeeded"), refused.Text);
            ((Guid)refused["account"]!, (string)refused["credential"]!, (string)refused["occurred"]!).ShouldBe((_benAccount, "training-saw", today));
        }
        (await _organiser.PostAsync($"{_bank}/contributions", new { helper = _benAccount, project = _garden, minutes = 30, activity })).Code.ShouldBe("ActivityUnknown");

        (await _organiser.PostAsync($"{_bank}/members/{_benAccount}/credentials", new { kind = "training-saw" })).Status.ShouldBe(HttpStatusCode.Created);
        foreach (var way in (Func<Task<Answer>>[])[Log, List, CheckIn, Credit])
        {
            var done = await way();
            ((int)done.Status).ShouldBeInRange(200, 299, done.Text);
        }
        (await _organiser.BalanceAsync(_bank, _benAccount)).ShouldBe(45);
        (await _organiser.PostAsync($"{_bank}/activities/{activity}/end", new { })).Status.ShouldBe(HttpStatusCode.OK);
        ((string)(await _ann.GetAnswerAsync($"{_bank}/activities/{activity}"))["activity"]["stage"]!).ShouldBe("ended");
    }
}
