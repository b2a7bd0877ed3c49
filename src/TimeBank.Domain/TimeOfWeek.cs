namespace TimeBank;

/// <summary>When in the week somebody has time, or needs help: a day and its part. Mornings end at noon, evenings begin at six.</summary>
public enum TimeOfWeek
{
    MondayMorning, MondayAfternoon, MondayEvening,
    TuesdayMorning, TuesdayAfternoon, TuesdayEvening,
    WednesdayMorning, WednesdayAfternoon, WednesdayEvening,
    ThursdayMorning, ThursdayAfternoon, ThursdayEvening,
    FridayMorning, FridayAfternoon, FridayEvening,
    SaturdayMorning, SaturdayAfternoon, SaturdayEvening,
    SundayMorning, SundayAfternoon, SundayEvening,
}

/// <summary>Days of times.</summary>
public static class TimesOfWeek
{
    private const int PartsOfDay = 3;

    public static DayOfWeek Day(this TimeOfWeek time) => (DayOfWeek)(((int)time / PartsOfDay + 1) % 7);
}
