using System.Globalization;
using System.Text;

namespace TimeBank.Arrangements;

/// <summary>Something in a calendar.</summary>
/// <param name="From">Null: of the whole day.</param>
/// <param name="Until">Null: nobody said.</param>
public sealed record Appointment(Guid Id, DateOnly Date, DateTimeOffset? From, DateTimeOffset? Until, string Summary, string? Place, string? Memo)
{
    /// <summary>Octets of a line, without its end.</summary>
    private const int Longest = 75;

    /// <summary>A calendar as other programs read it: RFC 5545. What was in it before is known again by its id.</summary>
    public static string Write(IEnumerable<Appointment> appointments, DateTimeOffset now)
    {
        var file = new StringBuilder();
        Line(file, "BEGIN:VCALENDAR");
        Line(file, "VERSION:2.0");
        Line(file, "PRODID:-//TimeBank//EN");
        foreach (var one in appointments)
        {
            Line(file, "BEGIN:VEVENT");
            Line(file, $"UID:{one.Id}@timebank");
            Line(file, $"DTSTAMP:{Moment(now)}");
            Line(file, one.From is { } from ? $"DTSTART:{Moment(from)}" : $"DTSTART;VALUE=DATE:{one.Date:yyyyMMdd}");
            if (one is { From: not null, Until: { } until })
                Line(file, $"DTEND:{Moment(until)}");
            Line(file, $"SUMMARY:{Escaped(one.Summary)}");
            if (one.Place is { } place)
                Line(file, $"LOCATION:{Escaped(place)}");
            if (one.Memo is { } memo)
                Line(file, $"DESCRIPTION:{Escaped(memo)}");
            Line(file, "END:VEVENT");
        }
        Line(file, "END:VCALENDAR");
        return file.ToString();
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Escaped(string text) => string.Concat(text.ReplaceLineEndings("\n").Select(c => c switch
    {
        '\\' or ';' or ',' => $"\\{c}",
        '\n' => "\\n",
        _ => char.IsControl(c) ? " " : c.ToString(),
    }));

    /// <summary>A long line goes on after a line end and a space, and never breaks within a sign.</summary>
    private static void Line(StringBuilder file, string line)
    {
        var octets = 0;
        foreach (var sign in line.EnumerateRunes())
        {
            if (octets + sign.Utf8SequenceLength > Longest)
            {
                file.Append("\r\n ");
                octets = 1;
            }
            file.Append(sign);
            octets += sign.Utf8SequenceLength;
        }
        file.Append("\r\n");
    }
}
