using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Accounts;

/// <summary>What an organiser decides about an account.</summary>
public static class AccountDecisions
{
    /// <summary>An account that something is to be of must be there, of one of these kinds, and not closed.</summary>
    /// <param name="field">What the request calls it.</param>
    internal static Refusal? RefusesAs(Draft draft, AccountId id, string field, params AccountKind[] kinds) =>
        draft.Find(id) is not { } account ? Refusal.Of(RefusalCode.AccountUnknown, id)
        : !kinds.Contains(account.Kind) ? new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", field), new Figure("accountKind", account.Kind))
        : account.Status == AccountStatus.Closed ? Refusal.Of(RefusalCode.AccountClosed, id)
        : null;

    /// <summary>A new account with nothing in it. An earmark belongs to a project; the issuer comes with the bank.</summary>
    /// <param name="purpose">The category of work for which an earmark is spent before the project's other hours; null: for any.</param>
    public static Decision<Account> Open(
        Draft draft, AccountId id, AccountKind kind, AccountId? parent, TextRef? name, Minutes? floor, Minutes? ceiling, string? neighbourhood = null, string? purpose = null)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesNeighbourhood(kind, neighbourhood) is { } notPermitted)
            return notPermitted;
        if (kind == AccountKind.Issuer)
            return RefusalCode.OneIssuerOnly;
        if (parent is { } given && draft.Find(given) is null)
            return Refusal.Of(RefusalCode.AccountUnknown, given);
        if (kind == AccountKind.Earmark ? parent is not { } p || draft.Find(p)!.Kind != AccountKind.Project : parent is not null)
            return new Refusal(RefusalCode.ParentNotProject, new Figure("kind", kind));
        if (Misfit(kind, neighbourhood) is { } misfit)
            return misfit;
        if (draft.Policy.RefusesCategory(purpose) is { } uncategorised)
            return uncategorised;
        if (floor > ceiling)
            return FloorAboveCeiling(floor, ceiling);
        if ((floor ?? ceiling) is not null)
            draft.Note(new AccessEvent.AccessNoted(Noted.LimitsChanged, id.Value));
        return draft.Record(id, new AccountEvent.AccountOpened(kind, parent, name, floor, ceiling, neighbourhood, purpose));
    }

    /// <summary>Another name, floor or ceiling; null limits are the bank's policy again. Raising a floor moves nothing.</summary>
    public static Decision<Account> ChangeSettings(
        Draft draft, AccountId id, TextRef? name, Minutes? floor, Minutes? ceiling, string? neighbourhood, long expectedVersion)
    {
        if (draft.Bank is not null && draft.Authority.RefusesOrganising(draft, id) is { } notOrganiser)
            return notOrganiser;
        if (draft.Bank is not null && draft.Find(id) is { } account && account.SettingsVersion != expectedVersion)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", account.SettingsVersion));
        if (Unfit(draft, id) is { } refusal)
            return refusal;
        if (draft.Authority.RefusesNeighbourhood(draft.Find(id)!.Kind, neighbourhood) is { } notPermitted)
            return notPermitted;
        if (Misfit(draft.Find(id)!.Kind, neighbourhood) is { } misfit)
            return misfit;
        if (floor > ceiling)
            return FloorAboveCeiling(floor, ceiling);
        if (draft.Find(id) is { } before && (before.Floor, before.Ceiling) != (floor, ceiling))
            draft.Note(new AccessEvent.AccessNoted(Noted.LimitsChanged, id.Value));
        return draft.Record(id, new AccountEvent.SettingsChanged(name, floor, ceiling, neighbourhood));
    }

    /// <summary>No new debit, credit or hold from now on. Freezing twice changes nothing.</summary>
    public static Decision<Account> Freeze(Draft draft, AccountId id, TextRef? reason) =>
        Unfit(draft, id) is { } refusal ? refusal
        : draft.Find(id) is { Status: AccountStatus.Frozen } already ? already
        : draft.Record(id, new AccountEvent.AccountFrozen(reason));

    /// <summary>The account trades again. Unfreezing an open one changes nothing.</summary>
    public static Decision<Account> Unfreeze(Draft draft, AccountId id, TextRef? reason) =>
        Unfit(draft, id) is { } refusal ? refusal
        : draft.Find(id) is { Status: AccountStatus.Open } already ? already
        : draft.Record(id, new AccountEvent.AccountUnfrozen(reason));

    /// <summary>Closes for good. What it holds is swept to <paramref name="sweepTo"/>; what it has below zero is forgiven by
    /// <paramref name="forgiveFrom"/>, a pot or the issuer. Refused while an open hold names it, and if minutes would be left.</summary>
    /// <param name="yes">How a member said that it goes to <paramref name="sweepTo"/>.</param>
    /// <param name="restTo">Who takes what a member's account holds, if <paramref name="sweepTo"/> names nobody: the bank's policy says.</param>
    /// <remarks>A frozen account can be closed; whoever takes or gives the rest must be open. Closing twice changes nothing.</remarks>
    public static Decision<AccountClosing> Close(Draft draft, AccountId id, AccountId? sweepTo, AccountId? forgiveFrom, TextRef? reason, AccountId? restTo = null, Yes? yes = null)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if ((draft.Authority.RefusesOrganising(draft, id) ?? (forgiveFrom is null ? null : draft.Authority.RefusesBank())) is { } notPermitted)
            return notPermitted;
        if (draft.Find(id) is not { } account)
            return Refusal.Of(RefusalCode.AccountUnknown, id);
        var isSwept = sweepTo is not null && sweepTo != restTo && account is { Status: not AccountStatus.Closed, OpenHolds: 0 } && account.Balance > Minutes.Zero;
        if (isSwept && Consent.RefusesDebitByOthers(draft, id, ref yes) is { } unsaid)
            return unsaid;
        return CloseOut(draft, account, sweepTo ?? (account.Kind == AccountKind.Member ? restTo : null), forgiveFrom, reason);
    }

    /// <summary>The same, once it is clear that who asks may.</summary>
    internal static Decision<AccountClosing> CloseOut(Draft draft, Account account, AccountId? sweepTo, AccountId? forgiveFrom, TextRef? reason)
    {
        var id = account.Id;
        if (account.Status == AccountStatus.Closed)
            return new AccountClosing(account, null);
        if (account.Kind == AccountKind.Issuer)
            return RefusalCode.OneIssuerOnly;
        if (account.OpenHolds > 0)
            return Refusal.Of(RefusalCode.HoldsOpen, id, new Figure("openHolds", account.OpenHolds));

        var posting = default(PostingMade);
        if (account.Balance != Minutes.Zero)
        {
            var settled = account.Balance > Minutes.Zero
                ? Settle(draft, TransferKind.Gift, account, sweepTo, pays: true, reason)
                : Settle(draft, TransferKind.Forgive, account, forgiveFrom, pays: false, reason);
            if (settled.Refusal is { } refusal)
                return refusal;
            posting = settled.Answer;
        }
        // A chain of rules may have brought some of the swept minutes back.
        if (draft.Find(id)!.Balance != Minutes.Zero)
            return NotZero(draft.Find(id)!);
        return new AccountClosing(draft.Record(id, new AccountEvent.AccountClosed(reason)), posting);
    }

    private static Decision<PostingMade> Settle(
        Draft draft, TransferKind kind, Account account, AccountId? otherId, bool pays, TextRef? reason)
    {
        if (otherId is not { } given)
            return NotZero(account);
        if (given == account.Id)
            return Refusal.Of(RefusalCode.SameAccount, given);
        if (draft.Find(given) is not { } other)
            return Refusal.Of(RefusalCode.AccountUnknown, given);
        var (payer, payee) = pays ? (account, other) : (other, account);
        var minutes = pays ? account.Balance : -account.Balance;
        var refusal = Posting.WrongKinds(TransferRule.For(kind), payer, payee)
            ?? (pays ? other.RefusesToReceive(minutes, draft.Policy) : other.RefusesToPay(minutes, draft.Policy));
        return refusal is not null
            ? refusal
            : Posting.WithRules(draft, [draft.Move(kind, payer.Id, payee.Id, minutes, draft.Today, text: reason)]);
    }

    private static Refusal? Unfit(Draft draft, AccountId id)
    {
        if (draft.Bank is null)
            return new Refusal(RefusalCode.BankUnknown);
        if (draft.Authority.RefusesOrganising(draft, id) is { } notPermitted)
            return notPermitted;
        if (draft.Find(id) is not { } account)
            return Refusal.Of(RefusalCode.AccountUnknown, id);
        return account.Status == AccountStatus.Closed ? Limits.NotOpen(account) : null;
    }

    /// <summary>With a neighbourhood an account would come into the hands of its coordinator.</summary>
    private static Refusal? Misfit(AccountKind kind, string? neighbourhood) =>
        neighbourhood is null || Account.MayBelong(kind) ? null : new Refusal(RefusalCode.NeighbourhoodMisfits, new Figure("kind", kind));

    private static Refusal NotZero(Account account) =>
        Refusal.Of(RefusalCode.BalanceNotZero, account.Id, new Figure("balance", account.Balance.Value));

    private static Refusal FloorAboveCeiling(Minutes? floor, Minutes? ceiling) =>
        new(RefusalCode.FloorAboveCeiling, new Figure("floor", floor!.Value.Value), new Figure("ceiling", ceiling!.Value.Value));
}

/// <summary>A closed account, with the posting that emptied it, if one was needed.</summary>
public sealed record AccountClosing(Account Account, PostingMade? Posting);
