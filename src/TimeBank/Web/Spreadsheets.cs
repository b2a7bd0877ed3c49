namespace TimeBank.Web;

/// <summary>Text for CSV files that people open in spreadsheets.</summary>
public static class Spreadsheets
{
    /// <summary>An apostrophe before text that a spreadsheet would run as a formula, and before text that looks as if it had got one.</summary>
    public static string? Harmless(string? text) => IsFormula(text) ? "'" + text : text;

    /// <summary>The text as it was before <see cref="Harmless"/>.</summary>
    public static string? Original(string? text) => text is ['\'', ..] && IsFormula(text) ? text[1..] : text;

    private static bool IsFormula(string? text) =>
        text is not null && text.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r', ..];
}
