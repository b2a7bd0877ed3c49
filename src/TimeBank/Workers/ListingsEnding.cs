using TimeBank.Listings;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Workers;

/// <summary>Every few seconds, writes down the listings that nobody renewed; now and then makes those of a bank that has changed its language findable in the new one.
/// Nothing depends on its being on time: a listing is not found from its last moment on.</summary>
public sealed class ListingsEnding(ThingQueries things, ListingQueries listings, ListingCommands commands, TimeProvider clock, ILogger<ListingsEnding> log) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);
    private const int MostAtOnce = 1_000;
    private const int RoundsBetweenLanguages = 6;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        for (var round = 1; await timer.WaitForNextTickAsync(stopping); round++)
        {
            try
            {
                var due = await things.DueAsync<Listing>(clock.GetUtcNow(), MostAtOnce, stopping);
                await Task.WhenAll(due.Select(l => commands.ExpireAsync(l.Bank, l.Thing)));
                if (round % RoundsBetweenLanguages == 0)
                    await listings.RenewLanguageAsync(MostAtOnce, stopping);
            }
            catch (Exception e) when (StoreFaults.IsUnavailable(e))
            {
                log.LogWarning("Listings past their time wait: {Why}", e.Message);
            }
        }
    }
}
