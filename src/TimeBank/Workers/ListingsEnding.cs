using TimeBank.Listings;
using TimeBank.Projections;

namespace TimeBank.Workers;

/// <summary>Writes down the listings that nobody renewed; now and then makes those of a bank that has changed its language findable in the new one.
/// Nothing depends on its being on time: a listing is not found from its last moment on.</summary>
public sealed class ListingsEnding(ThingQueries things, ListingQueries listings, ListingCommands commands, TimeProvider clock, ILogger<ListingsEnding> log)
    : Rounds(TimeSpan.FromSeconds(10), clock, log)
{
    private const int MostAtOnce = 1_000;
    private const int RoundsBetweenLanguages = 6;

    private int _round;

    protected override async Task RoundAsync(DateTimeOffset now, CancellationToken stopping)
    {
        var due = await things.DueAsync<Listing>(now, MostAtOnce, stopping);
        await Task.WhenAll(due.Select(l => commands.ExpireAsync(l.Bank, l.Thing)));
        if (++_round % RoundsBetweenLanguages == 0)
            await listings.RenewLanguageAsync(MostAtOnce, stopping);
    }
}
