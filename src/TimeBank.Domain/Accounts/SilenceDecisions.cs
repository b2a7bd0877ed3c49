using TimeBank.Access;
using TimeBank.Contributions;

namespace TimeBank.Accounts;

/// <summary>Whether a member's silence is a yes to claims against their account.</summary>
public static class SilenceDecisions
{
    /// <summary>Said by who holds the account, or by an organiser who says how the holder said it; by no app. Said twice it changes nothing.</summary>
    public static Decision<Account> LetCount(Draft draft, AccountId id, bool counts, Yes? yes)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.App is not null)
            return Refusal.Of(RefusalCode.NotPermitted, id);
        if (draft.Authority.RefusesActingFor(draft, id) is { } notPermitted)
            return notPermitted;
        if (draft.Authority.Accounts.Contains(id) || draft.Authority.Own.Contains(id))
            yes = Yes.Themselves;
        else if (yes is not (Yes.InPerson or Yes.Telephone or Yes.Paper))
            return new Refusal(RefusalCode.YesNeeded, new Figure("field", "yes"));
        if (draft.Find(id) is not { } account)
            return Refusal.Of(RefusalCode.AccountUnknown, id);
        if (account.Kind != AccountKind.Member)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("accountKind", account.Kind));
        if (account.Status == AccountStatus.Closed)
            return Refusal.Of(RefusalCode.AccountClosed, id);
        if (account.Silence is not null == counts)
            return account;
        return draft.Record(id, counts ? new AccountEvent.SilenceLetCount(yes.Value) : new AccountEvent.SilenceEnded(yes.Value));
    }
}
