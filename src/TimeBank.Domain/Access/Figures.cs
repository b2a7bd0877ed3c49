using System.Collections.Frozen;

namespace TimeBank.Access;

/// <summary>Whose figures an answer shows: balances and limits are for those who act for the account, organise it, or read all of the bank's.</summary>
public static class Figures
{
    /// <summary>Figures of a refusal that belong to the account that it names; others are the request's own, or a rule's.</summary>
    private static readonly FrozenSet<string> s_ofAccounts = FrozenSet.Create("balance", "available", "held", "room", "floor", "ceiling");

    public static bool SeesAllFigures(this Authority may) => may.WholeBank || may.ReadsAccounts;

    public static bool SeesFigures(this Authority may, Draft draft, AccountId id) => may.SeesAllFigures() || may.Sees(draft, id);

    /// <summary>The same refusal without figures of accounts that whoever asked does not see. Its code stays: that it is refused must be known.</summary>
    /// <remarks>Said before the outcome is recorded under a key, so that repeating the request tells no more.</remarks>
    public static Refusal Shown(this Authority may, Draft draft, Refusal refusal)
    {
        if (may.SeesAllFigures())
            return refusal;
        if (refusal.Shortfalls.Count > 0)
            refusal = refusal with { Shortfalls = [.. refusal.Shortfalls.Select(s => may.SeesFigures(draft, s.Account) ? s : s with { Available = null, Floor = null })] };
        if (!refusal.Figures.Any(f => s_ofAccounts.Contains(f.Name)) || AccountOf(refusal) is not { } account || may.SeesFigures(draft, account))
            return refusal;
        var published = draft.Policy.PublishesBalances == true;
        return refusal with { Figures = [.. refusal.Figures.Where(f => !s_ofAccounts.Contains(f.Name) || (published && f.Name == "balance"))] };
    }

    private static AccountId? AccountOf(Refusal refusal) =>
        refusal.Figures.Where(f => f.Name == "account").Select(f => f.Value).OfType<Guid>().Select(id => (AccountId?)new AccountId(id)).FirstOrDefault();
}
