using TimeBank.FairPlay;
using TimeBank.Projections;

namespace TimeBank.Workers;

/// <summary>Looks through what was posted since, bank by bank and a little at a time, for what an organiser should be asked.</summary>
public sealed class FairPlayLooking(FairPlayQueries queries, QuestionCommands commands, TimeProvider clock, ILogger<FairPlayLooking> log)
    : Rounds(TimeSpan.FromSeconds(15), clock, log)
{
    private const int MostBanks = 50;

    /// <summary>Many banks may have news: each round goes on where the last one ended.</summary>
    private BankId? _seen;

    protected override async Task RoundAsync(DateTimeOffset now, CancellationToken stopping)
    {
        var news = await queries.BanksWithNewsAsync(_seen, MostBanks, stopping);
        foreach (var bank in news)
            await commands.LookAsync(bank, stopping);
        _seen = news.Count < MostBanks ? null : news[^1].Bank;
    }
}
