using TimeBank.Projections;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Members;

/// <summary>A step on the way in.</summary>
public sealed record StepView(JoiningStep Step, DateOnly On, string? Version);

/// <summary>A membership, as answers to commands say it: without texts.</summary>
/// <param name="Id">The account's.</param>
/// <param name="WaitsSince">When last something happened on their way in; null: they are in, or out.</param>
/// <param name="Version">What a change of the profile must match.</param>
public sealed record MemberAnswer(
    AccountId Id, MemberStage Stage, Approach How, DateTimeOffset? WaitsSince, IReadOnlyList<StepView> Joining,
    IReadOnlyList<string> Skills, IReadOnlyList<string> Languages, IReadOnlyList<TimeOfWeek> Times, IReadOnlyList<Reach> Reach, Willingness? Willing, long Version)
{
    public static MemberAnswer Of(Member m) => new(
        m.Account, m.Is, m.How, m.IsJoining ? m.Since : null, [.. m.Joining.Select(s => new StepView(s.Key, s.Value.On, s.Value.Version))],
        m.Profile.Skills, m.Profile.Languages, m.Profile.Times, m.Profile.Reach, m.Profile.Willing, m.Edition);
}

/// <summary>A membership with what only those see whose matter it is.</summary>
public sealed record MemberView(
    MemberAnswer Member, string? Name, string? Neighbourhood, string? Telephone, string? Email, string? Address, string? AgeBand, bool? Disability, string? About)
{
    public static MemberView Of(AccountThingRow<Member> row) => new(
        MemberAnswer.Of(row.Thing), row.Name, row.Neighbourhood, row.Text?.Telephone, row.Text?.Email, row.Text?.Address, row.Text?.AgeBand, row.Text?.Disability, row.Text?.Memo);
}

/// <summary>Somebody who left, and the posting that emptied their account; none if there was nothing in it.</summary>
public sealed record LeavingAnswer(MemberAnswer Member, Accounts.AccountStatus Account, PostingAnswer? Posting)
{
    public static LeavingAnswer Of(MemberLeaving left) =>
        new(MemberAnswer.Of(left.Member), left.Closing.Account.Status, left.Closing.Posting is { } made ? PostingAnswers.Of(made) : null);
}

/// <summary>A request that would suit a member.</summary>
/// <param name="Why">What speaks for it: skill, neighbourhood, time, day.</param>
public sealed record MatchView(ThingId Listing, AccountId Account, string Category, string? Neighbourhood, IReadOnlyList<TimeOfWeek> Times, Minutes? About, string? Title, string? Description, string? Place,
    IReadOnlyList<string> Why)
{
    public static MatchView Of(MatchRow row) => new(
        row.Listing.Id, row.Listing.Account, row.Listing.Terms.Category, row.Listing.Terms.Neighbourhood, row.Listing.Terms.Times, row.Listing.Terms.About,
        row.Text?.Title, row.Text?.Description, row.Text?.Place, row.Why);
}
