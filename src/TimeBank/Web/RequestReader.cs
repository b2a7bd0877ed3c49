using System.Diagnostics;
using System.Text.Json;
using FluentValidation;

namespace TimeBank.Web;

/// <summary>Reads a request's body into its record and checks it; whatever is wrong is answered as a problem with its fields.</summary>
public static class RequestReader
{
    public const int MostFields = 100;

    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(1);

    /// <summary>Null if a problem was answered.</summary>
    public static async ValueTask<TRequest?> ReadJson<TRequest>(HttpContext http, IValidator<TRequest> validator) where TRequest : class
    {
        if (!IsJson(http.Request.ContentType))
        {
            await Problems.Write(http, ProblemTable.UnsupportedMediaType);
            return null;
        }
        var since = Stopwatch.GetTimestamp();
        TRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync<TRequest>(http.Request.Body, ApiJson.Options, http.RequestAborted);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            await Problems.Write(http, ProblemTable.MalformedRequest, [Explain(e)]);
            return null;
        }
        if (request is null)
        {
            await Problems.Write(http, ProblemTable.MalformedRequest, [new FieldProblem("$", "The body must be a JSON object.")]);
            return null;
        }
        if (Check(request, validator) is { } fields)
        {
            await Problems.Write(http, ProblemTable.Invalid, fields);
            return null;
        }
        // A body may take hours to come. Who may no longer do what they began is not let do it.
        return Stopwatch.GetElapsedTime(since) > s_slow && await http.RequestServices.GetRequiredService<WhoAsks>().RefusesNowAsync(http) ? null : request;
    }

    /// <summary>Null if all is well; at most <see cref="MostFields"/> of what is wrong.</summary>
    public static IReadOnlyList<FieldProblem>? Check<TRequest>(TRequest request, IValidator<TRequest> validator)
    {
        var result = validator.Validate(request);
        return result.IsValid
            ? null
            : [.. result.Errors.Take(MostFields).Select(e => new FieldProblem(FieldName(e.PropertyName), e.ErrorMessage))];
    }

    /// <summary>From <c>Legs[0].Kind</c> to <c>legs[0].kind</c>.</summary>
    private static string FieldName(string property) => string.Join('.', property.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>Bad JSON, bad UTF-8, lone surrogates, values of the wrong type. Nothing else is caught.</summary>
    public static bool IsMalformed(Exception e) => e is JsonException
        || e is InvalidOperationException { Source: "System.Text.Json" or "System.Private.CoreLib" or "System.Memory" };

    public static FieldProblem Explain(Exception e)
    {
        if (e is not JsonException json)
            return new FieldProblem("$", "The text is not valid Unicode.");
        var field = json.Path ?? "$";
        if (json.InnerException is null && json.LineNumber is null)
            return new FieldProblem(field, json.Message);
        return new FieldProblem(field, json.InnerException is null && json.Message.Contains("could not be mapped", StringComparison.Ordinal)
            ? "This member is not known here."
            : $"Not valid here (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}). Amounts are whole numbers, ids are UUIDs, dates are YYYY-MM-DD.");
    }

    public static bool IsJson(string? contentType) => Is(contentType, "application/json");

    public static bool Is(string? contentType, string expected)
    {
        if (contentType is null)
            return false;
        var end = contentType.IndexOf(';');
        return (end < 0 ? contentType : contentType[..end]).Trim().Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
