using System.Globalization;
using System.Text.Json.Nodes;

namespace TimeBank.Tests.Web;

/// <summary>How an answer to a request that nobody should send has to look.</summary>
internal static class Hostile
{
    /// <summary>Null if the answer is as every answer should be.</summary>
    public static string? Fault(Answer answer, bool mustFail)
    {
        var status = (int)answer.Status;
        if (status is >= 200 and < 300)
            return mustFail ? $"{status} {Cut(answer.Text)}" : null;
        return status is >= 400 and < 500 && answer.ContentType?.MediaType == "application/problem+json" && answer.Code is { Length: > 0 }
            && (answer.Code is not ("Invalid" or "MalformedRequest") || answer.Body!["fields"] is JsonArray { Count: > 0 })
            && !answer.Text.Contains("   at ", StringComparison.Ordinal) && !answer.Text.Contains("System.", StringComparison.Ordinal)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{status} {answer.ContentType} {Cut(answer.Text)}");
    }

    public static string Cut(string text) => text.Length > 300 ? text[..300] + "…" : text;
}
