namespace TimeBank.Web;

/// <summary>The first that a request meets: is it for this server, and does it come from a page that may ask?</summary>
internal sealed class FrontDoor(RequestDelegate next, Site site)
{
    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(SafeHeaders.Write, http);
        http.Features.Get<OpenConnection>()?.Speak();
        if (!site.IsCalled(http.Request.Host.Value))
            return Problems.Write(http, ProblemTable.HostNotAllowed);
        foreach (var origin in http.Request.Headers.Origin)
        {
            if (site.IsOwn(http.Request, origin))
                continue;
            if (!site.IsNamed(origin))
                return Problems.Write(http, ProblemTable.OriginNotAllowed);
            // A page of another site comes with a key or a token, or as nobody: whoever signed in here is not in it.
            http.Request.Headers.Cookie = default;
        }
        return next(http);
    }
}
