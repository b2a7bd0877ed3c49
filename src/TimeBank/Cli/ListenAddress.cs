using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TimeBank.Web;

namespace TimeBank.Cli;

/// <summary>Where the server is to listen: on this machine, or beyond it where nobody on the way can read along; on a port that is free.</summary>
public static class ListenAddress
{
    private const string Beyond =
        "Beyond this machine, passwords and keys travel encrypted or not at all. Either listen with TLS: --urls https://*:443 --Kestrel:Certificates:Default:Path /WHERE/CERTIFICATE.pem --Kestrel:Certificates:Default:KeyPath /WHERE/KEY.pem. "
        + "Or behind a proxy that does: --Site:BehindProxy true --Site:KnownProxies ITS-ADDRESS. For this machine alone: http://localhost:PORT, http://127.0.0.1:PORT or http://[::1]:PORT.";

    /// <summary>Said before anything starts, so that what cannot be is one line and no PostgreSQL was started for it.</summary>
    /// <exception cref="CliException">It cannot listen there, or must not.</exception>
    public static void Check(string urls, IConfiguration settings)
    {
        Site site;
        IReadOnlyList<Listened> given;
        try
        {
            site = Site.Read(settings);
            Limits.Read(settings);
            given = Listening.On(urls, settings);
        }
        catch (SettingException e)
        {
            throw new CliException(e.Message);
        }
        var safeElsewhere = site.BehindProxy || given.Any(l => Listening.IsTls(l.Url));
        foreach (var (url, hasCertificate) in given)
        {
            var address = Parse(url);
            if (address.Scheme == "https" && !hasCertificate)
                throw new CliException($"{url} has no certificate. Name one: --Kestrel:Certificates:Default:Path /WHERE/CERTIFICATE.pem --Kestrel:Certificates:Default:KeyPath /WHERE/KEY.pem (or a .pfx with --Kestrel:Certificates:Default:Password).");
            if (!Site.IsLoopback(address.Host))
            {
                // Without TLS one only sends people to where TLS is.
                if (address.Scheme == "http" && !safeElsewhere)
                    throw new CliException($"{url} is not on this machine. {Beyond}");
                if (site.AnswersOnlyHere)
                    throw new CliException($"{url} is not on this machine, but nobody elsewhere would be answered: say what the server is called there. For example: --Site:Url https://hours.example.org");
            }
            foreach (var ip in AddressesOf(url, address.Host))
                CheckFree(url, ip, address.Port);
        }
    }

    /// <summary>Whether nobody but this machine reaches the server.</summary>
    public static bool IsHereOnly(string urls, IConfiguration settings) => Listening.On(urls, settings).All(l => Site.IsLoopback(Parse(l.Url).Host));

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
            if (address.Scheme is not ("http" or "https") || address.IsUnixPipe || address.IsNamedPipe || address.PathBase.Length > 0)
                throw new CliException($"{url} is not an address to serve on. For example: --urls http://localhost:8090");
            return address;
        }
        catch (FormatException)
        {
            throw new CliException($"'{url}' is not an address. For example: --urls http://localhost:8090");
        }
    }

    private static IPAddress[] AddressesOf(string url, string host) => host switch
    {
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        "*" or "+" => [IPAddress.Any],
        // Kestrel would take any other name for all addresses of the machine, and nobody would have said so.
        _ => IPAddress.TryParse(host, out var ip) ? [ip] : throw new CliException($"{url} is not on this machine: listen on an address of it, or on * for all of them. What the server is called stands in --Site:Url. {Beyond}"),
    };

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
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported && IPAddress.IsLoopback(ip))
        {
            // A machine without IPv6: Kestrel takes what there is.
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            throw new CliException($"{url}: this machine does not have that address.");
        }
    }
}
