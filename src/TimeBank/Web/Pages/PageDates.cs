using System.Globalization;

namespace TimeBank.Web;

/// <summary>Dates as the fields of forms have them: 2026-11-30.</summary>
public static class PageDates
{
    private const string Form = "yyyy-MM-dd";
    private const string FormOfTime = "HH:mm";
    private const string FormOfMonth = "yyyy-MM";

    public static string Write(DateOnly day) => day.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Null if it is none.</summary>
    public static DateOnly? Read(string? text) => DateOnly.TryParseExact(text?.Trim(), Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>A time of day as the fields of forms have it: 09:30.</summary>
    public static string Write(TimeOnly time) => time.ToString(FormOfTime, CultureInfo.InvariantCulture);

    /// <summary>Null if it is none.</summary>
    public static TimeOnly? ReadTime(string? text) => TimeOnly.TryParseExact(text?.Trim(), FormOfTime, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    public static string WriteMonth(DateOnly day) => day.ToString(FormOfMonth, CultureInfo.InvariantCulture);

    /// <summary>First and last day of a month; null if it is none.</summary>
    public static (DateOnly First, DateOnly Last)? Month(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), FormOfMonth, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year < DateOnly.MaxValue.Year
            ? (first, first.AddMonths(1).AddDays(-1))
            : null;
}
