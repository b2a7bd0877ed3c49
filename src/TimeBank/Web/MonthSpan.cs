namespace TimeBank.Web;

/// <summary>Months of a report, by the first day of the first and of the last.</summary>
public readonly record struct MonthSpan(DateOnly First, DateOnly Last)
{
    public const int Most = 36;
    public const int Usual = 12;

    private int Months => (Last.Year - First.Year) * 12 + Last.Month - First.Month + 1;

    public bool IsValid => Months is >= 1 and <= Most;

    /// <summary>The twelve months that end with one; of the first that there are, fewer.</summary>
    public static MonthSpan UpTo(DateOnly last) =>
        new(last.Year > 1 ? new DateOnly(last.Year, last.Month, 1).AddMonths(1 - Usual) : DateOnly.MinValue, new DateOnly(last.Year, last.Month, 1));
}
