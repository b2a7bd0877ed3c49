using System.Net;
using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

[Category("Database")]
public sealed class PeoplePasswordTests
{
    private const string New = "another long secret";

    [Test]
    public async Task A_changed_password_ends_every_session_but_the_one_that_changed_it()
    {
        var rosa = await NewMemberAsync();
        var mine = await rosa.SignInAsync();
        var stolenToken = await rosa.SignInAsync();
        var stolenCookie = WithCookie((await Nobody.PostAsync("/v1/sessions", new { login = rosa.Login, password = rosa.Password, door = "page" }))
            .Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        (await stolenCookie.GetAnswerAsync("/v1/me")).Ok();

        (await ChangeAsync(mine, "not the password", New)).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasswordWrong");
        var token = (string)(await ChangeAsync(mine, rosa.Password, New)).Ok()["accessToken"]!;

        (await stolenCookie.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await stolenToken.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await mine.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WithToken(token).GetAnswerAsync("/v1/me")).Ok();
        (await rosa.TryAsync(rosa.Password)).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        (await rosa.TryAsync(New)).Ok();
        (await NotedAsync(rosa.Bank, "passwordChanged")).ShouldBe([rosa.Id.ToString()]);
    }

    [Test]
    public async Task On_another_server_the_old_sessions_end_within_five_seconds()
    {
        var rosa = await NewMemberAsync();
        await using var other = await RunningServer.StartServer(RunningServer.Store);
        var (mine, there) = (await rosa.SignInAsync(), await rosa.SignInAsync(at: other));
        (await there.GetAnswerAsync("/v1/me")).Ok();

        (await ChangeAsync(mine, rosa.Password, New)).Ok();
        var since = System.Diagnostics.Stopwatch.StartNew();
        while ((await there.GetAnswerAsync("/v1/me")).Status == HttpStatusCode.OK)
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
            await Task.Delay(100);
        }
    }

    [TestCase("too short")]
    [TestCase("")]
    public async Task A_new_password_has_at_least_ten_characters_of_any_kind(string tooShort)
    {
        var rosa = await NewMemberAsync();
        var mine = await rosa.SignInAsync();

        (await ChangeAsync(mine, rosa.Password, tooShort)).ShouldBe(HttpStatusCode.BadRequest, "Invalid");
        (await ChangeAsync(mine, rosa.Password, new string('x', 129))).ShouldBe(HttpStatusCode.BadRequest, "Invalid");
        (await ChangeAsync(mine, rosa.Password, "aaaaaaaaaa")).Ok();
    }

    [Test]
    public async Task A_stolen_session_does_not_try_passwords_without_end()
    {
        var rosa = await NewMemberAsync();
        var stolen = await rosa.SignInAsync();
        for (var tries = 0; tries < 5; tries++)
            await ChangeAsync(stolen, $"guess number {tries}", New);

        (await ChangeAsync(stolen, rosa.Password, New)).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasswordWrong");
        (await NotedAsync(rosa.Bank, "lockedOut")).Count.ShouldBe(1);
    }

    [Test]
    public async Task A_letter_brings_a_new_password_once()
    {
        var email = $"{NewLogin()}@example.org";
        var rosa = await NewMemberAsync(email);
        var stolen = await rosa.SignInAsync();
        (await Nobody.PostAsync("/v1/password-resets", new { email = email.ToUpperInvariant() })).Status.ShouldBe(HttpStatusCode.Accepted);
        var letter = await LetterAsync(email, among: 2);
        letter.ShouldContain(rosa.Login);
        PartAfter(letter, "#person=").ShouldBe(rosa.Id.ToString());
        var token = Uri.UnescapeDataString(PartAfter(letter, "&token="));

        (await SetAsync(rosa.Id, token[..^4] + "AAAA")).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await SetAsync(Guid.NewGuid(), token)).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        var answers = await Task.WhenAll(SetAsync(rosa.Id, token), SetAsync(rosa.Id, token));
        answers.Count(a => a.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(a => a.Code == "CodeRefused").ShouldBe(1);
        (await SetAsync(rosa.Id, token)).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await rosa.TryAsync(New)).Ok();
        (await stolen.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task A_reset_wakes_a_login_that_rests()
    {
        var email = $"{NewLogin()}@example.org";
        var rosa = await NewMemberAsync(email);
        for (var tries = 0; tries < 5; tries++)
            await rosa.TryAsync("not the password");
        await Nobody.PostAsync("/v1/password-resets", new { email });

        (await SetAsync(rosa.Id, Uri.UnescapeDataString(PartAfter(await LetterAsync(email, among: 2), "&token=")))).Ok();
        (await rosa.TryAsync(New)).Ok();
    }

    [Test]
    public async Task Whether_anybody_has_an_address_is_not_learnt_and_no_letter_goes_where_nobody_was_seen_to_read()
    {
        var (bank, email) = (await RunningServer.Http.OpenBankAsync(), $"{NewLogin()}@example.org");
        // Accepted by the printed code, so the address is only what the organiser wrote.
        var invitation = (await RunningServer.Http.PostAsync($"{bank}/invitations", new { name = "Rosa", email, standing = new { role = "auditor" } })).Ok();
        (await Nobody.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]!, login = NewLogin(), password = Secret })).Ok();
        await LetterAsync(email);

        var known = await Nobody.PostAsync("/v1/password-resets", new { email });
        var unknown = await Nobody.PostAsync("/v1/password-resets", new { email = $"{NewLogin()}@example.org" });
        known.Status.ShouldBe(HttpStatusCode.Accepted);
        (known.Status, known.Text).ShouldBe((unknown.Status, unknown.Text));

        // The queue is worked off in order: once this letter is there, the former ones would be.
        var last = $"{NewLogin()}@example.org";
        await NewMemberAsync(last);
        await Nobody.PostAsync("/v1/password-resets", new { email = last });
        await LetterAsync(last, among: 2);
        Should.Throw<AssertionException>(() => LetterAsync(email, among: 2).GetAwaiter().GetResult());
    }

    [Test]
    public async Task Asking_again_and_again_fills_nobody_s_letter_box()
    {
        var email = $"{NewLogin()}@example.org";
        await NewMemberAsync(email);
        for (var asked = 0; asked < 5; asked++)
            await Nobody.PostAsync("/v1/password-resets", new { email });

        await LetterAsync(email, among: 2);
        await Task.Delay(500);
        Directory.EnumerateFiles(Path.Combine(RunningServer.DataFolder, "outbox")).Select(File.ReadAllText)
            .Count(l => l.StartsWith($"To: {email}\n", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Test]
    public async Task An_organiser_prints_a_code_with_which_a_member_sets_a_new_password_once()
    {
        var rosa = await NewMemberAsync();
        var stolen = await rosa.SignInAsync();
        var former = (string)(await PrintAsync(rosa)).Ok()["code"]!;
        var code = (string)(await PrintAsync(rosa)).Ok()["code"]!;

        (await Nobody.PostAsync("/v1/codes/acceptance", new { code = former, password = New })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await rosa.TryAsync(rosa.Password)).Ok();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Nobody.PostAsync("/v1/codes/acceptance", new { code, password = New })));
        answers.Count(a => a.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(a => a.Code == "CodeRefused").ShouldBe(3);
        (await rosa.TryAsync(New)).Ok();
        (await stolen.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await NotedAsync(rosa.Bank, "codePrinted", 2)).ShouldBe([rosa.Id.ToString(), rosa.Id.ToString()]);
        (await NotedAsync(rosa.Bank, "passwordChanged")).ShouldBe([rosa.Id.ToString()]);
    }

    [TestCase("changed"), TestCase("reset")]
    public async Task Once_a_password_was_changed_or_reset_a_code_that_was_printed_before_counts_no_more(string how)
    {
        var email = $"{NewLogin()}@example.org";
        var rosa = await NewMemberAsync(email);
        var code = (string)(await PrintAsync(rosa)).Ok()["code"]!;
        if (how == "changed")
        {
            (await ChangeAsync(await rosa.SignInAsync(), rosa.Password, New)).Ok();
        }
        else
        {
            await Nobody.PostAsync("/v1/password-resets", new { email });
            (await SetAsync(rosa.Id, Uri.UnescapeDataString(PartAfter(await LetterAsync(email, among: 2), "&token=")))).Ok();
        }

        (await Nobody.PostAsync("/v1/codes/acceptance", new { code, password = "a third long secret" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await rosa.TryAsync(New)).Ok();
    }

    [Test]
    public async Task A_secret_that_was_shown_before_a_new_password_turns_no_second_factor_on()
    {
        var rosa = await NewMemberAsync();
        var mine = await rosa.SignInAsync();
        var key = (string)(await mine.PostAsync("/v1/me/authenticator", new { password = rosa.Password })).Ok()["key"]!;
        var again = WithToken((string)(await ChangeAsync(mine, rosa.Password, New)).Ok()["accessToken"]!);

        (await again.SayAsync(HttpMethod.Put, "/v1/me/authenticator", new { code = CodeOf(key, DateTimeOffset.UtcNow) })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
    }

    [Test]
    public async Task A_printed_code_ends_the_second_factor_only_if_it_says_so()
    {
        var rosa = await NewMemberAsync();
        await (await rosa.SignInAsync()).TurnOnSecondFactorAsync();

        await Nobody.PostAsync("/v1/codes/acceptance", new { code = (string)(await PrintAsync(rosa)).Ok()["code"]!, password = New });
        (await rosa.TryAsync(New)).ShouldBe(HttpStatusCode.Unauthorized, "SecondFactorNeeded");
        await Nobody.PostAsync("/v1/codes/acceptance", new { code = (string)(await PrintAsync(rosa, endsSecondFactor: true)).Ok()["code"]!, password = New });
        (await rosa.TryAsync(New)).Ok();
    }

    [Test]
    public async Task No_code_is_printed_for_who_is_more_than_a_member_of_that_bank_and_a_printed_one_dies_when_they_become_so()
    {
        var rosa = await NewMemberAsync();
        var elsewhere = await RunningServer.Http.OpenBankAsync();
        var organiser = await NewOrganiserAsync(rosa.Bank);
        var code = (string)(await PrintAsync(rosa)).Ok()["code"]!;
        (await PrintAsync(organiser)).ShouldBe(HttpStatusCode.Forbidden, "PersonOutOfReach");
        (await PrintAsync(rosa with { Bank = elsewhere })).ShouldBe(HttpStatusCode.NotFound, "PersonUnknown");
        (await PrintAsync(rosa with { Id = Guid.NewGuid() })).ShouldBe(HttpStatusCode.NotFound, "PersonUnknown");

        var account = await RunningServer.Http.OpenAccountAsync(elsewhere, "member", "Rosa elsewhere");
        (await RunningServer.Http.PostAsync($"{elsewhere}/standings", new { person = rosa.Id, role = "member", account })).ShouldBe(HttpStatusCode.NotFound, "RightUnknown");
        (await PrintAsync(rosa)).Ok();
        code = (string)(await PrintAsync(rosa)).Ok()["code"]!;
        var mine = await rosa.SignInAsync();
        var invitation = (await RunningServer.Http.PostAsync($"{elsewhere}/invitations", new { name = "Rosa", standing = new { role = "member", account } })).Ok();
        (await mine.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]! })).Ok();
        (await PrintAsync(rosa)).ShouldBe(HttpStatusCode.Forbidden, "PersonOutOfReach");
        (await Nobody.PostAsync("/v1/codes/acceptance", new { code, password = New })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");

        var operators = (Guid)(await RunningServer.Http.GetAnswerAsync("/v1/me"))["person"];
        (await PrintAsync(rosa with { Id = operators })).ShouldBe(HttpStatusCode.Forbidden, "PersonOutOfReach");
        (await (await rosa.SignInAsync()).PostAsync($"{rosa.Bank}/people/{rosa.Id}/codes", new { })).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static Task<Answer> PrintAsync(Somebody who, bool? endsSecondFactor = null) =>
        RunningServer.Http.PostAsync($"{who.Bank}/people/{who.Id}/codes", new { endsSecondFactor });

    private static Task<Answer> ChangeAsync(HttpClient by, string old, string @new) => by.SayAsync(HttpMethod.Put, "/v1/me/password", new { old, @new });

    private static Task<Answer> SetAsync(Guid person, string token) =>
        Nobody.SayAsync(HttpMethod.Put, "/v1/password-resets", new { person, token, password = New });
}
