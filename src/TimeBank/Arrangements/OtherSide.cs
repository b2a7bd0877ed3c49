using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Arrangements;

/// <summary>How the other side of an arrangement is reached: told to a side as long as both agree, and not where the safeguarding lead or a guardian stands between them.</summary>
public sealed class OtherSide(ArrangementQueries arrangements, SafeguardingQueries safeguarding, TimeProvider clock)
{
    /// <summary>Null where it does not pass.</summary>
    public async Task<ContactView?> ReachAsync(BankId bank, Arrangement of, Caller reader, CancellationToken cancel)
    {
        var own = of.Parties.Where(reader.Authority.Accounts.Contains).ToList();
        if (of.Is != ArrangementStage.Agreed || own.Count != 1 || !await safeguarding.MayReachEachOtherAsync(bank, of.Helper, of.Helped, clock.GetUtcNow(), cancel))
            return null;
        var other = of.OtherThan(own[0]);
        var (name, member, text) = await arrangements.ContactAsync(bank, other, cancel);
        return new ContactView(other, name, member?.Profile.Reach ?? [], text?.Telephone, text?.Email, text?.Address);
    }
}
