using TimeBank.Accounts;

namespace TimeBank.Access;

/// <summary>Decisions about permissions to act for a member.</summary>
public static class PermissionDecisions
{
    /// <summary>The member gives it, or an organiser records how the member said it; nobody gives one to themselves. Given again, it counts as it was given last.</summary>
    public static Decision<Permission> Give(Draft draft, PersonId deputy, AccountId account, PermissionTerms terms, Yes? yes, PersonId? giver)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.App is not null || draft.Authority.RefusesActingFor(draft, account) is not null || deputy == giver)
            return Refusal.Of(RefusalCode.NotPermitted, account);
        if (Consent.RefusesYes(draft, account, ref yes) is { } unsaid)
            return unsaid;
        if (terms.Minutes <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", terms.Minutes.Value));
        if (draft.Find(account) is not { } payer)
            return Refusal.Of(RefusalCode.AccountUnknown, account);
        if (payer.Kind != AccountKind.Member)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("accountKind", payer.Kind));
        if (payer.Status == AccountStatus.Closed)
            return Refusal.Of(RefusalCode.AccountClosed, account);
        if (terms.ExpiresAt <= draft.Now)
            return new Refusal(RefusalCode.ExpiryNotAhead, new Figure("expiresAt", terms.ExpiresAt));
        return (Permission)draft.Record(new AccessEvent.PermissionGiven(RightId.OfPermission(deputy, account), deputy, account, terms, yes!.Value));
    }

    /// <summary>The member, an organiser or the deputy ends it. Ending twice changes nothing.</summary>
    /// <param name="by">Who ends it; null: nobody in person.</param>
    public static Decision<Permission> End(Draft draft, RightId id, PersonId? by)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find(id) is not Permission permission || (permission.Deputy != by && draft.Authority.RefusesActingFor(draft, permission.Of) is not null))
            return new Refusal(RefusalCode.RightUnknown, new Figure("right", id.Value));
        return permission.Active
            ? (Permission)draft.Record(new AccessEvent.PermissionEnded(id, permission.Deputy, permission.Of))
            : permission;
    }
}
