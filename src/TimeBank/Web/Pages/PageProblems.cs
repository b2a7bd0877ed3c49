using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.HttpResults;

namespace TimeBank.Web;

/// <summary>What people read where programs read a problem: a page that says what happened, or the page on which they sign in.</summary>
public static class PageProblems
{
    /// <summary>The field in which Blazor says which of a page's forms was sent.</summary>
    private const string FormsName = "_handler";

    /// <summary>Whether a person waits for a page: the route is one, or there is none, and their browser asked for one.</summary>
    public static bool IsFor(HttpContext http) => http.GetEndpoint() is { } route
        ? IsPage(route)
        : http.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == "text/html") && !http.Request.Path.StartsWithSegments("/v1");

    public static bool IsPage(Endpoint route) => route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;

    /// <summary>Whether a form was sent that its page has no longer: what it was for is done, by the same form sent before or by somebody else, or can be done no more.</summary>
    public static bool IsPast(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint() is { } route && IsPage(route)
        && http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true } && http.Request.HasFormContentType && http.Request.Form.ContainsKey(FormsName);

    /// <summary>The page as it is now says what became of it.</summary>
    public static Task ShowAgain(HttpContext http)
    {
        http.Response.Redirect(http.Request.Path + http.Request.QueryString);
        return Task.CompletedTask;
    }

    /// <summary>What was filled in on a page of ours. Null: nothing was, another site sent it, or a file, which a browser cannot send again by itself.</summary>
    private static async Task<IReadOnlyList<KeyValuePair<string, string>>?> TypedAsync(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method) || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true
            || !http.RequestServices.GetRequiredService<Site>().IsOwn(request, request.Headers.Origin.ToString()))
            return null;
        // Its proof is of who was signed in. It is read all the same: nothing is done with it but to give it back to who sent it.
        http.Features.Set<IAntiforgeryValidationFeature>(null);
        try
        {
            var form = await request.ReadFormAsync(http.RequestAborted);
            return [.. form.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")))];
        }
        catch (InvalidDataException)
        {
            // A form that nobody can read holds nothing to be kept.
            return null;
        }
    }

    public static async Task WriteAsync(HttpContext http, int status)
    {
        IResult page = new RazorComponentResult<ProblemPage>(new { Status = status }) { StatusCode = status };
        if (status == StatusCodes.Status401Unauthorized)
        {
            if (await TypedAsync(http) is not { Count: > 0 } typed)
            {
                http.Response.Redirect($"/sign-in?to={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}");
                return;
            }
            page = new RazorComponentResult<SignedOutPage>(new { Typed = typed }) { StatusCode = status };
        }
        // What drew a page that failed is of no use for another: this one is drawn with services of its own.
        var before = http.RequestServices;
        await using var fresh = before.CreateAsyncScope();
        http.RequestServices = fresh.ServiceProvider;
        try
        {
            await page.ExecuteAsync(http);
        }
        finally
        {
            http.RequestServices = before;
        }
    }
}
