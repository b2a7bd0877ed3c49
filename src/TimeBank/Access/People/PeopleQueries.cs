using Microsoft.EntityFrameworkCore;

namespace TimeBank.Access;

/// <summary>Everything that is kept about a person's login, but for what only proves who they are: hashes and secrets.</summary>
/// <param name="RestsUntil">After too many failures; null: it does not.</param>
public sealed record PersonData(
    PersonId Id, string? Login, string? Name, string? Email, bool EmailConfirmed, bool IsOperator, bool SecondFactor, int RecoveryCodesLeft,
    IReadOnlyList<PasskeyView> Passkeys, DateTimeOffset Made, DateTimeOffset? Erased, int Failures, DateTimeOffset? RestsUntil,
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
    public async Task<PersonData?> DataOfAsync(PersonId id, CancellationToken cancel = default)
    {
        if (await people.Users.SingleOrDefaultAsync(p => p.Id == id.Value, cancel) is not { } p)
            return null;
        return new PersonData(
            id, p.UserName, p.DisplayName, p.Email, p.EmailConfirmed, p.IsOperator, p.TwoFactorEnabled,
            await people.RecoveryCodes.CountAsync(c => c.Person == id.Value, cancel), await passkeys.ListAsync(p), p.Made, p.Erased,
            p.AccessFailedCount, p.LockoutEnd, p.ResetMailed,
            await people.Invitations.Where(i => i.MadeBy == id.Value).OrderBy(i => i.Id).Select(i => i.Id).ToListAsync(cancel));
    }
}
