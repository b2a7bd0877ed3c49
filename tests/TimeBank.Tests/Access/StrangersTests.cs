using System.Net;
using Shouldly;

namespace TimeBank.Tests.Access;

/// <summary>Nobody is drawn into a bank without an act of theirs, and no bank learns of another what it keeps about a person.</summary>
[Category("Database")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StrangersTests
{
    private string _bank = "", _elsewhere = "";

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open() => (_bank, _elsewhere) = (await Http.OpenBankAsync(), await Http.OpenBankAsync());

    [TestCase("")]
    [TestCase("?dryRun=true")]
    public async Task Who_never_came_into_a_bank_is_given_no_standing_there_and_nothing_of_them_is_learnt(string how)
    {
        var (_, stranger) = await Http.JoinAsync(_elsewhere, new { role = "auditor" });

        foreach (var person in (Guid[])[stranger, Guid.CreateVersion7()])
        {
            var refused = await Http.PostAsync($"{_bank}/standings{how}", new { person, role = "auditor" });
            (refused.Status, refused.Code, (Guid)refused["person"]).ShouldBe((HttpStatusCode.NotFound, "RightUnknown", person));
        }
        (await Http.GetAnswerAsync($"{_bank}/people/{stranger}/data")).Code.ShouldBe("RightUnknown");
        (await Http.PostAsync($"{_bank}/people/{stranger}/codes", new { endsSecondFactor = true })).Code.ShouldBe("PersonUnknown");
    }

    [Test]
    public async Task Who_has_or_had_a_standing_in_a_bank_is_given_another()
    {
        var (_, person) = await Http.JoinAsync(_bank, new { role = "auditor" });
        var garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        var given = await Http.PostAsync($"{_bank}/standings", new { person, role = "coordinator", account = garden });
        given.Status.ShouldBe(HttpStatusCode.Created, given.Text);
        foreach (var standing in (await Http.GetAnswerAsync($"{_bank}/standings?person={person}"))["items"].AsArray())
            (await Http.SayAsync(HttpMethod.Delete, $"{_bank}/standings/{(Guid)standing!["id"]!}")).Status.ShouldBe(HttpStatusCode.OK);

        (await Http.PostAsync($"{_bank}/standings", new { person, role = "auditor" })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task Who_comes_by_an_invitation_of_another_bank_keeps_a_login_that_neither_opens()
    {
        var (rosa, person) = await Http.JoinAsync(_elsewhere, new { role = "auditor" });
        var account = await Http.OpenAccountAsync(_bank, "member", "Rosa");
        await ComeAsync(rosa, _bank, new { role = "member", account });
        var former = (await Http.GetAnswerAsync($"{_elsewhere}/standings?person={person}"))["items"][0]!["id"]!;
        await Http.SayAsync(HttpMethod.Delete, $"{_elsewhere}/standings/{(Guid)former}");

        (await Http.PostAsync($"{_bank}/people/{person}/codes", new { endsSecondFactor = true })).Code.ShouldBe("PersonOutOfReach");
    }

    [Test]
    public async Task A_bank_s_organiser_reads_nothing_of_other_banks_or_of_the_installation_in_what_is_kept_about_a_person()
    {
        var (rosa, person) = await Http.JoinAsync(_elsewhere, new { role = "organiser" });
        await ComeAsync(rosa, _bank, new { role = "organiser" });
        var made = new List<Guid>();
        foreach (var bank in (string[])[_elsewhere, _bank])
            made.Add((await rosa.PostAsync($"{bank}/invitations", new { name = "A friend", standing = new { role = "auditor" } })).Id);

        var (theirs, hers) = (await Http.GetAnswerAsync($"{_bank}/people/{person}/data"), await rosa.GetAnswerAsync("/v1/me/data"));

        Invitations(theirs).ShouldBe([made[1]]);
        Invitations(hers).ShouldBe(made);
        foreach (var member in (string[])["isOperator", "failures"])
            (theirs["person"][member], hers["person"][member] is null).ShouldBe((null, false), member);
        theirs["banks"].AsArray().Select(b => $"/v1/banks/{(string)b!["bank"]!}").ShouldBe([_bank]);
    }

    private static IEnumerable<Guid> Invitations(Answer data) => data["person"]["invitationsMade"]!.AsArray().Select(i => (Guid)i!);

    private static async Task ComeAsync(HttpClient who, string bank, object standing)
    {
        var code = (string)(await Http.PostAsync($"{bank}/invitations", new { name = "Rosa", standing }))["code"]!;
        var accepted = await who.PostAsync("/v1/invitations/acceptance", new { code });
        accepted.Status.ShouldBe(HttpStatusCode.Created, accepted.Text);
    }
}
