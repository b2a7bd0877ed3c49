using TimeBank.FairPlay;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Now and then looks through what was posted since, bank by bank and a little at a time, for what an organiser should be asked.</summary>
public sealed class FairPlayLooking(FairPlayQueries queries, QuestionCommands commands, TimeProvider clock, ILogger<FairPlayLooking> log) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(15);
    private const int MostBanks = 50;

    /// <summary>Many banks may have news: each round goes on where the last one ended.</summary>
    private BankId? _seen;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                var news = await queries.BanksWithNewsAsync(_seen, MostBanks, stopping);
                foreach (var bank in news)
                    await commands.LookAsync(bank, stopping);
                _seen = news.Count < MostBanks ? null : news[^1].Bank;
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("Questions of fair play wait: {Why}", e.Message);
            }
        }
    }
}
