using System.Globalization;
using Shouldly;
using TimeBank.Banks;
using TimeBank.Store;

namespace TimeBank.Tests.Banks;

public sealed class BankCalendarTests
{
    [TestCase("Europe/London", "2026-01-15", "08:00", "2026-01-15T08:00:00Z")]
    [TestCase("Europe/London", "2026-07-15", "08:00", "2026-07-15T07:00:00Z")]
    // The clocks go on at 01:00 to 02:00: half past one is not there, and 02:00 is the next minute that is.
    [TestCase("Europe/London", "2026-03-29", "01:30", "2026-03-29T01:00:00Z")]
    // They go back from 02:00 to 01:00: half past one is there twice, and the first one counts.
    [TestCase("Europe/London", "2026-10-25", "01:30", "2026-10-25T00:30:00Z")]
    [TestCase("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z")]
    [TestCase("Pacific/Apia", "2011-12-30", "08:00", "2011-12-30T10:00:00Z")]
    [TestCase("UTC", "2026-03-29", "01:30", "2026-03-29T01:30:00Z")]
    public void A_moment_by_the_banks_clock(string zone, string date, string time, string instant) =>
        BankCalendar.Of(zone)(DateOnly.Parse(date, CultureInfo.InvariantCulture), TimeOnly.Parse(time, CultureInfo.InvariantCulture))
            .ShouldBe(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
}
