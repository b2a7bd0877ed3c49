using System.Net;
using NUnit.Framework;
using Shouldly;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

[Category("Database")]
public sealed class PeopleInvitationTests
{
    private string _bank = "";

    [OneTimeSetUp]
    public async Task OpenBank() => _bank = await RunningServer.Http.OpenBankAsync();

    [Test]
    public async Task A_printed_code_brings_somebody_without_e_mail_in()
    {
        var account = await RunningServer.Http.OpenAccountAsync(_bank, "member", "Rosa Lund");
        var invitation = await InviteAsync("Rosa Lund", new { role = "member", account });
        ((string)invitation["link"]!).ShouldEndWith("/invitation#code=" + (string)invitation["code"]!);
        ((DateTimeOffset)invitation["expires"]!).ShouldBeInRange(DateTimeOffset.UtcNow.AddDays(13), DateTimeOffset.UtcNow.AddDays(15));

        var login = NewLogin();
        var accepted = (await AcceptAsync(invitation, login)).Ok();
        accepted.Status.ShouldBe(HttpStatusCode.Created);
        var me = (await (await Nobody.PostAsync("/v1/sessions", new { login, password = Secret, door = "app" })).TokenOf().GetAnswerAsync("/v1/me")).Ok();
        ((string)me["name"]!).ShouldBe("Rosa Lund");
        ((string)me["banks"][0]!["standings"]![0]!["account"]!).ShouldBe(account.ToString());
        (await NotedAsync(_bank, "invitationMade")).ShouldContain(invitation.Id.ToString());
        (await AcceptAsync(invitation, NewLogin())).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await SqlAsync<Guid>($"select id from people.invitations where id = '{invitation.Id}'")).ShouldBeEmpty();
    }

    [Test]
    public async Task A_letter_brings_in_who_has_an_address_and_shows_that_they_read_it()
    {
        var (email, login) = ($"{NewLogin()}@example.org", NewLogin());
        var invitation = await InviteAsync("Marcus", new { role = "auditor" }, email);
        var code = CodeIn(await LetterAsync(email));

        code.ShouldNotBe((string)invitation["code"]!);
        (await Nobody.PostAsync("/v1/invitations/acceptance", new { code, login, password = Secret, name = "Marcus B." })).Ok();
        (await SqlAsync<bool>($"select email_confirmed and display_name = 'Marcus B.' from people.persons where login = '{login}'")).ShouldBe([true]);
        (await AcceptAsync(invitation, NewLogin())).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
    }

    [Test]
    public async Task Of_many_who_bring_the_same_code_at_once_one_comes_in()
    {
        var invitation = await InviteAsync("Somebody", new { role = "auditor" });
        var logins = Enumerable.Range(0, 8).Select(_ => NewLogin()).ToList();

        var answers = await Task.WhenAll(logins.Select(l => AcceptAsync(invitation, l)));
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.Code == "CodeRefused").ShouldBe(7);
        (await SqlAsync<long>($"select count(*) from people.persons where login in ('{string.Join("','", logins)}')")).ShouldBe([1]);
    }

    [Test]
    public async Task A_login_that_is_taken_leaves_the_code_as_it_was()
    {
        var rosa = await NewMemberOfAsync(_bank);
        var invitation = await InviteAsync("Another", new { role = "auditor" });

        (await AcceptAsync(invitation, rosa.Login.ToUpperInvariant())).ShouldBe(HttpStatusCode.Conflict, "LoginTaken");
        (await AcceptAsync(invitation, NewLogin())).Ok();
    }

    [Test]
    public async Task Who_has_a_login_already_gets_the_standing_and_no_second_login()
    {
        var rosa = await NewMemberAsync();
        var mine = await rosa.SignInAsync();
        var invitation = await InviteAsync("Rosa", new { role = "auditor" });

        // A helper who is signed in must not take the standing by mistake.
        (await mine.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]!, login = NewLogin(), password = Secret })).ShouldBe(HttpStatusCode.BadRequest, "Invalid");
        var accepted = (await mine.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]! })).Ok();
        ((string)accepted["person"]!).ShouldBe(rosa.Id.ToString());
        (await mine.GetAnswerAsync("/v1/me")).Ok()["banks"].AsArray().Count.ShouldBe(2);
    }

    [Test]
    public async Task What_the_inviter_may_not_give_any_more_is_not_given()
    {
        var organiser = await NewOrganiserAsync(_bank);
        var theirs = await organiser.SignInAsync();
        var invitation = (await theirs.PostAsync($"{_bank}/invitations", new { name = "A friend", standing = new { role = "organiser" } })).Ok();
        var grant = (string)(await theirs.GetAnswerAsync("/v1/me"))["banks"][0]!["standings"]![0]!["id"]!;
        (await RunningServer.Http.SayAsync(HttpMethod.Delete, $"{_bank}/standings/{grant}")).Ok();

        (await AcceptAsync(invitation, NewLogin())).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SqlAsync<Guid?>($"select accepted_by from people.invitations where id = '{invitation.Id}'")).ShouldBe([null]);
    }

    [Test]
    public async Task An_operator_invites_the_first_organiser_of_a_bank_and_nobody_else()
    {
        var bank = $"/v1/banks/test-{Guid.NewGuid().ToString("N")[..12]}";
        (await RunningServer.Http.PostAsync("/v1/banks", new { id = bank.Split('/')[^1], name = "A bank without anybody" })).Ok();
        (await RunningServer.Http.PostAsync($"{bank}/invitations", new { name = "Rosa", standing = new { role = "auditor" } })).ShouldBe(HttpStatusCode.Forbidden, "NotPermitted");
        var first = (await RunningServer.Http.PostAsync($"{bank}/invitations", new { name = "Rosa", standing = new { role = "organiser" } })).Ok();
        var second = (await RunningServer.Http.PostAsync($"{bank}/invitations", new { name = "Marcus", standing = new { role = "organiser" } })).Ok();

        (await AcceptAsync(first, NewLogin())).Ok();
        (await AcceptAsync(second, NewLogin())).ShouldBe(HttpStatusCode.Conflict, "OrganiserThere");
        (await RunningServer.Http.PostAsync($"{bank}/invitations", new { name = "Ines", standing = new { role = "organiser" } })).ShouldBe(HttpStatusCode.Conflict, "OrganiserThere");
    }

    [Test]
    public async Task What_the_ledger_would_refuse_is_refused_when_the_invitation_is_made()
    {
        (await RunningServer.Http.PostAsync($"{_bank}/invitations", new { name = "Rosa", standing = new { role = "member" } })).ShouldBe(HttpStatusCode.UnprocessableEntity, "StandingMisfits");
        (await RunningServer.Http.PostAsync($"{_bank}/invitations", new { name = "Rosa", standing = new { role = "member", account = Guid.NewGuid() } }))
            .ShouldBe(HttpStatusCode.UnprocessableEntity, "AccountUnknown");
    }

    [Test]
    public async Task A_standing_that_was_accepted_before_a_crash_is_given_at_the_next_sign_in()
    {
        var rosa = await NewMemberAsync();
        var invitation = await InviteAsync("Rosa", new { role = "auditor" });
        await SqlAsync<int>($"update people.invitations set accepted_by = '{rosa.Id}' where id = '{invitation.Id}' returning 1");

        (await (await rosa.SignInAsync()).GetAnswerAsync("/v1/me")).Ok()["banks"].AsArray().Select(b => $"/v1/banks/{(string)b!["bank"]!}").ShouldContain(_bank);
        (await SqlAsync<Guid>($"select id from people.invitations where id = '{invitation.Id}'")).ShouldBeEmpty();
    }

    [Test]
    public async Task Open_invitations_are_listed_without_codes_withdrawn_and_end_after_a_fortnight()
    {
        var bank = await RunningServer.Http.OpenBankAsync();
        var made = new List<Answer>();
        foreach (var name in (string[])["One", "Two", "Three"])
            made.Add((await RunningServer.Http.PostAsync($"{bank}/invitations", new { name, standing = new { role = "auditor" } })).Ok());

        var page = (await RunningServer.Http.GetAnswerAsync($"{bank}/invitations?limit=2")).Ok();
        page["items"].AsArray().Select(i => (string)i!["name"]!).ShouldBe(["One", "Two"]);
        made.ShouldAllBe(m => !page.Text.Contains((string)m["code"]!));
        var rest = (await RunningServer.Http.GetAnswerAsync($"{bank}/invitations?limit=2&cursor={(string)page["next"]!}")).Ok();
        rest["items"].AsArray().Select(i => (string)i!["name"]!).ShouldBe(["Three"]);

        (await RunningServer.Http.SayAsync(HttpMethod.Delete, $"{_bank}/invitations/{made[0].Id}")).ShouldBe(HttpStatusCode.NotFound, "InvitationUnknown");
        (await RunningServer.Http.SayAsync(HttpMethod.Delete, $"{bank}/invitations/{made[0].Id}")).Ok();
        (await RunningServer.Http.SayAsync(HttpMethod.Delete, $"{bank}/invitations/{made[0].Id}")).ShouldBe(HttpStatusCode.NotFound, "InvitationUnknown");
        (await NotedAsync(bank, "invitationWithdrawn")).ShouldBe([made[0].Id.ToString()]);
        (await AcceptAsync(made[0], NewLogin())).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        await SqlAsync<int>($"update people.invitations set expires = now() where id = '{made[1].Id}' returning 1");
        (await AcceptAsync(made[1], NewLogin())).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await RunningServer.Http.GetAnswerAsync($"{bank}/invitations")).Ok()["items"].AsArray().Count.ShouldBe(1);
    }

    [Test]
    public async Task People_of_a_bank_are_listed_with_what_they_are_there_and_not_elsewhere()
    {
        var bank = await RunningServer.Http.OpenBankAsync();
        var people = new List<Somebody>();
        for (var i = 0; i < 3; i++)
            people.Add(await NewMemberOfAsync(bank));
        await NewMemberAsync();

        var listed = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await RunningServer.Http.GetAnswerAsync($"{bank}/people?limit=2" + (cursor is null ? "" : $"&cursor={cursor}"))).Ok();
            page["items"].AsArray().Count.ShouldBeLessThanOrEqualTo(2);
            listed.AddRange(page["items"].AsArray().Select(p => (string)p!["id"]!));
            cursor = (string?)page.Body!["next"];
        }
        while (cursor is not null);
        listed.Count.ShouldBe(4, "three members and the organiser");
        listed.ShouldBe(listed.Distinct());
        people.ShouldAllBe(p => listed.Contains(p.Id.ToString()));
    }

    [TestCase("Rosa\r\nBcc: everybody@example.org", "rosa@example.org")]
    [TestCase("Rosa\u2028Lund", "rosa@example.org")]
    [TestCase("  ", "rosa@example.org")]
    [TestCase("Rosa", "rosa@example.org\r\nBcc: everybody@example.org")]
    [TestCase("Rosa", "rosa@example.org, everybody@example.org")]
    [TestCase("Rosa", "Rosa <rosa@example.org>")]
    [TestCase("Rosa", "nobody")]
    public async Task No_line_is_smuggled_into_a_letter_s_head(string name, string email) =>
        (await RunningServer.Http.PostAsync($"{_bank}/invitations", new { name, email, standing = new { role = "auditor" } })).ShouldBe(HttpStatusCode.BadRequest, "Invalid");

    [TestCase("a b")]
    [TestCase("x")]
    [TestCase("rosa\r\nlund")]
    [TestCase("rosa<script>")]
    public async Task A_login_is_one_word(string login) =>
        (await AcceptAsync(await InviteAsync("Rosa", new { role = "auditor" }), login)).ShouldBe(HttpStatusCode.BadRequest, "Invalid");

    private async Task<Answer> InviteAsync(string name, object standing, string? email = null) =>
        (await RunningServer.Http.PostAsync($"{_bank}/invitations", new { name, email, standing })).Ok();

    private static Task<Answer> AcceptAsync(Answer invitation, string login) =>
        Nobody.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]!, login, password = Secret });

    [Test]
    public async Task Who_organises_a_neighbourhood_sees_their_own_invitations_and_prints_codes_for_its_members()
    {
        var http = RunningServer.Http;
        var bank = await http.OpenBankAsync();
        var account = await http.PostAsync($"{bank}/accounts", new { kind = "member", name = "Nell", neighbourhood = "north" });
        var (_, nell) = await http.JoinWithLoginAsync(bank, new { role = "member", account = account.Id });
        using var north = (await http.JoinAsync(bank, new { role = "neighbourhoodCoordinator", neighbourhood = "north" })).Http;
        using var south = (await http.JoinAsync(bank, new { role = "neighbourhoodCoordinator", neighbourhood = "south" })).Http;
        var others = await http.PostAsync($"{bank}/invitations", new { name = "Somebody", standing = new { role = "auditor" } });
        var own = await north.PostAsync($"{bank}/invitations", new { name = "Nell", standing = new { role = "member", account = account.Id } });

        (await north.GetAnswerAsync($"{bank}/invitations"))["items"]!.AsArray().Select(i => (Guid)i!["id"]!).ShouldBe([own.Id]);
        (await north.SayAsync(HttpMethod.Delete, $"{bank}/invitations/{others.Id}")).Code.ShouldBe("InvitationUnknown");
        (await south.SayAsync(HttpMethod.Delete, $"{bank}/invitations/{own.Id}")).Code.ShouldBe("InvitationUnknown");
        (await south.PostAsync($"{bank}/people/{nell}/codes", new { })).Code.ShouldBe("PersonUnknown");
        (await north.PostAsync($"{bank}/people/{nell}/codes", new { })).Status.ShouldBe(HttpStatusCode.Created);
        (await north.SayAsync(HttpMethod.Delete, $"{bank}/invitations/{own.Id}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }
}
