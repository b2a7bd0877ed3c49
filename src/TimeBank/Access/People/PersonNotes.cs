using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Access;

/// <summary>Writes what happened to a person's login into the audit trail of every bank in which they have a standing; of who has none,
/// as an operator, into the log.</summary>
public sealed class PersonNotes(RightsQueries rights, AuditTrail trail, ILogger<PersonNotes> log)
{
    public async Task NoteAsync(PersonId person, Noted what, Actor by)
    {
        var banks = (await rights.GrantsOfAsync(person, CancellationToken.None)).Select(g => g.Bank).Distinct().ToList();
        foreach (var bank in banks)
            await NoteAsync(bank, what, person.Value, by);
        if (banks.Count == 0)
            log.Log(what is Noted.SignInFailed or Noted.LockedOut ? LogLevel.Warning : LogLevel.Information,
                "{What}: person {Person}, who has a standing in no bank, by {Door}.", what, person, by.Door);
    }

    /// <summary>A line in one bank's audit trail. What cannot be noted is answered as a store that does not answer; but a bank that stands
    /// still on this server keeps nobody out of the others.</summary>
    public async Task NoteAsync(BankId bank, Noted what, Guid subject, Actor by)
    {
        var noted = await trail.NoteAsync(bank, what, subject, by);
        if (noted.Failure == JournalFailure.BankStopped)
            log.LogError("The bank {Bank} stands still here, so its audit trail lacks: {What}.", bank, what);
        else if (noted.Failure != JournalFailure.None)
            throw new IOException($"The audit trail of {bank} could not be written: {noted.Failure}.");
    }
}
