using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Reinvestment;
using TimeBank.Texts;

namespace TimeBank.Postings;

/// <summary>Taking a transfer back, wholly or in part, with what rules had passed on because of it.</summary>
/// <remarks>The one exception to "nobody's balance falls without their yes": what was written down by mistake was never theirs, so nobody is asked.
/// In place of their yes stands an organiser's reason, on the entry itself, where they read it and may question it.</remarks>
public static class Reversal
{
    /// <summary>Takes <paramref name="minutes"/> (null: all that is left) of a transfer back, dated today.</summary>
    /// <remarks>Never more than is left of it. What rules passed on is worked out again on what remains, by the same versions
    /// of the rules, and the difference comes back first, deepest first. If anybody would go below their floor, or above
    /// their ceiling, nothing happens and all who lack something are named; an organiser's override, which needs a reason,
    /// lets it pass. It does not pass a frozen or closed account. Rules do not act on what comes back.</remarks>
    /// <param name="reason">Why; without it nothing leaves a person's account.</param>
    public static Decision<PostingMade> Reverse(Draft draft, TransferId id, Minutes? minutes, TextRef? reason, bool overriding)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        var posting = draft.TransfersOf(id.Posting).ToList();
        if (posting.Find(t => t.Id == id) is not { } transfer || !draft.Authority.Sees(draft, transfer.Payer, transfer.Payee))
            return new Refusal(RefusalCode.TransferUnknown, new Figure("transfer", id.Value));
        var notPermitted = draft.Authority.RefusesOrganising(draft, transfer.Payee) ?? draft.Authority.RefusesOrganising(draft, transfer.Payer)
            ?? (overriding ? draft.Authority.RefusesOverride() : null);
        return notPermitted is not null ? notPermitted : TakeBack(draft, posting, transfer, minutes, reason, overriding);
    }

    /// <summary>Takes a whole posting back, all of its transfers or none: a list that was credited by mistake.</summary>
    public static Decision<PostingMade> ReverseAll(Draft draft, PostingId id, TextRef? reason, bool overriding)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        // The id of one of its transfers finds the rest of a posting, too; that is no posting.
        var posting = draft.TransfersOf(id).Where(t => t.Id.Posting == id).ToList();
        if (!posting.Exists(t => draft.Authority.Sees(draft, t.Payer, t.Payee)))
            return new Refusal(RefusalCode.TransferUnknown, new Figure("posting", id.Value));
        foreach (var transfer in posting)
        {
            var notPermitted = draft.Authority.RefusesOrganising(draft, transfer.Payee) ?? draft.Authority.RefusesOrganising(draft, transfer.Payer);
            if (notPermitted is not null)
                return notPermitted;
        }
        if (overriding && draft.Authority.RefusesOverride() is { } noOverride)
            return noOverride;
        if (RefusesWithoutReason(draft, posting, reason) is { } unsaid)
            return unsaid;
        if (posting.Find(t => t.Kind == TransferKind.Reversal) is { } back)
            return new Refusal(RefusalCode.ReversalOfReversal, new Figure("transfer", back.Id.Value));
        var taken = new SortedDictionary<int, Minutes>(posting.Where(t => t.Rest > Minutes.Zero).ToDictionary(t => t.Id.Leg, t => t.Rest));
        return taken.Count == 0
            ? new Refusal(RefusalCode.ReversalExceedsRest, new Figure("rest", 0L), new Figure("minutes", 0L))
            : GiveBack(draft, posting, taken, reason, overriding);
    }

    /// <summary>The same for who settles a contribution that moved these minutes: that they may was asked of the contribution.</summary>
    internal static Decision<PostingMade> ReverseSettled(Draft draft, TransferId id, Minutes minutes, TextRef? reason)
    {
        var posting = draft.TransfersOf(id.Posting).ToList();
        return TakeBack(draft, posting, posting.Single(t => t.Id == id), minutes, reason, overriding: false);
    }

    private static Decision<PostingMade> TakeBack(Draft draft, List<Transfer> posting, Transfer transfer, Minutes? minutes, TextRef? reason, bool overriding)
    {
        var id = transfer.Id;
        var amount = minutes ?? transfer.Rest;
        if (minutes is { } given && given <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", given.Value));
        if (RefusesWithoutReason(draft, posting.Where(t => t == transfer || t.Rule is not null), reason) is { } unsaid)
            return unsaid;
        if (transfer.Kind == TransferKind.Reversal)
            return new Refusal(RefusalCode.ReversalOfReversal, new Figure("transfer", id.Value));
        if (amount > transfer.Rest || amount == Minutes.Zero)
            return new Refusal(RefusalCode.ReversalExceedsRest, new Figure("rest", transfer.Rest.Value), new Figure("minutes", amount.Value));

        var taken = new SortedDictionary<int, Minutes>();
        TakeBack(draft, posting, transfer, amount, taken);
        return GiveBack(draft, posting, taken, reason, overriding);
    }

    /// <summary>What leaves a person's account without their yes needs a reason that they can read: theirs to whom it had come, or to whom rules had passed it on.</summary>
    private static Refusal? RefusesWithoutReason(Draft draft, IEnumerable<Transfer> taken, TextRef? reason) =>
        reason is null && taken.FirstOrDefault(t => draft.Find(t.Payee)!.Kind == AccountKind.Member) is { } leg
            ? Refusal.Of(RefusalCode.ReasonNeeded, leg.Payee, new Figure("field", "reason"))
            : null;

    /// <summary>Moves so much of each leg back, the last first.</summary>
    private static Decision<PostingMade> GiveBack(Draft draft, List<Transfer> posting, SortedDictionary<int, Minutes> taken, TextRef? reason, bool overriding)
    {
        var parties = posting.Where(t => taken.ContainsKey(t.Id.Leg)).SelectMany(t => new[] { t.Payee, t.Payer }).Select(a => draft.Find(a)!);
        if (Limits.NotOpen(parties.MaxBy(a => a.Status)!) is { } notOpen)
            return notOpen;

        var made = new List<TransferMade>(taken.Count);
        var shortfalls = new List<Shortfall>();
        foreach (var (leg, back) in taken.Reverse())
        {
            var original = posting.Find(t => t.Id.Leg == leg)!;
            var giver = draft.Find(original.Payee)!;
            var taker = draft.Find(original.Payer)!;
            var broken = giver.RefusesToPay(back, draft.Policy);
            if (broken is { Code: RefusalCode.BelowFloor })
                Note(shortfalls, new Shortfall(giver.Id, giver.Available, giver.FloorUnder(draft.Policy)!.Value, back));
            else if (broken is not null)
                return broken;
            var above = taker.RefusesToReceive(back, draft.Policy);
            if (above is not null && !(overriding && above.Code == RefusalCode.AboveCeiling))
                return above;
            made.Add(draft.Move(
                TransferKind.Reversal, giver.Id, taker.Id, back, draft.Today, original.Category, reason,
                reverses: original.Id,
                overriding: overriding && (broken ?? above) is not null ? OverrideKind.Organiser : null));
        }
        if (shortfalls.Count > 0 && !overriding)
            return new Refusal(RefusalCode.ReversalFallsShort) { Shortfalls = shortfalls };
        if (draft.ChangedTransfers.Any(t => t.Override is not null && t.Id.Posting == draft.Posting))
            draft.Note(new AccessEvent.AccessNoted(Noted.OverrideUsed, draft.Posting.Value));
        return PostingMade.Of(draft, made, []);
    }

    /// <summary>Everybody stands in the list once: who gives back in several legs lacks it for all of them together.</summary>
    private static void Note(List<Shortfall> shortfalls, Shortfall next)
    {
        var i = shortfalls.FindIndex(s => s.Account == next.Account);
        if (i < 0)
            shortfalls.Add(next);
        else if (next.Short > shortfalls[i].Short)
            shortfalls[i] = shortfalls[i] with { Needed = shortfalls[i].Needed + (next.Short - shortfalls[i].Short)!.Value };
    }

    /// <summary>Notes that so much of a transfer goes back, then what follows for the rules of the account that had received it.</summary>
    private static void TakeBack(Draft draft, List<Transfer> posting, Transfer transfer, Minutes amount, SortedDictionary<int, Minutes> taken)
    {
        taken[transfer.Id.Leg] = taken.GetValueOrDefault(transfer.Id.Leg) + amount;
        var passedOn = posting.Where(t => t.Payer == transfer.Payee && t.Rule is not null).GroupBy(t => t.Rule!);
        foreach (var run in passedOn)
        {
            var rule = draft.Find(run.Key);
            var firstLeg = run.Min(t => t.Id.Leg);
            bool Qualified(Transfer t) => t.Payee == rule.Owner && t.Id.Leg < firstLeg && rule.ActsOn(t.Kind);
            if (!Qualified(transfer))
                continue;
            var remains = new Minutes(posting.Where(Qualified).Sum(t => Left(t).Value));
            var parts = rule.Split(remains);
            // With largest remainders a smaller share may give one target a minute more than before: what the others have too much
            // is then more than the difference, and the last of them keep a minute of it.
            var difference = run.Sum(leg => Left(leg).Value - Due(leg).Value);
            foreach (var leg in run)
            {
                var back = Math.Min((Left(leg) - Due(leg)).Value, difference);
                if (back <= 0)
                    continue;
                difference -= back;
                TakeBack(draft, posting, leg, new Minutes(back), taken);
            }

            Minutes Due(Transfer leg) => parts[rule.IndexOf(leg.Payee)];
        }

        Minutes Left(Transfer t) => t.Rest - taken.GetValueOrDefault(t.Id.Leg);
    }
}
