using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.Projections;
using TimeBank.Redemptions;
using TimeBank.Store;

namespace TimeBank.Accounts;

/// <summary>What is ahead of somebody: help that was written down, help that is being arranged, and what was booked, the next appointment first.</summary>
public sealed record Ahead(IReadOnlyList<Contribution> Help, IReadOnlyList<Arrangement> Arranged, IReadOnlyList<(Booking Booking, string? Service)> Booked)
{
    public IEnumerable<AccountId> Parties => Help.SelectMany(h => h.Parties).Concat(Arranged.SelectMany(a => a.Parties)).Concat(Booked.SelectMany(b => b.Booking.Parties)).Distinct();
}

/// <summary>What is ahead of accounts, as pages show it.</summary>
public sealed class AheadQueries(ThingQueries things, TimeProvider clock)
{
    private const int Most = 20;

    private static readonly ArrangementStage[] s_arranged = [ArrangementStage.Proposed, ArrangementStage.Agreed];

    /// <param name="accounts">Those of one person.</param>
    /// <param name="help">At which stages help counts.</param>
    public async Task<Ahead> OfAsync(BankId bank, IReadOnlyList<AccountId> accounts, IReadOnlyList<ContributionStage> help, CancellationToken cancel)
    {
        var (helped, arranged, booked) = (new List<Contribution>(), new List<Arrangement>(), new List<(Booking Booking, string? Service)>());
        foreach (var id in accounts)
        {
            foreach (var stage in help)
                helped.AddRange((await things.ListAsync<Contribution>(bank, id, stage.Word(), Guid.Empty, Most, cancel)).Select(r => r.Thing));
            foreach (var stage in s_arranged)
                arranged.AddRange((await things.ListAsync<Arrangement>(bank, id, stage.Word(), Guid.Empty, Most, cancel)).Select(r => r.Thing));
            foreach (var row in await things.ListAsync<Booking>(bank, id, BookingStage.Booked.Word(), Guid.Empty, Most, cancel))
            {
                if (row.Thing.StageAt(clock.GetUtcNow()) == BookingStage.Booked)
                    booked.Add((row.Thing, (await things.FindAsync<Service>(bank, row.Thing.Service, cancel))?.Text?.Name));
            }
        }
        return new Ahead([.. helped.DistinctBy(h => h.Id)], [.. arranged.DistinctBy(a => a.Id)], [.. booked.DistinctBy(b => b.Booking.Id).OrderBy(b => b.Booking.Date)]);
    }
}
