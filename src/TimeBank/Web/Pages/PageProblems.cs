using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.HttpResults;

namespace TimeBank.Web;

/// <summary>What people read where programs read a problem: a page that says what happened, or the page on which they sign in.</summary>
public static class PageProblems
{
    /// <summary>Whether a person waits for a page: the route is one, or there is none, and their browser asked for one.</summary>
    public static bool IsFor(HttpContext http) => http.GetEndpoint() is { } route
        ? IsPage(route)
        : http.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == "text/html") && !http.Request.Path.StartsWithSegments("/v1");

    public static bool IsPage(Endpoint route) => route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;

    public static async Task WriteAsync(HttpContext http, int status)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Redirect($"/sign-in?to={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}");
            return;
        }
        // What drew a page that failed is of no use for another: this one is drawn with services of its own.
        var before = http.RequestServices;
        await using var fresh = before.CreateAsyncScope();
        http.RequestServices = fresh.ServiceProvider;
        try
        {
            await new RazorComponentResult<ProblemPage>(new { Status = status }) { StatusCode = status }.ExecuteAsync(http);
        }
        finally
        {
            http.RequestServices = before;
        }
    }
}
