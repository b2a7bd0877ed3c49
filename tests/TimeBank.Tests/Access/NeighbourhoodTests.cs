using System.Net;
using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Access;

/// <summary>What belongs to a neighbourhood, and so is in the hands of its coordinator.</summary>
[Category("Database")]
public sealed class NeighbourhoodTests
{
    private static HttpClient Http => RunningServer.Http;

    [Test]
    public async Task Providers_and_pots_belong_to_no_neighbourhood()
    {
        var bank = await Http.OpenBankAsync();
        foreach (var kind in (string[])["provider", "pot"])
        {
            var opened = await Http.PostAsync($"{bank}/accounts", new { kind, name = "n", neighbourhood = "north" });
            (opened.Status, opened.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "NeighbourhoodMisfits"));
        }
        var school = await Http.OpenAccountAsync(bank, "provider", "School");
        (await Http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{school}/settings", new { name = "School", neighbourhood = "north" }, ifMatch: "\"1\"")).Code.ShouldBe("NeighbourhoodMisfits");
    }

    [Test]
    public async Task A_neighbourhood_that_a_provider_once_got_shows_it_to_no_coordinator()
    {
        var bank = await Http.OpenBankAsync();
        var school = await Http.OpenAccountAsync(bank, "provider", "School");
        var project = (await Http.PostAsync($"{bank}/accounts", new { kind = "project", name = "Garden", neighbourhood = "north" })).Id;
        var (north, _) = await Http.JoinAsync(bank, new { role = "neighbourhoodCoordinator", neighbourhood = "north" });
        await SetAsync(school, "'north'");
        try
        {
            foreach (var part in (string[])["balance", "entries", "settings"])
            {
                (await north.GetAnswerAsync($"{bank}/accounts/{school}/{part}")).Code.ShouldBe("NotPermitted", part);
                (await north.GetAnswerAsync($"{bank}/accounts/{project}/{part}")).Status.ShouldBe(HttpStatusCode.OK, part);
            }
            (await north.GetAnswerAsync($"{bank}/accounts/{school}")).Body!["balance"].ShouldBeNull();
        }
        finally
        {
            // As the events tell it, for whoever verifies this ledger.
            await SetAsync(school, "null");
        }
    }

    private static Task<string> SetAsync(Guid account, string neighbourhood) => Sql.AskAsync(RunningServer.Store.OwnerConnectionString,
        $"update timebank.accounts set neighbourhood = {neighbourhood} where id = '{account}' returning '1'");
}
