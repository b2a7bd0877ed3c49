using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Routes of people: signing in, one's own login, and who comes into a bank.</summary>
public static class PeopleApi
{
    public static void Map(RouteGroupBuilder api, RouteGroupBuilder bank)
    {
        SessionsApi.Map(api);
        MeApi.Map(api);
        ResetsApi.Map(api);
        InvitationsApi.Map(api, bank);
    }

    /// <summary>A problem about a login. One with 401 says how to come in, as HTTP asks.</summary>
    internal static Task Refuse(HttpContext http, Problem problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Write(http, problem);
    }

    internal static Task Done(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>A token for an app; for a page nothing but its cookie.</summary>
    internal static Task Opened(HttpContext http, TokenView? token) => token is null ? Done(http) : Answers.Write(http, token);

    internal static RouteHandlerBuilder GivesNothing(this RouteHandlerBuilder route, int status = StatusCodes.Status204NoContent) => route.Produces(status);
}
