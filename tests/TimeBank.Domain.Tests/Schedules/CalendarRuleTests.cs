using Shouldly;
using TimeBank.Schedules;

namespace TimeBank.Domain.Tests;

public sealed class CalendarRuleTests
{
    private static DateOnly Day(string date) => DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);

    private static string[] First(int count, CalendarRule rule)
    {
        var dates = new List<string>();
        for (var date = rule.After(null); date is { } due && dates.Count < count; date = rule.After(due))
            dates.Add(due.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        return [.. dates];
    }

    [TestCase(Every.Once, 1, "2026-01-31", null, "2026-01-31")]
    [TestCase(Every.Week, 1, "2026-12-25", null, "2026-12-25 2027-01-01 2027-01-08")]
    [TestCase(Every.Week, 2, "2026-02-14", "2026-03-14", "2026-02-14 2026-02-28 2026-03-14")]
    [TestCase(Every.Month, 1, "2026-01-31", null, "2026-01-31 2026-02-28 2026-03-31 2026-04-30")]
    [TestCase(Every.Month, 1, "2024-01-30", "2024-03-29", "2024-01-30 2024-02-29")]
    [TestCase(Every.Month, 3, "2026-11-30", null, "2026-11-30 2027-02-28 2027-05-30")]
    [TestCase(Every.Month, 12, "2024-02-29", null, "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29")]
    [TestCase(Every.Once, 1, "2026-01-31", "2026-01-30", "")]
    public void The_dates_of_a_rule(Every every, int interval, string from, string? until, string dates) =>
        First(dates.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length is var n && every == Every.Once ? 9 : until is null ? n : 9,
            new CalendarRule(every, interval, Day(from), until is null ? null : Day(until), default)).ShouldBe(dates.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void The_next_date_after_any_day_is_the_first_of_the_rules_dates_after_it(int seed)
    {
        var dice = new Random(seed);
        var rule = new CalendarRule(Enum.GetValues<Every>()[dice.Next(3)], 1 + dice.Next(5), Day("2024-01-01").AddDays(dice.Next(800)), null, default);
        var day = rule.From.AddDays(dice.Next(-50, 900));

        var all = new List<DateOnly>();
        for (var k = 0; k < 200; k++)
            all.Add(rule.Every switch { Every.Once => rule.From, Every.Week => rule.From.AddDays(7 * rule.Interval * k), _ => rule.From.AddMonths(rule.Interval * k) });

        DateOnly? expected = all.Where(d => d > day).Select(d => (DateOnly?)d).FirstOrDefault();
        (rule.After(day) ?? default).ShouldBe(expected ?? default);
    }
}
