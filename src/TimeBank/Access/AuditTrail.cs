using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Writes what must be known, and changes no right, into a bank's audit trail.</summary>
public sealed class AuditTrail(Journal journal)
{
    /// <param name="subject">The person, account or thing that it is about.</param>
    public Task<Outcome> NoteAsync(BankId bank, Noted what, Guid? subject, Actor by) => journal.SubmitAsync(
        bank, new Said(by, Authority.Everything), Needs.Nothing, draft => AccessDecisions.Note(draft, what, subject), noted => new Outcome(200, "", noted));
}
