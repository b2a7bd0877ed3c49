using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TimeBank.Web;

/// <summary>What guards the server as a server, whoever calls: names and origins, sizes and times, rates, headers.</summary>
public static class Edges
{
    /// <summary>What the framework writes of requests as they came, secrets included, as soon as somebody asks for more log than usual.</summary>
    private static readonly string[] s_talkative =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.HttpsPolicy", "Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Microsoft.AspNetCore.HttpLogging",
        "Microsoft.AspNetCore.StaticFiles",
    ];

    private static readonly string[] s_sent = ["Accept", "Acting-For", "Authorization", "Content-Type", "Idempotency-Key", "If-Match"];
    private static readonly string[] s_read = ["Content-Disposition", "ETag", "Idempotent-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate"];

    /// <exception cref="SettingException">Something in <c>Site:…</c> or <c>Limits:…</c> cannot be meant so.</exception>
    public static void AddEdges(this WebApplicationBuilder builder)
    {
        var (site, limits) = (Site.Read(builder.Configuration), Limits.Read(builder.Configuration));
        builder.WebHost.ConfigureKestrel(kestrel => ServerLimits.Set(kestrel, builder.Configuration, limits));
        var services = builder.Services;
        services.AddSingleton(site).AddSingleton(limits).AddSingleton<OpenConnections>().AddSingleton<Quotas>().AddSingleton<CallerCheck>();
        // HTTP/3 would come past what bounds connections.
        services.RemoveAll<IMultiplexedConnectionListenerFactory>();
        services.AddSingleton<IAntiforgeryAdditionalDataProvider, BoundToCaller>();
        services.AddAntiforgery(options =>
        {
            options.HeaderName = AntiforgeryApi.Header;
            options.Cookie.Name = "timebank-antiforgery";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddCors(options => options.AddDefaultPolicy(named => named
            .WithOrigins([.. site.Origins]).WithMethods("GET", "HEAD", "POST", "PUT", "DELETE").WithHeaders(s_sent).WithExposedHeaders(s_read)
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // As far back as the proxies are known.
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in site.Proxies)
                options.KnownIPNetworks.Add(proxy);
        });
        foreach (var category in s_talkative)
            builder.Logging.AddFilter(category, LogLevel.Warning);
    }

    /// <summary>Before the routing: what every request passes, whoever sends it.</summary>
    public static void UseEdges(this WebApplication app)
    {
        var site = app.Services.GetRequiredService<Site>();
        if (site.BehindProxy)
            app.UseForwardedHeaders();
        app.UseMiddleware<FrontDoor>(site);
        if (Listening.WithAndWithoutTls(app.Configuration))
            app.UseHttpsRedirection();
        if (site.Origins.Count > 0)
            app.UseCors();
    }

    /// <summary>Once the caller is known, and before it is asked what they may.</summary>
    public static void UseLimits(this WebApplication app)
    {
        var check = app.Services.GetRequiredService<CallerCheck>();
        app.Use(next => http =>
        {
            var refused = check.RefusedAsync(http);
            return !refused.IsCompletedSuccessfully ? AwaitAsync(refused, http, next) : refused.Result ? Task.CompletedTask : next(http);
        });
    }

    private static async Task AwaitAsync(ValueTask<bool> refused, HttpContext http, RequestDelegate next)
    {
        if (!await refused)
            await next(http);
    }
}
