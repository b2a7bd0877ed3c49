using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Notices;

/// <summary>Follows the journals for those who are told what stands in them.</summary>
public sealed class NoticeFollower(Journal journal, NoticeSources sources, NoticeCommands commands, ILogger<NoticeFollower> log)
    : JournalFollower(journal, sources.Marks, restsForWork: 19, restsWhileQuiet: 19, log)
{
    protected override Task<bool> FollowAsync(BankId bank, CancellationToken cancel) => commands.FollowAsync(bank, cancel);
}
