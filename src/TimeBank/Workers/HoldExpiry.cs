using TimeBank.Holds;
using TimeBank.Projections;

namespace TimeBank.Workers;

/// <summary>Writes down the holds that have expired. Nothing depends on its being on time: a hold is dead from its last moment on.</summary>
public sealed class HoldExpiry(HoldQueries holds, HoldCommands commands, TimeProvider clock, ILogger<HoldExpiry> log) : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    private const int MostAtOnce = 1_000;

    protected override async Task RoundAsync(DateTimeOffset now, CancellationToken stopping)
    {
        var due = await holds.DueAsync(now, MostAtOnce, stopping);
        await Task.WhenAll(due.Select(d => commands.ExpireAsync(d.Bank, d.Hold)));
    }
}
