namespace TimeBank.Web;

/// <summary>An address that the server listens on, as the settings name it.</summary>
/// <param name="HasCertificate">Whether a certificate is set for it.</param>
public sealed record Listened(string Url, bool HasCertificate);

/// <summary>Where the server listens: the endpoints of Kestrel's own settings, or else the setting <c>urls</c>.</summary>
public static class Listening
{
    /// <exception cref="SettingException">An endpoint has no address.</exception>
    public static IReadOnlyList<Listened> On(string? urls, IConfiguration settings)
    {
        var byDefault = IsCertificate(settings.GetSection("Kestrel:Certificates:Default"));
        var endpoints = settings.GetSection("Kestrel:Endpoints").GetChildren().ToList();
        return endpoints.Count > 0
            ? [.. endpoints.Select(e => new Listened(
                e["Url"] ?? throw new SettingException($"{e.Path} has no Url."),
                byDefault || IsCertificate(e.GetSection("Certificate")) || e.GetSection("Sni").GetChildren().Any(s => IsCertificate(s.GetSection("Certificate")))))]
            : [.. (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => new Listened(url, byDefault))];
    }

    public static bool IsTls(string url) => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether who comes without TLS can be sent to where it is.</summary>
    public static bool WithAndWithoutTls(IConfiguration settings) => On(settings["urls"], settings).Select(l => IsTls(l.Url)).Distinct().Count() == 2;

    private static bool IsCertificate(IConfigurationSection section) => section["Path"] is { Length: > 0 } || section["Subject"] is { Length: > 0 };
}
