using TimeBank.Access;

namespace TimeBank.Web;

/// <summary>Pages that stay readable without a connection: on somebody's own device their hours and vouchers, as they were seen last. On any other device nothing of a person is kept.</summary>
public static class KeptPages
{
    /// <summary>The worker in the browser keeps what has it.</summary>
    public const string Header = "TimeBank-Keep";

    /// <summary>Where the worker is: it looks after all that lies below its own address.</summary>
    public const string WorkerPath = "/worker.js";

    private const string Worker = "worker.js";

    public static void Map(WebApplication app) => app.MapGet(WorkerPath, (HttpContext http) =>
    {
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Stream(PageAssets.Open(Worker), "text/javascript");
    }).ExcludeFromDescription();

    /// <summary>Whether the page that is drawn may be kept.</summary>
    public static bool Keep(HttpContext http)
    {
        if (http.Features.Get<Device>() is not { IsOwn: true } || !HttpMethods.IsGet(http.Request.Method))
            return false;
        http.Response.Headers[Header] = "yes";
        return true;
    }

    /// <summary>The browser throws away what the worker kept, and the worker: https://www.w3.org/TR/clear-site-data.</summary>
    public static void Forget(HttpContext http) => http.Response.Headers["Clear-Site-Data"] = "\"storage\"";
}
