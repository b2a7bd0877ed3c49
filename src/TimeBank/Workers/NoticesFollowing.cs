using System.Diagnostics;
using TimeBank.Notices;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Follows the journals, so that people are told what stands in them. It rests nine times as long as it works: whoever writes has the machine.</summary>
public sealed class NoticesFollowing(Journal journal, NoticeSources sources, NoticeCommands commands, TimeProvider clock, ILogger<NoticesFollowing> log) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);
    private const int RestsForWork = 9;

    /// <summary>At the start, and then now and then, all journals are looked at: other servers may have died before they followed what they wrote.</summary>
    private const int RoundsBetweenAll = 60;
    private const int BanksAtOnce = 1_000;

    private readonly HashSet<BankId> _behind = [];

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        for (var round = 0; await timer.WaitForNextTickAsync(stopping); round++)
        {
            try
            {
                _behind.UnionWith(journal.Fresh.Take());
                if (round % RoundsBetweenAll == 0)
                    await LookAtAllAsync(stopping);
                await FollowAsync(stopping);
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("Notices wait: {Why}", e.Message);
            }
        }
    }

    private async Task LookAtAllAsync(CancellationToken stopping)
    {
        for (var after = ""; ;)
        {
            var banks = await sources.BehindAsync(after, BanksAtOnce, stopping);
            _behind.UnionWith(banks);
            if (banks.Count < BanksAtOnce)
                return;
            after = banks[^1].Value;
        }
    }

    /// <summary>A part of each bank in turn, until none is behind.</summary>
    private async Task FollowAsync(CancellationToken stopping)
    {
        while (_behind.Count > 0)
        {
            foreach (var bank in _behind.ToList())
            {
                var since = Stopwatch.GetTimestamp();
                if (!await FollowAsync(bank, stopping))
                    _behind.Remove(bank);
                await Task.Delay(Stopwatch.GetElapsedTime(since) * RestsForWork, clock, stopping);
            }
            _behind.UnionWith(journal.Fresh.Take());
        }
    }

    /// <summary>False: nothing is left, or nothing that this program can read. Other banks go on.</summary>
    private async Task<bool> FollowAsync(BankId bank, CancellationToken stopping)
    {
        try
        {
            return await commands.FollowAsync(bank, stopping);
        }
        catch (UnknownEventException e)
        {
            log.LogError("Nobody of bank {Bank} is told anything: {Why}", bank.Value, e.Message);
            return false;
        }
    }
}
