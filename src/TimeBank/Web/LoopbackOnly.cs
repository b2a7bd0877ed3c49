namespace TimeBank.Web;

/// <summary>As long as nobody signs in, the server is for this machine alone: its own names as Host, no page of another site.</summary>
public static class LoopbackOnly
{
    public static Task Check(HttpContext http, RequestDelegate next)
    {
        if (!IsLocal(http.Request.Host.Host))
            return Problems.Write(http, ProblemTable.HostNotAllowed);
        if (http.Request.Headers.Origin.Any(origin => !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == http.Request.Host.Value)))
            return Problems.Write(http, ProblemTable.OriginNotAllowed);
        return next(http);
    }

    public static bool IsLocal(string host) => host is "localhost" or "127.0.0.1" or "[::1]" or "::1";
}
