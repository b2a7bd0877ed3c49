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
    /// refuses leaves its part with the owner; the others get theirs, and an event says why. Refused if somebody receives more in
    /// all than minutes can say, as only back and forth in one posting can do.</remarks>
    public static Refusal? Act(Draft draft, List<TransferMade> made, List<RuleRun> runs)
    {
        Queue<(AccountId Account, int Step)>? waiting = null;
        HashSet<AccountId>? seen = null;
        for (var i = 0; i < made.Count; i++)
            Enqueue(made[i].Payee, 1);
        if (waiting is null)
            return null;

        while (waiting.TryDequeue(out var next) && draft.Legs <= Posting.MostTransfers)
        {
            foreach (var rule in draft.Find(next.Account)!.Rules)
            {
                var received = Received(rule, made);
                if (received > Minutes.Limit)
                    return Refusal.Of(RefusalCode.MinutesBeyondRange, rule.Owner);
                if (Run(draft, rule, new Minutes((long)received), made) is not { } run)
                    continue;
                runs.Add(run);
                foreach (var part in run.Parts)
                {
                    if (part.Transfer is not null)
                        Enqueue(part.Target, next.Step + 1);
                }
            }
        }
        return null;

        void Enqueue(AccountId account, int step)
        {
            if (step > MostSteps || draft.Find(account)!.Rules.IsEmpty)
                return;
            if ((seen ??= []).Add(account))
                (waiting ??= new()).Enqueue((account, step));
        }
    }

    private static Int128 Received(Rule rule, List<TransferMade> made)
    {
        Int128 sum = 0;
        foreach (var transfer in made)
        {
            if (transfer.Payee == rule.Owner && rule.ActsOn(transfer.Kind))
                sum += transfer.Minutes.Value;
        }
        return sum;
    }

    private static RuleRun? Run(Draft draft, Rule rule, Minutes received, List<TransferMade> made)
    {
        var amount = rule.ShareOf(received);
        if (amount == Minutes.Zero)
            return null;
        var shares = rule.Split(received);
        var parts = new List<RulePart>(shares.Length);
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] != Minutes.Zero)
                parts.Add(PassOn(draft, rule, rule.Terms.Targets[i].Account, shares[i], made));
        }
        return new RuleRun(rule.Ref, rule.Owner, received, rule.Terms.Share, amount, parts);
    }

    private static RulePart PassOn(Draft draft, Rule rule, AccountId target, Minutes minutes, List<TransferMade> made)
    {
        var refusal = draft.Find(rule.Owner)!.RefusesToPay(minutes, draft.Policy)
            ?? draft.Find(target)!.RefusesToReceive(minutes, draft.Policy);
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
