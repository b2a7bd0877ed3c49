using TimeBank.Postings;

namespace TimeBank.Reinvestment;

/// <summary>Rules at work in a posting.</summary>
public static class Reinvestments
{
    /// <summary>How far a chain of rules goes.</summary>
    public const int MostSteps = 8;

    /// <summary>Lets every account that received act by its rules, in the order in which they first received; what they pass on
    /// is added to <paramref name="made"/> and may set off the rules of those who get it.</summary>
    /// <remarks>An account acts once in a posting, each of its rules on the sum of its qualifying receipts so far. A target that
    /// refuses leaves its part with the owner; the others get theirs, and an event says why. Refused with more transfers than a
    /// posting takes, unless it <paramref name="cannotFail"/>, or with receipts of one account beyond what can be counted.</remarks>
    public static Decision<List<RuleRun>> Act(Draft draft, List<TransferMade> made, bool cannotFail)
    {
        Queue<(AccountId Account, int Step)>? waiting = null;
        HashSet<AccountId>? seen = null;
        for (var i = 0; i < made.Count; i++)
            Enqueue(made[i].Payee, 1);

        var runs = new List<RuleRun>();
        while (waiting is not null && waiting.TryDequeue(out var next))
        {
            foreach (var rule in draft.Find(next.Account)!.Rules)
            {
                if (Received(rule, made) is not { } received)
                    return Refusal.Of(RefusalCode.MinutesBeyondRange, rule.Owner);
                if (rule.ShareOf(received) == Minutes.Zero)
                    continue;
                var run = Run(draft, rule, received, made);
                if (!cannotFail && run.Parts.Any(p => p.KeptBecause == RefusalCode.TooManyLegs))
                    return Posting.TooMany(draft.Legs + 1);
                runs.Add(run);
                foreach (var part in run.Parts)
                {
                    if (part.Transfer is not null)
                        Enqueue(part.Target, next.Step + 1);
                }
            }
        }
        return runs;

        void Enqueue(AccountId account, int step)
        {
            if (step > MostSteps || draft.Find(account)!.Rules.IsEmpty)
                return;
            if ((seen ??= []).Add(account))
                (waiting ??= new()).Enqueue((account, step));
        }
    }

    /// <summary>Null if it is more than can be counted: within one posting the same minutes may come again and again.</summary>
    private static Minutes? Received(Rule rule, List<TransferMade> made)
    {
        var sum = Minutes.Zero;
        foreach (var transfer in made)
        {
            if (transfer.Payee != rule.Owner || !rule.ActsOn(transfer.Kind))
                continue;
            if (!Minutes.CanAdd(sum, transfer.Minutes))
                return null;
            sum += transfer.Minutes;
        }
        return sum;
    }

    private static RuleRun Run(Draft draft, Rule rule, Minutes received, List<TransferMade> made)
    {
        var shares = rule.Split(received);
        var parts = new List<RulePart>(shares.Length);
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] != Minutes.Zero)
                parts.Add(PassOn(draft, rule, rule.Terms.Targets[i].Account, shares[i], made));
        }
        return new RuleRun(rule.Ref, rule.Owner, received, rule.Terms.Share, rule.ShareOf(received), parts);
    }

    private static RulePart PassOn(Draft draft, Rule rule, AccountId target, Minutes minutes, List<TransferMade> made)
    {
        var (payer, payee) = (draft.Find(rule.Owner)!, draft.Find(target)!);
        var refusal = Limits.NotOpen(payer, payee)
            ?? Limits.RefusesFigures(payer, payee, minutes, draft.Policy)
            ?? (draft.Legs >= Posting.MostTransfers ? Posting.TooMany(draft.Legs + 1) : null);
        if (refusal is not null)
        {
            draft.Keep(rule.Owner, rule.Ref, target, minutes, refusal.Code);
            return new RulePart(target, minutes, null, refusal.Code);
        }
        var transfer = draft.Move(TransferKind.Reinvest, rule.Owner, target, minutes, draft.Today, rule: rule.Ref);
        made.Add(transfer);
        return new RulePart(target, minutes, transfer.Id, null);
    }
}
