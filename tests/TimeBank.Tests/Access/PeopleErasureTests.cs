using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

[Category("Database")]
public sealed class PeopleErasureTests
{
    [Test]
    public async Task Who_is_erased_leaves_an_id_and_nothing_else()
    {
        var email = $"{NewLogin()}@example.org";
        var rosa = await NewMemberAsync(email);
        var mine = await rosa.SignInAsync();
        var code = (string)(await RunningServer.Http.PostAsync($"{rosa.Bank}/people/{rosa.Id}/codes", new { })).Ok()["code"]!;
        await mine.TurnOnSecondFactorAsync();
        (await mine.GetAnswerAsync("/v1/me")).Ok();

        await EraseAsync(rosa.Id);
        await EraseAsync(rosa.Id);

        (await mine.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await rosa.TryAsync(rosa.Password)).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        (await Nobody.PostAsync("/v1/codes/acceptance", new { code, password = "another long secret" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await SqlAsync<string>($"select jsonb_strip_nulls(to_jsonb(p) - 'id' - 'made' - 'erased' - 'security_stamp' - 'concurrency_stamp')::text from people.persons p where id = '{rosa.Id}'"))
            .ShouldBe(["""{"failures": 0, "is_operator": false, "email_confirmed": false, "authenticator_step": 0, "two_factor_enabled": false}"""]);
        (await SqlAsync<long>($"""
            select (select count(*) from people.passkeys where person = '{rosa.Id}') + (select count(*) from people.recovery_codes where person = '{rosa.Id}')
              + (select count(*) from people.codes where person = '{rosa.Id}')
            """)).ShouldBe([0]);
        // The name is free for somebody else, who is somebody else.
        var invitation = (await RunningServer.Http.PostAsync($"{rosa.Bank}/invitations", new { name = "Another Rosa", standing = new { role = "auditor" } })).Ok();
        var accepted = (await Nobody.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]!, login = rosa.Login, password = Secret })).Ok();
        ((Guid)accepted["person"]).ShouldNotBe(rosa.Id);
    }

    [Test]
    public async Task All_that_is_kept_about_a_person_can_be_told_without_a_secret()
    {
        var email = $"{NewLogin()}@example.org";
        var rosa = await NewMemberAsync(email);
        await (await rosa.SignInAsync()).TurnOnSecondFactorAsync();
        await using var scope = RunningServer.App.Services.CreateAsyncScope();

        var data = (await scope.ServiceProvider.GetRequiredService<PeopleQueries>().DataOfAsync(new PersonId(rosa.Id))).ShouldNotBeNull();
        (data.Login, data.Email, data.EmailConfirmed, data.Name, data.SecondFactor, data.RecoveryCodesLeft).ShouldBe((rosa.Login, email, true, "Somebody new", true, 10));
        (await scope.ServiceProvider.GetRequiredService<PeopleQueries>().DataOfAsync(new PersonId(Guid.NewGuid()))).ShouldBeNull();
    }

    [Test]
    public async Task No_bank_ends_the_login_of_who_operates_the_installation()
    {
        var operators = (Guid)(await RunningServer.Http.GetAnswerAsync("/v1/me")).Ok()["person"];

        (await EraseAsync(operators)).ShouldBeFalse();
        (await RunningServer.Http.GetAnswerAsync("/v1/me")).Ok();
    }

    private static async Task<bool> EraseAsync(Guid person)
    {
        await using var scope = RunningServer.App.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PeopleCommands>().EraseAsync(new PersonId(person));
    }
}
