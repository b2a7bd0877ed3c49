using Microsoft.AspNetCore.Antiforgery;

namespace TimeBank.Web;

/// <summary>What is asked of a request once it is known who sends it: is something left of their quota, and does a cookie's change come from a page of ours?</summary>
public sealed class CallerCheck(Quotas quotas, IAntiforgery antiforgery, Site site)
{
    /// <summary>True if a problem was answered.</summary>
    public ValueTask<bool> RefusedAsync(HttpContext http)
    {
        if (!quotas.Takes(http))
            return AnsweredAsync(http, ProblemTable.TooManyRequests);
        return http.Caller() is { Door: Access.Door.Page, Person: not null } && Changes(http.Request.Method) ? RefusedChangeAsync(http) : new(false);
    }

    /// <summary>A browser sends a cookie whoever wrote the page; what only a page of ours can read must come with it.</summary>
    private async ValueTask<bool> RefusedChangeAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.Origin.Any(o => !site.IsOwn(request, o)) || request.Headers["Sec-Fetch-Site"].Any(s => s != "same-origin"))
            return await AnsweredAsync(http, ProblemTable.OriginNotAllowed);
        // A page's form was looked at before: its proof is missing or worn, or it cannot be read at all.
        if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            await PageProblems.WriteAsync(http, StatusCodes.Status400BadRequest);
            return true;
        }
        return !await antiforgery.IsRequestValidAsync(http) && await AnsweredAsync(http, ProblemTable.AntiforgeryMissing);
    }

    private static bool Changes(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method);

    private static async ValueTask<bool> AnsweredAsync(HttpContext http, Problem problem)
    {
        await Problems.Write(http, problem);
        return true;
    }
}
