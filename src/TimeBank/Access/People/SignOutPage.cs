using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>The button with which people sign out.</summary>
internal static class SignOutPage
{
    public const string Path = "/sign-out";

    public static void Map(WebApplication app) => app.MapPost(Path, SignOut).ExcludeFromDescription();

    private static async Task SignOut(HttpContext http, Sessions sessions, SignIns signIns)
    {
        if (await sessions.ReadAsync(http) is { } session)
            await signIns.SignOutAsync(session, http.RequestAborted);
        await SessionTickets.ForgetCookieAsync(http);
        KeptPages.Forget(http);
        http.Response.Redirect("/");
    }
}
