using Microsoft.EntityFrameworkCore;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>An invitation as it was made.</summary>
/// <param name="Code">Shown this one time: print it, or read it out.</param>
/// <param name="Link">The same as an address.</param>
/// <param name="OwnAccounts">Somebody has a login for that account already, or is invited to one: each grown-up is offered an account of their own, which is made there.</param>
public sealed record InvitationMadeView(Guid Id, string Code, string Link, DateTimeOffset Expires, string? OwnAccounts = null);

/// <summary>An open invitation, without its code.</summary>
public sealed record InvitationView(
    Guid Id, string Name, string? Email, Role Role, AccountId? Account, string? Neighbourhood, DateTimeOffset Made, PersonId MadeBy, DateTimeOffset Expires);

/// <summary>Who came in, and where.</summary>
public sealed record AcceptedView(PersonId Person, string Bank, Role Role);

/// <summary>Invitations: whoever brings the code gets a login and the standing, or, with a login already, the standing alone.</summary>
/// <remarks>What the inviter may no longer give when the code is brought is not given.</remarks>
public sealed class Invitations(
    PeopleContext people, Passwords passwords, AccessCommands access, RightsQueries rights, PersonNotes notes, Sessions sessions, Mail mail, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <summary>The view, or what the ledger says against that standing.</summary>
    public async Task<(InvitationMadeView? Made, Outcome? Refused)> MakeAsync(BankId bank, InvitationRequest request, Caller caller, string start, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (code, mailed) = (PrintableCode.New(), request.Email is null ? null : PrintableCode.New());
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(now), Bank = bank.Value, CodeHash = PrintableCode.HashOf(code)!, MailedHash = PrintableCode.HashOf(mailed),
            Name = request.Name!, Email = request.Email, Role = request.Standing!.Role!.Value, Account = request.Standing.Account,
            Neighbourhood = request.Standing.Neighbourhood, Made = now, Expires = now + Lifetime, MadeBy = caller.Person!.Value.Value, MadeThrough = caller.Door,
        };
        var possible = await GiveAsync(invitation, new PersonId(Guid.CreateVersion7(now)), caller, dryRun: true);
        if (IsNo(possible))
            return (null, possible);
        var shared = await SharesAsync(bank, invitation, cancel);
        people.Add(invitation);
        await people.WithinAsync(bank, () => people.SaveChangesAsync(cancel), cancel);
        if (mailed is not null)
            mail.TryAdd(Letters.Invitation(request.Email!, request.Name!, Links.Invitation(start, mailed), mailed, invitation.Expires));
        await notes.NoteAsync(bank, Noted.InvitationMade, invitation.Id, caller.Actor);
        return (new InvitationMadeView(invitation.Id, code, Links.Invitation(start, code), invitation.Expires, shared ? $"/v1/banks/{bank}/members/{invitation.Account}/own-accounts" : null), null);
    }

    /// <summary>Whether it would be one login of several for a member's account.</summary>
    private async Task<bool> SharesAsync(BankId bank, Invitation invitation, CancellationToken cancel) =>
        invitation is { Role: Role.Member, Account: { } account }
        && ((await rights.SharingAsync(bank, new AccountId(account), cancel)).Count > 0
            || await people.WithinAsync(bank, () => Open(bank, null).AnyAsync(i => i.Role == Role.Member && i.Account == account, cancel), cancel));

    /// <summary>Open ones, in the order in which they were made.</summary>
    /// <param name="madeBy">Only those of this person; null: all.</param>
    public Task<List<InvitationView>> ListAsync(BankId bank, PersonId? madeBy, Guid after, int limit, CancellationToken cancel) => people.WithinAsync(
        bank, () => Open(bank, madeBy).Where(i => i.Id > after).OrderBy(i => i.Id).Take(limit)
            .Select(i => new InvitationView(
                i.Id, i.Name, i.Email, i.Role, i.Account == null ? null : new AccountId(i.Account.Value), i.Neighbourhood, i.Made, new PersonId(i.MadeBy), i.Expires))
            .ToListAsync(cancel), cancel);

    /// <summary>False if there is no such open invitation.</summary>
    /// <param name="madeBy">Only one of this person; null: whoever made it.</param>
    public Task<bool> WithdrawAsync(BankId bank, PersonId? madeBy, Guid id, Actor by, CancellationToken cancel) => people.WithinAsync(bank, async () =>
    {
        var withdrawn = await Open(bank, madeBy).Where(i => i.Id == id).ExecuteDeleteAsync(cancel) == 1;
        // Withdrawn and noted, or neither: what cannot be written down does not happen.
        if (withdrawn)
            await notes.NoteAsync(bank, Noted.InvitationWithdrawn, id, by);
        return withdrawn;
    }, cancel);

    /// <summary>Those past their time go, with the names and addresses in them.</summary>
    public Task<int> RemoveExpiredAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return people.WithinAsync(BankScope.All, () => people.Invitations.Where(i => i.AcceptedBy == null && i.Expires <= now).ExecuteDeleteAsync(cancel), cancel);
    }

    /// <summary>The standing is given to whoever signed in, or to somebody new with the login that is asked for.</summary>
    public async Task<(AcceptedView? Accepted, Problem? Problem, Outcome? Refused)> AcceptAsync(AcceptanceRequest request, PersonId? signedIn, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (PrintableCode.HashOf(request.Code) is not { } hash
            || await people.WithinAsync(BankScope.All, () => Open(now).AsNoTracking().SingleOrDefaultAsync(i => i.CodeHash == hash || i.MailedHash == hash, cancel), cancel)
                is not { } invitation)
            return (null, PeopleProblems.CodeRefused, null);
        var newcomer = signedIn is null ? Newcomer(request, invitation, hash, now) : null;
        var person = signedIn ?? newcomer!.PersonId;
        if (await InviterAsync(invitation, cancel) is not { } inviter)
            return (null, PeopleProblems.CodeRefused, null);
        var possible = await GiveAsync(invitation, person, inviter, dryRun: true);
        if (IsNo(possible))
            return (null, null, possible);
        if (await TakeAsync(invitation, person, newcomer, now, cancel) is { } problem)
            return (null, problem, null);
        var given = await FinishAsync(person, cancel);
        return IsNo(given) ? (null, null, given) : (new AcceptedView(person, invitation.Bank, invitation.Role), null, null);
    }

    /// <summary>Gives what was accepted and, by a crash or a store that did not answer, does not stand in the ledger yet. Null: nothing waited.</summary>
    public async Task<Outcome?> FinishAsync(PersonId person, CancellationToken cancel)
    {
        Outcome? last = null;
        var accepted = await people.WithinAsync(BankScope.All, () => people.Invitations.AsNoTracking().Where(i => i.AcceptedBy == person.Value).ToListAsync(cancel), cancel);
        foreach (var invitation in accepted)
        {
            if (await InviterAsync(invitation, cancel) is { } inviter)
            {
                last = await GiveAsync(invitation, person, inviter, dryRun: false);
                if (last.Failure != JournalFailure.None)
                    return last;
            }
            await people.WithinAsync(invitation.BankId, () => people.Invitations.Where(i => i.Id == invitation.Id).ExecuteDeleteAsync(cancel), cancel);
        }
        return last;
    }

    /// <summary>Neither taken nor past their time.</summary>
    private IQueryable<Invitation> Open(DateTimeOffset now) => people.Invitations.Where(i => i.AcceptedBy == null && i.Expires > now);

    private IQueryable<Invitation> Open(BankId bank, PersonId? madeBy)
    {
        var open = Open(clock.GetUtcNow()).Where(i => i.Bank == bank.Value);
        return madeBy is { Value: var inviter } ? open.Where(i => i.MadeBy == inviter) : open;
    }

    private Person Newcomer(AcceptanceRequest request, Invitation invitation, byte[] hash, DateTimeOffset now)
    {
        var person = Person.New(request.Login!, request.Name ?? invitation.Name, now);
        person.Email = invitation.Email;
        person.NormalizedEmail = invitation.Email is { } email ? Person.Normalize(email) : null;
        // The inviter has the printed code too, and may have given any address: only the letter's own code shows who reads it.
        person.EmailConfirmed = invitation.MailedHash is { } mailed && mailed.AsSpan().SequenceEqual(hash);
        person.PasswordHash = passwords.Hash(person, request.Password!);
        return person;
    }

    /// <summary>Marks the invitation as this person's, and makes the person, both or neither: of two who bring the same code one is too late.</summary>
    private async Task<Problem?> TakeAsync(Invitation invitation, PersonId person, Person? newcomer, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await people.BeginAsync(invitation.BankId, cancel);
        var taken = await Open(now).Where(i => i.Id == invitation.Id)
            .ExecuteUpdateAsync(i => i.SetProperty(x => x.AcceptedBy, person.Value), cancel);
        if (taken == 0)
            return PeopleProblems.CodeRefused;
        if (newcomer is not null && !await people.TryAddAsync(newcomer, cancel))
            return PeopleProblems.LoginTaken;
        await transaction.CommitAsync(cancel);
        sessions.Forget(person);
        return null;
    }

    /// <summary>Whoever invited, with what they may do now; null if they are gone.</summary>
    private async Task<Caller?> InviterAsync(Invitation invitation, CancellationToken cancel)
    {
        var inviter = new PersonId(invitation.MadeBy);
        if (await people.FindAsync(inviter, cancel) is not { } found)
            return null;
        var standings = (await rights.GrantsOfAsync(inviter, cancel)).Where(g => g.Bank == invitation.BankId).Select(g => g.Standing);
        return Caller.Of(inviter, found.IsOperator, invitation.MadeThrough, [.. standings], null);
    }

    /// <summary>An operator who has no standing in the bank invites its first organiser, and nobody else.</summary>
    private Task<Outcome> GiveAsync(Invitation invitation, PersonId person, Caller inviter, bool dryRun)
    {
        var said = new Said(inviter.Actor, inviter.Authority) { DryRun = dryRun };
        return inviter.IsOperator && inviter.Standings.IsEmpty && invitation.Role == Role.Organiser
            ? access.AppointAsync(invitation.BankId, person, said)
            : access.GrantAsync(invitation.BankId, person, invitation.Standing, said);
    }

    private static bool IsNo(Outcome? outcome) => outcome is not null && (outcome.Status >= 400 || outcome.Failure != JournalFailure.None);
}
