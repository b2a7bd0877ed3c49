using TimeBank.Contributions;
using TimeBank.PaymentRequests;
using TimeBank.Projections;
using TimeBank.Schedules;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Every few seconds moves on what time moves on: contributions that nobody questioned or that wait for hours, schedules, requests that nobody paid.</summary>
public sealed class DueThings(
    ThingQueries things, ContributionCommands contributions, PaymentRequestCommands requests, ScheduleCommands schedules, TimeProvider clock, ILogger<DueThings> log)
    : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);
    private const int MostAtOnce = 1_000;

    /// <summary>Of contributions that wait there may be many: each round goes on where the last one ended.</summary>
    private (BankId Bank, ThingId Thing)? _seen;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await MoveOnAsync(stopping);
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("What is due waits: {Why}", e.Message);
            }
        }
    }

    private async Task MoveOnAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        foreach (var (bank, thing) in await things.DueAsync<Schedule>(now, MostAtOnce, stopping))
            await schedules.MoveOnAsync(bank, thing, now);
        var unpaid = await things.DueAsync<PaymentRequest>(now, MostAtOnce, stopping);
        var unquestioned = await things.DueAsync<Contribution>(now, MostAtOnce, stopping);
        var waiting = await things.AtStageAsync<Contribution>(ContributionStage.Waiting.Word(), _seen, MostAtOnce, stopping);
        _seen = waiting.Count < MostAtOnce ? null : waiting[^1];
        await Task.WhenAll(
            unpaid.Select(r => requests.MoveOnAsync(r.Bank, r.Thing)).Concat(unquestioned.Concat(waiting).Select(c => contributions.MoveOnAsync(c.Bank, c.Thing))));
    }
}
