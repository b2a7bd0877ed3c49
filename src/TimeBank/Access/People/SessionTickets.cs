using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>What a session's cookie or token says, sealed: whose it is, since which change of their login, and which session.</summary>
/// <param name="OwnDevice">They said that nobody else uses the device.</param>
public sealed record SessionTicket(PersonId Person, string Stamp, Guid Session, Door Door, bool OwnDevice = false)
{
    private const string PersonClaim = "person";
    private const string StampClaim = "stamp";
    private const string SessionClaim = "session";
    private const string DeviceClaim = "device";
    private const string Own = "own";

    /// <summary>How long it counts after it was used.</summary>
    public TimeSpan Lifetime => OwnDevice ? SessionTickets.OnOwnDevice : SessionTickets.OnSharedDevice;

    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [new(PersonClaim, Person.ToString()), new(StampClaim, Stamp), new(SessionClaim, Session.ToString()), .. OwnDevice ? [new Claim(DeviceClaim, Own)] : Array.Empty<Claim>()],
        SessionTickets.SchemeOf(Door)));

    /// <summary>Null if it says something else: it was sealed by a program of another age.</summary>
    public static SessionTicket? Of(ClaimsPrincipal principal, Door door) =>
        Guid.TryParse(principal.FindFirstValue(PersonClaim), out var person) && Guid.TryParse(principal.FindFirstValue(SessionClaim), out var session)
            && principal.FindFirstValue(StampClaim) is { } stamp
            ? new SessionTicket(new PersonId(person), stamp, session, door, principal.HasClaim(DeviceClaim, Own))
            : null;
}

/// <summary>Of a request with a page's session: whether it comes from somebody's own device.</summary>
public sealed record Device(bool IsOwn);

/// <summary>A token for a first-party app.</summary>
/// <param name="AccessToken">Goes into the header Authorization, after "Bearer ".</param>
/// <param name="ExpiresIn">Seconds.</param>
public sealed record TokenView(string AccessToken, long ExpiresIn);

/// <summary>Opens and ends sessions: a cookie for pages, a short-lived token for apps.</summary>
public sealed class SessionTickets(IOptionsMonitor<BearerTokenOptions> tokens, TimeProvider clock)
{
    public const string PageScheme = "page";
    public const string AppScheme = "app";

    /// <summary>Where somebody else sits down next.</summary>
    public static readonly TimeSpan OnSharedDevice = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan OnOwnDevice = TimeSpan.FromDays(14);
    public static readonly TimeSpan OfApp = TimeSpan.FromMinutes(30);

    public static string SchemeOf(Door door) => door == Door.Page ? PageScheme : AppScheme;

    /// <summary>Null for a page, whose cookie goes with the answer.</summary>
    /// <param name="ownDevice">What they said of the device; null: as they said before.</param>
    public async Task<TokenView?> OpenAsync(HttpContext http, Person person, Door door, bool? ownDevice = null)
    {
        var ticket = new SessionTicket(
            person.PersonId, person.SecurityStamp!, Guid.CreateVersion7(clock.GetUtcNow()), door, ownDevice ?? http.Features.Get<Device>()?.IsOwn ?? false);
        if (door == Door.Page)
        {
            await SealAsync(http, ticket);
            // Somebody may have kept pages here before them.
            if (!ticket.OwnDevice)
                KeptPages.Forget(http);
            return null;
        }
        http.Response.Headers.CacheControl = "no-store";
        var until = new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + OfApp };
        return new TokenView(
            tokens.Get(AppScheme).BearerTokenProtector.Protect(new AuthenticationTicket(ticket.ToPrincipal(), until, AppScheme)), (long)OfApp.TotalSeconds);
    }

    /// <summary>A page's cookie lives on while it is used: after a tenth of its time a new one goes with the answer.</summary>
    /// <remarks>Not left to the cookie's own handler, which would also lengthen the life of one that no longer counts.</remarks>
    public async Task SlideAsync(HttpContext http, SessionTicket ticket, AuthenticationProperties? sealedWith)
    {
        if (ticket.Door == Door.Page && sealedWith?.ExpiresUtc - clock.GetUtcNow() < ticket.Lifetime * 0.9)
            await SealAsync(http, ticket);
    }

    private Task SealAsync(HttpContext http, SessionTicket ticket) => http.SignInAsync(
        PageScheme, ticket.ToPrincipal(), new AuthenticationProperties { IsPersistent = ticket.OwnDevice, ExpiresUtc = clock.GetUtcNow() + ticket.Lifetime });

    public static Task ForgetCookieAsync(HttpContext http) => http.SignOutAsync(PageScheme);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.ExpireTimeSpan = OnSharedDevice;
        options.SlidingExpiration = false;
        options.Cookie.Name = SessionCookie.Name;
        options.Cookie.HttpOnly = true;
        options.Cookie.IsEssential = true;
        options.Cookie.Path = "/";
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.CookieManager = new SessionCookie();
    }

    public static void Configure(BearerTokenOptions options) => options.BearerTokenExpiration = OfApp;
}

/// <summary>The cookie's name: over TLS with <c>__Host-</c>, which no other host and no plain connection can set.</summary>
public sealed class SessionCookie : ICookieManager
{
    public const string Name = "timebank";

    private readonly ChunkingCookieManager _cookies = new();

    public static string NameFor(HttpContext http) => http.Request.IsHttps ? "__Host-" + Name : Name;

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, NameFor(context));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameFor(context), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _cookies.DeleteCookie(context, NameFor(context), options);
}
