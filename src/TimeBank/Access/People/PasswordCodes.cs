using Microsoft.EntityFrameworkCore;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>A code with which a person sets a new password.</summary>
/// <param name="Code">Shown this one time: print it, or read it out.</param>
public sealed record PasswordCodeView(string Code, DateTimeOffset Expires);

/// <summary>One-time codes for a new password: for members without e-mail who have lost theirs, and for operators made at the command line.</summary>
/// <remarks>Who prints a code could use it. So organisers print them for their own members only, and a code dies when its person
/// becomes more than a member of that bank.</remarks>
public sealed class PasswordCodes(
    PeopleContext people, Passwords passwords, Sessions sessions, RightsQueries rights, PersonNotes notes, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <summary>A new code, printed by who organises the person's accounts in the bank; the person's former codes count no more.</summary>
    /// <param name="areTheirs">Whether they organise these accounts.</param>
    public async Task<(PasswordCodeView? Code, Problem? Problem)> PrintAsync(
        BankId bank, PersonId person, bool endsSecondFactor, Actor by, Func<IReadOnlyCollection<AccountId>, ValueTask<bool>> areTheirs, CancellationToken cancel)
    {
        var here = (await rights.GrantsOfAsync(person, cancel)).Where(g => g.Bank == bank).ToList();
        if (here.Count == 0 || await people.FindAsync(person, cancel) is not { } found || !await areTheirs([.. here.Select(g => g.Standing.Account).OfType<AccountId>().Distinct()]))
            return (null, PeopleProblems.PersonUnknown);
        if (!await IsWithinReachAsync(bank, found, cancel))
            return (null, PeopleProblems.PersonOutOfReach);
        var code = await WriteAsync(people, found, bank, endsSecondFactor, clock.GetUtcNow(), cancel);
        await notes.NoteAsync(bank, Noted.CodePrinted, person.Value, by);
        return (code, null);
    }

    /// <summary>Sets the password. False if the code does not count.</summary>
    public async Task<bool> AcceptAsync(string typed, string password, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (PrintableCode.HashOf(typed) is not { } hash
            || await people.WithinAsync(BankScope.All, () => people.PasswordCodes.AsNoTracking().SingleOrDefaultAsync(c => c.Hash == hash && c.Expires > now, cancel), cancel)
                is not { } code
            || await people.FindAsync(new PersonId(code.Person), cancel) is not { } person
            || (code.Bank is { } bank && !await IsWithinReachAsync(new BankId(bank), person, cancel)))
            return false;
        await using (var transaction = await people.BeginAsync(BankScope.All, cancel))
        {
            if (await people.PasswordCodes.Where(c => c.Hash == hash).ExecuteDeleteAsync(cancel) == 0
                || !await passwords.SetAsync(person, password, code.EndsSecondFactor, cancel))
                return false;
            await transaction.CommitAsync(cancel);
        }
        sessions.Forget(person.PersonId);
        await notes.NoteAsync(person.PersonId, Noted.PasswordChanged, new Actor(Door.Page, person.Id));
        if (code.EndsSecondFactor)
            await notes.NoteAsync(person.PersonId, Noted.SecondFactorChanged, new Actor(Door.Page, person.Id));
        return true;
    }

    /// <summary>A new code in place of the person's former ones.</summary>
    /// <param name="bank">Null: from the command line, where nobody's reach is asked.</param>
    public static async Task<PasswordCodeView> WriteAsync(
        PeopleContext people, Person person, BankId? bank, bool endsSecondFactor, DateTimeOffset now, CancellationToken cancel)
    {
        var code = PrintableCode.New();
        await using var transaction = await people.BeginAsync(BankScope.All, cancel);
        await people.PasswordCodes.Where(c => c.Person == person.Id || c.Expires < now).ExecuteDeleteAsync(cancel);
        people.Add(new PasswordCode
        {
            Hash = PrintableCode.HashOf(code)!, Person = person.Id, Bank = bank?.Value, EndsSecondFactor = endsSecondFactor, Expires = now + Lifetime,
        });
        await people.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new PasswordCodeView(code, now + Lifetime);
    }

    /// <summary>A member of this bank, and nothing else anywhere, nor ever anything elsewhere: so they came in by this bank's own invitation,
    /// and their login is no other's to open.</summary>
    private async Task<bool> IsWithinReachAsync(BankId bank, Person person, CancellationToken cancel)
    {
        var grants = await rights.GrantsOfAsync(person.PersonId, cancel);
        return !person.IsOperator && grants.Count > 0 && grants.All(g => g.Bank == bank && g.Standing.Role == Role.Member)
            && !await rights.WasElsewhereAsync(bank, person.PersonId, cancel);
    }
}
