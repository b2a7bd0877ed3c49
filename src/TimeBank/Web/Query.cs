using System.Buffers.Text;
using System.Globalization;
using System.Text;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Reads a request's query, and remembers what is wrong with it.</summary>
public sealed class Query(HttpContext http)
{
    public const int DefaultLimit = 20;
    public const int MostLimit = 500;
    private const string OfFormerPage = "The cursor of a former page, unchanged.";

    private readonly List<FieldProblem> _wrong = [];

    public bool DryRun => Flag("dryRun");

    /// <summary>True if a problem was answered.</summary>
    public async ValueTask<bool> RefusedAsync()
    {
        if (_wrong.Count == 0)
            return false;
        await Problems.Write(http, ProblemTable.Invalid, _wrong);
        return true;
    }

    public bool Flag(string name) => Parse(name, "true or false", false, (string s, out bool v) => bool.TryParse(s, out v));

    public int Limit() => Parse("limit", $"A number from 1 to {MostLimit}.", DefaultLimit,
        (string s, out int v) => int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out v) && v is >= 1 and <= MostLimit);

    /// <summary>Zero or more; zero if it is left out.</summary>
    public long Number(string name) => Parse(name, "A number from 0 on.", 0L,
        (string s, out long v) => long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out v));

    public Guid? Id(string name) => Parse<Guid?>(name, "A UUID.", null, (string s, out Guid? v) =>
    {
        var ok = Guid.TryParseExact(s, "D", out var id);
        v = id;
        return ok;
    });

    public TEnum? Word<TEnum>(string name) where TEnum : struct, Enum => Parse<TEnum?>(name, $"One of {Words.All<TEnum>()}.", null, (string s, out TEnum? v) =>
    {
        var ok = Words.TryParse<TEnum>(s, out var word);
        v = word;
        return ok;
    });

    /// <summary>An instant with its offset from UTC, of whole microseconds.</summary>
    public DateTimeOffset? Instant(string name) => Parse<DateTimeOffset?>(name, "An instant such as 2026-11-21T10:00:00Z.", null, (string s, out DateTimeOffset? v) =>
    {
        var ok = Instants.TryParse(s, out var instant);
        v = instant;
        return ok;
    });

    public DateOnly? Date(string name) => Parse<DateOnly?>(name, "A date such as 2026-11-21.", null, (string s, out DateOnly? v) =>
    {
        var ok = DateOnly.TryParseExact(s, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        v = date;
        return ok;
    });

    /// <summary>The months of a report, and the first day after the last: a year up to this month, if nothing else is said.</summary>
    public (DateOnly First, DateOnly Last, DateOnly Until) Months(DateOnly today)
    {
        var usual = MonthSpan.UpTo(Month("to") ?? today);
        var span = Month("from") is { } first ? usual with { First = first } : usual;
        if (!span.IsValid)
            Wrong("from", $"A month up to {MonthSpan.Most - 1} months before the last.");
        return (span.First, span.Last, span.Last < DateOnly.MaxValue.AddMonths(-1) ? span.Last.AddMonths(1) : DateOnly.MaxValue);
    }

    private DateOnly? Month(string name) => Parse<DateOnly?>(name, "A month such as 2026-11.", null, (string s, out DateOnly? v) =>
    {
        var ok = DateOnly.TryParseExact(s + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month);
        v = month;
        return ok;
    });

    /// <summary>Text to look for; empty is none.</summary>
    public string? Text(string name) => Parse<string?>(name, "Text without control characters.", null, (string s, out string? v) =>
    {
        v = s.Length == 0 ? null : s;
        return !s.Any(char.IsControl);
    });

    /// <summary>A category's or a neighbourhood's code.</summary>
    public string? Code(string name) => Parse<string?>(name, Rules.CodeWords, null, (string s, out string? v) =>
    {
        v = s;
        return Rules.IsCode(s);
    });

    /// <summary>Where the former page ended: what this server put into the cursor, and nothing else.</summary>
    public string[]? Cursor(int parts) => Parse<string[]?>("cursor", OfFormerPage, null, (string s, out string[]? v) =>
    {
        v = null;
        if (!Base64Url.IsValid(s))
            return false;
        v = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(s)).Split('|');
        return v.Length == parts;
    });

    /// <summary>The id at which the former page ended; <paramref name="first"/> where there was none.</summary>
    public Guid CursorId(Guid first)
    {
        if (Cursor(1) is not [var cursor])
            return first;
        if (Guid.TryParseExact(cursor, "D", out var id))
            return id;
        WrongCursor();
        return first;
    }

    /// <summary>A moment that is not ahead; null if it is left out.</summary>
    public DateTimeOffset? PastInstant(string name, DateTimeOffset now)
    {
        var moment = Instant(name);
        if (moment > now)
            Wrong(name, "A moment up to now.");
        return moment;
    }

    public void WrongCursor() => Wrong("cursor", OfFormerPage);

    public void Wrong(string name, string message) => _wrong.Add(new FieldProblem(name, message));

    public static string ToCursor(params object[] parts) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('|', parts.Select(p => Convert.ToString(p, CultureInfo.InvariantCulture)))));

    /// <summary>Says in a Link header where the next page is, by this request's own address.</summary>
    private void Link(string? next)
    {
        if (next is null)
            return;
        var query = QueryString.Create(http.Request.Query.Where(q => q.Key != "cursor").Append(new("cursor", next)));
        http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path}{query}>; rel=\"next\"";
    }

    /// <summary>The first <paramref name="limit"/> of rows that were read with one more, which shows whether it goes on; says so in the Link header.</summary>
    public Page<TView> Page<TRow, TView>(IReadOnlyList<TRow> rows, int limit, Func<TRow, string> cursorOf, Func<TRow, TView> view)
    {
        var next = rows.Count > limit ? cursorOf(rows[limit - 1]) : null;
        Link(next);
        return new Page<TView>([.. rows.Take(limit).Select(view)], next);
    }

    private delegate bool Parser<T>(string text, out T value);

    private T Parse<T>(string name, string expected, T absent, Parser<T> parse)
    {
        var values = http.Request.Query[name];
        if (values.Count == 0)
            return absent;
        if (values.Count == 1 && parse(values[0] ?? "", out var value))
            return value;
        Wrong(name, expected);
        return absent;
    }
}
