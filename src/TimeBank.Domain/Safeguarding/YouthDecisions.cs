using TimeBank.Access;
using TimeBank.Accounts;

namespace TimeBank.Safeguarding;

/// <summary>Decisions about people under 18: the matter of who organises their account.</summary>
public static class YouthDecisions
{
    /// <summary>Written down until when they are under 18; a date that has come says that they are not.</summary>
    public static Decision<Youth> Mark(Draft draft, AccountId id, DateOnly until)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesOrganising(draft, id) is { } notPermitted)
            return notPermitted;
        if (draft.Find(id) is not { } account)
            return Refusal.Of(RefusalCode.AccountUnknown, id);
        if (account.Kind != AccountKind.Member)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("accountKind", account.Kind));
        var marked = new YouthEvent.YouthMarked(id, until);
        return draft.Find<Youth>(Youth.IdOf(id)) is not { } youth ? draft.Begin<Youth>(Youth.IdOf(id), marked)
            : youth.Until == until ? youth
            : draft.Record(youth, marked);
    }

    /// <summary>A guardian agreed, and how they said it. Said once more, it counts as it was said last.</summary>
    public static Decision<Youth> Consent(Draft draft, AccountId id, GuardianConsent consent)
    {
        if (Find(draft, id, out var refusal) is not { } youth)
            return refusal!;
        if (Access.Consent.RefusesToSayFor(consent.How) is { } unsaid)
            return unsaid;
        if (consent.On > draft.Today)
            return new Refusal(RefusalCode.OccurredInFuture, new Figure("occurred", consent.On), new Figure("today", draft.Today));
        foreach (var project in consent.Projects)
        {
            if (draft.Find(project) is not { } account)
                return Refusal.Of(RefusalCode.AccountUnknown, project);
            if (account.Kind is not (AccountKind.Project or AccountKind.Provider))
                return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", "projects"), new Figure("accountKind", account.Kind));
        }
        return consent.Until < draft.Today
            ? new Refusal(RefusalCode.ExpiryNotAhead, new Figure("until", consent.Until), new Figure("today", draft.Today))
            : draft.Record(youth, new YouthEvent.GuardianConsented(consent));
    }

    /// <summary>The guardian takes it back: from now on nothing is confirmed. Twice changes nothing.</summary>
    public static Decision<Youth> Withdraw(Draft draft, AccountId id) =>
        Find(draft, id, out var refusal) is not { } youth ? refusal!
        : youth.Consent is null ? youth
        : draft.Record(youth, new YouthEvent.ConsentWithdrawn());

    private static Youth? Find(Draft draft, AccountId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        if (refusal is not null)
            return null;
        var found = draft.Find<Youth>(Youth.IdOf(id));
        refusal = found is null ? Refusal.Of(RefusalCode.MemberUnknown, id) : draft.Authority.RefusesOrganising(draft, id);
        return refusal is null ? found : null;
    }
}
