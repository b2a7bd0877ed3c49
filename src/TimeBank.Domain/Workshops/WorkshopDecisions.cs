using TimeBank.Access;
using TimeBank.Contributions;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Texts;

namespace TimeBank.Workshops;

/// <summary>Somebody who was there.</summary>
/// <param name="Yes">How they said yes to their share, as an organiser heard it; null: they are asked.</param>
public sealed record Receiver(AccountId Account, Yes? Yes = null);

/// <summary>What was given to all of them.</summary>
/// <param name="Pot">What pays for all; null: the receivers share the hours.</param>
public sealed record Given(AccountId Helper, Minutes Minutes, DateOnly Occurred, string? Category, TextRef? Text, AccountId? Pot = null);

/// <summary>A workshop that was logged, with what moved at once.</summary>
public sealed record WorkshopChange(Workshop Workshop, IReadOnlyList<Contribution> Contributions, PostingMade? Posting);

/// <summary>Decisions about workshops.</summary>
public static class WorkshopDecisions
{
    /// <summary>The helper, or an organiser, says who was there. Each share is logged as a contribution; those whose yes is known move at once, the others when
    /// it is said. A pot pays at once, which is an organiser's word and never their own hours'. The first share that is refused refuses all.</summary>
    public static Decision<WorkshopChange> Give(Draft draft, ThingId id, Given given, IReadOnlyList<Receiver> receivers)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority is { App: not null, WholeBank: false })
            return Refusal.Of(RefusalCode.NotPermitted, given.Helper);
        if (given.Pot is { } pot && RefusesPot(draft, given, pot) is { } notTheirs)
            return notTheirs;
        var shares = Workshop.Split(given.Minutes, receivers.Count);
        var contributions = new List<Contribution>(receivers.Count);
        var (transfers, rules) = (new List<TransferMade>(), new List<RuleRun>());
        for (var i = 0; i < receivers.Count; i++)
        {
            var change = Share(draft, given, receivers[i], shares[i]);
            if (change.Refusal is { } refusal)
                return refusal with { Leg = i + 1 };
            contributions.Add(change.Answer!.Contribution);
            transfers.AddRange(change.Answer.Posting?.Transfers ?? []);
            rules.AddRange(change.Answer.Posting?.Rules ?? []);
        }
        var workshop = draft.Begin<Workshop>(id, new WorkshopEvent.WorkshopGiven(
            given.Helper, given.Minutes, given.Occurred, given.Category, given.Pot, given.Text,
            [.. contributions.Zip(receivers, (c, r) => new WorkshopShare(r.Account, c.Claim.Minutes, c.Id))]));
        return new WorkshopChange(workshop, contributions, transfers.Count > 0 ? PostingMade.Of(draft, transfers, rules) : null);
    }

    /// <summary>A receiver that is a project gives its share as it gives for other work.</summary>
    private static Decision<ContributionChange> Share(Draft draft, Given given, Receiver receiver, Minutes minutes)
    {
        var isProject = draft.Find(receiver.Account) is { Kind: Accounts.AccountKind.Project };
        var claim = new Claim(
            given.Helper, isProject ? null : receiver.Account, isProject ? receiver.Account : null, minutes, given.Occurred, given.Category, given.Text);
        var logged = ContributionDecisions.Log(draft, new ThingId(draft.Mint()), claim);
        if (logged.Refusal is not null)
            return logged;
        if (given.Pot is { } pot)
            return ContributionDecisions.Pay(draft, draft.Record(logged.Answer!.Contribution, new ContributionEvent.ContributionConfirmed(Side.Organiser, null)), pot);
        return receiver.Yes is null ? logged : ContributionDecisions.Confirm(draft, logged.Answer!.Contribution.Id, receiver.Yes);
    }

    private static Refusal? RefusesPot(Draft draft, Given given, AccountId pot) =>
        draft.Authority.RefusesDebit(draft, TransferKind.Earn, pot, given.Helper, given.Minutes)
        ?? (draft.Authority.IsOfHousehold(given.Helper) || draft.Authority.Accounts.Contains(given.Helper) ? Refusal.Of(RefusalCode.OwnHours, given.Helper) : null);
}
