using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TimeBank.Web;

/// <summary>Reads an amount as people write it, in whole minutes: 1:30 · 1h30 · 1.5 · 1,5 h · 90 min · 1½ · ١:٣٠.</summary>
/// <remarks>A bare number means hours up to 24; of a larger one nobody knows whether it means minutes, and it is asked about.
/// Words for the units are those of the language, beside h and min, which everybody knows.</remarks>
public static partial class AmountText
{
    private const int MinutesInHour = 60;
    private const int MostBareHours = 24;

    /// <summary>Nobody needs more to say how long something was.</summary>
    private const int MostCharacters = 60;

    /// <summary>Null if it says no amount; then <paramref name="wrong"/> is the key of how to mend it.</summary>
    public static Minutes? Read(string? text, Locale locale, out string wrong)
    {
        var plain = text?.Length > MostCharacters ? "?" : Plain(text ?? "");
        wrong = plain.Length == 0 ? "amount.wrong.missing" : "amount.wrong.unclear";
        decimal minutes;
        if (Clock().Match(plain) is { Success: true } clock)
        {
            minutes = Number(clock, 1) * MinutesInHour + Number(clock, 2);
        }
        else if (Words().Match(plain) is { Success: true } said)
        {
            var (first, unit, hasRest) = (Number(said, 1), said.Groups[2].Value, said.Groups[3].Success);
            if (unit.Length == 0 && !hasRest && first > MostBareHours)
            {
                wrong = "amount.wrong.unit";
                return null;
            }
            if (hasRest && (!locale.IsUnit("hours", unit) || said.Groups[4].Value is { Length: > 0 } rest && !locale.IsUnit("minutes", rest)))
                return null;
            if (unit.Length == 0 || locale.IsUnit("hours", unit))
                minutes = first * MinutesInHour + (hasRest ? Number(said, 3) : 0);
            else if (locale.IsUnit("minutes", unit))
                minutes = first;
            else
                return null;
        }
        else
        {
            return null;
        }
        wrong = minutes == 0 ? "amount.wrong.zero" : "amount.wrong.whole";
        return minutes > 0 && minutes == decimal.Truncate(minutes) ? new Minutes((long)minutes) : null;
    }

    private static bool IsUnit(this Locale locale, string unit, string word) => locale[$"amount.read.{unit}"].Split(' ').Contains(word);

    private static decimal Number(Match match, int group) => decimal.Parse(match.Groups[group].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    /// <summary>In small letters, with the digits 0 to 9, a point before decimals, and fractions as decimals.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text.Trim().ToLowerInvariant())
        {
            plain.Append(c switch
            {
                '½' => ".5",
                '¼' => ".25",
                '¾' => ".75",
                ',' or '٫' => ".",
                _ when char.IsDigit(c) => CharUnicodeInfo.GetDecimalDigitValue(c).ToString(CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }
        return plain.ToString();
    }

    [GeneratedRegex(@"^(\d{1,4}):([0-5]\d)$")]
    private static partial Regex Clock();

    [GeneratedRegex(@"^(\d{1,6}|\d{0,6}\.\d{1,4})\s*(?:(\p{L}+)\.?\s*(?:([0-5]?\d)\s*(?:(\p{L}+)\.?)?)?)?$")]
    private static partial Regex Words();
}
