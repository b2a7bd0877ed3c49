using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>Whom somebody means who types a name, a part of one, or a number.</summary>
public sealed class FoundPeople(AccountQueries accounts, TimeProvider clock)
{
    /// <summary>Who has more to choose from types more of the name.</summary>
    private const int Most = 8;

    /// <summary>Open accounts of these kinds with a name: the one of that id or number, else those whose name is that or has it in it.</summary>
    public async Task<List<NamedAccount>> FindAsync(BankId bank, string said, IReadOnlyList<AccountKind> kinds, CancellationToken cancel)
    {
        if (Guid.TryParseExact(said, "D", out var id) && await accounts.FindAsync(bank, new AccountId(id), clock.GetUtcNow(), cancel) is { } chosen && IsMeant(chosen, kinds))
            return [chosen];
        // A number can look like a name: whoever has it is meant.
        var found = AccountNumber.IsValid(said) ? await ListAsync(null, said) : [];
        if (found.Count == 0)
            found = await ListAsync(said, null);
        // Who has exactly that name is meant, and not who has a longer one.
        return found.FindAll(a => string.Equals(a.Name, said, StringComparison.OrdinalIgnoreCase)) is { Count: 1 } exact ? exact : found;

        async Task<List<NamedAccount>> ListAsync(string? name, string? number) =>
            (await accounts.ListAsync(bank, kinds is [var only] ? only : null, AccountStatus.Open, name, number, Guid.Empty, Most, clock.GetUtcNow(), cancel)).FindAll(a => IsMeant(a, kinds));
    }

    /// <summary>Whom somebody chose, other than themselves; else those who may be meant.</summary>
    /// <param name="shown">Whom they were shown, when they said yes: two may have the same name, and who was shown is meant as long as their name still stands in the field.</param>
    public async Task<(NamedAccount? Chosen, List<NamedAccount> Several)> ChosenAsync(
        BankId bank, string? shown, string? said, IReadOnlyList<AccountKind> kinds, AccountId self, CancellationToken cancel)
    {
        var typed = said?.Trim() ?? "";
        var found = shown is null ? [] : (await OthersAsync(shown)).FindAll(a => a.Name == typed);
        if (found.Count == 0)
            found = await OthersAsync(typed);
        return found is [var one] ? (one, []) : (null, found);

        async Task<List<NamedAccount>> OthersAsync(string who) =>
            string.IsNullOrWhiteSpace(who) ? [] : (await FindAsync(bank, who, kinds, cancel)).FindAll(a => a.Account.Id != self);
    }

    /// <summary>Open accounts of a kind for which somebody acts or which they organise.</summary>
    public async Task<List<NamedAccount>> OpenAsync(BankId bank, Caller caller, AccountKind kind, int most, CancellationToken cancel) =>
        (await accounts.ListAsync(bank, kind, AccountStatus.Open, null, null, Guid.Empty, most, clock.GetUtcNow(), cancel))
            .FindAll(a => caller.Authority.Accounts.Contains(a.Account.Id) || caller.Authority.Organises(a.Account));

    private static bool IsMeant(NamedAccount account, IReadOnlyList<AccountKind> kinds) =>
        account is { Name: not null, Account.Status: AccountStatus.Open } && kinds.Contains(account.Account.Kind);
}
