using TimeBank.Accounts;

namespace TimeBank.Store;

/// <summary>Accounts in memory as of their bank's last known batch, bounded, shared by all banks of the server.</summary>
/// <remarks>Two generations: what is used moves to the young one; when that is full it becomes the old one and the former old
/// one is forgotten. A bank's owner changes <see cref="BankQueue.Epoch"/> to forget all its accounts at once.</remarks>
public sealed class StateCache(int mostAccounts)
{
    private readonly Lock _lock = new();
    private Dictionary<Key, Account> _young = [];
    private Dictionary<Key, Account> _old = [];

    private readonly record struct Key(BankQueue Bank, int Epoch, AccountId Account);

    public Account? Find(BankQueue bank, AccountId account)
    {
        var key = new Key(bank, bank.Epoch, account);
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var state))
                return state;
            if (!_old.Remove(key, out state))
                return null;
            Put(key, state);
            return state;
        }
    }

    public void Put(BankQueue bank, Account state)
    {
        lock (_lock)
            Put(new Key(bank, bank.Epoch, state.Id), state);
    }

    public void Forget(BankQueue bank, AccountId account)
    {
        var key = new Key(bank, bank.Epoch, account);
        lock (_lock)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    private void Put(Key key, Account state)
    {
        if (_young.Count >= mostAccounts / 2 && !_young.ContainsKey(key))
        {
            _old = _young;
            _young = [];
        }
        _young[key] = state;
    }
}
