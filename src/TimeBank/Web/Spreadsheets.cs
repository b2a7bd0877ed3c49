namespace TimeBank.Web;

/// <summary>Text for CSV files that people open in spreadsheets.</summary>
public static class Spreadsheets
{
    /// <summary>An apostrophe before text that a spreadsheet would run as a formula.</summary>
    public static string? Harmless(string? text) =>
        text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
}
