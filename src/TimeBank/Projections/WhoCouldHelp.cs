using TimeBank.Banks;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>A member who would be likely to help.</summary>
/// <param name="Why">What speaks for it: offer, skill, neighbourhood, time, day, language, met.</param>
/// <param name="LastContact">When they last had to do with who asks; null: never.</param>
public sealed record LikelyToHelp(AccountId Account, string? Name, IReadOnlyList<string> Why, DateOnly? LastContact);

/// <summary>Who would be likely to help with a request, the most likely first. Nothing of what they have, and no way to reach them, is told:
/// that passes when both agree to an arrangement.</summary>
public sealed class WhoCouldHelp(MemberQueries members, AccountQueries accounts, AccountThingQueries memberships, BankQueries banks)
{
    /// <summary>Who asks for more of them is told no more.</summary>
    public const int Most = 30;

    /// <summary>Of each way to find somebody the newest so many are looked at.</summary>
    private const int MostLookedAt = 60;

    /// <summary>So many more than are wanted are weighed: some may not be asked.</summary>
    private const int Spare = 10;

    /// <summary>None for an offer, and none once it has ended.</summary>
    public async Task<List<LikelyToHelp>> FindAsync(BankId bank, Listing request, DateTimeOffset now, int most, CancellationToken cancel)
    {
        if (request.Terms.Kind != ListingKind.Request || request.Is != ListingStage.Open || request.Terms.Expires <= now)
            return [];
        var timeZone = (await banks.FindAsync(bank, cancel))!.Policy.TimeZone;
        var asker = await memberships.FindAsync<Member>(bank, Member.IdOf(request.Account), cancel);
        var found = (await members.HelpersAsync(bank, request, BankCalendar.Date(timeZone, now), now, MostLookedAt, most + Spare, cancel))
            .Select(h => (Helper: h, Why: Why(request.Terms, asker?.Thing.Profile, h)))
            .OrderByDescending(h => h.Why.Sum(Weight)).ThenByDescending(h => h.Helper.Met).ThenByDescending(h => h.Helper.Member.Since).ThenBy(h => h.Helper.Member.Account.Value)
            .Take(most).ToList();
        var names = await accounts.NamesAsync(bank, [.. found.Select(f => f.Helper.Member.Account)], cancel);
        return [.. found.Select(f => new LikelyToHelp(
            f.Helper.Member.Account, names.GetValueOrDefault(f.Helper.Member.Account), f.Why, f.Helper.Met is { } met ? BankCalendar.Date(timeZone, met) : null))];
    }

    private static List<string> Why(ListingTerms terms, Profile? asker, CouldHelp h)
    {
        var (why, profile) = (new List<string>(), h.Member.Profile);
        if (h.Offers)
            why.Add("offer");
        if (h.Skilled)
            why.Add("skill");
        if (terms.Neighbourhood is { } where && where == h.Neighbourhood)
            why.Add("neighbourhood");
        if (terms.Times.Intersect(profile.Times).Any())
            why.Add("time");
        else if (terms.Times.Select(t => t.Day()).Intersect(profile.Times.Select(t => t.Day())).Any())
            why.Add("day");
        if (asker is not null && asker.Languages.Intersect(profile.Languages).Any())
            why.Add("language");
        if (h.Met is not null)
            why.Add("met");
        return why;
    }

    /// <summary>What they do weighs most, then where and when.</summary>
    private static int Weight(string why) => why switch
    {
        "offer" or "skill" => 4,
        "neighbourhood" or "time" => 2,
        _ => 1,
    };
}
