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
        if (draft.Authority is { App: null } may && (may.Accounts.Contains(payer) || may.Own.Contains(payer)))
            yes = Yes.Themselves;
        else if (draft.Authority is { App: not null, WholeBank: false })
            yes = Yes.Link;
        else if (draft.Find(payer) is { Kind: Accounts.AccountKind.Member } && yes is not (Yes.InPerson or Yes.Telephone or Yes.Paper))
            return new Refusal(RefusalCode.YesNeeded, new Figure("field", "yes"));
        return null;
    }
}
