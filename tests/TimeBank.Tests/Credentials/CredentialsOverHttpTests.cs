using System.Net;
using Shouldly;

namespace TimeBank.Tests.Credentials;

/// <summary>Who records, sees and revokes credentials, and which ones end soon.</summary>
[Category("Database")]
public sealed class CredentialsOverHttpTests
{
    private string _bank = "";
    private Guid _annAccount, _benAccount;
    private HttpClient _organiser = null!, _ann = null!, _north = null!, _south = null!, _auditor = null!;
    private Guid _northPerson;

    [OneTimeSetUp]
    public async Task Open()
    {
        _organiser = RunningServer.Http;
        _bank = await _organiser.OpenBankAsync();
        _annAccount = (await _organiser.PostAsync($"{_bank}/accounts", new { kind = "member", name = "Ann", neighbourhood = "north" })).Id;
        _benAccount = await _organiser.OpenAccountAsync(_bank, "member", "Ben");
        _ann = (await _organiser.JoinAsync(_bank, new { role = "member", account = _annAccount })).Http;
        (_north, _northPerson) = await _organiser.JoinAsync(_bank, new { role = "neighbourhoodCoordinator", neighbourhood = "north" });
        _south = (await _organiser.JoinAsync(_bank, new { role = "neighbourhoodCoordinator", neighbourhood = "south" })).Http;
        _auditor = (await _organiser.JoinAsync(_bank, new { role = "auditor" })).Http;
    }

    [OneTimeTearDown]
    public void Leave()
    {
        foreach (var http in (HttpClient[])[_ann, _north, _south, _auditor])
            http.Dispose();
    }

    [Test]
    public async Task A_neighbourhoods_coordinator_records_what_they_saw_and_only_they_the_member_and_the_auditor_see_it()
    {
        var credentials = $"{_bank}/members/{_annAccount}/credentials";
        var seen = await _north.PostAsync(credentials, new { kind = "background-check", seenOn = "2024-05-01", until = "2999-05-01" });
        seen.Status.ShouldBe(HttpStatusCode.Created, seen.Text);
        ((Guid)seen["credential"]["seenBy"]!, (string)seen["credential"]["seenOn"]!).ShouldBe((_northPerson, "2024-05-01"));
        (await _south.PostAsync(credentials, new { kind = "background-check" })).Code.ShouldBe("NotPermitted");
        (await _ann.PostAsync(credentials, new { kind = "background-check" })).Code.ShouldBe("NotPermitted");
        (await _north.PostAsync(credentials, new { kind = "background-check", seenOn = "2999-05-01" })).Code.ShouldBe("OccurredInFuture");
        (await _north.PostAsync(credentials, new { kind = "background-check", content = "Nothing known." })).Code.ShouldBe("MalformedRequest");

        foreach (var reader in (HttpClient[])[_ann, _north, _organiser, _auditor])
            (await reader.GetAnswerAsync(credentials))["credentials"].AsArray().Select(c => (Guid)c!["id"]!).ShouldContain(seen.Id);
        (await _south.GetAnswerAsync(credentials)).Code.ShouldBe("NotPermitted");
        (await _auditor.PostAsync(credentials, new { kind = "background-check" })).Code.ShouldBe("NotPermitted");

        (await _south.PostAsync($"{credentials}/{seen.Id}/revocation", new { })).Code.ShouldBe("NotPermitted");
        (await _north.PostAsync($"{credentials}/{Guid.NewGuid()}/revocation", new { })).Code.ShouldBe("CredentialUnknown");
        var revoked = await _north.PostAsync($"{credentials}/{seen.Id}/revocation", new { on = "2025-01-01" });
        ((string)revoked["credentials"].AsArray().Single(c => (Guid)c!["id"]! == seen.Id)!["revokedOn"]!).ShouldBe("2025-01-01");
    }

    [Test]
    public async Task What_ends_soon_is_listed_for_who_organises_the_member_until_it_is_renewed()
    {
        await _organiser.PostAsync($"{_bank}/members/{_benAccount}/credentials", new { kind = "first-aid", seenOn = "2024-01-01", until = "2024-12-31" });
        await _north.PostAsync($"{_bank}/members/{_annAccount}/credentials", new { kind = "first-aid", seenOn = "2024-01-01", until = "2998-12-31" });
        async Task<List<string>> Ending(HttpClient by, string query = "") =>
            [.. (await by.GetAnswerAsync($"{_bank}/credentials{query}"))["items"].AsArray().Select(i => $"{i!["name"]} {string.Join(' ', i["credentials"]!.AsArray().Select(c => c!["kind"]))}").Order()];

        (await Ending(_organiser)).ShouldBe(["Ben first-aid"]);
        (await Ending(_organiser, "?until=2998-12-31")).ShouldBe(["Ann first-aid", "Ben first-aid"]);
        (await Ending(_north, "?until=2998-12-31")).ShouldBe(["Ann first-aid"]);
        (await Ending(_south, "?until=2998-12-31")).ShouldBeEmpty();
        (await Ending(_auditor)).ShouldBe(["Ben first-aid"]);

        await _organiser.PostAsync($"{_bank}/members/{_benAccount}/credentials", new { kind = "first-aid" });
        (await Ending(_organiser)).ShouldBeEmpty();
    }
}
