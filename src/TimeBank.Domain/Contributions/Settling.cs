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
        if (moves && !agreed && Sides.RefusesToSayFor(draft, c, yes) is { } unsaid)
            return unsaid;
        if (minutes < Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", minutes.Value));
        if (Posting.TooLong(draft, minutes) is { } tooLong)
            return tooLong;
        if (c.Posting is not null && minutes > c.Credited)
            return new Refusal(RefusalCode.SettlementExceedsCredit, new Figure("credited", c.Credited.Value), new Figure("minutes", minutes.Value));
        var settled = draft.Record(c, new ContributionEvent.ContributionSettled(minutes, moves && !agreed ? yes : null, reason));
        if (moves)
            return ContributionDecisions.Pay(draft, settled);
        return c.Posting is { } posting && c.Credited > minutes
            ? TakeBack(draft, settled, posting, c.Credited - minutes, reason, overriding)
            : new ContributionChange(settled);
    }

    /// <summary>Takes minutes back from the helper: first those that came new from the community.</summary>
    private static Decision<ContributionChange> TakeBack(Draft draft, Contribution c, PostingId posting, Minutes minutes, TextRef reason, bool overriding)
    {
        var made = new List<TransferMade>();
        var legs = draft.TransfersOf(posting).Where(t => t.Payee == c.Claim.Helper && t.Rule is null && t.Kind is TransferKind.Exchange or TransferKind.Earn).ToList();
        foreach (var leg in legs.OrderByDescending(t => t.Id.Leg))
        {
            var back = new Minutes(Math.Min(leg.Rest.Value, minutes.Value));
            if (back == Minutes.Zero)
                continue;
            var reversed = Sides.SideOf(draft, c.Claim) == Side.CounterSigner
                ? Reversal.ReverseSettled(draft, leg.Id, back, reason)
                : Reversal.Reverse(draft, leg.Id, back, reason, overriding);
            if (reversed.Refusal is { } refusal)
                return refusal;
            made.AddRange(reversed.Answer!.Transfers);
            minutes -= back;
        }
        return new ContributionChange(c, PostingMade.Of(draft, made, []));
    }
}
