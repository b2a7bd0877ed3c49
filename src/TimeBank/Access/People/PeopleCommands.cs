using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>What people do to their own logins, and the end of one.</summary>
/// <remarks>Each ends the sessions that there are; the page that asked gets a new cookie.</remarks>
public sealed class PeopleCommands(
    PeopleContext people, Passwords passwords, SecondFactor secondFactor, Passkeys passkeys, UserManager<Person> identity, Sessions sessions,
    FailedSignIns failures, PersonNotes notes, Mail mail, TimeProvider clock)
{
    /// <summary>Whether that is their password: asked before anything that a thief of a session would do first. A wrong one counts as a failure.</summary>
    public async Task<bool> IsPasswordAsync(Person person, string password, Actor by, CancellationToken cancel)
    {
        var judged = await passwords.JudgeAsync(person, password, cancel);
        if (judged.IsRight)
        {
            await passwords.TakeBackAsync(person, cancel);
            return true;
        }
        if (judged.Counted)
            failures.TryAdd(new FailedSignIn(person.PersonId, by.Door, judged.Locks));
        return false;
    }

    public async Task<bool> ChangePasswordAsync(Person person, string old, string @new, Actor by, CancellationToken cancel) =>
        await IsPasswordAsync(person, old, by, cancel) && await SetPasswordAsync(person, @new, by, cancel);

    /// <summary>With the token of a letter. False if it counts no more: it does so once, for two hours.</summary>
    public async Task<bool> ResetPasswordAsync(PersonId id, string token, string password, CancellationToken cancel) =>
        await people.FindAsync(id, cancel) is { } person
        && await identity.VerifyUserTokenAsync(person, identity.Options.Tokens.PasswordResetTokenProvider, UserManager<Person>.ResetPasswordTokenPurpose, token)
        && await SetPasswordAsync(person, password, new Actor(Door.Page, person.Id), cancel);

    /// <summary>The recovery codes; null if the code is not one of the secret that was shown last.</summary>
    public async Task<IReadOnlyList<string>?> TurnOnSecondFactorAsync(Person person, string code, Actor by, CancellationToken cancel)
    {
        if (await secondFactor.TurnOnAsync(person, code, cancel) is not { } codes)
            return null;
        await ChangedAsync(person, Noted.SecondFactorChanged, by);
        return codes;
    }

    public async Task TurnOffSecondFactorAsync(Person person, Actor by, CancellationToken cancel)
    {
        await secondFactor.TurnOffAsync(person, cancel);
        await ChangedAsync(person, Noted.SecondFactorChanged, by);
    }

    public async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(Person person, Actor by, CancellationToken cancel)
    {
        var codes = await secondFactor.NewRecoveryCodesAsync(person, cancel);
        await ChangedAsync(person, Noted.SecondFactorChanged, by);
        return codes;
    }

    /// <summary>Null if the credential does not answer what this person was asked.</summary>
    public async Task<PasskeyView?> AddPasskeyAsync(HttpContext http, Person person, NewPasskeyRequest request, Actor by)
    {
        if (await passkeys.AddAsync(http, person, request.Name!, request.State!, request.Credential!.Value) is not { } made)
            return null;
        await ChangedAsync(person, Noted.PasskeyChanged, by);
        return made;
    }

    /// <summary>False if there is no such passkey.</summary>
    public async Task<bool> RemovePasskeyAsync(Person person, Guid id, Actor by)
    {
        if (!await passkeys.RemoveAsync(person, id))
            return false;
        await ChangedAsync(person, Noted.PasskeyChanged, by);
        return true;
    }

    /// <summary>Removes what waits for a person in a bank by their address: it has their name in it.</summary>
    public async Task RemoveInvitationsToAsync(PersonId id, BankId bank, CancellationToken cancel)
    {
        if (await people.FindAsync(id, cancel) is { Email: { } email })
            await people.WithinAsync(bank, () => people.InvitationsTo(email).ExecuteDeleteAsync(cancel), cancel);
    }

    /// <summary>Ends a login for good: name, addresses, password, passkeys and codes go, and so do the person's sessions and letters that nobody took.
    /// The id stays, without a name.</summary>
    /// <remarks>Standings in banks are the ledger's: whoever calls this ends those first. Erasing twice changes nothing.
    /// False, and nothing is done: they operate the installation, which no bank ends.</remarks>
    public async Task<bool> EraseAsync(PersonId id)
    {
        var person = await people.FindAsync(id, CancellationToken.None);
        if (person is { IsOperator: true })
            return false;
        // While it is known yet whose they are.
        if (person?.Email is { } email)
            mail.RemoveLettersTo(email);
        var (now, stamp) = (clock.GetUtcNow(), Person.NewStamp());
        await using (var transaction = await people.BeginAsync(BankScope.All, CancellationToken.None))
        {
            await people.UserPasskeys.Where(p => p.UserId == id.Value).ExecuteDeleteAsync();
            await people.RecoveryCodes.Where(c => c.Person == id.Value).ExecuteDeleteAsync();
            await people.PasswordCodes.Where(c => c.Person == id.Value).ExecuteDeleteAsync();
            await people.EndedSessions.Where(s => s.Person == id.Value).ExecuteDeleteAsync();
            await people.Invitations.Where(i => i.MadeBy == id.Value || i.AcceptedBy == id.Value).ExecuteDeleteAsync();
            // Other banks' too, if it was seen to be their address: whoever invites may write down any.
            if (person is { Email: { } mine, EmailConfirmed: true })
                await people.InvitationsTo(mine).ExecuteDeleteAsync();
            await people.Living.Where(p => p.Id == id.Value).ExecuteUpdateAsync(p => p
                .SetProperty(x => x.UserName, (string?)null)
                .SetProperty(x => x.NormalizedUserName, (string?)null)
                .SetProperty(x => x.Email, (string?)null)
                .SetProperty(x => x.NormalizedEmail, (string?)null)
                .SetProperty(x => x.EmailConfirmed, false)
                .SetProperty(x => x.DisplayName, (string?)null)
                .SetProperty(x => x.PasswordHash, (string?)null)
                .SetProperty(x => x.TwoFactorEnabled, false)
                .SetProperty(x => x.AuthenticatorKey, (string?)null)
                .SetProperty(x => x.NextAuthenticatorKey, (string?)null)
                .SetProperty(x => x.AuthenticatorStep, 0)
                .SetProperty(x => x.AccessFailedCount, 0)
                .SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null)
                .SetProperty(x => x.ResetMailed, (DateTimeOffset?)null)
                .SetProperty(x => x.SecurityStamp, stamp)
                .SetProperty(x => x.ConcurrencyStamp, stamp)
                .SetProperty(x => x.Erased, now));
            await transaction.CommitAsync();
        }
        sessions.Forget(id);
        return true;
    }

    private async Task<bool> SetPasswordAsync(Person person, string password, Actor by, CancellationToken cancel)
    {
        if (!await passwords.SetAsync(person, password, endSecondFactor: false, cancel))
            return false;
        await ChangedAsync(person, Noted.PasswordChanged, by);
        return true;
    }

    private Task ChangedAsync(Person person, Noted what, Actor by)
    {
        sessions.Forget(person.PersonId);
        return notes.NoteAsync(person.PersonId, what, by);
    }
}
