using System.Text;
using System.Text.Json;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Writes outcomes of the journal, and answers of queries.</summary>
public static class Answers
{
    /// <summary>One JSON a line.</summary>
    public const string NdJson = "application/x-ndjson";

    public static Outcome Made<T>(int status, T answer, object? domain = null) => new(status, ApiJson.Write(answer), domain ?? answer);

    /// <summary>What the journal answered; <paramref name="location"/> is prefixed to the id of something that was created.</summary>
    public static Task Write(HttpContext http, Outcome outcome, bool dryRun = false, string? location = null)
    {
        if (outcome.Failure != JournalFailure.None)
        {
            if (outcome.Failure == JournalFailure.Defect)
                http.RequestServices.GetRequiredService<ILogger<Journal>>().LogError("{Path}: {Why}", http.Request.Path, outcome.Body);
            return Problems.Write(http, ProblemTable.For(outcome.Failure));
        }
        if (outcome.Replayed)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        if (outcome.Status >= 400)
            return Problems.Write(http, outcome.Status, outcome.Body);
        if (location is not null && outcome.Status == 201 && !dryRun)
            http.Response.Headers.Location = location + IdOf(outcome.Body);
        return WriteJson(http, dryRun ? 200 : outcome.Status, Encoding.UTF8.GetBytes(outcome.Body));
    }

    public static Task Write<T>(HttpContext http, T answer, int status = 200) =>
        WriteJson(http, status, JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Options));

    private static Task WriteJson(HttpContext http, int status, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    /// <summary>Everything that can be created says its id first.</summary>
    public static string IdOf(string body)
    {
        const string start = "{\"id\":\"";
        if (!body.StartsWith(start, StringComparison.Ordinal))
            throw new InvalidOperationException("An answer that creates something begins with its id.");
        return body[start.Length..body.IndexOf('"', start.Length)];
    }
}
