using System.Net;
using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

[Category("Database")]
public sealed class PeopleSecondFactorTests
{
    [Test]
    public async Task With_a_second_factor_the_password_alone_opens_nothing()
    {
        var rosa = await NewMemberAsync();
        var (key, _) = await (await rosa.SignInAsync()).TurnOnSecondFactorAsync();

        (await rosa.TryAsync(rosa.Password)).ShouldBe(HttpStatusCode.Unauthorized, "SecondFactorNeeded");
        (await rosa.TryAsync("not the password", NextCodeOf(key))).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        (await rosa.TryAsync(rosa.Password, NextCodeOf(key))).Ok();
        (await NotedAsync(rosa.Bank, "secondFactorChanged")).ShouldBe([rosa.Id.ToString()]);
    }

    [Test]
    public async Task A_code_counts_once()
    {
        var rosa = await NewMemberAsync();
        var (key, _) = await (await rosa.SignInAsync()).TurnOnSecondFactorAsync();
        var code = NextCodeOf(key);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => rosa.TryAsync(rosa.Password, code)));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Test]
    public async Task Wrong_codes_count_as_failures_and_asking_for_one_in_between_forgives_none()
    {
        var rosa = await NewMemberAsync();
        var (key, _) = await (await rosa.SignInAsync()).TurnOnSecondFactorAsync();
        for (var tries = 0; tries < 5; tries++)
        {
            (await rosa.TryAsync(rosa.Password)).ShouldBe(HttpStatusCode.Unauthorized, "SecondFactorNeeded");
            (await rosa.TryAsync(rosa.Password, "000000")).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        }

        (await rosa.TryAsync(rosa.Password, NextCodeOf(key))).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        (await rosa.TryAsync(rosa.Password)).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        (await NotedAsync(rosa.Bank, "lockedOut")).Count.ShouldBe(1);
    }

    [Test]
    public async Task A_recovery_code_stands_in_for_the_app_once()
    {
        var rosa = await NewMemberAsync();
        var (_, codes) = await (await rosa.SignInAsync()).TurnOnSecondFactorAsync();
        codes.Distinct().Count().ShouldBe(10);

        (await rosa.TryAsync(rosa.Password, recoveryCode: codes[0].ToLowerInvariant().Replace('-', ' '))).Ok();
        (await rosa.TryAsync(rosa.Password, recoveryCode: codes[0])).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        (await rosa.TryAsync(rosa.Password, recoveryCode: codes[1])).Ok();
        (await SqlAsync<byte[]>($"select hash from people.recovery_codes where person = '{rosa.Id}'")).Count.ShouldBe(8);
    }

    [TestCase(true), TestCase(false)]
    public async Task A_code_that_was_printed_before_it_was_turned_on_does_not_end_it(bool endsSecondFactor)
    {
        var rosa = await NewMemberAsync();
        var code = (string)(await RunningServer.Http.PostAsync($"{rosa.Bank}/people/{rosa.Id}/codes", new { endsSecondFactor })).Ok()["code"]!;
        await (await rosa.SignInAsync()).TurnOnSecondFactorAsync();

        (await Nobody.PostAsync("/v1/codes/acceptance", new { code, password = "another long secret" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await rosa.TryAsync(rosa.Password)).ShouldBe(HttpStatusCode.Unauthorized, "SecondFactorNeeded");
    }

    [Test]
    public async Task New_recovery_codes_replace_the_former_ones()
    {
        var rosa = await NewMemberAsync();
        var mine = await rosa.SignInAsync();
        (await mine.PostAsync("/v1/me/recovery-codes", new { password = rosa.Password })).ShouldBe(HttpStatusCode.UnprocessableEntity, "SecondFactorOff");
        var (_, former) = await mine.TurnOnSecondFactorAsync();

        (await mine.PostAsync("/v1/me/recovery-codes", new { password = "not the password" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasswordWrong");
        var codes = (await mine.PostAsync("/v1/me/recovery-codes", new { password = rosa.Password })).Ok()["recoveryCodes"].AsArray();
        (await rosa.TryAsync(rosa.Password, recoveryCode: former[0])).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        (await rosa.TryAsync(rosa.Password, recoveryCode: (string)codes[0]!)).Ok();
    }

    [Test]
    public async Task It_is_turned_on_by_a_code_of_the_secret_shown_last_and_off_by_the_password()
    {
        var rosa = await NewMemberAsync();
        var mine = await rosa.SignInAsync();
        var stolen = await rosa.SignInAsync();
        (await mine.SayAsync(HttpMethod.Put, "/v1/me/authenticator", new { code = "123456" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await mine.PostAsync("/v1/me/authenticator", new { password = "not the password" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasswordWrong");
        var shown = (await mine.PostAsync("/v1/me/authenticator", new { password = rosa.Password })).Ok();
        ((string)shown["uri"]!).ShouldStartWith($"otpauth://totp/TimeBank:{rosa.Login}?secret={(string)shown["key"]!}&");
        var former = (string)shown["key"]!;
        await mine.PostAsync("/v1/me/authenticator", new { password = rosa.Password });
        (await mine.SayAsync(HttpMethod.Put, "/v1/me/authenticator", new { code = CodeOf(former, DateTimeOffset.UtcNow) })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await stolen.GetAnswerAsync("/v1/me")).Ok();

        await mine.TurnOnSecondFactorAsync();
        (await stolen.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        ((bool)(await mine.GetAnswerAsync("/v1/me")).Ok()["secondFactor"]).ShouldBeTrue();
        (await mine.SayAsync(HttpMethod.Delete, "/v1/me/authenticator", new { password = "not the password" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasswordWrong");
        (await mine.SayAsync(HttpMethod.Delete, "/v1/me/authenticator", new { password = rosa.Password })).Ok();
        (await mine.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await rosa.TryAsync(rosa.Password)).Ok();
    }
}

/// <summary>The algorithm alone.</summary>
public sealed class PeopleOneTimePasswordTests
{
    /// <summary>RFC 6238, appendix B: "12345678901234567890"; of its eight digits the last six.</summary>
    private const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [TestCase(59, "287082")]
    [TestCase(1111111109, "081804")]
    [TestCase(1111111111, "050471")]
    [TestCase(1234567890, "005924")]
    [TestCase(2000000000, "279037")]
    [TestCase(20000000000, "353130")]
    public void Codes_are_those_of_the_RFC(long seconds, string code)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(seconds);

        OneTimePassword.StepOf(Key, code, now).ShouldBe(seconds / 30);
        OneTimePassword.StepOf(Key, code, now.AddSeconds(30)).ShouldBe(seconds / 30);
        OneTimePassword.StepOf(Key, code, now.AddSeconds(-30)).ShouldBe(seconds / 30);
        OneTimePassword.StepOf(Key, code, now.AddSeconds(60)).ShouldBeNull();
        OneTimePassword.StepOf(Key, code[1..], now).ShouldBeNull();
    }

    [Test]
    public void Printed_codes_hold_eighty_bits_and_are_read_in_any_writing()
    {
        var codes = Enumerable.Range(0, 1_000).Select(_ => PrintableCode.New()).ToList();

        codes.Distinct().Count().ShouldBe(1_000);
        codes.ShouldAllBe(c => System.Text.RegularExpressions.Regex.IsMatch(c, "^([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}$"));
        PrintableCode.HashOf(codes[0].ToLowerInvariant().Replace("-", " ")).ShouldBe(PrintableCode.HashOf(codes[0]));
        PrintableCode.HashOf(codes[0] + "2").ShouldBeNull();
        PrintableCode.HashOf("0000-0000-0000-0000").ShouldBeNull();
        PrintableCode.HashOf(null).ShouldBeNull();
    }
}
