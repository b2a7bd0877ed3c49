using System.Numerics;
using TimeBank.Accounts;
using TimeBank.Holds;
using TimeBank.Postings;
using static TimeBank.Accounts.AccountKind;
using static TimeBank.RefusalCode;

namespace TimeBank.Domain.Tests.Model;

/// <summary>Where minutes move.</summary>
public sealed partial class PlainLedger
{
    private const long Most = 9_007_199_254_740_991;

    private PlainAnswer DecidePost(PlainCommand.Post c)
    {
        for (var i = 0; i < c.Legs.Count; i++)
        {
            var leg = c.Legs[i];
            if (Wrong(leg, c.Mode) is { } code)
                return No(code) with { Leg = c.Legs.Count == 1 ? null : i + 1 };
            Move(leg.Kind, leg.Payer, leg.Payee, leg.Minutes);
        }
        return c.Mode != PostingMode.History && ActByRules(false) is { } tooMany ? No(tooMany) : s_yes;
    }

    private RefusalCode? Wrong(PlainLeg leg, PostingMode mode)
    {
        if (mode != PostingMode.History && (leg.Kind is TransferKind.Reinvest or TransferKind.Levy or TransferKind.Expire or TransferKind.Reversal))
            return KindBelongsToEngine;
        if (leg.Minutes <= 0)
            return MinutesNotPositive;
        if (leg.Occurred > DateOnly.FromDateTime(Now.UtcDateTime))
            return OccurredInFuture;
        if (mode == PostingMode.Normal && Policy.BooksClosedThrough is { } through && leg.Occurred <= through)
            return BooksClosed;
        if (WrongParties(leg.Kind, leg.Payer, leg.Payee) is { } wrong)
            return wrong;
        if (mode != PostingMode.History)
            return WrongFigures(leg.Payer, leg.Payee, leg.Minutes, Policy.LongestTransfer);
        if (Accounts[leg.Payer].Status == AccountStatus.Closed || Accounts[leg.Payee].Status == AccountStatus.Closed)
            return AccountClosed;
        return Beyond(leg.Payer, leg.Payee, leg.Minutes) ? MinutesBeyondRange : null;
    }

    private RefusalCode? WrongParties(TransferKind kind, AccountId payer, AccountId payee) =>
        payer == payee ? SameAccount
        : !Accounts.ContainsKey(payer) || !Accounts.ContainsKey(payee) ? AccountUnknown
        : !MayPay(kind, Accounts[payer].Kind, Accounts[payee].Kind) ? WrongKindOfAccount
        : null;

    private RefusalCode? WrongFigures(AccountId payer, AccountId payee, long minutes, long? longest)
    {
        RefusalCode?[] reasons =
        [
            Unopen(payer), Unopen(payee), minutes > longest ? LongerThanAllowed : null,
            Beyond(payer, payee, minutes) ? MinutesBeyondRange : null, TooLow(payer, minutes), TooHigh(payee, minutes),
        ];
        return reasons.Min();
    }

    private RefusalCode? Unopen(AccountId id) => Accounts[id].Status switch
    {
        AccountStatus.Closed => AccountClosed,
        AccountStatus.Frozen => AccountFrozen,
        _ => null,
    };

    private bool Beyond(AccountId payer, AccountId payee, long minutes) =>
        Accounts[payer].Balance - Held(payer) - minutes < -Most || Accounts[payee].Balance + Room(payee) + minutes > Most;

    private RefusalCode? TooLow(AccountId payer, long minutes) => Accounts[payer].Balance - Held(payer) - minutes < Floor(payer) ? BelowFloor : null;

    private RefusalCode? TooHigh(AccountId payee, long minutes) => Accounts[payee].Balance + Room(payee) + minutes > Ceiling(payee) ? AboveCeiling : null;

    private static bool MayPay(TransferKind kind, AccountKind payer, AccountKind payee) => payer != Partner && payee != Partner && kind switch
    {
        TransferKind.Exchange => (payer, payee) == (Member, Member),
        TransferKind.Earn => payer is Project or Pot or Issuer or Earmark && payee == Member,
        TransferKind.Spend => (payer, payee) == (Member, Provider),
        TransferKind.Refund => (payer, payee) == (Provider, Member),
        TransferKind.Gift => payer != Issuer && payee is not (Issuer or Earmark),
        TransferKind.Grant => payer is not (Member or Earmark) && payee != Issuer,
        TransferKind.Forgive => payer is Pot or Issuer && payee != Issuer,
        TransferKind.Adjust => payer == Issuer || payee == Issuer,
        TransferKind.Levy => payer != Issuer && payee == Pot,
        TransferKind.Expire => payer != Issuer,
        TransferKind.Reversal => true,
        _ => payer != Issuer && payee != Issuer,
    };

    private void Move(TransferKind kind, AccountId payer, AccountId payee, long minutes, (RuleId, int)? by = null)
    {
        _moves.Add(new(kind, payer, payee, minutes));
        Transfers.Add(new(TransferId.Of(_posting, _moves.Count), kind, payer, payee, minutes, by));
        Accounts[payer].Balance -= minutes;
        Accounts[payee].Balance += minutes;
    }

    private PlainAnswer DecidePlace(PlainCommand.Place c)
    {
        if (c.Kind is TransferKind.Reinvest or TransferKind.Levy or TransferKind.Expire or TransferKind.Reversal)
            return No(KindBelongsToEngine);
        if (c.Minutes <= 0)
            return No(MinutesNotPositive);
        if ((WrongParties(c.Kind, c.Payer, c.Payee) ?? WrongFigures(c.Payer, c.Payee, c.Minutes, Policy.LongestTransfer)) is { } no)
            return No(no);
        return Yes(() => Holds[c.Id] = new() { Payer = c.Payer, Payee = c.Payee, Kind = c.Kind, Minutes = c.Minutes, ExpiresAt = c.ExpiresAt },
            c.ExpiresAt <= Now ? ExpiryNotAhead : null);
    }

    private PlainAnswer DecideCapture(PlainCommand.Capture c)
    {
        if (!Holds.TryGetValue(c.Id, out var hold))
            return No(HoldUnknown);
        if (c.Minutes <= 0)
            return No(MinutesNotPositive);
        if (hold.Status == HoldStatus.Captured && (c.Minutes is null || c.Minutes == hold.Taken))
            return s_yes;
        if (hold.Status != HoldStatus.Open)
            return No(HoldNotOpen);
        var taken = c.Minutes ?? hold.Minutes;
        if (taken > hold.Minutes)
            return No(CaptureExceedsHold);
        (hold.Status, hold.Taken) = (HoldStatus.Captured, taken);
        Move(hold.Kind, hold.Payer, hold.Payee, taken);
        return ActByRules(true) is { } impossible ? throw new InvalidOperationException($"A capture failed: {impossible}.") : s_yes;
    }

    private PlainAnswer DecideRelease(PlainCommand.Release c) =>
        !Holds.TryGetValue(c.Id, out var hold) ? No(HoldUnknown)
        : hold.Status == HoldStatus.Released ? s_yes
        : hold.Status != HoldStatus.Open ? No(HoldNotOpen)
        : Yes(() => hold.Status = HoldStatus.Released);

    /// <summary>Whoever received acts, in the order of first receipts, once, eight steps far.</summary>
    private RefusalCode? ActByRules(bool cannotFail)
    {
        var turns = new List<(AccountId Account, int Step)>();
        foreach (var move in _moves)
            TakeTurn(move.Payee, 1);
        for (var i = 0; i < turns.Count; i++)
        {
            var (owner, step) = turns[i];
            foreach (var (id, rule) in Rules.Where(r => r.Value.Owner == owner && !r.Value.Ended).OrderBy(r => r.Key.ToString(), StringComparer.Ordinal).ToList())
            {
                var terms = rule.Versions[^1];
                var received = _moves.Where(m => m.Payee == owner && terms.Kinds.Contains(m.Kind)).Sum(m => m.Minutes);
                var parts = Parts(terms, received);
                for (var t = 0; t < parts.Length; t++)
                {
                    var target = terms.Targets[t].Account;
                    if (parts[t] == 0 || WrongFigures(owner, target, parts[t], null) is not null)
                        continue;
                    if (_moves.Count == 10_000 && !cannotFail)
                        return TooManyLegs;
                    if (_moves.Count == 10_000)
                        continue;
                    Move(TransferKind.Reinvest, owner, target, parts[t], (id, rule.Versions.Count));
                    TakeTurn(target, step + 1);
                }
            }
        }
        return null;

        void TakeTurn(AccountId account, int step)
        {
            if (step <= 8 && turns.All(t => t.Account != account) && Rules.Values.Any(r => r.Owner == account && !r.Ended))
                turns.Add((account, step));
        }
    }

    /// <summary>Whole parts first; then one minute each to the largest remainders until the share is used up.</summary>
    private static long[] Parts(PlainTerms terms, long received)
    {
        var share = new BigInteger(received) * terms.Share / 10_000;
        var weights = terms.Targets.Aggregate(BigInteger.Zero, (sum, t) => sum + t.Weight);
        var parts = terms.Targets.Select(t => (long)(share * t.Weight / weights)).ToArray();
        var remainders = terms.Targets.Select(t => share * t.Weight % weights).ToArray();
        while (parts.Sum() < share)
        {
            var best = Array.IndexOf(remainders, remainders.Max());
            parts[best]++;
            remainders[best] = -1;
        }
        return parts;
    }

    private PlainAnswer DecideReverse(PlainCommand.Reverse c)
    {
        var transfer = Transfers.Find(t => t.Id == c.Id);
        if (transfer is null)
            return No(TransferUnknown);
        if (c.Minutes <= 0)
            return No(MinutesNotPositive);
        if (transfer.Kind == TransferKind.Reversal)
            return No(ReversalOfReversal);
        var amount = c.Minutes ?? transfer.Rest;
        if (amount > transfer.Rest || amount == 0)
            return No(ReversalExceedsRest);

        var posting = Transfers.Where(t => t.Id.Posting == c.Id.Posting).ToList();
        var back = posting.ToDictionary(t => t, _ => 0L);
        back[transfer] = amount;
        Unwind(posting, back, transfer);

        var deepestFirst = posting.Where(t => back[t] > 0).Reverse().ToList();
        if (deepestFirst.SelectMany(t => new[] { Unopen(t.Payee), Unopen(t.Payer) }).Min() is { } unopen)
            return No(unopen);
        var lacking = new Dictionary<AccountId, long>();
        foreach (var t in deepestFirst)
        {
            if (Beyond(t.Payee, t.Payer, back[t]))
                return No(MinutesBeyondRange);
            if (!c.Overriding && TooHigh(t.Payer, back[t]) is { } tooHigh)
                return No(tooHigh);
            if (TooLow(t.Payee, back[t]) is not null)
            {
                var lacks = Floor(t.Payee)!.Value - (Accounts[t.Payee].Balance - Held(t.Payee) - back[t]);
                lacking[t.Payee] = Math.Max(lacks, lacking.GetValueOrDefault(t.Payee));
            }
            Move(TransferKind.Reversal, t.Payee, t.Payer, back[t]);
            t.Reversed += back[t];
        }
        return lacking.Count > 0 && !c.Overriding
            ? No(ReversalFallsShort) with { Shortfalls = [.. lacking.Select(l => (l.Key, l.Value))] }
            : s_yes;
    }

    /// <summary>What the rules passed on of a receipt that shrinks: each rule is worked out again on what remains of its receipts.</summary>
    private void Unwind(List<PlainTransfer> posting, Dictionary<PlainTransfer, long> back, PlainTransfer shrunk)
    {
        foreach (var by in posting.Where(t => t.By is not null && t.Payer == shrunk.Payee).Select(t => t.By!.Value).Distinct().ToList())
        {
            var terms = Rules[by.Rule].Versions[by.Version - 1];
            var passedOn = posting.Where(t => t.By == by).ToList();
            var receipts = posting.TakeWhile(t => t.By != by).Where(t => t.Payee == shrunk.Payee && terms.Kinds.Contains(t.Kind)).ToList();
            if (!receipts.Contains(shrunk))
                continue;
            var parts = Parts(terms, receipts.Sum(t => t.Rest - back[t]));
            long TooMuch(PlainTransfer t) => t.Rest - back[t] - parts[terms.Targets.ToList().FindIndex(x => x.Account == t.Payee)];
            // All together give back the difference; who comes first gives first.
            var together = passedOn.Sum(TooMuch);
            foreach (var t in passedOn)
            {
                var excess = Math.Min(TooMuch(t), together);
                if (excess <= 0)
                    continue;
                together -= excess;
                back[t] += excess;
                Unwind(posting, back, t);
            }
        }
    }
}
