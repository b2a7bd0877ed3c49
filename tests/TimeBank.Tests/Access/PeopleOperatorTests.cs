using System.Net;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Shouldly;
using TimeBank.Tests.Cli;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

[Category("Database")]
public sealed class PeopleOperatorTests
{
    [Test]
    public async Task An_operator_is_made_at_the_command_line_with_a_password_of_their_own()
    {
        var login = NewLogin();

        var run = await CreateAsync("a password of my own\n", "--login", login, "--email", $"{login}@example.org");
        run.ExitCode.ShouldBe(0, run.ToString());
        run.ToString().ShouldNotContain("a password of my own");
        var me = (await (await Nobody.PostAsync("/v1/sessions", new { login, password = "a password of my own", door = "app" })).TokenOf().GetAnswerAsync("/v1/me")).Ok();
        ((bool)me["isOperator"]).ShouldBeTrue();
        me["banks"].AsArray().ShouldBeEmpty();
    }

    [Test]
    public async Task Without_a_password_there_is_no_operator()
    {
        var login = NewLogin();

        (await CreateAsync("\n", "--login", login)).ShouldSay("10 to 128 characters");
        (await CreateAsync("", "--login", login)).ShouldSay("10 to 128 characters");
        (await CreateAsync("too short\n", "--login", login)).ShouldSay("10 to 128 characters");
        (await CreateAsync(Secret + "\n", "--login", "two words")).ShouldSay("--login:");
        (await CreateAsync(Secret + "\n", "--login", login, "--email", "a@b\nBcc: c@d")).ShouldSay("--email:");
        (await SqlAsync<Guid>($"select id from people.persons where login = '{login}'")).ShouldBeEmpty();
    }

    [Test]
    public async Task A_login_that_is_taken_stays_whose_it_was()
    {
        var rosa = await NewMemberAsync();

        (await CreateAsync(Secret + "\n", "--login", rosa.Login.ToUpperInvariant())).ShouldSay("There is a login");
        ((bool)(await (await rosa.SignInAsync()).GetAnswerAsync("/v1/me"))["isOperator"]).ShouldBeFalse();
    }

    [Test]
    public async Task A_printed_code_lets_the_operator_choose_a_password_once()
    {
        var login = NewLogin();

        var run = await CreateAsync("", "--login", login, "--print-code");
        run.ExitCode.ShouldBe(0, run.ToString());
        var code = Regex.Match(run.Out, "One-time code: (\\S+)").Groups[1].Value;
        (await Nobody.PostAsync("/v1/sessions", new { login, password = code, door = "app" })).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
        (await Nobody.PostAsync("/v1/codes/acceptance", new { code, password = Secret })).Ok();
        (await Nobody.PostAsync("/v1/codes/acceptance", new { code, password = Secret })).ShouldBe(HttpStatusCode.UnprocessableEntity, "CodeRefused");
        (await Nobody.PostAsync("/v1/sessions", new { login, password = Secret, door = "app" })).Ok();
    }

    private static async Task<CommandRun> CreateAsync(string typed, params string[] options)
    {
        var old = Console.In;
        try
        {
            Console.SetIn(new StringReader(typed));
            return await CommandRun.RunAsync(["operator", "create", .. options]);
        }
        finally
        {
            Console.SetIn(old);
        }
    }
}

internal static class CommandRunSays
{
    public static void ShouldSay(this CommandRun run, string words)
    {
        run.ExitCode.ShouldBe(2, run.ToString());
        run.Error.ShouldContain(words);
    }
}
