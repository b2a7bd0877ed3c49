using Shouldly;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

public sealed class EdgesLocalUrlTests
{
    [TestCase("/"), TestCase("/accounts"), TestCase("/accounts?page=2&text=a//b#top"), TestCase("/a/b.c?next=https://example.org"), TestCase("/%2F%2Fexample.org")]
    public void A_path_on_this_server_is_followed(string address) => LocalUrl.IsSafe(address).ShouldBeTrue();

    [TestCase(null), TestCase(""), TestCase(" "), TestCase("accounts"), TestCase("~/accounts")]
    [TestCase("https://example.org"), TestCase("javascript:alert(1)"), TestCase("data:text/html,x"), TestCase("mailto:a@example.org")]
    [TestCase("//example.org"), TestCase("///example.org"), TestCase("/\\example.org"), TestCase("\\\\example.org"), TestCase("/accounts\\..\\x"), TestCase("/.//example.org"), TestCase("/a//b")]
    [TestCase("/\t/example.org"), TestCase("/\n/example.org"), TestCase("/\r\nSet-Cookie: a=b"), TestCase("/a\0b"), TestCase("/a\u007f"), TestCase("/a b"), TestCase("/ä"), TestCase("/\u2028x"), TestCase(" /accounts")]
    public void Anything_else_is_not(string? address) => LocalUrl.IsSafe(address).ShouldBeFalse();

    [Test]
    public void An_endless_one_is_not() => LocalUrl.IsSafe("/" + new string('a', 5_000)).ShouldBeFalse();
}
