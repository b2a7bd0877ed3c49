using TimeBank.Notices;

namespace TimeBank.Workers;

/// <summary>Follows the journals, so that people are told what stands in them.</summary>
public sealed class NoticesFollowing(NoticeFollower follower, TimeProvider clock, ILogger<NoticesFollowing> log) : Rounds(TimeSpan.FromSeconds(1), clock, log)
{
    protected override Task RoundAsync(DateTimeOffset now, CancellationToken stopping) => follower.RoundAsync(stopping);
}
