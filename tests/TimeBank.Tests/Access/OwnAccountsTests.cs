using System.Net;
using Shouldly;

namespace TimeBank.Tests.Access;

/// <summary>Several logins may share an account; each grown-up is offered their own.</summary>
[Category("Database")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OwnAccountsTests
{
    private string _bank = "";
    private Guid _household;

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _household = (await DoneAsync(Http.PostAsync($"{_bank}/members/enrolments", new { name = "The Delgados", neighbourhood = "north", agreement = "1" }))).Id;
    }

    [Test]
    public async Task Whoever_is_invited_to_an_account_that_somebody_has_a_login_for_is_offered_their_own()
    {
        (await InviteAsync()).Body!["ownAccounts"].ShouldBeNull("The first has it for themselves.");
        ((string)(await InviteAsync())["ownAccounts"]!).ShouldBe($"{_bank}/members/{_household}/own-accounts", "One is invited already.");
        var clinic = await Http.OpenAccountAsync(_bank, "provider", "Clinic");
        foreach (var _ in (int[])[1, 2])
            (await DoneAsync(Http.PostAsync($"{_bank}/invitations", new { name = "Staff", standing = new { role = "staff", account = clinic } }))).Body!["ownAccounts"].ShouldBeNull();
        var elsewhere = (await DoneAsync(Http.PostAsync($"{_bank}/members/enrolments", new { name = "Ben", agreement = "1" }))).Id;
        await Http.JoinAsync(_bank, new { role = "member", account = elsewhere });
        (await DoneAsync(Http.PostAsync($"{_bank}/invitations", new { name = "Bea", standing = new { role = "member", account = elsewhere } }))).Body!["ownAccounts"].ShouldNotBeNull("One has a login.");
    }

    [Test]
    public async Task One_call_makes_an_account_where_the_shared_one_belongs_and_a_code_to_come_in()
    {
        var key = Guid.NewGuid().ToString();
        var made = await DoneAsync(Http.PostAsync($"{_bank}/members/{_household}/own-accounts", new { name = "Luis Delgado", agreement = "1" }, key));

        made.Headers.Location!.OriginalString.ShouldBe($"{_bank}/members/{made.Id}");
        var member = await DoneAsync(Http.GetAnswerAsync($"{_bank}/members/{made.Id}"));
        ((string)member["name"]!, (string)member["neighbourhood"]!, (string)member["member"]!["stage"]!).ShouldBe(("Luis Delgado", "north", "active"));
        using var luis = new HttpClient { BaseAddress = Http.BaseAddress };
        await DoneAsync(luis.PostAsync("/v1/invitations/acceptance", new { code = (string)made["invitation"]!["code"]!, login = $"luis-{Guid.NewGuid():N}", password = Logins.Password }));
        (await DoneAsync(Http.PostAsync($"{_bank}/members/{_household}/own-accounts", new { name = "Luis Delgado", agreement = "1" }, key))).Id.ShouldBe(made.Id, "Nobody is enrolled twice.");
    }

    [Test]
    public async Task Who_shares_the_account_gets_the_new_one_with_the_login_they_have()
    {
        var (luis, person) = await Http.JoinAsync(_bank, new { role = "member", account = _household });
        var (stranger, other) = await Http.JoinAsync(_bank, new { role = "auditor" });

        var made = await DoneAsync(Http.PostAsync($"{_bank}/members/{_household}/own-accounts", new { name = "Luis Delgado", person }));

        (made.Body!["invitation"], (Guid)made["person"]!).ShouldBe((null, person));
        foreach (var account in (Guid[])[made.Id, _household])
            (await luis.GetAnswerAsync($"{_bank}/accounts/{account}/entries")).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.PostAsync($"{_bank}/members/{_household}/own-accounts", new { name = "Somebody", person = other })).Code.ShouldBe("RightUnknown");
        (await luis.PostAsync($"{_bank}/members/{_household}/own-accounts", new { name = "Somebody" })).Code.ShouldBe("NotPermitted");
        (await Http.PostAsync($"{_bank}/members/{Guid.NewGuid()}/own-accounts", new { name = "Somebody" })).Code.ShouldBe("MemberUnknown");
        luis.Dispose();
        stranger.Dispose();
    }

    private Task<Answer> InviteAsync() => DoneAsync(Http.PostAsync($"{_bank}/invitations", new { name = "One of them", standing = new { role = "member", account = _household } }));

    private static async Task<Answer> DoneAsync(Task<Answer> asked)
    {
        var answer = await asked;
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }
}
