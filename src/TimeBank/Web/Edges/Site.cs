using System.Collections.Frozen;
using System.Net;

namespace TimeBank.Web;

/// <summary>What the server is called, whose pages may call it, and which proxies stand before it: the settings <c>Site:…</c>.</summary>
public sealed class Site
{
    public const string Section = "Site";

    private static readonly string[] s_loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _hosts;
    private readonly FrozenSet<string> _origins;
    private readonly string? _ownOrigin;

    /// <summary>As they are written down.</summary>
    /// <param name="Url">Where people reach the server, such as https://hours.example.org.</param>
    /// <param name="Hosts">Names that it answers to; by default those of this machine, and the one in <paramref name="Url"/> always.</param>
    /// <param name="Origins">Whose pages may call with keys and tokens, never with cookies.</param>
    /// <param name="BehindProxy">Whether TLS ends before it.</param>
    /// <param name="KnownProxies">Addresses, or networks such as 10.0.0.0/8, whose forwarded headers are believed.</param>
    private sealed record Written(string? Url = null, string? Hosts = null, string? Origins = null, bool BehindProxy = false, string? KnownProxies = null);

    private Site(Written written)
    {
        Url = written.Url is { Length: > 0 } url ? Absolute("Url", url) : null;
        _ownOrigin = Url is null ? null : OriginOf(Url);
        var hosts = Several(written.Hosts);
        AnswersOnlyHere = hosts.Length == 0 && Url is null;
        _hosts = (hosts.Length == 0 ? s_loopback : hosts).Concat(Url is null ? [] : [HostOf(Url)]).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        Origins = [.. Several(written.Origins).Select(OriginOf)];
        _origins = Origins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Proxies = [.. Several(written.KnownProxies).Select(NetworkOf)];
        if (written.BehindProxy != (Proxies.Count > 0))
            throw new SettingException($"{Section}:BehindProxy=true and {Section}:KnownProxies=ADDRESS go together: without the proxy's address, anybody could say to be it.");
    }

    /// <summary>Where people reach the server; null if that is not set.</summary>
    public Uri? Url { get; }

    public IReadOnlyList<string> Origins { get; }

    /// <summary>Empty if none stands before the server.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; }

    /// <summary>Whether it answers to the names of this machine alone.</summary>
    public bool AnswersOnlyHere { get; }

    public bool BehindProxy => Proxies.Count > 0;

    /// <exception cref="SettingException">Something in it cannot be meant so.</exception>
    public static Site Read(IConfiguration settings)
    {
        if (string.Equals(settings["ForwardedHeaders_Enabled"], "true", StringComparison.OrdinalIgnoreCase))
            throw new SettingException($"ASPNETCORE_FORWARDEDHEADERS_ENABLED believes forwarded headers of anybody. Leave it out, and set {Section}:BehindProxy and {Section}:KnownProxies.");
        return new Site(settings.GetSection(Section).Exactly<Written>() ?? new Written());
    }

    /// <summary>Whether a request's Host, with or without a port, is one of the server's names.</summary>
    public bool IsCalled(string? host) => host is not null && _hosts.Contains(NameIn(host));

    /// <summary>Whether an Origin is a page of this server's own: by the address that it was called at, or by the one that people know.</summary>
    public bool IsOwn(HttpRequest request, string? origin)
    {
        if (origin is null)
            return false;
        var scheme = request.IsHttps ? "https://" : "http://";
        return (origin.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && origin.AsSpan(scheme.Length).Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase))
            || (_ownOrigin is not null && origin.Equals(_ownOrigin, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether an Origin may call with keys and tokens.</summary>
    public bool IsNamed(string? origin) => origin is not null && _origins.Contains(origin);

    public bool IsProxy(IPAddress address)
    {
        foreach (var proxy in Proxies)
        {
            if (proxy.Contains(address) || (address.IsIPv4MappedToIPv6 && proxy.Contains(address.MapToIPv4())))
                return true;
        }
        return false;
    }

    /// <summary>Whether a host's name, without a port, means this machine.</summary>
    public static bool IsLoopback(string host) => host == "::1" || s_loopback.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> NameIn(string host)
    {
        var end = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) + 1 : host.IndexOf(':', StringComparison.Ordinal);
        return end > 0 ? host.AsSpan(0, end) : host;
    }

    private static string[] Several(string? text) => text?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string OriginOf(string text)
    {
        var uri = Absolute("Origins", text);
        return uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? OriginOf(uri)
            : throw new SettingException($"{Section}:Origins has '{text}': an origin has no path, such as https://app.example.org.");
    }

    /// <summary>As a browser writes it: in ASCII, and without a port that goes without saying.</summary>
    private static string OriginOf(Uri uri) => uri.IsDefaultPort ? $"{uri.Scheme}://{HostOf(uri)}" : $"{uri.Scheme}://{HostOf(uri)}:{uri.Port}";

    private static string HostOf(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;

    private static Uri Absolute(string setting, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0
            ? uri
            : throw new SettingException($"{Section}:{setting} has '{text}': it must begin with https:// (or http://) and a name.");

    private static IPNetwork NetworkOf(string text)
    {
        if (IPAddress.TryParse(text, out var address))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw new SettingException($"{Section}:KnownProxies has '{text}': give an address such as 10.0.0.7, or a network such as 10.0.0.0/8.");
    }
}
