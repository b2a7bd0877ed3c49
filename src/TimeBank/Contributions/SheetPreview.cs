using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Contributions;

/// <summary>Whom a line of a sheet means.</summary>
public enum SheetLineStatus
{
    Found,
    /// <summary>It may mean several: whoever brings the sheet chooses.</summary>
    Several,
    /// <summary>No member: they may be enrolled.</summary>
    Nobody,
    /// <summary>It cannot be read.</summary>
    Wrong,
}

/// <summary>A member whom a line may mean.</summary>
public sealed record SheetCandidate(AccountId Account, string? Name, string? Neighbourhood);

/// <summary>A line of a sheet, and whom it means.</summary>
/// <param name="Who">As it stands there, with an apostrophe before what a spreadsheet would run as a formula.</param>
/// <param name="Members">One if found; those to choose from if several.</param>
/// <param name="SameAs">An earlier line that means the same member.</param>
/// <param name="Errors">What is wrong with it.</param>
public sealed record SheetLine(
    int Line, SheetLineStatus Status, string? Who, Minutes? Minutes, string? Memo, IReadOnlyList<SheetCandidate> Members, int? SameAs, IReadOnlyList<string> Errors);

/// <summary>A sheet that was read; nothing was credited by it.</summary>
/// <param name="Credit">If every line means one member: what to post to contributions/batch, under an Idempotency-Key.</param>
public sealed record SheetPreview(int Found, int Several, int Nobody, int Wrong, IReadOnlyList<SheetLine> Lines, CreditBatchRequest? Credit)
{
    public static SheetPreview Of(Guid project, DateOnly? occurred, IReadOnlyList<SheetEntry> entries, ILookup<string, SheetMatch> matches)
    {
        var first = new Dictionary<AccountId, int>();
        var lines = new List<SheetLine>(entries.Count);
        foreach (var entry in entries)
        {
            var (status, members) = entry.Wrong.Count > 0 ? (SheetLineStatus.Wrong, []) : Meant(entry, matches);
            int? sameAs = status == SheetLineStatus.Found && !first.TryAdd(members[0].Account, entry.Line) ? first[members[0].Account] : null;
            lines.Add(new SheetLine(entry.Line, status, Spreadsheets.Harmless(entry.Who), entry.Minutes, entry.Memo, members, sameAs, [.. entry.Wrong.Select(w => w.Message)]));
        }
        int Count(SheetLineStatus status) => lines.Count(l => l.Status == status);
        var credit = lines.Any(l => l.Status != SheetLineStatus.Found) ? null : new CreditBatchRequest
        {
            Project = project, Occurred = occurred,
            Lines = [.. lines.Select(l => new CreditBatchLine { Helper = l.Members[0].Account.Value, Minutes = l.Minutes, Memo = l.Memo })],
        };
        return new SheetPreview(
            Count(SheetLineStatus.Found), Count(SheetLineStatus.Several), Count(SheetLineStatus.Nobody), Count(SheetLineStatus.Wrong), lines, credit);
    }

    /// <summary>The one member of whom all words of the line are true. Where there is not one, all of whom any word is true, for a person to choose: never a guess.</summary>
    private static (SheetLineStatus, IReadOnlyList<SheetCandidate>) Meant(SheetEntry entry, ILookup<string, SheetMatch> matches)
    {
        var all = entry.Said.SelectMany(s => matches[s]).DistinctBy(m => m.Account).Select(m => new SheetCandidate(m.Account, m.Name, m.Neighbourhood)).ToList();
        if (all.Count == 0)
            return (SheetLineStatus.Nobody, []);
        var fits = all.Where(c => entry.Said.All(s => matches[s].Any(m => m.Account == c.Account))).ToList();
        return fits.Count == 1 ? (SheetLineStatus.Found, fits) : (SheetLineStatus.Several, all);
    }
}
