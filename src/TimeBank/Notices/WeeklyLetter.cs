using NodaTime;
using NodaTime.TimeZones;

namespace TimeBank.Notices;

/// <summary>When the letter of the week goes out: on Monday at eight, by the bank's clocks.</summary>
public static class WeeklyLetter
{
    private static readonly LocalTime s_at = new(8, 0);

    /// <summary>The next one after a moment.</summary>
    public static DateTimeOffset After(DateTimeOffset moment, string timeZone)
    {
        var (zone, instant) = (DateTimeZoneProviders.Tzdb[timeZone], Instant.FromDateTimeOffset(moment));
        var day = instant.InZone(zone).Date.PlusDays(1).Previous(IsoDayOfWeek.Monday);
        if (MomentOf(day, zone) <= instant)
            day = day.PlusWeeks(1);
        return MomentOf(day, zone).ToDateTimeOffset();
    }

    /// <summary>From when on the letter tells that goes out then.</summary>
    public static DateTimeOffset Since(DateTimeOffset letter, string timeZone)
    {
        var zone = DateTimeZoneProviders.Tzdb[timeZone];
        return MomentOf(Instant.FromDateTimeOffset(letter).InZone(zone).Date.PlusWeeks(-1), zone).ToDateTimeOffset();
    }

    private static Instant MomentOf(LocalDate day, DateTimeZone zone) => zone.ResolveLocal(day + s_at, Resolvers.LenientResolver).ToInstant();
}
