using TimeBank.Accounts;

namespace TimeBank.Credentials;

/// <summary>Decisions about members' credentials, by who organises the member's account.</summary>
public static class CredentialDecisions
{
    /// <summary>Somebody saw a paper, not later than today. Another of its kind does not replace it: each counts for its own days.</summary>
    public static Decision<MemberCredentials> Record(Draft draft, AccountId id, Credential seen)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesOrganising(draft, id) is { } notPermitted)
            return notPermitted;
        if (seen.SeenOn > draft.Today)
            return new Refusal(RefusalCode.OccurredInFuture, new Figure("occurred", seen.SeenOn), new Figure("today", draft.Today));
        if (AccountDecisions.RefusesAs(draft, id, "account", AccountKind.Member) is { } wrong)
            return wrong;
        var list = MemberCredentials.IdOf(id);
        var recorded = new CredentialEvent.CredentialRecorded(id, seen);
        if (draft.Find<MemberCredentials>(list) is not { } held)
            return draft.Begin<MemberCredentials>(list, recorded);
        return held.Credentials.Length < MemberCredentials.Most
            ? draft.Record(held, recorded)
            : Refusal.Of(RefusalCode.TooManyCredentials, id, new Figure("most", MemberCredentials.Most));
    }

    /// <summary>It counts no more, from today or from an earlier day on. Once more with an earlier day: it is corrected.</summary>
    public static Decision<MemberCredentials> Revoke(Draft draft, AccountId id, ThingId credential, DateOnly on)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        var held = draft.Find<MemberCredentials>(MemberCredentials.IdOf(id));
        if (held?.Credentials.FirstOrDefault(c => c.Id == credential) is not { } seen)
            return new Refusal(RefusalCode.CredentialUnknown, new Figure("credential", credential.Value));
        if (draft.Authority.RefusesOrganising(draft, id) is { } notPermitted)
            return notPermitted;
        if (on > draft.Today)
            return new Refusal(RefusalCode.OccurredInFuture, new Figure("occurred", on), new Figure("today", draft.Today));
        return seen.RevokedOn <= on ? held : draft.Record(held, new CredentialEvent.CredentialRevoked(credential, on));
    }
}
