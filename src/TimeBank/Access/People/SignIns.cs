using Microsoft.EntityFrameworkCore;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Who came in; or else what to answer.</summary>
public readonly record struct SignInJudged(Person? Person, Problem? Refused)
{
    public static implicit operator SignInJudged(Problem refused) => new(null, refused);
    public static implicit operator SignInJudged(Person person) => new(person, null);
}

/// <summary>Signing in and out.</summary>
/// <remarks>A login that nobody has, a wrong password, a wrong code and a login that rests are answered alike, and take as long.</remarks>
public sealed class SignIns(
    PeopleContext people, Passwords passwords, SecondFactor secondFactor, Passkeys passkeys, Invitations invitations,
    FailedSignIns failures, PersonNotes notes, Sessions sessions, TimeProvider clock)
{
    public async Task<SignInJudged> WithPasswordAsync(SessionRequest request, Door door, CancellationToken cancel)
    {
        var person = await people.FindAsync(request.Login!, cancel);
        var judged = await passwords.JudgeAsync(person, request.Password!, cancel);
        if (person is null)
        {
            failures.CountUnknown();
            return PeopleProblems.SignInFailed;
        }
        if (!judged.IsRight)
            return Fail(person, judged, door);
        if (person.TwoFactorEnabled)
        {
            if (request is { Code: null, RecoveryCode: null })
            {
                await passwords.TakeBackAsync(person, cancel);
                return PeopleProblems.SecondFactorNeeded;
            }
            if (!await secondFactor.AcceptsAsync(person, request.Code, request.RecoveryCode, cancel))
                return Fail(person, judged, door);
        }
        await passwords.SettleAsync(person, cancel);
        return await EnteredAsync(person, door, cancel);
    }

    /// <summary>A passkey is both factors: something that they have, opened by something that they know or are.</summary>
    public async Task<SignInJudged> WithPasskeyAsync(HttpContext http, PasskeySessionRequest request, Door door, CancellationToken cancel) =>
        await passkeys.FindOwnerAsync(http, request.State!, request.Credential!.Value, cancel) is { } person
            ? await EnteredAsync(person, door, cancel)
            : PeopleProblems.SignInFailed;

    /// <summary>The session ends here and now, also for whoever has a copy of its cookie or token.</summary>
    public async Task SignOutAsync(Session session, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        people.Add(new EndedSession { Person = session.Person.Value, Session = session.Id, Until = now + SessionTickets.OnOwnDevice });
        await people.SaveChangesAsync(cancel);
        sessions.Forget(session.Person);
        await people.EndedSessions.Where(s => s.Person == session.Person.Value && s.Until < now).ExecuteDeleteAsync(cancel);
    }

    private SignInJudged Fail(Person person, PasswordJudged judged, Door door)
    {
        if (judged.Counted)
            failures.TryAdd(new FailedSignIn(person.PersonId, door, judged.Locks));
        return PeopleProblems.SignInFailed;
    }

    private async Task<SignInJudged> EnteredAsync(Person person, Door door, CancellationToken cancel)
    {
        await invitations.FinishAsync(person.PersonId, cancel);
        await notes.NoteAsync(person.PersonId, Noted.SignedIn, new Actor(door, person.Id));
        return person;
    }
}
