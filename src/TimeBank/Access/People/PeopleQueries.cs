using Microsoft.EntityFrameworkCore;
using TimeBank.Store;

namespace TimeBank.Access;

/// <summary>Everything that is kept about a person's login, but for what only proves who they are: hashes and secrets.</summary>
/// <param name="IsOperator">Null, as failures and resets, where a bank asks: that is the installation's matter.</param>
/// <param name="RestsUntil">After too many failures; null: it does not.</param>
public sealed record PersonData(
    PersonId Id, string? Login, string? Name, string? Email, bool EmailConfirmed, bool? IsOperator, bool SecondFactor, int RecoveryCodesLeft,
    IReadOnlyList<PasskeyView> Passkeys, DateTimeOffset Made, DateTimeOffset? Erased, int? Failures, DateTimeOffset? RestsUntil,
    DateTimeOffset? ResetMailed, IReadOnlyList<Guid> InvitationsMade);

/// <summary>Queries over logins.</summary>
public sealed class PeopleQueries(PeopleContext people, Passkeys passkeys)
{
    /// <summary>Null if there is nobody with that id, or they were erased.</summary>
    public Task<Person?> FindAsync(PersonId id, CancellationToken cancel) => people.FindAsync(id, cancel);

    /// <summary>Names of people; those who were erased have none.</summary>
    public async Task<IReadOnlyDictionary<PersonId, string>> NamesAsync(IEnumerable<PersonId> ids, CancellationToken cancel)
    {
        var wanted = ids.Select(i => i.Value).ToList();
        return await people.Living.AsNoTracking().Where(p => wanted.Contains(p.Id) && p.DisplayName != null)
            .ToDictionaryAsync(p => p.PersonId, p => p.DisplayName!, cancel);
    }

    /// <summary>For the person to read, or to take along; null if there is nobody with that id.</summary>
    /// <param name="bank">Asked by an organiser of this bank: without what is other banks' or the installation's; null: for the person.</param>
    public async Task<PersonData?> DataOfAsync(PersonId id, BankId? bank = null, CancellationToken cancel = default)
    {
        var ofBank = bank?.Value;
        if (await people.Users.SingleOrDefaultAsync(p => p.Id == id.Value, cancel) is not { } p)
            return null;
        return new PersonData(
            id, p.UserName, p.DisplayName, p.Email, p.EmailConfirmed, ofBank is null ? p.IsOperator : null, p.TwoFactorEnabled,
            await people.RecoveryCodes.CountAsync(c => c.Person == id.Value, cancel), await passkeys.ListAsync(p), p.Made, p.Erased,
            ofBank is null ? p.AccessFailedCount : null, ofBank is null ? p.LockoutEnd : null, ofBank is null ? p.ResetMailed : null,
            await people.WithinAsync(ScopeOf(bank), () => people.Invitations.Where(i => i.MadeBy == id.Value && (ofBank == null || i.Bank == ofBank)).OrderBy(i => i.Id).Select(i => i.Id).ToListAsync(cancel), cancel));
    }

    /// <summary>Invitations that wait for the person, by their address.</summary>
    /// <param name="bank">Asked by an organiser of this bank; null: for the person, of all banks, if they were seen to read what goes to that address.</param>
    public async Task<IReadOnlyList<PersonInvitation>> InvitationsToAsync(PersonId id, BankId? bank, CancellationToken cancel)
    {
        if (await people.FindAsync(id, cancel) is not { Email: { } email } person || (bank is null && !person.EmailConfirmed))
            return [];
        return await people.WithinAsync(ScopeOf(bank), () => people.InvitationsTo(email).OrderBy(i => i.Id).Select(i => new PersonInvitation(
            i.Bank, i.Id, i.Name, i.Email!, i.Role, i.Account == null ? null : new AccountId(i.Account.Value), i.Neighbourhood, i.Made, i.Expires)).ToListAsync(cancel), cancel);
    }

    private static BankScope ScopeOf(BankId? bank) => bank is { } one ? one : BankScope.All;
}
