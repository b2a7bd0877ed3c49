using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>What the accounts of each kind have together, and when they were added up.</summary>
public sealed record TotalsShown(DateTimeOffset At, IReadOnlyList<KindTotal> OfKinds);

/// <summary>The sums that the page of the books shows: every account of the bank is looked at for them, so that they are added up at most
/// every ten seconds, however many look. Whoever needs them of this moment asks the API.</summary>
public sealed class KeptTotals(AccountQueries accounts, TimeProvider clock)
{
    private const int MostBanks = 1_000;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    private readonly KeptBriefly<BankId, TotalsShown> _kept = new(s_longest, MostBanks, clock);

    /// <summary>Not given up by who leaves: others wait for them, too.</summary>
    public ValueTask<TotalsShown> OfAsync(BankId bank) =>
        _kept.GetAsync(bank, async b => new TotalsShown(clock.GetUtcNow(), await accounts.TrialBalanceAsync(b, null, CancellationToken.None)));
}
