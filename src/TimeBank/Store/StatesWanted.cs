using TimeBank.Access;
using TimeBank.Reinvestment;

namespace TimeBank.Store;

/// <summary>States that decisions need and memory does not have: what the next round trip reads.</summary>
internal sealed class StatesWanted
{
    public readonly HashSet<(Batch Batch, AccountId Account)> Accounts = [];
    public readonly HashSet<(Batch Batch, AccountId Account)> DueHolds = [];
    public readonly HashSet<(Batch Batch, HoldId Hold)> Holds = [];
    public readonly HashSet<(Batch Batch, RuleId Rule)> Rules = [];
    public readonly HashSet<(Batch Batch, RightId Right)> Rights = [];
    public readonly HashSet<(Batch Batch, ThingId Thing)> Things = [];
    public readonly HashSet<(Batch Batch, RuleRef Version)> Versions = [];
    public readonly HashSet<(Batch Batch, PostingId Posting)> Postings = [];

    public IEnumerable<Batch> Batches =>
        Accounts.Select(w => w.Batch).Concat(DueHolds.Select(w => w.Batch)).Concat(Holds.Select(w => w.Batch))
            .Concat(Rules.Select(w => w.Batch)).Concat(Versions.Select(w => w.Batch)).Concat(Postings.Select(w => w.Batch)).Concat(Rights.Select(w => w.Batch))
            .Concat(Things.Select(w => w.Batch)).Distinct();

    public bool IsEmpty =>
        Accounts.Count + DueHolds.Count + Holds.Count + Rules.Count + Versions.Count + Postings.Count + Rights.Count + Things.Count == 0;
}
