using TimeBank.Accounts;
using TimeBank.Banks;

namespace TimeBank.Postings;

/// <summary>What an account's status, floor and ceiling say to minutes that come or go.</summary>
public static class Limits
{
    /// <summary>Closed, frozen, below the floor: in that order. What is available afterwards counts, not the balance.</summary>
    public static Refusal? RefusesToPay(this Account payer, Minutes minutes, BankPolicy policy)
    {
        if (NotOpen(payer) is { } refusal)
            return refusal;
        if (!Minutes.InRange(payer.Balance.Value - minutes.Value) || !Minutes.InRange(payer.Available.Value - minutes.Value))
            return Refusal.Of(RefusalCode.MinutesBeyondRange, payer.Id, new Figure("balance", payer.Balance.Value));
        return payer.FloorUnder(policy) is { } floor && payer.Available - minutes < floor
            ? Refusal.Of(RefusalCode.BelowFloor, payer.Id,
                new Figure("available", payer.Available.Value), new Figure("floor", floor.Value), new Figure("minutes", minutes.Value))
            : null;
    }

    /// <summary>Closed, frozen, above the ceiling: in that order. Room kept for open holds counts as taken.</summary>
    public static Refusal? RefusesToReceive(this Account payee, Minutes minutes, BankPolicy policy)
    {
        if (NotOpen(payee) is { } refusal)
            return refusal;
        if (!Minutes.InRange(payee.Balance.Value + payee.Room.Value + minutes.Value))
            return Refusal.Of(RefusalCode.MinutesBeyondRange, payee.Id, new Figure("balance", payee.Balance.Value));
        return payee.CeilingUnder(policy) is { } ceiling && payee.Balance + payee.Room + minutes > ceiling
            ? Refusal.Of(RefusalCode.AboveCeiling, payee.Id,
                new Figure("balance", payee.Balance.Value), new Figure("ceiling", ceiling.Value), new Figure("minutes", minutes.Value))
            : null;
    }

    /// <summary>Figures of both sides, once neither's status stands against it: the range, then the floor, then the ceiling.</summary>
    public static Refusal? RefusesFigures(Account payer, Account payee, Minutes minutes, BankPolicy policy)
    {
        var paying = payer.RefusesToPay(minutes, policy);
        var receiving = payee.RefusesToReceive(minutes, policy);
        return paying is { } p && receiving is { } r && r.Code < p.Code ? r : paying ?? receiving;
    }

    /// <summary>Of two that are not open, a closed one is named before a frozen one.</summary>
    public static Refusal? NotOpen(Account payer, Account payee) => NotOpen(payee.Status > payer.Status ? payee : payer);

    public static Refusal? NotOpen(Account account) => account.Status switch
    {
        AccountStatus.Closed => Refusal.Of(RefusalCode.AccountClosed, account.Id),
        AccountStatus.Frozen => Refusal.Of(RefusalCode.AccountFrozen, account.Id),
        _ => null,
    };
}
