using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>The button with which people sign out.</summary>
internal static class SignOutPage
{
    public const string Path = "/sign-out";

    /// <summary>The field that says how they left; empty: by the button.</summary>
    public const string Left = "Left";

    /// <summary>Nobody did anything for a while, on a device that others use, too.</summary>
    public const string Shared = "shared";

    public static void Map(WebApplication app) => app.MapPost(Path, SignOut).ExcludeFromDescription();

    private static async Task SignOut(HttpContext http, Sessions sessions, SignIns signIns)
    {
        if (await sessions.ReadAsync(http) is { } session)
            await signIns.SignOutAsync(session, http.RequestAborted);
        await SessionTickets.ForgetCookieAsync(http);
        // On a device that others use nothing was kept, and the browser need not look.
        if (http.Features.Get<Device>() is not { IsOwn: false })
            KeptPages.Forget(http);
        var wasLeft = http.Request.HasFormContentType && (await http.Request.ReadFormAsync(http.RequestAborted))[Left] == Shared;
        http.Response.Redirect(wasLeft ? $"/sign-in?left={Shared}" : "/");
    }
}
