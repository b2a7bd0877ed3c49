using System.Runtime.CompilerServices;

namespace TimeBank.Web;

/// <summary>Counts the requests of everybody: of persons and apps by who they are, of others by where they come from.</summary>
public sealed class Quotas(Limits limits)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    /// <summary>Where changes take a password or a code: who tries one after the other is stopped, whichever names they try.</summary>
    private static readonly PathString[] s_secrets = ["/v1/sessions", "/v1/password-resets", "/v1/invitations/acceptance", "/v1/codes/acceptance", "/v1/me", "/sign-in", "/invitation", "/password-reset", "/lost-password"];

    private static readonly PathString s_banks = "/v1/banks";

    private readonly Quota _known = new("client", limits.RequestsPerMinute, s_window);
    private readonly Quota _unknown = new("client", limits.AnonymousPerMinute, s_window);
    private readonly Quota _signIns = new("sign-in", limits.SignInsPerMinute, s_window);
    private readonly Quota _applications = new("application", limits.ApplicationsPerHour, TimeSpan.FromHours(1));

    /// <summary>Counts a request that is yet to be looked up as one of nobody's. If it turns out to be nobody's, it is not counted again.</summary>
    public bool TakesUnknown(HttpContext http)
    {
        var allowance = _unknown.Take(ClientAddress.Of(http.Connection.RemoteIpAddress));
        http.Features.Set(allowance);
        return allowance.IsTaken;
    }

    /// <summary>Counts one request. False if nothing is left for it. The answer's header fields tell either way.</summary>
    public bool Takes(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        var allowance = http.Caller().Id is { } id ? _known.Take(Unsafe.BitCast<Guid, UInt128>(id)) : http.Features.Get<Allowance>() ?? _unknown.Take(ClientAddress.Of(address));
        if (allowance.IsTaken && TakesSecret(http.Request))
            allowance = allowance with { Also = _signIns.Take(ClientAddress.Of(address)) };
        else if (allowance.IsTaken && Applies(http.Request))
            allowance = allowance with { Also = _applications.Take(ClientAddress.Of(address)) };
        http.Features.Set(allowance);
        return allowance.IsTaken && allowance.Also is not { IsTaken: false };
    }

    /// <summary>Whether somebody asks to join a bank, who may be anybody: by the page or without it.</summary>
    private static bool Applies(HttpRequest request) => HttpMethods.IsPost(request.Method)
        && request.Path.Value!.TrimEnd('/').Split('/', StringSplitOptions.RemoveEmptyEntries) is ["v1", "banks", _, "applications"] or ["banks", _, "join"];

    private static bool TakesSecret(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || request.Path.StartsWithSegments(s_banks))
            return false;
        // Signing out takes nothing.
        if (HttpMethods.IsDelete(request.Method) && request.Path.StartsWithSegments(s_secrets[0]))
            return false;
        foreach (var path in s_secrets)
        {
            if (request.Path.StartsWithSegments(path))
                return true;
        }
        return false;
    }
}
