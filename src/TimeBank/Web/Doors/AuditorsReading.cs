using TimeBank.Access;

namespace TimeBank.Web;

/// <summary>That an auditor reads a bank stands in its audit trail: once an hour for each auditor and bank.</summary>
public sealed class AuditorsReading(AuditTrail trail, TimeProvider clock)
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly KeptBriefly<(BankId, Guid), bool> _noted = new(s_hour, 10_000, clock);

    /// <summary>Written before anything is shown: an auditor whose reading cannot be written down reads nothing.</summary>
    public async Task NoteAsync(BankId bank, Caller auditor) => await _noted.GetAsync((bank, auditor.Id!.Value), async who =>
    {
        var outcome = await trail.NoteAsync(bank, Noted.ReadAsAuditor, who.Item2, auditor.Actor);
        return outcome.Status == 200 ? true : throw new AuditNotWrittenException();
    });
}

/// <summary>The journal did not take a line of the audit trail.</summary>
public sealed class AuditNotWrittenException() : Exception("The ledger cannot write just now, and an auditor's reading must be written down.");
