using TimeBank.Accounts;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>What was erased of a person in a bank.</summary>
/// <param name="Texts">Names, memos and other texts that went.</param>
/// <param name="LoginEnded">Whether the login went, too: it stays while the person has a standing in another bank.</param>
public sealed record ErasureAnswer(PersonId Person, int Accounts, int Texts, bool LoginEnded);

/// <summary>Erases a person from a bank: standings end, texts about them go, and invitations that wait for them; the login goes with the last standing. The books stay as they are,
/// under a pseudonym. The person's accounts must be closed first, so that it is settled where their hours go.</summary>
public sealed class PersonalData(
    RightsQueries rights, Belongings belongings, AccountQueries accounts, PersonalTexts texts, ConcernQueries concerns, AccessCommands access, PeopleCommands people, AuditTrail trail, TimeProvider clock)
{
    /// <summary>Every step can be done again: an erasure that broke off is finished by asking for it once more.</summary>
    public async Task<Outcome> EraseAsync(BankId bank, PersonId person, Said said, CancellationToken cancel)
    {
        var (_, grants, own) = await belongings.OfAsync(bank, person, alsoOnceShared: true, cancel);
        if (grants.Count == 0)
            return Problems.Outcome(new Refusal(RefusalCode.RightUnknown, new Figure("person", person.Value)));
        foreach (var account in own)
        {
            var found = await accounts.FindAsync(bank, account, clock.GetUtcNow(), cancel);
            if (found is { Account.Status: not AccountStatus.Closed })
                return Problems.Outcome(Refusal.Of(RefusalCode.AccountStillOpen, account));
        }
        // Members' standings last: by them an erasure that broke off finds what is left to do, also where an account is another's too.
        if (await EndAsync(bank, grants.Where(g => g.Standing.Role != Role.Member), said) is { } refused)
            return refused;
        foreach (var given in await rights.ListAsync(bank, RightsTable.PermissionKind, person.Value, null, activeOnly: true, Guid.Empty, int.MaxValue, cancel))
        {
            var ended = await access.EndPermissionAsync(bank, given.Right.Id, said);
            if (ended.Status != 200)
                return ended;
        }
        var noted = await trail.NoteAsync(bank, Noted.PersonErased, person.Value, said.By);
        if (noted.Status != 200)
            return noted;
        var erased = 0;
        foreach (var account in own)
        {
            erased += await texts.EraseAsync(bank, account, cancel);
            await concerns.ForgetAsync(bank, account, cancel);
        }
        await texts.ForgetRecipientAsync(bank, person, cancel);
        await people.RemoveInvitationsToAsync(person, bank, cancel);
        if (await EndAsync(bank, grants.Where(g => g.Standing.Role == Role.Member), said) is { } unfinished)
            return unfinished;
        // No bank ends the login of an operator.
        var loginEnded = (await rights.GrantsOfAsync(person, cancel)).Count == 0 && await people.EraseAsync(person);
        return Answers.Made(200, new ErasureAnswer(person, own.Count, erased, loginEnded));
    }

    /// <summary>Null: all ended.</summary>
    private async Task<Outcome?> EndAsync(BankId bank, IEnumerable<Grant> grants, Said said)
    {
        foreach (var grant in grants.Where(g => g.Active))
        {
            var ended = await access.EndAsync(bank, grant.Id, said);
            if (ended.Status != 200)
                return ended;
        }
        return null;
    }
}
