using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Contributions;

/// <summary>Who pays for what a person at their floor was helped with.</summary>
public enum PaidAnyway
{
    /// <summary>The person helped, who may go lower this once.</summary>
    Helped,
    /// <summary>A pot.</summary>
    Pot,
    /// <summary>The community.</summary>
    Community,
}

/// <summary>What an organiser decides about a contribution that waits, or that was questioned.</summary>
public static class Settling
{
    /// <summary>An organiser finds who pays for one that waits.</summary>
    public static Decision<ContributionChange> PayAnyway(Draft draft, ThingId id, PaidAnyway how, AccountId? pot)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        if (Sides.RefusesToJudge(draft, c) is { } notTheirs)
            return notTheirs;
        if (c.Is != ContributionStage.Waiting)
            return Sides.Past(c);
        var payer = how switch
        {
            PaidAnyway.Pot => pot,
            PaidAnyway.Community => draft.Bank!.Issuer,
            _ => null,
        };
        if (payer is { } other && draft.Authority.RefusesDebit(draft, TransferKind.Earn, other, c.Claim.Helper, c.Claim.Minutes) is { } notPermitted)
            return notPermitted;
        if (how == PaidAnyway.Helped && draft.Authority.RefusesOverride() is { } noOverride)
            return noOverride;
        return ContributionDecisions.Pay(draft, c, payer, below: how == PaidAnyway.Helped);
    }

    /// <summary>An organiser settles it: as logged, with other minutes, or not at all (zero). What had moved and is too much goes back.</summary>
    /// <param name="yes">How the person helped said yes, where minutes still leave their account.</param>
    public static Decision<ContributionChange> Settle(Draft draft, ThingId id, Minutes minutes, Yes? yes, TextRef reason, bool overriding)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        if (Sides.RefusesToJudge(draft, c) is { } notTheirs)
            return notTheirs;
        if (c.Is != ContributionStage.Disputed)
            return Sides.Past(c);
        var moves = c.Posting is null && c.Claim.Wish != Wish.Nothing && minutes > Minutes.Zero;
        // Who said yes to more said yes to less.
        var agreed = c.PaidBy != Side.Helped || ((c.Confirmed is not null || c.LoggedBy == Side.Helped) && minutes <= c.Claim.Minutes);
        if (moves && !agreed && (Consent.RefusesToSayFor(yes) ?? Sides.RefusesDebit(draft, c)) is { } unsaid)
            return unsaid;
        if (minutes < Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", minutes.Value));
        if (moves && ContributionDecisions.RefusesHelper(draft, c) is { } lacks)
            return lacks;
        if (Posting.TooLong(draft, minutes) is { } tooLong)
            return tooLong;
        if (c.Posting is not null && minutes > c.Credited)
            return new Refusal(RefusalCode.SettlementExceedsCredit, new Figure("credited", c.Credited.Value), new Figure("minutes", minutes.Value));
        var settled = draft.Record(c, new ContributionEvent.ContributionSettled(minutes, moves && !agreed ? yes : null, reason));
        if (moves)
            return ContributionDecisions.Pay(draft, settled);
        return c.Posting is { } posting && c.Credited > minutes
            ? TakeBack(draft, c, settled, posting, c.Credited - minutes, reason, overriding)
            : new ContributionChange(settled);
    }

    /// <summary>Takes minutes back from the helper: first those that came new from the community.</summary>
    /// <remarks>One posting may hold several contributions to the same helper: of the community's minutes only those go back that were new for this one.</remarks>
    private static Decision<ContributionChange> TakeBack(
        Draft draft, Contribution before, Contribution settled, PostingId posting, Minutes minutes, TextRef reason, bool overriding)
    {
        var made = new List<TransferMade>();
        var fresh = new Minutes(Math.Min(before.New.Value, minutes.Value));
        var payer = before.Payer ?? before.Claim.Project ?? before.Claim.Helped!.Value;
        var refusal = GoBack(draft.Bank!.Issuer, fresh) ?? GoBack(payer, minutes - fresh);
        return refusal is { } failed ? failed : new ContributionChange(settled, PostingMade.Of(draft, made, []));

        Refusal? GoBack(AccountId from, Minutes part)
        {
            var legs = draft.TransfersOf(posting).Where(t => t.Payer == from && t.Payee == before.Claim.Helper && t.Rule is null && t.Kind is TransferKind.Exchange or TransferKind.Earn).ToList();
            foreach (var leg in legs.OrderByDescending(t => t.Id.Leg))
            {
                var back = new Minutes(Math.Min(leg.Rest.Value, part.Value));
                if (back == Minutes.Zero)
                    continue;
                var reversed = Sides.SideOf(draft, before.Claim) == Side.CounterSigner
                    ? Reversal.ReverseSettled(draft, leg.Id, back, reason)
                    : Reversal.Reverse(draft, leg.Id, back, reason, overriding);
                if (reversed.Refusal is { } notGone)
                    return notGone;
                made.AddRange(reversed.Answer!.Transfers);
                part -= back;
            }
            return null;
        }
    }
}
