using FluentValidation;
using TimeBank.Accounts;

namespace TimeBank.Web;

/// <summary>What requests of all features check alike. Nothing here knows a rule of the bank.</summary>
public static class Rules
{
    public const int MostMemo = 500;
    public const int MostName = 200;
    public const int MostPairs = 20;
    private const int MostPairKey = 64;
    private const int MostPairValue = 500;

    /// <summary>Text that people read: no control characters but tab and line breaks.</summary>
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.Must(t => t is null || t.Length <= most).WithMessage($"At most {most} characters.")
            .Must(t => t is null || !t.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')))
            .WithMessage("No control characters but tabs and line breaks.");

    public static IRuleBuilderOptions<T, string?> Category<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(c => c is null || IsCode(c)).WithMessage(CodeWords);

    /// <summary>A number by which an account is known.</summary>
    public static IRuleBuilderOptions<T, string?> Number<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(n => n is null || AccountNumber.IsValid(n)).WithMessage(NumberWords);

    /// <summary>A year in which somebody who lives may have been born.</summary>
    public static IRuleBuilderOptions<T, int?> BirthYear<T>(this IRuleBuilder<T, int?> rule) =>
        rule.Must(y => y is null or >= 1880 and <= 2200).WithMessage("A year of four digits, such as 2011.");

    public const string NumberWords = "1 to 64 letters, digits and inner . _ / -.";

    public const string CodeWords = "1 to 64 of a-z, 0-9 and hyphens.";

    public static bool IsCode(string text) => text.Length is >= 1 and <= 64 && text.All(x => x is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');

    public static IRuleBuilderOptions<T, string?> Language<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(l => l is null || IsLanguage(l)).WithMessage("Two or three small letters, such as en.");

    /// <summary>The form of an ISO 639 code.</summary>
    public static bool IsLanguage(string code) => code.Length is 2 or 3 && code.All(char.IsAsciiLetterLower);

    public static IRuleBuilderOptions<T, SortedDictionary<string, string>?> Pairs<T>(this IRuleBuilder<T, SortedDictionary<string, string>?> rule) =>
        rule.Must(m => m is null || m.Count <= MostPairs).WithMessage($"At most {MostPairs} pairs.")
            .Must(m => m is null || m.All(p => IsPairText(p.Key, MostPairKey) && IsPairText(p.Value, MostPairValue)))
            .WithMessage($"Keys up to {MostPairKey}, values up to {MostPairValue} characters, no control characters.");

    public static IRuleBuilderOptions<T, TValue?> Given<T, TValue>(this IRuleBuilder<T, TValue?> rule) =>
        rule.NotNull().WithMessage("This is missing.");

    private static bool IsPairText(string? text, int most) =>
        text is not null && text.Length <= most && !text.Any(char.IsControl);
}
