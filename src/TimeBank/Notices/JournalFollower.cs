using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Notices;

/// <summary>Follows the journals of all banks, those first in which this server has written. It rests nineteen times as long as it works:
/// whoever writes has the machine.</summary>
public sealed class JournalFollower(Journal journal, NoticeSources sources, NoticeCommands commands, ILogger<JournalFollower> log)
{
    private readonly Pace _pace = new(restsForWork: 19);

    /// <summary>At the start, and then now and then, all journals are looked at: other servers may have died before they followed what they wrote.</summary>
    private const int RoundsBetweenAll = 60;

    private const int BanksAtOnce = 1_000;

    /// <summary>What could not be followed in one round is followed in the next.</summary>
    private readonly HashSet<BankId> _behind = [];

    private int _round;

    /// <summary>A part of each bank in turn, until none is behind.</summary>
    public async Task RoundAsync(CancellationToken stopping)
    {
        if (_round++ % RoundsBetweenAll == 0)
            await LookAtAllAsync(stopping);
        _behind.UnionWith(journal.Fresh.Take());
        while (_behind.Count > 0)
        {
            foreach (var bank in _behind.ToList())
            {
                if (!await _pace.DoAsync(() => FollowAsync(bank, stopping), stopping))
                    _behind.Remove(bank);
            }
            _behind.UnionWith(journal.Fresh.Take());
        }
    }

    private async Task LookAtAllAsync(CancellationToken stopping)
    {
        List<BankId> banks = [];
        do
        {
            banks = await sources.BehindAsync(banks.Count == 0 ? "" : banks[^1].Value, BanksAtOnce, stopping);
            _behind.UnionWith(banks);
        }
        while (banks.Count == BanksAtOnce);
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
