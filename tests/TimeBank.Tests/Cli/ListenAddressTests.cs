using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Shouldly;
using TimeBank.Cli;

namespace TimeBank.Tests.Cli;

public sealed class ListenAddressTests
{
    private const string Certificate = "Kestrel:Certificates:Default:Path=tls.pem";
    private const string Name = "Site:Url=https://hours.example.org";
    private const string Proxy = "Site:BehindProxy=true;Site:KnownProxies=10.0.0.1";

    [TestCase("http://0.0.0.0:0", "", "is not on this machine")]
    [TestCase("http://*:0", "", "is not on this machine")]
    [TestCase("http://*:0", Certificate + ";" + Name, "is not on this machine")]
    [TestCase("http://[::]:0", Name, "is not on this machine")]
    [TestCase("http://example.org:0", "", "is not on this machine")]
    [TestCase("http://example.org:0", Proxy + ";" + Name, "listen on an address of it")]
    [TestCase("http://localhost:0;http://0.0.0.0:0", "", "is not on this machine")]
    [TestCase("http://0.0.0.0:0", Proxy, "nobody elsewhere would be answered")]
    [TestCase("https://0.0.0.0:0", Certificate, "nobody elsewhere would be answered")]
    [TestCase("https://localhost:0", "", "has no certificate")]
    [TestCase("https://*:0", Name, "has no certificate")]
    [TestCase("http://192.0.2.1:8080", Proxy + ";" + Name, "does not have that address")]
    [TestCase("http://localhost:0", "Site:BehindProxy=true", "go together")]
    [TestCase("http://localhost:0", "Site:KnownProxies=10.0.0.1", "go together")]
    [TestCase("http://localhost:0", "Site:Name=Hours", "Site")]
    [TestCase("http://localhost:0", "Limits:RequestsPerMinute=0", "Limits")]
    [TestCase("http://localhost:0", "ForwardedHeaders_Enabled=true", "believes forwarded headers of anybody")]
    [TestCase("http://localhost:99999", "", "has no port")]
    [TestCase("http://localhost:abc", "", "has no port")]
    [TestCase("ftp://localhost:0", "", "is not an address to serve on")]
    [TestCase("here", "", "is not an address")]
    public void Where_it_must_not_listen_is_refused_in_words(string urls, string settings, string words) =>
        Should.Throw<CliException>(() => ListenAddress.Check(urls, Settings(settings))).Message.ShouldContain(words);

    [TestCase("http://localhost:0", "")]
    [TestCase("http://127.0.0.1:0;http://[::1]:0", "")]
    [TestCase("https://localhost:0", Certificate)]
    [TestCase("https://0.0.0.0:0", Certificate + ";" + Name)]
    [TestCase("https://*:0;http://*:0", Certificate + ";" + Name)]
    [TestCase("http://0.0.0.0:0", Proxy + ";" + Name)]
    [TestCase("http://*:0", Proxy + ";Site:Hosts=hours.example.org")]
    public void Where_nobody_can_read_along_it_listens(string urls, string settings) => Should.NotThrow(() => ListenAddress.Check(urls, Settings(settings)));

    [TestCase("http://localhost:0", "", true)]
    [TestCase("https://*:0;http://localhost:0", Certificate + ";" + Name, false)]
    public void It_says_whether_only_this_machine_is_served(string urls, string settings, bool hereOnly) =>
        ListenAddress.IsHereOnly(urls, Settings(settings)).ShouldBe(hereOnly);

    [Test]
    public void A_port_in_use_is_said_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://localhost:{((IPEndPoint)other.LocalEndpoint).Port}";

        Should.Throw<CliException>(() => ListenAddress.Check(url, Settings(""))).Message.ShouldContain($"{url} is in use");
    }

    /// <summary>Kestrel takes its own endpoints instead of the urls, so it is those that are judged.</summary>
    [TestCase("Kestrel:Endpoints:Http:Url=http://0.0.0.0:0", "is not on this machine")]
    [TestCase("Kestrel:Endpoints:Tls:Url=https://0.0.0.0:0;" + Name, "has no certificate")]
    [TestCase("Kestrel:Endpoints:Tls:Protocols=Http1", "has no Url")]
    [TestCase("Kestrel:Endpoints:Tls:Url=https://0.0.0.0:0;Kestrel:Endpoints:Tls:Certificate:Path=tls.pem;" + Name, null)]
    [TestCase("Kestrel:Endpoints:Tls:Url=https://*:0;Kestrel:Endpoints:Tls:Sni:a.example.org:Certificate:Path=a.pem;" + Name, null)]
    public void Endpoints_of_Kestrels_own_settings_are_judged_alike(string settings, string? words)
    {
        void Check() => ListenAddress.Check("http://localhost:0", Settings(settings));
        if (words is null)
            Should.NotThrow(Check);
        else
            Should.Throw<CliException>(Check).Message.ShouldContain(words);
    }

    private static IConfiguration Settings(string text) => new ConfigurationBuilder().AddInMemoryCollection(
        text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create(s[0], (string?)s[1]))).Build();
}
