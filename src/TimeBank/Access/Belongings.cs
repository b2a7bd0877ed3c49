using TimeBank.Projections;

namespace TimeBank.Access;

/// <summary>What of a bank is a person's.</summary>
/// <param name="Grants">Also those that ended.</param>
/// <param name="Accounts">Theirs as a member: what is kept with these is about them.</param>
public sealed record BelongingsInBank(BankId Bank, IReadOnlyList<Grant> Grants, IReadOnlyList<AccountId> Accounts);

/// <summary>What of a bank is whose: the one list by which a person's data are told and erased.</summary>
public sealed class Belongings(RightsQueries rights)
{
    /// <remarks>An account whose standing ended stays theirs, with all that was written about them, unless somebody else has it by now.</remarks>
    /// <param name="alsoOnceShared">Whether an account counts that is nobody's any more and was others' too. Of such a one the bank erases all;
    /// nobody takes along what may be another's.</param>
    public async Task<BelongingsInBank> OfAsync(BankId bank, PersonId person, bool alsoOnceShared, CancellationToken cancel)
    {
        var grants = await GrantsAsync(bank, person.Value, null, activeOnly: false, cancel);
        var accounts = new List<AccountId>();
        foreach (var own in grants.Where(g => g.Standing.Role == Role.Member).GroupBy(g => g.Standing.Account!.Value))
        {
            if (own.Any(g => g.Active) || !(await GrantsAsync(bank, null, own.Key, activeOnly: alsoOnceShared, cancel)).Any(g => g.Standing.Role == Role.Member && g.Person != person))
                accounts.Add(own.Key);
        }
        return new BelongingsInBank(bank, grants, accounts);
    }

    private async Task<List<Grant>> GrantsAsync(BankId bank, Guid? holder, AccountId? account, bool activeOnly, CancellationToken cancel) =>
        [.. (await rights.ListAsync(bank, RightsTable.GrantKind, holder, account, activeOnly, Guid.Empty, int.MaxValue, cancel)).Select(h => (Grant)h.Right)];
}
