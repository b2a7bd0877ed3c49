using Shouldly;
using TimeBank.Tests.Access;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Reports;

/// <summary>A server that is killed while its worker adds up what is being written.</summary>
[Category("Database")]
public sealed class TallyCrashTests
{
    private const int Helped = 120;

    [Test]
    public async Task Killed_in_between_it_counts_each_hour_once()
    {
        using var folder = new TrialFolder();
        await using var server = await ServerProcess.StartAsync("--data", folder.Data);
        var bank = await server.Http.OpenBankAsync();
        var (ann, ben) = (await server.Http.OpenAccountAsync(bank, "member", "Ann"), await server.Http.OpenAccountAsync(bank, "member", "Ben"));
        for (var some = 0; some < Helped; some += Helped / 4)
        {
            await Task.WhenAll(Enumerable.Range(some, Helped / 4).Select(async i => (await server.Http.TransferAsync(bank, "exchange", ben, ann, 1, $"help-{i}")).Ok()));
            // Somewhere between the rounds of the worker, or in one.
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        var report = await AddedUpAsync(server.Http, bank);

        var month = report["rows"].AsArray()[^1]!;
        ((long)month["minutes"]!, (long)month["times"]!, (long)month["membersGave"]!, (long)month["membersReceived"]!).ShouldBe((Helped, Helped, 1, 1));
    }

    private static async Task<Answer> AddedUpAsync(HttpClient http, string bank)
    {
        for (var tries = 0; ; tries++)
        {
            var report = await http.GetAnswerAsync($"{bank}/report");
            if ((bool)report["isAll"])
                return report;
            tries.ShouldBeLessThan(3_000, "It did not come to that in two and a half minutes.");
            await Task.Delay(50);
        }
    }
}
