using TimeBank.Access;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Contributions;

/// <summary>A contribution, as answers to commands say it: without texts.</summary>
/// <param name="Awaits">Whose yes it waits for; null: nobody's.</param>
/// <param name="Confirmed">How the person helped said yes.</param>
/// <param name="New">Minutes of what was credited that came new from the community.</param>
/// <param name="Payer">Who paid in place of the person helped.</param>
public sealed record ContributionAnswer(
    ThingId Id, ContributionStage Stage, AccountId Helper, AccountId? Helped, AccountId? Project, Minutes Minutes, DateOnly Occurred, string? Category,
    Wish Wish, AccountId? PassOnTo, Side LoggedBy, Side? Awaits, DateTimeOffset? ConfirmsItself, Yes? Confirmed,
    Minutes Credited, Minutes New, DateTimeOffset? CreditedOn, AccountId? Payer, PostingId? Posting, ThingId? Activity)
{
    public static ContributionAnswer Of(Contribution c) => new(
        c.Id, c.Is, c.Claim.Helper, c.Claim.Helped, c.Claim.Project, c.Claim.Minutes, c.Claim.Occurred, c.Claim.Category,
        c.Claim.Wish, c.Claim.PassOnTo, c.LoggedBy, c.Is == ContributionStage.Logged ? c.Awaits : null, c.Due, c.Confirmed,
        c.Credited, c.New, c.CreditedOn, c.Payer, c.Posting, c.Claim.Activity);
}

/// <summary>A contribution as it stands, with its texts.</summary>
/// <param name="Memo">What was done.</param>
/// <param name="Reason">Why it was declined, questioned or settled.</param>
/// <param name="Alike">What the other side logged of, as it seems, the same help: shown with one contribution, not in lists.</param>
public sealed record ContributionView(ContributionAnswer Contribution, string? Memo, string? Reason, IReadOnlyList<ContributionAnswer>? Alike = null)
{
    public static ContributionView Of(ThingRow<Contribution> row) => new(ContributionAnswer.Of(row.Thing), row.Text?.Memo, row.Reason?.Reason);
}

/// <summary>A contribution and the posting that moved its hours; no posting if nothing moved.</summary>
public sealed record ContributionChangeAnswer(ContributionAnswer Contribution, PostingAnswer? Posting)
{
    public static ContributionChangeAnswer Of(ContributionChange change) =>
        new(ContributionAnswer.Of(change.Contribution), change.Posting is { } made ? PostingAnswers.Of(made) : null);
}

/// <summary>A list that was credited.</summary>
/// <param name="Id">The posting, which holds all of it.</param>
/// <param name="Minutes">All minutes together.</param>
/// <param name="New">Those that came new from the community, because the project did not have them.</param>
/// <param name="Contributions">One for each line, in the order of the lines.</param>
/// <param name="Waiting">Those of them that wait for the project to have the hours, where the bank lets only the project pay.</param>
public sealed record BatchCreditAnswer(
    PostingId Id, Minutes Minutes, Minutes New, IReadOnlyList<ThingId> Contributions, PostingAnswer Posting, IReadOnlyList<ThingId> Waiting)
{
    public static BatchCreditAnswer Of(BatchCredited credited) => new(
        credited.Posting.Id, new Minutes(credited.Contributions.Sum(c => c.Credited.Value)), credited.New,
        [.. credited.Contributions.Select(c => c.Id)], PostingAnswers.Of(credited.Posting),
        [.. credited.Contributions.Where(c => c.Is == ContributionStage.Waiting).Select(c => c.Id)]);
}
