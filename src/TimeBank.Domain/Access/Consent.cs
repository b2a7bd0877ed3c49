using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Access;

/// <summary>How a person said yes to minutes that leave their account. The names are stored: add, never rename.</summary>
public enum Yes
{
    /// <summary>By themselves, signed in.</summary>
    Themselves,
    InPerson,
    Telephone,
    Paper,
    /// <summary>By a link to an app, made before, that they can end.</summary>
    Link,
    /// <summary>By a standing permission to a person who acts for them, made before, that they can end.</summary>
    Permission,
    /// <summary>By letting it stand, having said before that their silence counts.</summary>
    Silence,
}

/// <summary>Nobody's balance falls without their yes: how it was given, for every debit that a person was asked for.</summary>
/// <remarks>For one they are not asked: a <see cref="Reversal"/> takes back what was written down by mistake, and says why instead.</remarks>
public static class Consent
{
    /// <summary>Refused if they who ask may not debit the account, or if an organiser does not say how the holder said yes. Only persons are asked.</summary>
    public static Refusal? Refuses(Draft draft, TransferKind kind, AccountId payer, AccountId payee, Minutes minutes, string? category, ref Yes? yes)
    {
        if (draft.Authority.RefusesDebit(draft, kind, payer, payee, minutes, category) is { } notPermitted)
            return notPermitted;
        return Unsaid(draft, payer, ref yes);
    }

    /// <summary>The yes of an account is said by who holds it; where it is no person's, by whoever may speak for it at all.</summary>
    /// <param name="yes">As an organiser heard it, unless they say it themselves.</param>
    public static Refusal? Unsaid(Draft draft, AccountId account, ref Yes? yes) =>
        RefusesYes(draft, account, ref yes) is { } unsaid && draft.Find(account) is { Kind: AccountKind.Member } ? unsaid : null;

    /// <summary>For who holds the account, for an app that is linked to it and for who has its permission the yes follows from who asks;
    /// all others say it only as the holder said it.</summary>
    /// <param name="yes">As an organiser heard it.</param>
    public static Refusal? RefusesYes(Draft draft, AccountId payer, ref Yes? yes)
    {
        var may = draft.Authority;
        if (IsHolder(draft, payer))
            yes = Yes.Themselves;
        else if (may.Deputy?.For == payer)
            yes = Yes.Permission;
        else if (may is { App: not null, WholeBank: false })
            yes = Yes.Link;
        else
            return RefusesToSayFor(yes);
        return null;
    }

    /// <summary>Whether who asks is a person who speaks for the account by themselves, and not by organising it.</summary>
    public static bool IsHolder(Draft draft, AccountId account) =>
        draft.Authority is { App: null } may && (may.Accounts.Contains(account) || may.Own.Contains(account));

    /// <summary>A person's minutes leave their account by an organiser's hand only as that person said it. Who holds the account or has its permission says it
    /// by asking; apps have links, and what no person asks for was agreed to before.</summary>
    /// <param name="yes">As an organiser heard it; null where nothing is to be written down.</param>
    public static Refusal? RefusesDebitByOthers(Draft draft, AccountId payer, ref Yes? yes)
    {
        var may = draft.Authority;
        if (IsHolder(draft, payer) || may.Deputy?.For == payer || draft.Find(payer) is { Kind: not AccountKind.Member })
            yes = null;
        else if (may.Person is not null)
            return RefusesToSayFor(yes);
        else if (RefusesToSayFor(yes) is not null)
            yes = null;
        return null;
    }

    /// <summary>An organiser says yes for a person only as that person said it: in person, by telephone, on paper.</summary>
    public static Refusal? RefusesToSayFor(Yes? yes) => yes is Yes.InPerson or Yes.Telephone or Yes.Paper
        ? null
        : new Refusal(RefusalCode.YesNeeded, new Figure("field", "yes"));
}
