using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Reports;

/// <summary>Follows the journals for the sums that reports read. A bank whose history came in as a whole is added up while nobody writes.</summary>
public sealed class TallyFollower(Journal journal, TallySources sources, TallyCommands commands, ILogger<TallyFollower> log)
    : JournalFollower(journal, sources.Marks, restsForWork: 19, restsWhileQuiet: 2, log)
{
    protected override Task<bool> FollowAsync(BankId bank, CancellationToken cancel) => commands.FollowAsync(bank, cancel);
}
