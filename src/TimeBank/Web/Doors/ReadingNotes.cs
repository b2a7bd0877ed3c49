using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Whose reading stands in a bank's audit trail: an auditor's, and that of who takes figures of others away as a file.
/// Once an hour for each reader and for each thing that they read.</summary>
/// <remarks>Written before anything is shown: who cannot be written down reads nothing.</remarks>
public sealed class ReadingNotes(AuditTrail trail, TimeProvider clock)
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly KeptBriefly<(BankId Bank, Guid Reader, Noted What, Guid? Subject), bool> _noted = new(s_hour, 10_000, clock);

    public Task AuditorAsync(BankId bank, Caller auditor) => NoteAsync(bank, auditor, Noted.ReadAsAuditor, auditor.Id);

    /// <summary>A report as a file.</summary>
    public Task ExportedAsync(BankId bank, Caller by) => NoteAsync(bank, by, Noted.Exported, null);

    /// <summary>The entries of an account as a file; whoever takes their own is not written down.</summary>
    public Task ExportedAsync(BankId bank, Caller by, AccountId account) =>
        by.Authority.SpeaksFor(account) ? Task.CompletedTask : NoteAsync(bank, by, Noted.Exported, account.Value);

    private async Task NoteAsync(BankId bank, Caller reader, Noted what, Guid? subject) => await _noted.GetAsync((bank, reader.Id!.Value, what, subject), async read =>
    {
        var outcome = await trail.NoteAsync(read.Bank, read.What, read.Subject, reader.Actor);
        return outcome.Status == 200 ? true : throw new AuditNotWrittenException();
    });
}

/// <summary>The journal did not take a line of the audit trail.</summary>
public sealed class AuditNotWrittenException() : Exception("The ledger cannot write just now, and this reading must be written down.");
