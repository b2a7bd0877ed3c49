using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TimeBank.Web;

/// <summary>How large and how slow requests and connections may be. What stands in the settings as <c>Kestrel:Limits:…</c> comes before this.</summary>
internal static class ServerLimits
{
    /// <summary>Bytes of a request's body, bulk aside.</summary>
    private const long MostBody = 4 * 1024 * 1024;

    public static void Set(KestrelServerOptions kestrel, IConfiguration settings, Limits limits)
    {
        kestrel.AddServerHeader = false;
        // Any byte in a header reaches our own checks, which answer a problem; as UTF-8 Kestrel would refuse it without a word.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        var most = kestrel.Limits;
        most.MaxRequestBodySize = MostBody;
        most.MaxRequestLineSize = 8 * 1024;
        most.MaxRequestHeaderCount = 64;
        most.MaxRequestHeadersTotalSize = 32 * 1024;
        most.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Longer than the minute for which proxies and clients keep an idle connection: else they would send into one that closes.
        most.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        most.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        most.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        // Connections bound themselves in OpenConnections, where the silent give way. This is for those that are about to close.
        most.MaxConcurrentConnections = 2L * limits.Connections + 1_024;
        most.MaxConcurrentUpgradedConnections = 0;
        most.Http2.MaxStreamsPerConnection = 100;
        most.Http2.MaxRequestHeaderFieldSize = 16 * 1024;
        most.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        most.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        settings.GetSection("Kestrel:Limits").Bind(most);
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(kestrel.ApplicationServices.GetRequiredService<OpenConnections>().Bound));
    }
}
