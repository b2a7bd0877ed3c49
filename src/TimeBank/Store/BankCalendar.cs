using NodaTime;
using NodaTime.TimeZones;

namespace TimeBank.Store;

/// <summary>When a local date and time is, in the time zone of a bank: the first of a doubled hour, and for one that the clocks leave out the next valid minute.</summary>
public static class BankCalendar
{
    private static readonly ZoneLocalMappingResolver s_resolver = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>Which date it is there.</summary>
    public static DateOnly Date(string timeZone, DateTimeOffset now) => Instant.FromDateTimeOffset(now).InZone(DateTimeZoneProviders.Tzdb[timeZone]).Date.ToDateOnly();

    /// <summary>What the clocks say there.</summary>
    public static TimeOnly Time(string timeZone, DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(DateTimeZoneProviders.Tzdb[timeZone]).TimeOfDay.ToTimeOnly();

    public static Func<DateOnly, TimeOnly, DateTimeOffset> Of(string timeZone)
    {
        var zone = DateTimeZoneProviders.Tzdb[timeZone];
        return (date, time) => zone.ResolveLocal(LocalDate.FromDateOnly(date) + LocalTime.FromTimeOnly(time), s_resolver).ToInstant().ToDateTimeOffset();
    }
}
