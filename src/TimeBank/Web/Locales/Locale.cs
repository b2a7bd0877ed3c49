using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TimeBank.Web;

/// <summary>All words of one language in which people are told things: a file of its own, <c>Locales/CODE.json</c>.</summary>
public sealed partial class Locale
{
    private const string Folder = "TimeBank.Web.Locales.";
    private const int MinutesInHour = 60;

    public const string Default = "en";

    private static readonly FrozenDictionary<string, Locale> s_all = typeof(Locale).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Select(Read).ToFrozenDictionary(l => l.Code);

    private readonly FrozenDictionary<string, string> _words;

    private Locale(string code, FrozenDictionary<string, string> words) => (Code, _words) = (code, words);

    /// <summary>Codes of the languages that there are.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. s_all.Keys.Order(StringComparer.Ordinal)];

    public string Code { get; }

    public IReadOnlyCollection<string> Keys => _words.Keys;

    /// <summary>Which way it is written: ltr or rtl.</summary>
    public string Direction => this["direction"];

    public string this[string key] => _words.TryGetValue(key, out var words) ? words : throw new KeyNotFoundException($"{Code}.json lacks '{key}'.");

    public static bool Has(string code) => s_all.ContainsKey(code);

    /// <summary>The first of these that there is; English if none is.</summary>
    public static Locale First(IEnumerable<string?> codes) => First(codes, Codes);

    /// <summary>The first of these that is offered; if none is, English, and if that is not, the first that is.</summary>
    public static Locale First(IEnumerable<string?> codes, IReadOnlyList<string> offered) =>
        s_all[codes.OfType<string>().Select(c => c.Split('-')[0].ToLowerInvariant()).Append(Default).FirstOrDefault(c => offered.Contains(c) && Has(c)) ?? offered.FirstOrDefault(Has) ?? Default];

    /// <summary>A sentence with what belongs in its places: whatever is named in braces.</summary>
    public string Say(string key, params ReadOnlySpan<(string Place, string Value)> values)
    {
        var places = new Dictionary<string, string>();
        foreach (var (place, value) in values)
            places[place] = value;
        return Place().Replace(this[key], place => places[place.Groups[1].Value]);
    }

    /// <summary>The same in pieces: its words, and what belongs in its places.</summary>
    public IEnumerable<(string Text, bool IsPlace)> Pieces(string key, IReadOnlyDictionary<string, string> values)
    {
        var (sentence, at) = (this[key], 0);
        foreach (Match place in Place().Matches(sentence))
        {
            yield return (sentence[at..place.Index], false);
            yield return (values[place.Groups[1].Value], true);
            at = place.Index + place.Length;
        }
        yield return (sentence[at..], false);
    }

    /// <summary>A kind of help: the starter list's have words, a bank's own speak for themselves.</summary>
    public string Category(string code) => _words.GetValueOrDefault($"category.{code}") ?? code.Replace('-', ' ');

    /// <summary>As people say it: "1 h 30 min".</summary>
    public string Amount(Minutes minutes)
    {
        var (hours, rest) = Math.DivRem(Math.Abs(minutes.Value), MinutesInHour);
        var (h, min) = (hours.ToString(CultureInfo.InvariantCulture), rest.ToString(CultureInfo.InvariantCulture));
        return hours == 0 ? Say("amount.minutes", ("min", min)) : rest == 0 ? Say("amount.hours", ("h", h)) : Say("amount.both", ("h", h), ("min", min));
    }

    public string Day(DateOnly day) => Say("day",
        ("d", day.Day.ToString(CultureInfo.InvariantCulture)), ("month", this[$"month.{day.Month.ToString(CultureInfo.InvariantCulture)}"]), ("y", day.Year.ToString(CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\{([a-z]+)\}")]
    public static partial Regex Place();

    private static Locale Read(string name)
    {
        using var stream = typeof(Locale).Assembly.GetManifestResourceStream(name)!;
        var words = JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
        return new Locale(name[Folder.Length..].Split('.')[0], words.ToFrozenDictionary());
    }
}
