using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TimeBank.Web;

namespace TimeBank.Cli;

/// <summary>Where the server is to listen: on this machine only, on a port that is free.</summary>
public static class ListenAddress
{
    private const string UseLoopback = "Nobody signs in yet, so TimeBank binds to loopback only: use http://localhost:PORT, http://127.0.0.1:PORT or http://[::1]:PORT.";

    /// <summary>Said before anything starts, so that a port in use is one line and no PostgreSQL was started for it.</summary>
    public static void Check(string urls, IConfiguration settings)
    {
        if (settings.GetSection("Kestrel:Endpoints").GetChildren().Any())
            throw new CliException($"Settings in Kestrel:Endpoints are not taken. {UseLoopback}");
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = Parse(url);
            if (!LoopbackOnly.IsLocal(address.Host))
                throw new CliException($"{url} is not on this machine. {UseLoopback}");
            foreach (var ip in LoopbackOf(address.Host))
                CheckFree(url, ip, address.Port);
        }
    }

    /// <summary>The same for a port that was taken after it had been checked.</summary>
    public static bool IsInUse(IOException e) => e.InnerException is AddressInUseException;

    public static CliException InUse(string url) =>
        new($"{url} is in use by another program. Stop that one, or choose another port: --urls http://localhost:8090");

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address.Port is < 0 or > IPEndPoint.MaxPort || (address.Host.Contains(':', StringComparison.Ordinal) && !address.Host.StartsWith('[')))
                throw new CliException($"{url} has no port from 1 to {IPEndPoint.MaxPort}. For example: --urls http://localhost:8090");
            if (address.Scheme != "http" || address.IsUnixPipe || address.IsNamedPipe || address.PathBase.Length > 0)
                throw new CliException($"{url} is not an address to serve on. {UseLoopback}");
            return address;
        }
        catch (FormatException)
        {
            throw new CliException($"'{url}' is not an address. {UseLoopback}");
        }
    }

    private static IPAddress[] LoopbackOf(string host) =>
        host == "localhost" ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Parse(host)];

    private static void CheckFree(string url, IPAddress ip, int port)
    {
        if (port == 0)
            return;
        try
        {
            using var listener = new TcpListener(ip, port);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw InUse(url);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new CliException($"{url}: ports below 1024 are for root. Choose another: --urls http://localhost:8080");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // A machine without IPv6: Kestrel takes what there is.
        }
    }
}
