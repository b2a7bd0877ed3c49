using TimeBank.Projections;

namespace TimeBank.Web;

/// <summary>In which language a page speaks: the one that was chosen in this browser, else the first of the browser's that there is and that the bank offers;
/// else English, and if the bank does not offer that, the first that it does.</summary>
public static class PageLocale
{
    public const string Path = "/language/{code}";

    private const string Cookie = "timebank-language";
    private const string To = "to";

    /// <summary>Asks a bank which languages it offers, before its page speaks. Stands behind the doors: who is not let in learns nothing of a bank.</summary>
    public static void Use(WebApplication app)
    {
        var banks = app.Services.GetRequiredService<BankQueries>();
        app.Use(async (http, next) =>
        {
            if (http.GetEndpoint() is { } route && PageProblems.IsPage(route) && Reception.BankOf(http) is { } id && await banks.FindAsync(id, http.RequestAborted) is { Policy.PageLanguages: { } offered })
                http.Features.Set(new OfferedLanguages(offered));
            await next(http);
        });
    }

    /// <summary>Codes of the languages in which this page is there.</summary>
    public static IReadOnlyList<string> Offered(HttpContext http) => http.Features.Get<OfferedLanguages>()?.Codes ?? Locale.Codes;

    public static void Map(WebApplication app) => app.MapGet(Path, (Delegate)Choose).ExcludeFromDescription();

    public static Locale Of(HttpContext http)
    {
        if (http.Features.Get<Locale>() is { } known)
            return known;
        var asked = http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.Value);
        var chosen = Locale.First([http.Request.Cookies[Cookie], .. asked], Offered(http));
        http.Features.Set(chosen);
        return chosen;
    }

    /// <summary>Where a language is chosen, and the page to come back to.</summary>
    public static string Address(string code, string back) => $"/language/{code}?{To}={Uri.EscapeDataString(back)}";

    private static Task Choose(string code, HttpContext http, TimeProvider clock)
    {
        if (!Locale.Has(code))
            return Problems.Write(http, ProblemTable.NotFound);
        http.Response.Cookies.Append(Cookie, code, new CookieOptions
        {
            Expires = clock.GetUtcNow().AddYears(1), HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps,
        });
        var back = http.Request.Query[To].ToString();
        http.Response.Redirect(LocalUrl.IsSafe(back) ? back : "/");
        return Task.CompletedTask;
    }

    private sealed record OfferedLanguages(IReadOnlyList<string> Codes);
}
