using TimeBank.Accounts;
using TimeBank.Holds;

namespace TimeBank.Store;

/// <summary>States in memory as of their bank's last known batch, bounded, shared by all banks of the server.</summary>
/// <remarks>A bank's owner changes <see cref="BankQueue.Epoch"/> to forget all of its states at once.</remarks>
public sealed class StateCache(int mostAccounts, int mostThings)
{
    /// <summary>Things that concern more accounts than these are large, and read anew.</summary>
    private const int MostParties = 8;

    private readonly Generations<Key, Account> _accounts = new(mostAccounts);
    private readonly Generations<Key, DateTimeOffset> _dues = new(mostThings);
    private readonly Generations<Key, Hold> _holds = new(mostThings);
    private readonly Generations<Key, Thing?> _things = new(mostThings);

    private readonly record struct Key(BankQueue Bank, int Epoch, Guid Id);

    public Account? Find(BankQueue bank, AccountId account) => _accounts.TryFind(Of(bank, account.Value), out var state) ? state : null;

    public Hold? Find(BankQueue bank, HoldId hold) => _holds.TryFind(Of(bank, hold.Value), out var state) ? state : null;

    /// <param name="state">Null: there is no such thing.</param>
    public bool TryFind(BankQueue bank, ThingId thing, out Thing? state) => _things.TryFind(Of(bank, thing.Value), out state);

    /// <summary>Before that moment no open hold that names the account ends. Null: not known.</summary>
    public DateTimeOffset? NothingDueBefore(BankQueue bank, AccountId account) => _dues.TryFind(Of(bank, account.Value), out var due) ? due : null;

    public void Put(BankQueue bank, Account state) => _accounts.Put(Of(bank, state.Id.Value), state);

    public void Put(BankQueue bank, Hold state)
    {
        _holds.Put(Of(bank, state.Id.Value), state);
        if (state.Status != HoldStatus.Open)
            return;
        foreach (var account in (AccountId[])[state.Payer, state.Payee])
        {
            if (NothingDueBefore(bank, account) > state.ExpiresAt)
                PutDue(bank, account, state.ExpiresAt);
        }
    }

    /// <param name="state">Null: there is no such thing.</param>
    public void Put(BankQueue bank, ThingId thing, Thing? state)
    {
        if (state?.Parties.Skip(MostParties).Any() == true)
            Forget(bank, thing);
        else
            _things.Put(Of(bank, thing.Value), state);
    }

    public void PutDue(BankQueue bank, AccountId account, DateTimeOffset nothingBefore) => _dues.Put(Of(bank, account.Value), nothingBefore);

    public void Forget(BankQueue bank, AccountId account) => _accounts.Forget(Of(bank, account.Value));

    public void Forget(BankQueue bank, HoldId hold) => _holds.Forget(Of(bank, hold.Value));

    public void Forget(BankQueue bank, ThingId thing) => _things.Forget(Of(bank, thing.Value));

    public void ForgetDue(BankQueue bank, AccountId account) => _dues.Forget(Of(bank, account.Value));

    private static Key Of(BankQueue bank, Guid id) => new(bank, bank.Epoch, id);
}
