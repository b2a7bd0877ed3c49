using System.Net;
using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

/// <summary>What can be typed into a login or a password, and is no text.</summary>
[Category("Database")]
public sealed class PeopleTextTests
{
    [TestCase(0xFFFE), TestCase(0xFFFF), TestCase(0xFDD0), TestCase(0x1FFFE), TestCase(0x10FFFF)]
    public async Task What_is_no_character_is_no_password_and_no_failure(int codePoint)
    {
        var (rosa, none) = (await NewMemberAsync(), char.ConvertFromUtf32(codePoint));
        for (var tries = 0; tries <= Passwords.MostFailures; tries++)
            (await rosa.TryAsync(rosa.Password + none)).ShouldBe(HttpStatusCode.BadRequest, "Invalid");

        (await rosa.TryAsync(rosa.Password)).Ok();
        var mine = await rosa.SignInAsync();
        (await mine.SayAsync(HttpMethod.Put, "/v1/me/password", new { old = rosa.Password + none, @new = "another long secret" })).ShouldBe(HttpStatusCode.BadRequest, "Invalid");
        (await mine.SayAsync(HttpMethod.Put, "/v1/me/password", new { old = rosa.Password, @new = "another long secret" + none })).ShouldBe(HttpStatusCode.BadRequest, "Invalid");
    }

    [TestCase(0xFFFE), TestCase(0xFFFF), TestCase(0xFDD0), TestCase(0x1FFFE), TestCase(0x10FFFF)]
    public async Task What_is_no_character_is_in_no_login_and_in_no_address(int codePoint)
    {
        var none = char.ConvertFromUtf32(codePoint);

        (await Nobody.PostAsync("/v1/sessions", new { login = "rosa" + none, password = Secret, door = "app" })).ShouldBe(HttpStatusCode.BadRequest, "Invalid");
        (await Nobody.PostAsync("/v1/password-resets", new { email = $"rosa{none}@example.org" })).ShouldBe(HttpStatusCode.BadRequest, "Invalid");
    }
}

/// <summary>The rule alone.</summary>
public sealed class PeopleRulesTests
{
    [Test]
    public void Text_is_made_of_characters_alone()
    {
        foreach (var text in (string[])["", "nine lives, one cat", "пароль ١٢٣ 猫 🐈", "\uFFFD\uFFFC\uFDCF\uFDF0"])
            PeopleRules.IsText(text).ShouldBeTrue(text);
        foreach (var none in (string[])["\uD83D", "\uDC08\uD83D", "a\uD83Db", "a\uFFFE", "\uFDD5b", "\U0002FFFF"])
            PeopleRules.IsText(none).ShouldBeFalse(Convert.ToHexString(System.Text.Encoding.BigEndianUnicode.GetBytes(none)));
    }
}
