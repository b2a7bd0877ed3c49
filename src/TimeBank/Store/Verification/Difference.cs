namespace TimeBank.Store;

/// <summary>One thing that is not as the events, or the rules of the ledger, say that it must be.</summary>
public sealed record Difference(string Bank, string Where, string What, string Expected, string Found)
{
    public override string ToString() => $"{Bank}: {Where}: {What}: expected {Expected}, found {Found}";
}

/// <summary>Where a verification of a bank ended.</summary>
/// <param name="Hash">The hash of the last batch that was read, from which the next verification can go on.</param>
public sealed record VerifiedBank(string Bank, long Events, long Batches, long Number, byte[] Hash);

/// <summary>What a verification came to.</summary>
public sealed record Verified(IReadOnlyList<VerifiedBank> Banks, long Differences)
{
    public long Events => Banks.Sum(b => b.Events);
    public long Batches => Banks.Sum(b => b.Batches);
}
