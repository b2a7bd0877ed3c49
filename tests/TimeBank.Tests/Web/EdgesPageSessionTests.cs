using System.Net;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>A person who signed in by a page of the whole server.</summary>
[Category("Database")]
public sealed class EdgesPageSessionTests
{
    [Test]
    public async Task Who_signed_in_by_a_page_changes_things_with_the_token_and_not_without()
    {
        var login = $"page-{Guid.NewGuid():N}";
        await Logins.OperatorAsync(RunningServer.Store, login);
        using var page = RunningServer.Nobody(RunningServer.App);
        (await page.PostAsync("/v1/sessions", new { login, password = Logins.Password, door = "page" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await page.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
        var bank = new { id = $"test-{Guid.NewGuid().ToString("N")[..12]}", name = "By a page" };

        (await page.PostAsync("/v1/banks", bank)).Code.ShouldBe("AntiforgeryMissing");
        var before = (string)(await page.GetAnswerAsync("/v1/antiforgery"))["token"]!;
        page.DefaultRequestHeaders.Add("X-Antiforgery", before);
        (await page.PostAsync("/v1/banks", bank)).Status.ShouldBe(HttpStatusCode.Created);
        page.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        (await page.PostAsync("/v1/banks", bank)).Code.ShouldBe("OriginNotAllowed");
    }
}
