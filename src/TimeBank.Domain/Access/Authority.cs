using System.Collections.Immutable;
using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Access;

/// <summary>What whoever asks may do with the bank's accounts: the sentences in which the rules of access are written, once.</summary>
/// <remarks>A decision asks them of the accounts as they stand, so that a link that was ended a moment ago no longer counts.</remarks>
/// <param name="WholeBank">An organiser, a system of the bank itself, or the command line.</param>
/// <param name="Accounts">Accounts that they act for.</param>
/// <param name="Neighbourhoods">Whose members and projects they organise.</param>
/// <param name="App">A partner app that acts for itself or for who linked it; null: a person.</param>
/// <param name="MayOverride">Whether they may pass a rule of the bank with a reason: only people who organise it.</param>
public sealed record Authority(
    bool WholeBank, ImmutableArray<AccountId> Accounts, ImmutableArray<string> Neighbourhoods, RightId? App, bool MayOverride)
{
    /// <summary>Member's accounts of the person who asks, also where they say that they act for another: nobody confirms hours of their own.</summary>
    public ImmutableArray<AccountId> Own { get; init; } = [];

    /// <summary>They act for a member by that member's permission; null: they do not.</summary>
    public Deputy? Deputy { get; init; }

    /// <summary>The bank's safeguarding lead.</summary>
    public bool Safeguards { get; init; }

    /// <summary>Member's accounts of people who share one with the person who asks: nobody confirms hours of their household.</summary>
    public ImmutableArray<AccountId> Household { get; init; } = [];

    /// <summary>The person who asks; null for apps, workers and the command line.</summary>
    public PersonId? Person { get; init; }

    /// <summary>Whether they confirm and settle hours where those who organise may not, since the hours are their own.</summary>
    public bool CounterSigns { get; init; }

    /// <summary>Whether an account is theirs, or of somebody who shares one with them.</summary>
    public bool IsOfHousehold(AccountId id) => Own.Contains(id) || Household.Contains(id);

    /// <summary>Who stands at the machine itself.</summary>
    public static readonly Authority Everything = new(true, [], [], null, true);

    public static readonly Authority None = new(false, [], [], null, false);

    /// <summary>Whether they see every account's figures without organising any: an app of the whole bank that may read accounts.</summary>
    public bool ReadsAccounts { get; init; }

    /// <summary>Nobody debits an account that is not in their hands. A partner app debits a member only by that member's own link,
    /// and never the community's account; a person who acts for a member does so within that member's permission; corrections and what is forgiven are for
    /// those who organise.</summary>
    public Refusal? RefusesDebit(Draft draft, TransferKind kind, AccountId payerId, AccountId payeeId, Minutes minutes, string? category = null)
    {
        if (WholeBank || draft.Bank is null)
            return null;
        var payer = draft.Find(payerId);
        if (kind is TransferKind.Adjust or TransferKind.Forgive && !Organises(payer))
            return NotPermitted(payerId);
        if (Accounts.Contains(payerId) && (App is null || payer?.Kind != AccountKind.Member))
            return null;
        if (Deputy is { } deputy && deputy.For == payerId)
            return RefusesDeputy(draft, deputy, kind, payeeId, minutes, category);
        if (App is { } app)
            return RefusesApp(draft, app, payer, payerId, payeeId, minutes);
        return Organises(payer) && (draft.Find(payeeId) is not { } payee || !IsOfNeighbourhoods(payee) || Organises(payee))
            ? null
            : NotPermitted(payerId);
    }

    /// <summary>Nobody credits hours to themselves or to their household out of an account in their hands: another organiser does, or who countersigns.</summary>
    public Refusal? RefusesOwnCredit(TransferKind kind, AccountId payer, AccountId payee) =>
        kind is TransferKind.Earn or TransferKind.Grant or TransferKind.Adjust && IsOfHousehold(payee) && !Own.Contains(payer)
            ? Refusal.Of(RefusalCode.OwnHours, payee)
            : null;

    /// <summary>The links on which a debit of these accounts by them may rest: those of a partner app, not of one that the bank has for itself.</summary>
    public IEnumerable<RightId> LinksTo(params IEnumerable<AccountId> accounts) =>
        this is { WholeBank: false, App: { } app } ? accounts.Select(a => RightId.OfLink(app, a)) : [];

    /// <summary>What is of none of these accounts is to them as if it were not there.</summary>
    public bool Sees(Draft draft, params ReadOnlySpan<AccountId> accounts)
    {
        foreach (var id in accounts)
        {
            if (WholeBank || SpeaksFor(id) || Organises(draft.Find(id)))
                return true;
        }
        return false;
    }

    /// <summary>Whether they say for that account what its holder may say: where they come, what they see. Not what leaves it.</summary>
    public bool SpeaksFor(AccountId id) => Accounts.Contains(id) || Deputy?.For == id;

    /// <summary>What only the safeguarding lead may do and know.</summary>
    public Refusal? RefusesSafeguarding() => Safeguards ? null : new Refusal(RefusalCode.NotPermitted);

    /// <summary>Policy, rights and what else is the bank's own matter.</summary>
    public Refusal? RefusesBank() => WholeBank ? null : new Refusal(RefusalCode.NotPermitted);

    /// <summary>Who organises a neighbourhood opens accounts of members and projects in it, and nobody moves an account out of their hands.</summary>
    public Refusal? RefusesNeighbourhood(AccountKind kind, string? neighbourhood) =>
        WholeBank || (kind is AccountKind.Member or AccountKind.Project && neighbourhood is not null && Neighbourhoods.Contains(neighbourhood))
            ? null
            : new Refusal(RefusalCode.NotPermitted, new Figure("field", "neighbourhood"));

    /// <summary>Settings, freeze and closure of an account, and reversals, are for those who organise it.</summary>
    public Refusal? RefusesOrganising(Draft draft, AccountId id) => WholeBank || Organises(draft.Find(id)) ? null : NotPermitted(id);

    /// <summary>Rules, holds and what else is an account's own matter are for those who organise it or act for it.</summary>
    public Refusal? RefusesActingFor(Draft draft, AccountId id) =>
        WholeBank || Accounts.Contains(id) || Organises(draft.Find(id)) ? null : NotPermitted(id);

    /// <summary>To pass a rule of the bank needs a person who organises it.</summary>
    public Refusal? RefusesOverride() => MayOverride ? null : new Refusal(RefusalCode.NotPermitted, new Figure("field", "override"));

    /// <summary>Whether they organise the bank, or a neighbourhood of it.</summary>
    public bool OrganisesSome => WholeBank || !Neighbourhoods.IsEmpty;

    /// <summary>Whether they organise that account: all of the bank, or its neighbourhood.</summary>
    public bool Organises(Account? account) =>
        WholeBank || account?.CoordinatedIn is { } neighbourhood && Neighbourhoods.Contains(neighbourhood);

    /// <summary>Members and projects belong to a neighbourhood; providers and pots are for all.</summary>
    private static bool IsOfNeighbourhoods(Account account) => account.Kind is AccountKind.Member or AccountKind.Project;

    private Refusal? RefusesApp(Draft draft, RightId app, Account? payer, AccountId payerId, AccountId payeeId, Minutes minutes)
    {
        if (payer is { Kind: AccountKind.Member } && draft.Find(RightId.OfLink(app, payerId)) is Link link && link.IsValid(draft.Now))
        {
            if (!Accounts.IsEmpty && !Accounts.Contains(payeeId))
                return NotPermitted(payeeId);
            return minutes > link.Most
                ? Refusal.Of(RefusalCode.NotPermitted, payerId, new Figure("most", link.Most.Value.Value), new Figure("minutes", minutes.Value))
                : null;
        }
        return Accounts.IsEmpty && payer is { Kind: AccountKind.Project or AccountKind.Provider or AccountKind.Pot or AccountKind.Earmark }
            ? null
            : NotPermitted(payerId);
    }

    /// <summary>Nobody uses another's permission for themselves.</summary>
    private Refusal? RefusesDeputy(Draft draft, Deputy deputy, TransferKind kind, AccountId payeeId, Minutes minutes, string? category)
    {
        if (draft.Find(deputy.Permission) is not Permission permission || !permission.IsValid(draft.Now) || Own.Contains(payeeId))
            return NotPermitted(deputy.For);
        if (permission.Terms.Misses(kind, payeeId, category) is { } field)
            return Refusal.Of(RefusalCode.NotPermitted, deputy.For, new Figure("field", field));
        return minutes > permission.Left
            ? Refusal.Of(RefusalCode.PermissionUsedUp, deputy.For, new Figure("left", permission.Left.Value), new Figure("minutes", minutes.Value))
            : null;
    }

    private static Refusal NotPermitted(AccountId account) => Refusal.Of(RefusalCode.NotPermitted, account);
}
