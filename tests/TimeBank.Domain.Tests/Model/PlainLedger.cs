using TimeBank.Accounts;
using TimeBank.Holds;
using TimeBank.Postings;
using static TimeBank.RefusalCode;

namespace TimeBank.Domain.Tests.Model;

/// <summary>A ledger as one would write it on a sheet of paper: accounts in a dictionary, transfers in a list, everything worked
/// out from them when it is asked for. It shares no rule with the real one, so that the two can be held against each other.</summary>
public sealed partial class PlainLedger(AccountId issuer)
{
    public sealed class PlainAccount
    {
        public required AccountKind Kind;
        public long? Floor, Ceiling;
        public AccountStatus Status;
        public long Balance, Version = 1;
    }

    public sealed class PlainHold
    {
        public required AccountId Payer, Payee;
        public required TransferKind Kind;
        public required long Minutes;
        public required DateTimeOffset ExpiresAt;
        public HoldStatus Status;
        public long Taken;
    }

    public sealed class PlainRule
    {
        public required AccountId Owner;
        public required List<PlainTerms> Versions;
        public bool Ended;
        public long Version => Versions.Count + (Ended ? 1 : 0);
    }

    public sealed record PlainTransfer(TransferId Id, TransferKind Kind, AccountId Payer, AccountId Payee, long Minutes, (RuleId Rule, int Version)? By)
    {
        public long Reversed { get; set; }
        public long Rest => Minutes - Reversed;
    }

    private static readonly PlainAnswer s_yes = new(null, null, [], []);

    private readonly List<PlainMove> _moves = [];
    private PostingId _posting;

    public Dictionary<AccountId, PlainAccount> Accounts { get; } = new() { [issuer] = new() { Kind = AccountKind.Issuer } };
    public Dictionary<HoldId, PlainHold> Holds { get; } = [];
    public Dictionary<RuleId, PlainRule> Rules { get; } = [];
    public List<PlainTransfer> Transfers { get; } = [];
    public PlainPolicy Policy { get; private set; } = PlainPolicy.Default;
    public long PolicyVersion { get; private set; } = 1;
    public DateTimeOffset Now { get; private set; }

    public long Held(AccountId id) => Open.Where(h => h.Payer == id).Sum(h => h.Minutes);
    public long Room(AccountId id) => Open.Where(h => h.Payee == id).Sum(h => h.Minutes);
    public long? Floor(AccountId id) => Accounts[id] switch
    {
        { Kind: AccountKind.Issuer } => null,
        { Floor: { } own } => own,
        { Kind: AccountKind.Member } => Policy.MemberFloor,
        _ => 0,
    };

    public long? Ceiling(AccountId id) => Accounts[id] switch
    {
        { Kind: AccountKind.Issuer } => null,
        { Ceiling: { } own } => own,
        { Kind: AccountKind.Member } => Policy.MemberCeiling,
        _ => null,
    };

    private IEnumerable<PlainHold> Open => Holds.Values.Where(h => h.Status == HoldStatus.Open);

    /// <summary>Answers a command, and does it unless it refuses. Transfers are numbered under <paramref name="posting"/>.</summary>
    public PlainAnswer Do(PlainCommand command, PostingId posting, DateTimeOffset now)
    {
        Now = now;
        foreach (var dead in Open.Where(h => h.ExpiresAt <= now).ToList())
            dead.Status = HoldStatus.Expired;
        _posting = posting;
        _moves.Clear();
        var balances = Accounts.ToDictionary(a => a.Key, a => a.Value.Balance);
        var transfers = Transfers.Count;
        var reversed = Transfers.Select(t => t.Reversed).ToList();

        var answer = Decide(command);
        if (answer.Refused is null)
            return answer with { Moves = [.. _moves] };
        foreach (var (id, balance) in balances)
            Accounts[id].Balance = balance;
        Transfers.RemoveRange(transfers, Transfers.Count - transfers);
        for (var i = 0; i < transfers; i++)
            Transfers[i].Reversed = reversed[i];
        return answer;
    }

    private PlainAnswer Decide(PlainCommand command) => command switch
    {
        PlainCommand.Open c => DecideOpen(c),
        PlainCommand.Settings c => Check(c.Id, c.Version) ?? Yes(() => Set(Accounts[c.Id], a => (a.Floor, a.Ceiling) = (c.Floor, c.Ceiling)),
            c.Floor > c.Ceiling ? FloorAboveCeiling : null),
        PlainCommand.Freeze c => Check(c.Id, null) ?? Yes(() => Set(Accounts[c.Id], AccountStatus.Frozen)),
        PlainCommand.Unfreeze c => Check(c.Id, null) ?? Yes(() => Set(Accounts[c.Id], AccountStatus.Open)),
        PlainCommand.Close c => DecideClose(c),
        PlainCommand.Post c => DecidePost(c),
        PlainCommand.Reverse c => DecideReverse(c),
        PlainCommand.Place c => DecidePlace(c),
        PlainCommand.Capture c => DecideCapture(c),
        PlainCommand.Release c => DecideRelease(c),
        PlainCommand.WriteRule c => WrongTerms(c.Id, c.Owner, c.Terms) is { } no ? No(no)
            : Yes(() => Rules[c.Id] = new PlainRule { Owner = c.Owner, Versions = [c.Terms] }),
        PlainCommand.RewriteRule c => DecideRewrite(c),
        PlainCommand.EndRule c => !Rules.TryGetValue(c.Id, out var rule) ? No(RuleUnknown)
            : rule.Ended ? s_yes
            : rule.Version != c.Version ? No(VersionMismatch)
            : Yes(() => rule.Ended = true),
        PlainCommand.Policy c => c.Version != PolicyVersion ? No(VersionMismatch)
            : c.Terms.MemberFloor > c.Terms.MemberCeiling ? No(FloorAboveCeiling)
            : Yes(() => (Policy, PolicyVersion) = (c.Terms, PolicyVersion + 1)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
    };

    private PlainAnswer DecideOpen(PlainCommand.Open c)
    {
        if (c.Kind == AccountKind.Issuer)
            return No(OneIssuerOnly);
        if (c.Parent is { } parent && !Accounts.ContainsKey(parent))
            return No(AccountUnknown);
        var ofProject = c.Parent is { } p && Accounts[p].Kind == AccountKind.Project;
        if (c.Kind == AccountKind.Earmark ? !ofProject : c.Parent is not null)
            return No(ParentNotProject);
        return Yes(() => Accounts[c.Id] = new() { Kind = c.Kind, Floor = c.Floor, Ceiling = c.Ceiling }, c.Floor > c.Ceiling ? FloorAboveCeiling : null);
    }

    private PlainAnswer? Check(AccountId id, long? version) =>
        !Accounts.TryGetValue(id, out var account) ? No(AccountUnknown)
        : version is { } v && v != account.Version ? No(VersionMismatch)
        : account.Status == AccountStatus.Closed ? No(AccountClosed)
        : null;

    private PlainAnswer DecideClose(PlainCommand.Close c)
    {
        if (!Accounts.TryGetValue(c.Id, out var account))
            return No(AccountUnknown);
        if (account.Status == AccountStatus.Closed)
            return s_yes;
        if (account.Kind == AccountKind.Issuer)
            return No(OneIssuerOnly);
        if (Open.Any(h => h.Payer == c.Id || h.Payee == c.Id))
            return No(HoldsOpen);
        if (account.Balance != 0)
        {
            var sweeps = account.Balance > 0;
            var other = sweeps ? c.SweepTo : c.ForgiveFrom;
            if (other is not { } o)
                return No(BalanceNotZero);
            if (o == c.Id)
                return No(SameAccount);
            if (!Accounts.TryGetValue(o, out var otherAccount))
                return No(AccountUnknown);
            var fits = sweeps
                ? MayPay(TransferKind.Gift, account.Kind, otherAccount.Kind)
                : MayPay(TransferKind.Forgive, otherAccount.Kind, account.Kind);
            if (!fits)
                return No(WrongKindOfAccount);
            if ((Unopen(o) ?? (sweeps ? TooHigh(o, account.Balance) : TooLow(o, -account.Balance))) is { } no)
                return No(no);
            if (sweeps)
                Move(TransferKind.Gift, c.Id, o, account.Balance);
            else
                Move(TransferKind.Forgive, o, c.Id, -account.Balance);
            if (ActByRules(false) is { } tooMany)
                return No(tooMany);
        }
        return account.Balance != 0 ? No(BalanceNotZero) : Yes(() => Set(account, AccountStatus.Closed));
    }

    private PlainAnswer DecideRewrite(PlainCommand.RewriteRule c)
    {
        if (!Rules.TryGetValue(c.Id, out var rule))
            return No(RuleUnknown);
        if (rule.Version != c.Version)
            return No(VersionMismatch);
        if (rule.Ended)
            return No(RuleEnded);
        return WrongTerms(c.Id, rule.Owner, c.Terms) is { } no ? No(no) : Yes(() => rule.Versions.Add(c.Terms));
    }

    private RefusalCode? WrongTerms(RuleId id, AccountId owner, PlainTerms terms)
    {
        if (terms.Kinds.Any(k => k is TransferKind.Reversal or TransferKind.Adjust or TransferKind.Refund))
            return KindBelongsToEngine;
        AccountId[] all = [owner, .. terms.Targets.Select(t => t.Account)];
        if (!all.All(Accounts.ContainsKey))
            return AccountUnknown;
        if (all.Any(a => Accounts[a].Kind is AccountKind.Issuer or AccountKind.Partner))
            return WrongKindOfAccount;
        if (all.Any(a => Accounts[a].Status == AccountStatus.Closed))
            return AccountClosed;
        foreach (var kind in terms.Kinds)
        {
            var others = Rules.Where(r => r.Key != id && !r.Value.Ended && r.Value.Owner == owner).Select(r => r.Value.Versions[^1]);
            if (terms.Share + others.Where(t => t.Kinds.Contains(kind)).Sum(t => t.Share) > 10_000)
                return SharesExceedWhole;
        }
        return all.Distinct().Count() < all.Length ? TargetNotAllowed : null;
    }

    private static PlainAnswer No(RefusalCode code) => new(code, null, [], []);

    private static PlainAnswer Yes(Action effect, RefusalCode? unless = null)
    {
        if (unless is { } code)
            return No(code);
        effect();
        return s_yes;
    }

    private static void Set(PlainAccount account, Action<PlainAccount> change)
    {
        change(account);
        account.Version++;
    }

    private static void Set(PlainAccount account, AccountStatus status)
    {
        if (account.Status != status)
            Set(account, a => a.Status = status);
    }
}
