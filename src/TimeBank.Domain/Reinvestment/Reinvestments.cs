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
    /// refuses leaves its part with the owner; the others get theirs, and an event says why.</remarks>
    public static IReadOnlyList<RuleRun> Act(Draft draft, List<TransferMade> made)
    {
        Queue<(AccountId Account, int Step)>? waiting = null;
        HashSet<AccountId>? seen = null;
        for (var i = 0; i < made.Count; i++)
            Enqueue(made[i].Payee, 1);
        if (waiting is null)
            return [];

        var runs = new List<RuleRun>();
        while (waiting.TryDequeue(out var next) && draft.Legs <= Posting.MostTransfers)
        {
            foreach (var rule in draft.Find(next.Account)!.Rules)
            {
                if (Run(draft, rule, made) is not { } run)
                    continue;
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

    private static RuleRun? Run(Draft draft, Rule rule, List<TransferMade> made)
    {
        long sum = 0;
        foreach (var transfer in made)
        {
            if (transfer.Payee == rule.Owner && rule.ActsOn(transfer.Kind))
                sum += transfer.Minutes.Value;
        }
        var received = new Minutes(sum);
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
        var (payer, payee) = (draft.Find(rule.Owner)!, draft.Find(target)!);
        var refusal = Limits.NotOpen(payer, payee) ?? Limits.RefusesFigures(payer, payee, minutes, draft.Policy);
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
