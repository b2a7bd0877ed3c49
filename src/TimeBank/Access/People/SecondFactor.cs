using Microsoft.EntityFrameworkCore;
using TimeBank.Store;

namespace TimeBank.Access;

/// <summary>The authenticator app as a second factor, and recovery codes for whoever has lost it. Each code counts once.</summary>
public sealed class SecondFactor(PeopleContext people, TimeProvider clock)
{
    private const int RecoveryCodesMade = 10;

    /// <summary>A new secret, which counts when <see cref="TurnOnAsync"/> has seen a code of it.</summary>
    public async Task<string> BeginAsync(Person person, CancellationToken cancel)
    {
        var key = OneTimePassword.NewKey();
        await people.Users.Where(p => p.Id == person.Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.NextAuthenticatorKey, key), cancel);
        return key;
    }

    /// <summary>The new recovery codes; null if the code is not one of the new secret's.</summary>
    public async Task<IReadOnlyList<string>?> TurnOnAsync(Person person, string code, CancellationToken cancel)
    {
        if (person.NextAuthenticatorKey is not { } key || OneTimePassword.StepOf(key, code, clock.GetUtcNow()) is not { } step)
            return null;
        await using var transaction = await people.BeginAsync(BankScope.All, cancel);
        var stamp = Person.NewStamp();
        var changed = await people.Living.Where(p => p.Id == person.Id && p.NextAuthenticatorKey == key).ExecuteUpdateAsync(p => p
            .SetProperty(x => x.TwoFactorEnabled, true)
            .SetProperty(x => x.AuthenticatorKey, key)
            .SetProperty(x => x.NextAuthenticatorKey, (string?)null)
            .SetProperty(x => x.AuthenticatorStep, step)
            .SetProperty(x => x.SecurityStamp, stamp)
            .SetProperty(x => x.ConcurrencyStamp, stamp), cancel);
        if (changed == 0)
            return null;
        // A code that was printed before might end again what begins here.
        await people.PasswordCodes.Where(c => c.Person == person.Id).ExecuteDeleteAsync(cancel);
        var codes = await WriteRecoveryCodesAsync(person, cancel);
        await transaction.CommitAsync(cancel);
        person.SecurityStamp = stamp;
        return codes;
    }

    public async Task TurnOffAsync(Person person, CancellationToken cancel)
    {
        await using var transaction = await people.Database.BeginTransactionAsync(cancel);
        var stamp = Person.NewStamp();
        await people.Living.Where(p => p.Id == person.Id).ExecuteUpdateAsync(p => p
            .SetProperty(x => x.TwoFactorEnabled, false)
            .SetProperty(x => x.AuthenticatorKey, (string?)null)
            .SetProperty(x => x.NextAuthenticatorKey, (string?)null)
            .SetProperty(x => x.SecurityStamp, stamp)
            .SetProperty(x => x.ConcurrencyStamp, stamp), cancel);
        await people.RecoveryCodes.Where(c => c.Person == person.Id).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        person.SecurityStamp = stamp;
    }

    /// <summary>New recovery codes; the former ones count no more.</summary>
    public async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(Person person, CancellationToken cancel)
    {
        await using var transaction = await people.Database.BeginTransactionAsync(cancel);
        var codes = await WriteRecoveryCodesAsync(person, cancel);
        await transaction.CommitAsync(cancel);
        return codes;
    }

    /// <summary>Whether a code of the app, or else a recovery code, is right. It is used up by that.</summary>
    public async Task<bool> AcceptsAsync(Person person, string? code, string? recoveryCode, CancellationToken cancel)
    {
        if (code is not null)
        {
            return OneTimePassword.StepOf(person.AuthenticatorKey!, code, clock.GetUtcNow()) is { } step
                && await people.Users.Where(p => p.Id == person.Id && p.AuthenticatorStep < step)
                    .ExecuteUpdateAsync(p => p.SetProperty(x => x.AuthenticatorStep, step), cancel) == 1;
        }
        return PrintableCode.HashOf(recoveryCode) is { } hash
            && await people.RecoveryCodes.Where(c => c.Person == person.Id && c.Hash == hash).ExecuteDeleteAsync(cancel) == 1;
    }

    private async Task<IReadOnlyList<string>> WriteRecoveryCodesAsync(Person person, CancellationToken cancel)
    {
        await people.RecoveryCodes.Where(c => c.Person == person.Id).ExecuteDeleteAsync(cancel);
        var codes = Enumerable.Range(0, RecoveryCodesMade).Select(_ => PrintableCode.New()).ToList();
        people.AddRange(codes.Select(c => new RecoveryCode { Person = person.Id, Hash = PrintableCode.HashOf(c)! }));
        await people.SaveChangesAsync(cancel);
        return codes;
    }
}
