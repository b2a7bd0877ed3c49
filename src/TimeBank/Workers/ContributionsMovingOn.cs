using TimeBank.Contributions;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Every few seconds: contributions that nobody questioned in time confirm themselves, and those that wait for hours are tried again.</summary>
public sealed class ContributionsMovingOn(ThingQueries things, ContributionCommands commands, TimeProvider clock, ILogger<ContributionsMovingOn> log) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);
    private const int MostAtOnce = 1_000;

    /// <summary>Of those that wait there may be many: each round goes on where the last one ended.</summary>
    private (BankId Bank, ThingId Thing)? _seen;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                var due = await things.DueAsync<Contribution>(clock.GetUtcNow(), MostAtOnce, stopping);
                var waiting = await things.AtStageAsync<Contribution>(ContributionStage.Waiting.Word(), _seen, MostAtOnce, stopping);
                _seen = waiting.Count < MostAtOnce ? null : waiting[^1];
                await Task.WhenAll(due.Concat(waiting).Select(c => commands.MoveOnAsync(c.Bank, c.Thing)));
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("Contributions wait: {Why}", e.Message);
            }
        }
    }
}
