using System.CommandLine;
using System.Text;
using FluentValidation;
using Microsoft.AspNetCore.Identity;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank operator create</c>: a login for who runs the installation. There is no other way to become one, and no default password.</summary>
public static class OperatorVerb
{
    private sealed record Asked(string? Login, string? Email);

    public static Command Make()
    {
        var login = new Option<string>("--login") { Description = "The name to sign in with.", Required = true, HelpName = "NAME" };
        var email = new Option<string?>("--email") { Description = "Where letters go, for a new password say." };
        var printCode = new Option<bool>("--print-code") { Description = "Print a one-time code with which the operator chooses a password, instead of asking for one." };
        var create = new Command("create", """
            Make a login for an operator, who opens banks and appoints their first organisers.

            The password is asked for, twice, and is not shown. Where standard input is a file or a pipe, it is the first line of that.
            """) { login, email, printCode };
        create.WithSettings((parsed, settings, cancel) => CreateAsync(
            new Asked(parsed.GetRequiredValue(login), parsed.GetValue(email)), parsed.GetValue(printCode), settings, cancel));
        return new Command("operator", "Logins of those who run the installation.") { create };
    }

    private static async Task<int> CreateAsync(Asked asked, bool printCode, string[] settings, CancellationToken cancel)
    {
        if (Checks().Validate(asked) is { IsValid: false } wrong)
            throw new CliException(string.Join('\n', wrong.Errors.Select(e => $"--{e.PropertyName.ToLowerInvariant()}: {e.ErrorMessage}")));
        var password = printCode ? null : await ReadPasswordAsync(cancel);
        await using var store = await VerbSettings.OpenAsync(settings, cancel);
        await using var services = new ServiceCollection().AddLogging().AddLogins(store).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<PeopleContext>();
        var now = TimeProvider.System.GetUtcNow();
        var person = Person.New(asked.Login!, asked.Login, now);
        (person.IsOperator, person.Email, person.EmailConfirmed) = (true, asked.Email, asked.Email is not null);
        person.NormalizedEmail = asked.Email is { } email ? Person.Normalize(email) : null;
        person.PasswordHash = password is null ? null : Passwords.Hash(scope.ServiceProvider.GetRequiredService<IPasswordHasher<Person>>(), person, password);
        // The code first: a login without one could never be opened.
        var code = printCode ? await PasswordCodes.WriteAsync(people, person, null, endsSecondFactor: false, now, cancel) : null;
        if (!await people.TryAddAsync(person, cancel))
            throw new CliException($"There is a login '{asked.Login}' already. Choose another with --login.");
        Console.WriteLine($"Made the operator {asked.Login}, person {person.Id}.");
        if (code is not null)
        {
            Console.WriteLine($$"""
                One-time code: {{code.Code}}
                With it, until {{code.Expires:yyyy-MM-dd}}, the operator chooses a password and can sign in. Where the server runs:
                  curl http://localhost:8080/v1/codes/acceptance -H 'Content-Type: application/json' -d '{"code":"{{code.Code}}","password":"…"}'
                """);
        }
        return 0;
    }

    private static async Task<string> ReadPasswordAsync(CancellationToken cancel)
    {
        string? password;
        if (Console.IsInputRedirected)
        {
            password = await Console.In.ReadLineAsync(cancel);
        }
        else
        {
            password = AskHidden("Password: ");
            if (AskHidden("Once more: ") != password)
                throw new CliException("These were two different passwords. Nothing was made.");
        }
        return PeopleRules.IsNewPassword(password)
            ? password!
            : throw new CliException($"A password has {Passwords.Fewest} to {Passwords.Most} characters of any kind. Nothing was made.");
    }

    private static string AskHidden(string question)
    {
        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }

    private static InlineValidator<Asked> Checks()
    {
        var checks = new InlineValidator<Asked>();
        checks.RuleFor(a => a.Login).Login();
        checks.RuleFor(a => a.Email).Email();
        return checks;
    }
}
