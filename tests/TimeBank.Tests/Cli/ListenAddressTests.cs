using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Shouldly;
using TimeBank.Cli;

namespace TimeBank.Tests.Cli;

public sealed class ListenAddressTests
{
    private static readonly IConfiguration s_none = new ConfigurationBuilder().Build();

    [TestCase("http://0.0.0.0:8080", "is not on this machine")]
    [TestCase("http://*:8080", "is not on this machine")]
    [TestCase("http://example.org:8080", "is not on this machine")]
    [TestCase("http://localhost:0;http://0.0.0.0:0", "is not on this machine")]
    [TestCase("https://localhost:0", "is not an address to serve on")]
    [TestCase("http://localhost:99999", "has no port")]
    [TestCase("http://localhost:abc", "has no port")]
    [TestCase("here", "is not an address")]
    public void An_address_that_is_not_this_machines_is_refused_in_words(string url, string words) =>
        Should.Throw<CliException>(() => ListenAddress.Check(url, s_none)).Message.ShouldContain(words);

    [TestCase("http://localhost:0")]
    [TestCase("http://127.0.0.1:0;http://[::1]:0")]
    public void An_address_of_this_machine_is_taken(string url) => Should.NotThrow(() => ListenAddress.Check(url, s_none));

    [Test]
    public void A_port_in_use_is_said_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://localhost:{((IPEndPoint)other.LocalEndpoint).Port}";

        Should.Throw<CliException>(() => ListenAddress.Check(url, s_none)).Message.ShouldContain($"{url} is in use");
    }

    [Test]
    public void Endpoints_of_Kestrels_own_settings_are_refused()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:80")]).Build();

        Should.Throw<CliException>(() => ListenAddress.Check("http://localhost:0", settings)).Message.ShouldContain("Kestrel:Endpoints");
    }
}
