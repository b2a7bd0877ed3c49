using System.Buffers;
using System.Globalization;
using System.Net.Mail;
using System.Text;
using FluentValidation;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>What requests about logins check alike.</summary>
public static class PeopleRules
{
    public const int MostLogin = 100;
    public const int MostEmail = 254;

    /// <summary>Letters and digits of any script, and signs that addresses have. Nothing that looks like nothing.</summary>
    public static IRuleBuilderOptions<T, string?> Login<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(l => l is { Length: >= 2 and <= MostLogin } && l.EnumerateRunes().All(IsOfLogin))
            .WithMessage($"2 to {MostLogin} letters, digits, or . _ - @ +, without spaces. An e-mail address will do.");

    public static IRuleBuilderOptions<T, string?> NewPassword<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(IsNewPassword).WithMessage($"{Passwords.Fewest} to {Passwords.Most} characters of any kind; several words are easy to keep in mind.");

    public static IRuleBuilderOptions<T, string?> PresentPassword<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(p => p is { Length: >= 1 and <= Passwords.Most } && IsText(p)).WithMessage($"This is missing, or longer than {Passwords.Most} characters.");

    /// <summary>A login as somebody typed it, who may be nobody.</summary>
    public static IRuleBuilderOptions<T, string?> TypedLogin<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(l => l is { Length: >= 1 and <= MostLogin } && !l.Contains('\0') && IsText(l)).WithMessage("This is missing, or no login.");

    /// <summary>An address and nothing around it: no name, no second address, no line break.</summary>
    public static IRuleBuilderOptions<T, string?> Email<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(e => e is null || IsEmail(e)).WithMessage("An e-mail address, such as rosa@example.org.");

    /// <summary>A name on one line.</summary>
    public static IRuleBuilderOptions<T, string?> PersonName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(n => n is null || (n.Length <= Web.Rules.MostName && !n.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029') && n.Trim().Length > 0))
            .WithMessage($"At most {Web.Rules.MostName} characters on one line.");

    /// <summary>A code or a token as it was given; whether it counts is asked later.</summary>
    public static IRuleBuilderOptions<T, string?> Code<T>(this IRuleBuilder<T, string?> rule, int most = 100) =>
        rule.Must(c => c is null || (c.Length >= 1 && c.Length <= most)).WithMessage($"1 to {most} characters.");

    public static bool IsNewPassword(string? password) => password is { Length: >= Passwords.Fewest and <= Passwords.Most } && IsText(password);

    /// <summary>Whether it is made of characters alone: neither half of a surrogate pair, nor one of the 66 code points that Unicode keeps from
    /// ever being characters. What is no text has no normal form, and is the same as nothing else.</summary>
    public static bool IsText(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var sign, out var length) != OperationStatus.Done || (sign.Value & 0xFFFE) == 0xFFFE || sign.Value is >= 0xFDD0 and <= 0xFDEF)
                return false;
            rest = rest[length..];
        }
        return true;
    }

    private static bool IsOfLogin(Rune sign) => Rune.IsLetterOrDigit(sign) || sign.Value is '.' or '_' or '-' or '@' or '+'
        || Rune.GetUnicodeCategory(sign) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsEmail(string text) =>
        text.Length is >= 3 and <= MostEmail && IsText(text) && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or '(' or ')' or ',' or ';' or ':' or '"' or '\\')
        && MailAddress.TryCreate(text, out var address) && address.Address == text;
}
