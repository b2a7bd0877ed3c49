using System.Globalization;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>What letters say.</summary>
public static class Letters
{
    public static Letter Invitation(string to, string name, string link, string code, DateTimeOffset expires) => new(to, "Your invitation to a time bank", $"""
        Dear {name},

        you are invited to a time bank: one hour given is one hour earned. To choose a login and a password, open

        {link}

        or type this code there: {code}

        It counts once, until {Day(expires)}. If you did not expect this letter, do nothing.
        """);

    public static Letter PasswordReset(string to, string login, string link, DateTimeOffset expires) => new(to, "A new password for your time bank login", $"""
        Hello,

        somebody, we hope you, asked for a new password for the login {login}. To choose it, open

        {link}

        The address counts once, until {expires.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC on {Day(expires)}. If it was not you, do nothing: your password stays as it is.
        """);

    private static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
