using System.Collections.Immutable;
using TimeBank.Accounts;
using TimeBank.Texts;

namespace TimeBank.Access;

/// <summary>Rights given and taken back. A bank always keeps an organiser.</summary>
public static class AccessDecisions
{
    /// <summary>A former secret opens the door for so long at most after a new one was made.</summary>
    public static readonly TimeSpan LongestGrace = TimeSpan.FromDays(30);

    private static readonly Standing s_lead = new(Role.SafeguardingLead);

    /// <summary>The rights that are read before somebody is given a standing.</summary>
    public static RightId[] RightsRead(PersonId person, Standing standing) => standing.Role == Role.Organiser
        ? [RightId.OfStanding(person, standing), RightId.OfStanding(person, s_lead)]
        : [RightId.OfStanding(person, standing)];

    /// <summary>Gives a person a standing. Who has it already keeps it, and nothing happens.</summary>
    /// <param name="giver">Who gives it; null: nobody in person.</param>
    /// <param name="appointed">By the installation's operator, who has no standing in the bank.</param>
    /// <remarks>Coordinators stand for a project or a pot, staff for a provider, members for a member's account. Concerns about persons may be about
    /// those who organise: nobody makes themselves the one who reads them, and nobody is both.</remarks>
    public static Decision<Grant> Give(Draft draft, PersonId person, Standing standing, PersonId? giver = null, bool appointed = false)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (!appointed && RefusesStanding(draft, standing) is { } notPermitted)
            return notPermitted;
        if (standing.Role == Role.SafeguardingLead && person == giver)
            return RefusalCode.NotPermitted;
        if (standing.Account is { } id && draft.Find(id) is null)
            return Refusal.Of(RefusalCode.AccountUnknown, id);
        if (Misfit(draft, standing) is { } refusal)
            return refusal;
        var right = RightId.OfStanding(person, standing);
        if (draft.Find(right) is Grant { Active: true } already)
            return already;
        if (IsBoth(draft, person, standing.Role))
            return new Refusal(RefusalCode.StandingMisfits, new Figure("role", standing.Role));
        return (Grant)draft.Record(new AccessEvent.RoleGranted(right, person, standing.Role, standing.Account, standing.Neighbourhood));
    }

    /// <summary>The first organiser of a bank, whom the installation's operator appoints. Refused once it has one.</summary>
    public static Decision<Grant> Appoint(Draft draft, PersonId person) =>
        draft.Bank is { Organisers.IsEmpty: false } ? RefusalCode.OrganiserThere : Give(draft, person, new Standing(Role.Organiser), appointed: true);

    /// <summary>Takes a standing back. The last organiser stays.</summary>
    public static Decision<Grant> End(Draft draft, RightId id)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find(id) is not Grant grant)
            return Unknown(id);
        if (RefusesStanding(draft, grant.Standing) is { } notPermitted)
            return notPermitted;
        if (!grant.Active)
            return grant;
        if (grant.Standing.Role == Role.Organiser && draft.Bank.Organisers.Length == 1)
            return RefusalCode.LastOrganiser;
        return (Grant)draft.Record(new AccessEvent.RoleEnded(id, grant.Person, grant.Standing.Role));
    }

    /// <summary>A key for a partner app, or for a system of the bank itself.</summary>
    public static Decision<Key> MakeKey(
        Draft draft, RightId id, TextRef? name, ImmutableArray<Scope> scopes, AccountId? account, bool ofBank, DateTimeOffset? expiresAt, string hash)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesBank() is { } notPermitted)
            return notPermitted;
        if (account is { } given && draft.Find(given) is null)
            return Refusal.Of(RefusalCode.AccountUnknown, given);
        if (expiresAt <= draft.Now)
            return new Refusal(RefusalCode.ExpiryNotAhead, new Figure("expiresAt", expiresAt));
        return (Key)draft.Record(new AccessEvent.KeyMade(id, name, scopes, account, ofBank, expiresAt, hash));
    }

    /// <summary>A new secret for the same app. The former one counts for the time of grace; one that was former before counts no more.</summary>
    public static Decision<Key> RotateKey(Draft draft, RightId id, string hash, TimeSpan grace)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesBank() is { } notPermitted)
            return notPermitted;
        if (draft.Find(id) is not Key key)
            return Unknown(id);
        return key.IsValid(draft.Now)
            ? (Key)draft.Record(new AccessEvent.KeyRotated(id, hash, draft.Now + grace))
            : new Refusal(RefusalCode.KeyEnded, new Figure("key", id.Value));
    }

    /// <summary>The key opens no door any more. Revoking twice changes nothing.</summary>
    public static Decision<Key> RevokeKey(Draft draft, RightId id) =>
        draft.Bank is null ? RefusalCode.BankUnknown
        : draft.Authority.RefusesBank() is { } notPermitted ? notPermitted
        : draft.Find(id) is not Key key ? Unknown(id)
        : key.Active ? (Key)draft.Record(new AccessEvent.KeyRevoked(id))
        : key;

    /// <summary>A member lets an app debit an account of theirs: nobody else says that yes. Made again, it counts as it was made last.</summary>
    public static Decision<Link> MakeLink(Draft draft, RightId app, AccountId account, Minutes? most, DateTimeOffset? expiresAt)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (!draft.Authority.Accounts.Contains(account) || draft.Authority.App is not null)
            return Refusal.Of(RefusalCode.NotPermitted, account);
        if (draft.Find(account) is not { } payer)
            return Refusal.Of(RefusalCode.AccountUnknown, account);
        if (draft.Find(app) is not Key key)
            return Unknown(app);
        if (!key.IsValid(draft.Now))
            return new Refusal(RefusalCode.KeyEnded, new Figure("key", app.Value));
        if (payer.Kind != AccountKind.Member)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("accountKind", payer.Kind));
        if (most <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("most", most.Value.Value));
        if (expiresAt <= draft.Now)
            return new Refusal(RefusalCode.ExpiryNotAhead, new Figure("expiresAt", expiresAt));
        return (Link)draft.Record(new AccessEvent.LinkMade(RightId.OfLink(app, account), app, account, most, expiresAt));
    }

    /// <summary>Ends a link. Ending twice changes nothing.</summary>
    public static Decision<Link> EndLink(Draft draft, RightId id) =>
        draft.Bank is null ? RefusalCode.BankUnknown
        : draft.Find(id) is not Link link || draft.Authority.RefusesActingFor(draft, link.Of) is not null ? Unknown(id)
        : link.Active ? (Link)draft.Record(new AccessEvent.LinkEnded(id, link.App, link.Of))
        : link;

    /// <summary>Writes something into the audit trail.</summary>
    public static Decision<AccessEvent.AccessNoted> Note(Draft draft, Noted what, Guid? subject)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        var noted = new AccessEvent.AccessNoted(what, subject);
        draft.Note(noted);
        return noted;
    }

    /// <summary>Standings that are about an account are given by those who organise it; the others are the bank's own matter.</summary>
    private static Refusal? RefusesStanding(Draft draft, Standing standing) => standing.Account is { } account
        ? draft.Authority.RefusesOrganising(draft, account)
        : draft.Authority.RefusesBank();

    private static bool IsBoth(Draft draft, PersonId person, Role role) => role switch
    {
        Role.SafeguardingLead => draft.Bank!.Organisers.Contains(person),
        Role.Organiser => draft.Find(RightId.OfStanding(person, s_lead)) is Grant { Active: true },
        _ => false,
    };

    private static Refusal? Misfit(Draft draft, Standing standing)
    {
        var kind = standing.Account is { } id ? draft.Find(id)!.Kind : (AccountKind?)null;
        AccountKind? needed = standing.Role switch
        {
            Role.Coordinator => kind == AccountKind.Pot ? AccountKind.Pot : AccountKind.Project,
            Role.Staff => AccountKind.Provider,
            Role.Member => AccountKind.Member,
            _ => null,
        };
        return kind == needed && standing.Neighbourhood is not null == (standing.Role == Role.NeighbourhoodCoordinator)
            ? null
            : new Refusal(RefusalCode.StandingMisfits, new Figure("role", standing.Role));
    }

    private static Refusal Unknown(RightId id) => new(RefusalCode.RightUnknown, new Figure("right", id.Value));
}
