namespace TimeBank.Schedules;

/// <summary>How often.</summary>
public enum Every { Once, Week, Month }

/// <summary>On which dates something is due, by the bank's own calendar.</summary>
/// <param name="Interval">Every so many weeks or months: 1 to 52.</param>
/// <param name="From">The first date.</param>
/// <param name="Until">The last date that counts; null: no end.</param>
/// <param name="At">At what time of that day.</param>
public sealed record CalendarRule(Every Every, int Interval, DateOnly From, DateOnly? Until, TimeOnly At)
{
    public const int MostInterval = 52;

    /// <summary>The first date after another (null: the first of all). A month that is too short has its last day in place of the 29th, 30th or 31st.</summary>
    public DateOnly? After(DateOnly? former)
    {
        var next = former is not { } last || last < From ? From : Every switch
        {
            Every.Once => null,
            Every.Week => From.AddDays(7 * Interval * ((last.DayNumber - From.DayNumber) / (7 * Interval) + 1)),
            _ => NextMonth(last),
        };
        return next <= Until || Until is null ? next : null;
    }

    private DateOnly? NextMonth(DateOnly last)
    {
        var steps = Math.Max(0, ((last.Year - From.Year) * 12 + last.Month - From.Month) / Interval);
        var next = From.AddMonths(steps * Interval);
        while (next <= last)
            next = From.AddMonths(++steps * Interval);
        return next;
    }
}
