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

/// <summary>A part of any day.</summary>
public enum PartOfDay { Morning, Afternoon, Evening }

/// <summary>Days of times, and their parts.</summary>
public static class TimesOfWeek
{
    private const int PartsOfDay = 3;

    public static PartOfDay Part(this TimeOfWeek time) => (PartOfDay)((int)time % PartsOfDay);

    public static DayOfWeek Day(this TimeOfWeek time) => (DayOfWeek)(((int)time / PartsOfDay + 1) % 7);
}
