using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Follows the journals of all banks, those first in which this server has written. It rests many times as long as it works:
/// whoever writes has the machine.</summary>
/// <param name="restsWhileQuiet">How many times as long while nobody writes.</param>
public abstract class JournalFollower(Journal journal, JournalMarks marks, int restsForWork, int restsWhileQuiet, ILogger log)
{
    private readonly Pace _besideWriters = new(restsForWork), _whileQuiet = new(restsWhileQuiet);
    private readonly FreshBanks.Reader _fresh = journal.Fresh.Read();

    /// <summary>At the start, and then now and then, all journals are looked at: other servers may have died before they followed what they wrote.</summary>
    private const int RoundsBetweenAll = 60;

    private const int BanksAtOnce = 1_000;

    /// <summary>What could not be followed in one round is followed in the next.</summary>
    private readonly HashSet<BankId> _behind = [];

    private int _round;

    /// <summary>Follows the next part of a bank's journal, once, whoever else follows it. False: there was nothing left.</summary>
    protected abstract Task<bool> FollowAsync(BankId bank, CancellationToken cancel);

    /// <summary>A part of each bank in turn, until none is behind.</summary>
    public async Task RoundAsync(CancellationToken stopping)
    {
        if (_round++ % RoundsBetweenAll == 0)
            await LookAtAllAsync(stopping);
        _behind.UnionWith(_fresh.Take());
        while (_behind.Count > 0)
        {
            foreach (var bank in _behind.ToList())
            {
                if (!await (_fresh.IsQuiet ? _whileQuiet : _besideWriters).DoAsync(() => TryFollowAsync(bank, stopping), stopping))
                    _behind.Remove(bank);
            }
            _behind.UnionWith(_fresh.Take());
        }
    }

    private async Task LookAtAllAsync(CancellationToken stopping)
    {
        List<BankId> banks = [];
        do
        {
            banks = await marks.BehindAsync(banks.Count == 0 ? "" : banks[^1].Value, BanksAtOnce, stopping);
            _behind.UnionWith(banks);
        }
        while (banks.Count == BanksAtOnce);
    }

    /// <summary>False: nothing is left, or nothing that this program can read or add up. Other banks go on.</summary>
    private async Task<bool> TryFollowAsync(BankId bank, CancellationToken stopping)
    {
        try
        {
            return await FollowAsync(bank, stopping);
        }
        catch (Exception e) when (e is UnknownEventException || StoreFaults.IsTooLarge(e))
        {
            log.LogError("{Follower} follows bank {Bank} no further: {Why}", GetType().Name, bank.Value, e.Message);
            return false;
        }
    }
}
