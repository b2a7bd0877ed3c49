using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Reports;

/// <summary>Adds up what stands in the journals.</summary>
public sealed class TallyCommands(TallySources sources, TalliesTable table)
{
    /// <summary>Follows the next part of a bank's journal. False: there was nothing left.</summary>
    public async Task<bool> FollowAsync(BankId bank, CancellationToken cancel)
    {
        if (await sources.NextAsync(bank, cancel) is not { } part)
            return false;
        var (tally, takenBack) = await sources.ReadAsync(bank, part, cancel);
        try
        {
            await table.AddAsync(bank, part, tally, takenBack, cancel);
        }
        catch (Exception e) when (StoreFaults.IsConflict(e))
        {
            // A rebuild wanted the same tables and came first. The part is read again from where the mark is then.
        }
        return true;
    }
}
