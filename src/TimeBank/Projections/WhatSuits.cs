using TimeBank.Members;

namespace TimeBank.Projections;

/// <summary>What others ask for and a member may like to do. Who pauses, has left or wants nothing now is shown nothing; who is under 18, what their guardian agreed to.</summary>
public sealed class WhatSuits(MemberQueries requests, SafeguardingQueries safeguarding)
{
    /// <summary>The most fitting first.</summary>
    public async Task<IReadOnlyList<MatchRow>> FindAsync(BankId bank, AccountThingRow<Member> member, DateTimeOffset now, int most, CancellationToken cancel)
    {
        if (member.Thing.Is is MemberStage.Paused or MemberStage.Left || member.Thing.Profile.Willing == Willingness.NotNow)
            return [];
        var matches = await requests.MatchesAsync(bank, member, now, most, cancel);
        return await safeguarding.UnderAgeAsync(bank, member.Thing.Account, now, cancel) is { } youth
            ? [.. matches.Where(m => youth.Consent?.Names(null, m.Listing.Terms.Category) == true)]
            : matches;
    }
}
