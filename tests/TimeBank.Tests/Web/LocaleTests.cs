using System.Text.RegularExpressions;
using Shouldly;
using TimeBank.Notices;
using TimeBank.Store;
using TimeBank.Tests.Pages;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>Words in which people are told things: all of them, in every language.</summary>
public sealed partial class LocaleTests
{
    [Test]
    public void There_are_the_languages_that_were_promised() => Locale.Codes.ShouldBe(["ar", "cy", "en", "es"]);

    [Test]
    public void No_language_lacks_a_string_or_has_one_too_many()
    {
        var english = Locale.First(["en"]);
        foreach (var code in Locale.Codes)
        {
            var language = Locale.First([code]);
            language.Keys.Except(english.Keys).ShouldBeEmpty(code);
            english.Keys.Except(language.Keys).ShouldBeEmpty(code);
            language.Keys.Where(k => string.IsNullOrWhiteSpace(language[k])).ShouldBeEmpty(code);
            // What a sentence tells it tells in every language.
            english.Keys.Where(k => !Places(language[k]).SetEquals(Places(english[k]))).ShouldBeEmpty(code);
        }
    }

    [Test]
    public void Every_kind_has_a_title_and_every_sentence_its_words_and_nothing_else_is_there()
    {
        var english = Locale.First(["en"]);
        var said = Noticing.Sentences.SelectMany(k => k.Value.Select(s => NoticeWords.Key(k.Key, s)).Append($"title.{k.Key.Word()}")).ToList();

        said.Except(english.Keys).ShouldBeEmpty();
        english.Keys.Except(said).Where(k => !Other().IsMatch(k)).ShouldBeEmpty("Nobody says these.");
    }

    [Test]
    public void Nobody_is_told_of_debts_and_prices()
    {
        var english = Locale.First(["en"]);
        var words = new Regex(@"\b(debt|debit|price|pay|paid|owe|fine|account balance)\b", RegexOptions.IgnoreCase);

        english.Keys.Where(k => words.IsMatch(english[k])).ShouldBeEmpty();
        Locale.First(["es"]).Keys.Where(k => Regex.IsMatch(Locale.First(["es"])[k], @"\b(deuda|precio|pagar|pago|débito)\b", RegexOptions.IgnoreCase)).ShouldBeEmpty();
    }

    [TestCase("en", 90, "1 h 30 min"), TestCase("en", 60, "1 h"), TestCase("en", 5, "5 min"), TestCase("en", 0, "0 min"), TestCase("en", 6001, "100 h 1 min")]
    [TestCase("cy", 90, "1 awr 30 mun"), TestCase("es", 90, "1 h 30 min"), TestCase("ar", 90, "1 س 30 د")]
    public void Amounts_are_said_as_people_say_them(string code, long minutes, string said) => Locale.First([code]).Amount(new Minutes(minutes)).ShouldBe(said);

    [TestCase("en", "21 November 2026"), TestCase("cy", "21 Tachwedd 2026"), TestCase("es", "21 de noviembre de 2026"), TestCase("ar", "21 نوفمبر 2026")]
    public void Days_are_said_as_people_say_them(string code, string said) => Locale.First([code]).Day(new DateOnly(2026, 11, 21)).ShouldBe(said);

    [Test]
    public void The_first_language_that_there_is_is_spoken_and_english_if_none_is()
    {
        Locale.First([null, "tlh", "cy-GB", "es"]).Code.ShouldBe("cy");
        Locale.First(["tlh"]).Code.ShouldBe("en");
        Locale.First(["ar"]).Direction.ShouldBe("rtl");
    }

    [TestCase("2026-11-22T12:00:00Z", "UTC", "2026-11-23T08:00:00Z")]
    [TestCase("2026-11-23T07:59:59Z", "UTC", "2026-11-23T08:00:00Z")]
    [TestCase("2026-11-23T08:00:00Z", "UTC", "2026-11-30T08:00:00Z")]
    [TestCase("2026-10-24T12:00:00Z", "Europe/London", "2026-10-26T08:00:00Z")]
    [TestCase("2026-10-17T12:00:00Z", "Europe/London", "2026-10-19T07:00:00Z")]
    public void The_letter_of_the_week_goes_out_on_monday_at_eight(string after, string zone, string due)
    {
        var letter = WeeklyLetter.After(DateTimeOffset.Parse(after), zone);

        letter.ShouldBe(DateTimeOffset.Parse(due));
        WeeklyLetter.After(WeeklyLetter.Since(letter, zone), zone).ShouldBe(letter);
    }

    private static HashSet<string> Places(string words) => [.. Locale.Place().Matches(words).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("^(mail|stop|amount|month|" + PageWordsTests.Pages + ")\\.|^(day|direction|somebody)$")]
    private static partial Regex Other();
}
