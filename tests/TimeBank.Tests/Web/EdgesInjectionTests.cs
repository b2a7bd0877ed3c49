using System.Net;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>Line ends in what callers send never become header fields of an answer.</summary>
[Category("Database")]
public sealed class EdgesInjectionTests
{
    private const string LineEnd = "%0d%0aX-Injected:%201%0d%0a%0d%0a<script>";

    private static HttpClient Http => RunningServer.Http;

    [Test]
    public async Task A_line_end_in_an_address_or_a_parameter_stays_where_it_is()
    {
        var bank = await Http.OpenBankAsync();
        for (var i = 0; i < 3; i++)
            await Http.OpenAccountAsync(bank, "project", $"Garden {i}");
        string[] paths =
        [
            // Into Link: the address of the next page is made of this one's.
            $"{bank}/accounts?limit=1&x={LineEnd}", $"{bank}/accounts?limit=1&{LineEnd}=x", $"{bank}/accounts?limit=1&text=Garden&x=%0aX-Injected:%201", $"{bank}/accounts?limit=1&x=%C4%8D%C4%8A",
            $"{bank}/accounts?limit=1&text={LineEnd}", $"{bank}/accounts?cursor={LineEnd}", $"/v1/banks/{LineEnd}", $"{bank}/accounts/{LineEnd}", $"/problems/{LineEnd}", $"/swagger{LineEnd}", $"/swagger/{LineEnd}/", $"/{LineEnd}",
        ];
        foreach (var path in paths)
        {
            using var answer = await Http.GetAsync(path);
            ((int)answer.StatusCode).ShouldBeLessThan(500, path);
            answer.Headers.Contains("X-Injected").ShouldBeFalse(path);
            answer.Content.Headers.Contains("X-Injected").ShouldBeFalse(path);
        }
        var linked = await Http.GetAnswerAsync(paths[0]);
        linked.Headers.GetValues("Link").Single().ShouldContain("%0D%0AX-Injected");
    }

    [Test]
    public async Task A_line_end_in_what_is_made_stays_out_of_its_address()
    {
        foreach (var id in (string[])["a\r\nX-Injected: 1", "a%0d%0aX-Injected:1", "a\nb", "č", "../x"])
        {
            var answer = await Http.PostAsync("/v1/banks", new { id, name = "n" });
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, id);
            answer.Headers.Contains("X-Injected").ShouldBeFalse();
        }
    }

    [Test]
    public async Task Every_answer_of_the_whole_server_has_the_safe_headers_and_counts()
    {
        foreach (var path in (string[])["/health/live", "/problems", "/v1/transfer-kinds", "/v1/banks", "/v1/me", "/nothing", "/v1/banks/no-such-bank/accounts"])
        {
            using var anonymous = new HttpClient { BaseAddress = Http.BaseAddress };
            foreach (var http in (HttpClient[])[Http, anonymous])
            {
                using var answer = await http.GetAsync(path);
                answer.Headers.Contains("Content-Security-Policy").ShouldBeTrue(path);
                answer.Headers.Contains("RateLimit").ShouldBeTrue(path);
                answer.Headers.Contains("RateLimit-Policy").ShouldBeTrue(path);
                answer.Headers.CacheControl!.NoStore.ShouldBeTrue(path);
            }
        }
    }
}
