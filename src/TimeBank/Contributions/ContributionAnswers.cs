using System.Text.Json;
using TimeBank.Access;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Contributions;

/// <summary>A contribution, as answers to commands say it: without texts.</summary>
/// <param name="Awaits">Whose yes it waits for; null: nobody's.</param>
/// <param name="Confirmed">How the person helped said yes.</param>
/// <param name="New">Minutes of what was credited that came new from the community.</param>
/// <param name="Payer">Who paid in place of the person helped.</param>
/// <param name="Wished">How the helper said what they want, where it is not hours.</param>
public sealed record ContributionAnswer(
    ThingId Id, ContributionStage Stage, AccountId Helper, AccountId? Helped, AccountId? Project, Minutes Minutes, DateOnly Occurred, string? Category,
    Wish Wish, AccountId? PassOnTo, Side LoggedBy, Side? Awaits, DateTimeOffset? ConfirmsItself, Yes? Confirmed,
    Minutes Credited, Minutes New, DateTimeOffset? CreditedOn, AccountId? Payer, PostingId? Posting, ThingId? Activity, Yes? Wished, TimeOnly? From)
{
    public static ContributionAnswer Of(Contribution c) => new(
        c.Id, c.Is, c.Claim.Helper, c.Claim.Helped, c.Claim.Project, c.Claim.Minutes, c.Claim.Occurred, c.Claim.Category,
        c.Claim.Wish, c.Claim.PassOnTo, c.LoggedBy, c.Is == ContributionStage.Logged ? c.Awaits : null, c.Due, c.Confirmed,
        c.Credited, c.New, c.CreditedOn, c.Payer, c.Posting, c.Claim.Activity, c.Wished, c.Claim.From);
}

/// <summary>A contribution as it stands, with its texts.</summary>
/// <param name="Memo">What was done.</param>
/// <param name="Reason">Why it was declined, questioned or settled.</param>
/// <param name="History">What was said of it, oldest first: shown with one contribution, not in lists.</param>
/// <param name="Alike">What the other side logged of, as it seems, the same help: shown with one contribution, not in lists.</param>
public sealed record ContributionView(ContributionAnswer Contribution, string? Memo, string? Reason, IReadOnlyList<ContributionAnswer>? Alike = null, IReadOnlyList<ContributionStep>? History = null)
{
    public static ContributionView Of(ThingRow<Contribution> row) => new(ContributionAnswer.Of(row.Thing), row.Text?.Memo, row.Reason?.Reason);
}

/// <summary>One thing that was said of a contribution, without words about people.</summary>
/// <param name="What">logged, corrected, wished, confirmed, credited, declined, withdrawn, disputed, settled, or keptOpen.</param>
/// <param name="By">The side that said it, where a side did.</param>
/// <param name="Minutes">As it said, where it said how long; likewise the day and the category.</param>
public sealed record ContributionStep(DateTimeOffset Posted, string What, Side? By, Minutes? Minutes, DateOnly? Occurred, string? Category, Wish? Wish, TimeOnly? From = null)
{
    public static ContributionStep Of((DateTimeOffset Posted, ContributionEvent Happened) step)
    {
        var of = new ContributionStep(step.Posted, JsonNamingPolicy.CamelCase.ConvertName(step.Happened.GetType().Name["Contribution".Length..]), null, null, null, null, null);
        return step.Happened switch
        {
            ContributionEvent.ContributionLogged e => Said(of, e.Claim, e.By),
            ContributionEvent.ContributionCorrected e => Said(of, e.Claim, e.By),
            ContributionEvent.ContributionWished e => of with { Wish = e.Wish },
            ContributionEvent.ContributionConfirmed e => of with { By = e.By },
            ContributionEvent.ContributionCredited e => of with { Minutes = e.Minutes },
            ContributionEvent.ContributionDeclined e => of with { By = e.By },
            ContributionEvent.ContributionWithdrawn e => of with { By = e.By },
            ContributionEvent.ContributionDisputed e => of with { By = e.By },
            ContributionEvent.ContributionSettled e => of with { Minutes = e.Minutes },
            _ => of,
        };
    }

    private static ContributionStep Said(ContributionStep of, Claim claim, Side by) =>
        of with { By = by, Minutes = claim.Minutes, Occurred = claim.Occurred, Category = claim.Category, Wish = claim.Wish, From = claim.From };
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
