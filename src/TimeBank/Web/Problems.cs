using System.Text.Json;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>A field that is missing or wrong, and how to mend it.</summary>
public sealed record FieldProblem(string Field, string Message);

/// <summary>Writes problems as application/problem+json (RFC 9457).</summary>
public static class Problems
{
    public const string ContentType = "application/problem+json";
    private const int RetryAfterSeconds = 1;

    /// <summary>The body of a rule's refusal: the same for the same refusal, so that it can be recorded.</summary>
    /// <param name="inPath">The id that the path names: unknown there is 404, in the body it is 422.</param>
    public static Outcome Outcome(Refusal refusal, Guid? inPath = null)
    {
        var problem = ProblemTable.For(refusal.Code);
        var status = refusal.Code is RefusalCode.AccountUnknown or RefusalCode.ServiceUnknown or RefusalCode.ActivityUnknown && inPath is { } id && Names(refusal, id) ? 404 : problem.Status;
        return new Outcome(status, Body(problem, status, null, refusal), Refusal: refusal);
    }

    /// <summary>A problem that no rule of the bank says.</summary>
    public static Outcome Outcome(Problem problem) => new(problem.Status, Body(problem, problem.Status, null, null));

    public static Task Write(HttpContext http, Problem problem, IReadOnlyList<FieldProblem>? fields = null) =>
        Write(http, problem.Status, Body(problem, problem.Status, fields, null));

    public static Task Write(HttpContext http, Refusal refusal, Guid? inPath = null)
    {
        var outcome = Outcome(refusal, inPath);
        return Write(http, outcome.Status, outcome.Body);
    }

    public static Task Write(HttpContext http, int status, string body)
    {
        if (PageProblems.IsFor(http))
            return PageProblems.WriteAsync(http, status);
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
        if (status == 503)
            http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return http.Response.WriteAsync(body, http.RequestAborted);
    }

    public static string Body(Problem problem, int status, IReadOnlyList<FieldProblem>? fields, Refusal? refusal)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", problem.Type);
            json.WriteString("code", problem.Code);
            json.WriteString("title", problem.Title);
            json.WriteNumber("status", status);
            json.WriteString("mend", problem.Mend);
            if (refusal is not null)
                WriteRefusal(json, refusal);
            if (fields is { Count: > 0 })
            {
                json.WritePropertyName("fields");
                JsonSerializer.Serialize(json, fields, ApiJson.Options);
            }
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteRefusal(Utf8JsonWriter json, Refusal refusal)
    {
        if (refusal.Leg is { } leg)
            json.WriteNumber("leg", leg);
        foreach (var figure in refusal.Figures)
        {
            json.WritePropertyName(figure.Name);
            JsonSerializer.Serialize(json, figure.Value, figure.Value.GetType(), ApiJson.Options);
        }
        if (refusal.Shortfalls.Count > 0)
        {
            json.WritePropertyName("shortfalls");
            JsonSerializer.Serialize(json, refusal.Shortfalls, ApiJson.Options);
        }
    }

    private static bool Names(Refusal refusal, Guid id) => refusal.Figures.Any(f => f.Value is Guid named && named == id);
}
