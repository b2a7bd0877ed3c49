using Shouldly;
using TimeBank.Web;

namespace TimeBank.Tests.Pages;

/// <summary>Amounts as people type them, and what they hear if nobody can know what they meant.</summary>
public sealed class AmountTextTests
{
    [TestCase("en", "1:30", 90)]
    [TestCase("en", "1h30", 90)]
    [TestCase("en", "1 h 30 min", 90)]
    [TestCase("en", "1 H 30", 90)]
    [TestCase("en", "1.5", 90)]
    [TestCase("en", " 1,5 h ", 90)]
    [TestCase("en", "1½", 90)]
    [TestCase("en", "½", 30)]
    [TestCase("en", "¼ hour", 15)]
    [TestCase("en", "90 min", 90)]
    [TestCase("en", "90min.", 90)]
    [TestCase("en", "90m", 90)]
    [TestCase("en", "2 hours", 120)]
    [TestCase("en", "24", 1_440)]
    [TestCase("en", "0:05", 5)]
    [TestCase("en", "100 h", 6_000)]
    [TestCase("es", "1 hora 30 minutos", 90)]
    [TestCase("cy", "2 awr 15 munud", 135)]
    [TestCase("ar", "١:٣٠", 90)]
    [TestCase("ar", "٩٠ دقيقة", 90)]
    [TestCase("ar", "١٫٥", 90)]
    [TestCase("ar", "1 س 30", 90)]
    public void It_is_read(string language, string text, long minutes) =>
        AmountText.Read(text, Locale.First([language]), out _).ShouldBe(new Minutes(minutes));

    [TestCase("", "missing")]
    [TestCase("  ", "missing")]
    [TestCase("90", "unit")]
    [TestCase("25", "unit")]
    [TestCase("0", "zero")]
    [TestCase("0:00", "zero")]
    [TestCase("1.33", "whole")]
    [TestCase("0.5 min", "whole")]
    [TestCase("-1", "unclear")]
    [TestCase("1:60", "unclear")]
    [TestCase("1:5", "unclear")]
    [TestCase("an hour", "unclear")]
    [TestCase("1 munud", "unclear")]
    [TestCase("90 min 30", "unclear")]
    [TestCase("1 h 30 h", "unclear")]
    [TestCase("1e3", "unclear")]
    [TestCase("99999999999999999999 h", "unclear")]
    public void It_is_asked_about(string text, string wrong)
    {
        AmountText.Read(text, Locale.First(["en"]), out var key).ShouldBeNull();
        key.ShouldBe($"amount.wrong.{wrong}");
    }

    [Test]
    public void What_a_page_says_of_an_amount_can_be_typed_again_in_every_language(
        [Values("en", "cy", "es", "ar")] string language, [Values(1, 59, 60, 90, 1_440, 6_001)] long minutes)
    {
        var locale = Locale.First([language]);
        AmountText.Read(locale.Amount(new Minutes(minutes)), locale, out _).ShouldBe(new Minutes(minutes));
    }

    /// <summary>Tried on texts that send a matching that goes back and forth on its way for hours.</summary>
    [Test]
    public void However_long_and_tangled_it_is_the_answer_comes_at_once()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var text in (string[])[new('1', 1_000_000), string.Concat(Enumerable.Repeat("1h ", 100_000)), new string('9', 50) + "x", string.Concat(Enumerable.Repeat("½", 60)) + "!"])
            AmountText.Read(text, Locale.First(["en"]), out _).ShouldBeNull();

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }
}
