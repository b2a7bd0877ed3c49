using TimeBank.Contributions;
using TimeBank.Postings;

namespace TimeBank.Access;

/// <summary>Nobody's balance falls without their yes: how it was given, for every debit that a person was asked for.</summary>
public static class Consent
{
    /// <summary>Refused if they who ask may not debit the account, or if an organiser does not say how the holder said yes.</summary>
    /// <param name="yes">As an organiser heard it; for who holds the account, and for an app that is linked to it, it follows from who asks.</param>
    public static Refusal? Refuses(Draft draft, TransferKind kind, AccountId payer, AccountId payee, Minutes minutes, ref Yes? yes)
    {
        if (draft.Authority.RefusesDebit(draft, kind, payer, payee, minutes) is { } notPermitted)
            return notPermitted;
        if (IsHolder(draft, payer) || draft.Authority is not { App: not null, WholeBank: false })
            return Unsaid(draft, payer, ref yes);
        yes = Yes.Link;
        return null;
    }

    /// <summary>The yes of an account that a person holds is theirs to say: as an organiser heard it, unless they say it themselves.</summary>
    public static Refusal? Unsaid(Draft draft, AccountId account, ref Yes? yes)
    {
        if (IsHolder(draft, account))
            yes = Yes.Themselves;
        else if (draft.Find(account) is { Kind: Accounts.AccountKind.Member } && yes is null or Yes.Themselves or Yes.Link)
            return new Refusal(RefusalCode.YesNeeded, new Figure("field", "yes"));
        return null;
    }

    /// <summary>Whether who asks is a person who speaks for the account by themselves, and not by organising it.</summary>
    public static bool IsHolder(Draft draft, AccountId account) =>
        draft.Authority is { App: null } may && (may.Accounts.Contains(account) || may.Own.Contains(account));
}
