using System.Net;
using NUnit.Framework;
using Shouldly;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

/// <summary>What somebody overheard of a passkey.</summary>
[Category("Database")]
public sealed class PeoplePasskeyReplayTests
{
    private static readonly Uri s_site = new($"http://localhost:{new Uri(RunningServer.App.Urls.First()).Port}");

    [Test]
    public async Task An_answer_of_a_passkey_signs_in_once_also_if_the_device_counts_nothing()
    {
        var rosa = await NewMemberAsync();
        using var passkey = new SoftPasskey();
        await AddAsync(rosa, passkey);
        var asked = await AskAsync();
        var answer = new { state = (string)asked["state"]!, credential = passkey.Get(asked["options"], s_site), door = "app" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AtSite(Nobody).PostAsync("/v1/sessions/passkey", answer)));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1, string.Join('\n', answers.Select(a => a.Text)));
        answers.Count(a => a.Code == "SignInFailed").ShouldBe(3);
        (await AtSite(Nobody).PostAsync("/v1/sessions/passkey", answer)).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");

        // Asked anew it answers as before.
        asked = await AskAsync();
        (await AtSite(Nobody).PostAsync("/v1/sessions/passkey", new { state = (string)asked["state"]!, credential = passkey.Get(asked["options"], s_site), door = "app" })).Ok();
    }

    [Test]
    public async Task A_passkey_that_was_removed_is_not_added_again_by_the_same_answer()
    {
        var rosa = await NewMemberAsync();
        using var passkey = new SoftPasskey();
        var (made, answer) = await AddAsync(rosa, passkey);
        (await AtSite(await rosa.SignInAsync()).SayAsync(HttpMethod.Delete, $"/v1/me/passkeys/{made.Id}")).Ok();

        (await AtSite(await rosa.SignInAsync()).PostAsync("/v1/me/passkeys", answer)).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasskeyRefused");
    }

    [Test]
    public async Task What_was_answered_is_kept_no_longer_than_it_could_be_answered_again()
    {
        var rosa = await NewMemberAsync();
        using var passkey = new SoftPasskey();
        await AddAsync(rosa, passkey);
        await SqlAsync<int>("update people.used_passkey_states set until = now() - interval '1 second' returning 1");
        using var other = new SoftPasskey();
        await AddAsync(rosa, other);

        (await SqlAsync<long>("select count(*) from people.used_passkey_states where until < now()")).ShouldBe([0]);
    }

    private static async Task<(Answer Made, object Answer)> AddAsync(Somebody who, SoftPasskey passkey)
    {
        var mine = AtSite(await who.SignInAsync());
        var asked = (await mine.PostAsync("/v1/me/passkeys/options", new { password = who.Password })).Ok();
        var answer = new { name = "a phone", state = (string)asked["state"]!, credential = passkey.Create(asked["options"], s_site) };
        return ((await mine.PostAsync("/v1/me/passkeys", answer)).Ok(), answer);
    }

    private static async Task<Answer> AskAsync() => (await AtSite(Nobody).PostAsync("/v1/sessions/passkey-options", new { })).Ok();

    private static HttpClient AtSite(HttpClient client)
    {
        client.BaseAddress = s_site;
        return client;
    }
}
