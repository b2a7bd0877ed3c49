using TimeBank.Reports;

namespace TimeBank.Workers;

/// <summary>Follows the journals, so that reports have sums to read.</summary>
public sealed class TalliesFollowing(TallyFollower follower, TimeProvider clock, ILogger<TalliesFollowing> log) : Rounds(TimeSpan.FromSeconds(1), clock, log)
{
    protected override Task RoundAsync(DateTimeOffset now, CancellationToken stopping) => follower.RoundAsync(stopping);
}
