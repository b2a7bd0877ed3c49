namespace TimeBank.Web;

/// <summary>Header fields that every answer has, so that a browser does with it what was meant and nothing else.</summary>
internal static class SafeHeaders
{
    /// <summary>Of what is no page: a browser that shows it loads and runs nothing.</summary>
    private const string PolicyOfData = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Of pages: they use what this server serves as files, and nothing written into the page itself. Small pictures may stand in style sheets.</summary>
    private const string PolicyOfPages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    /// <summary>The worker in the browser asks this server, and nobody else.</summary>
    private const string PolicyOfWorker = "default-src 'none'; connect-src 'self'";

    /// <summary>Swagger's page draws its logo with one style sheet inside the picture: that one, and no other.</summary>
    private const string StyleOfLogo = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

    private static readonly string s_policyOfSwagger = PolicyOfPages.Replace("style-src 'self'", $"style-src 'self' {StyleOfLogo}", StringComparison.Ordinal);
    private static readonly PathString s_swagger = "/swagger";

    private const string OneYear = "max-age=31536000";

    /// <summary>Called when an answer starts, whoever wrote it: a route, a problem, or the handler of an exception, which begins with none.</summary>
    public static readonly Func<object, Task> Write = state =>
    {
        var http = (HttpContext)state;
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = http.Request.Path == KeptPages.WorkerPath ? PolicyOfWorker : !IsPage(http.Response.ContentType) ? PolicyOfData : http.Request.Path.StartsWithSegments(s_swagger) ? s_policyOfSwagger : PolicyOfPages;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Hours and people are nobody else's business: what may be kept says so itself.
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        // Every other server on this machine is localhost too.
        if (http.Request.IsHttps && !Site.IsLoopback(http.Request.Host.Host))
            headers.StrictTransportSecurity = OneYear;
        http.Features.Get<Allowance>()?.WriteTo(headers);
        return Task.CompletedTask;
    };

    private static bool IsPage(string? contentType) => contentType is not null && contentType.StartsWith("text/html", StringComparison.OrdinalIgnoreCase);
}
