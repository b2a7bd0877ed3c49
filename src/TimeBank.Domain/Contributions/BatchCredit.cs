using TimeBank.Banks;
using TimeBank.Postings;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Contributions;

/// <summary>One volunteer of a list, and how long they worked.</summary>
public sealed record CreditLine(AccountId Helper, Minutes Minutes, TextRef? Text = null);

/// <summary>A list that was credited: one posting, and a contribution for each line, in the order of the lines.</summary>
/// <param name="New">Minutes that came new from the community, because the project did not have them.</param>
public sealed record BatchCredited(PostingMade Posting, IReadOnlyList<Contribution> Contributions, Minutes New);

/// <summary>Saturday's list: many volunteers of one project, credited together or not at all by who coordinates it or organises; by an organiser only,
/// where the bank wants organisers to confirm.</summary>
public static class BatchCredit
{
    public const int MostLines = 1_000;

    /// <remarks>The project's own hours go to the first lines; who pays for what it lacks, the bank's policy says: the community, or the line waits.
    /// The first line that is refused refuses all.</remarks>
    /// <param name="activity">The activity of the project that all of them did; null: none in particular.</param>
    public static Decision<BatchCredited> Credit(
        Draft draft, AccountId project, DateOnly occurred, string? category, IReadOnlyList<CreditLine> lines, ThingId? activity = null)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (ActivityDecisions.RefusesUnknown(draft, activity, project) is { } unknown)
            return unknown;
        var notPermitted = draft.Policy.ConfirmedBy == Confirming.Organiser
            ? draft.Authority.RefusesOrganising(draft, project)
            : draft.Authority.RefusesActingFor(draft, project);
        if (notPermitted is not null)
            return notPermitted;
        var made = new List<TransferMade>(lines.Count + 1);
        var contributions = new List<Contribution>(lines.Count);
        var isNew = Minutes.Zero;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var claim = new Claim(line.Helper, null, project, line.Minutes, occurred, category, line.Text, Activity: activity);
            var side = Sides.SideOf(draft, claim);
            var refusal = side == Side.Helper || draft.Authority.Household.Contains(line.Helper) ? Refusal.Of(RefusalCode.OwnHours, line.Helper)
                : Youth.RefusesActivity(draft, line.Helper, project, category, occurred) ?? ContributionDecisions.Refuses(draft, claim);
            if (refusal is null)
            {
                var c = draft.Begin<Contribution>(new ThingId(draft.Mint()), new ContributionEvent.ContributionLogged(claim, side ?? Side.Organiser, null));
                var crediting = new Crediting(draft, c, line.Minutes);
                refusal = crediting.FromProject();
                made.AddRange(crediting.Made);
                isNew += crediting.New;
                contributions.Add(draft.Record<Contribution>(c, crediting.Waits
                    ? new ContributionEvent.ContributionConfirmed(side ?? Side.Organiser, null)
                    : new ContributionEvent.ContributionCredited(draft.Posting, line.Minutes, crediting.New, draft.Now, null)));
                refusal = crediting.Waits ? null : refusal;
            }
            if (refusal is not null)
                return refusal with { Leg = i + 1 };
        }
        var posting = Posting.WithRules(draft, made, cannotFail: true);
        return posting.Refusal is { } failed ? failed : new BatchCredited(posting.Answer!, contributions, isNew);
    }
}
