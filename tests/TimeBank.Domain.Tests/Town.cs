using System.Collections.Immutable;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Holds;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Domain.Tests;

/// <summary>A bank in memory: it keeps every state, gives a decision all of them, and takes what was decided.</summary>
public sealed class Town
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    public static readonly AccountId Nobody = new(Uuid.Version7(Noon, 60_001, 0));
    public static readonly HoldId NoHold = new(Uuid.Version7(Noon, 60_002, 0));
    public static readonly RuleId NoRule = new(Uuid.Version7(Noon, 60_003, 0));
    public static readonly TransferId NoTransfer = TransferId.Of(new PostingId(Uuid.Version7(Noon, 60_004, 0)), 1);

    public static readonly ThingId NoThing = new(Uuid.Version7(Noon, 60_005, 0));

    private readonly Dictionary<AccountId, Account> _accounts = [];
    private readonly Dictionary<HoldId, Hold> _holds = [];
    private readonly Dictionary<RuleId, Rule> _rules = [];
    private readonly Dictionary<RuleRef, Rule> _versions = [];
    private readonly Dictionary<RightId, Right> _rights = [];
    private readonly Dictionary<ThingId, Thing> _things = [];
    private readonly Dictionary<PostingId, SortedDictionary<int, Transfer>> _postings = [];
    private int _minted;

    public Town(BankPolicy? policy = null) =>
        Do(d => Banks.Bank.Open(d, d.Mint(), "Town", new AccountId(d.Mint()), policy ?? BankPolicy.Default));

    private Town(Bank? none) => Bank = none;

    public static Town WithoutBank() => new(none: null);

    /// <summary>What whoever asks for the next decisions may do.</summary>
    public Authority Authority { get; set; } = Authority.Everything;

    public static BankId Id { get; } = new("town");

    /// <summary>Things that the next decisions ask for and that are not there.</summary>
    public List<ThingId> Asked { get; } = [NoThing, Youth.IdOf(Nobody), Member.IdOf(Nobody), Projects.Project.IdOf(Nobody), Apart.IdOf(Nobody, Nobody)];

    public DateTimeOffset Now { get; set; } = Noon;
    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);
    public Bank? Bank { get; set; }
    public AccountId Issuer => Bank!.Issuer;

    /// <summary>Under which id the next decision records its events.</summary>
    public PostingId NextPosting => new(Uuid.Version7(Noon, _minted + 1, 0));

    /// <summary>All that was ever recorded, and what the last decision recorded.</summary>
    public List<Recorded> Events { get; } = [];
    public IReadOnlyList<Recorded> Last { get; private set; } = [];

    public IEnumerable<Account> Accounts => _accounts.Values;
    public IEnumerable<Hold> Holds => _holds.Values;
    public IEnumerable<Rule> Rules => _rules.Values;
    public IEnumerable<Transfer> Transfers => _postings.Values.SelectMany(p => p.Values);

    public Account this[AccountId id] => _accounts[id];
    public Hold this[HoldId id] => _holds[id];
    public Rule this[RuleId id] => _rules[id];
    public TThing Thing<TThing>(ThingId id) where TThing : Thing => (TThing)_things[id];
    public bool Knows(ThingId id) => _things.ContainsKey(id);
    public Transfer this[TransferId id] => _postings[id.Posting][id.Leg];

    /// <summary>Decides on all states, and keeps what was decided unless it was refused.</summary>
    /// <param name="asked">Rights that it needs and that may not be there.</param>
    public Decision<TAnswer> Do<TAnswer>(Func<Draft, Decision<TAnswer>> decide, params RightId[] asked) where TAnswer : class => Do(decide, asked, []);

    /// <param name="perhaps">Things that it needs and that may not be there.</param>
    public Decision<TAnswer> Do<TAnswer>(Func<Draft, Decision<TAnswer>> decide, RightId[] asked, params ThingId[] perhaps) where TAnswer : class
    {
        var draft = new Draft(Ledger(asked, perhaps), NextPosting, Authority);
        _minted++;
        var decision = decide(draft);
        Last = decision.Refusal is null ? [.. draft.Events] : [];
        if (decision.Refusal is null)
            Keep(draft);
        return decision;
    }

    /// <summary>Decides one after the other on what the former left, as the journal does with commands that came together. Nothing is kept.</summary>
    public IReadOnlyList<Refusal?> InOneBatch(params IEnumerable<(Authority By, Func<Draft, Refusal?> Decide)> commands)
    {
        var ledger = Ledger([], []);
        return [.. commands.Select(command =>
        {
            var draft = new Draft(ledger, NextPosting, command.By);
            _minted++;
            if (command.Decide(draft) is { } refusal)
                return refusal;
            ledger.Accept(draft);
            return null;
        })];
    }

    /// <summary>What the journal does before any command: holds whose time has come are written down.</summary>
    public void ExpireWhatIsDue() => Do<Bank>(draft =>
    {
        foreach (var hold in Ledger([], []).DueHolds().ToList())
            draft.Release(hold, ReleaseReason.Expired);
        return draft.Bank!;
    });

    /// <summary>An account with a balance, which it got before this ledger was kept.</summary>
    public AccountId Open(AccountKind kind, long balance = 0, long? floor = null, long? ceiling = null)
    {
        AccountId? parent = kind == AccountKind.Earmark ? Open(AccountKind.Project) : null;
        var id = Do(d => AccountDecisions.Open(d, new AccountId(d.Mint()), kind, parent, null, Of(floor), Of(ceiling))).ShouldHappen().Id;
        Asked.AddRange([Youth.IdOf(id), Member.IdOf(id), Projects.Project.IdOf(id)]);
        Asked.AddRange(_accounts.Keys.Append(Nobody).Select(other => Apart.IdOf(id, other)));
        if (balance != 0)
            Do(d => Posting.Post(d, [balance > 0 ? new(TransferKind.Adjust, Issuer, id, new(balance)) : new(TransferKind.Adjust, id, Issuer, new(-balance))], PostingMode.History)).ShouldHappen();
        return id;
    }

    public Decision<PostingMade> Post(TransferKind kind, AccountId payer, AccountId payee, long minutes, PostingMode mode = PostingMode.Normal) =>
        Post([new Leg(kind, payer, payee, new Minutes(minutes))], mode);

    public Decision<PostingMade> Post(IReadOnlyList<Leg> legs, PostingMode mode = PostingMode.Normal) => Do(d => Posting.Post(d, legs, mode));

    /// <summary>Why something was taken back, in words that are kept elsewhere.</summary>
    public static TextRef Mistake { get; } = new(new TextId(Nobody.Value), "why");

    public Decision<PostingMade> Reverse(TransferId id, long? minutes = null, bool overriding = false) =>
        Do(d => Reversal.Reverse(d, id, Of(minutes), Mistake, overriding));

    public Decision<Hold> Place(TransferKind kind, AccountId payer, AccountId payee, long minutes, DateTimeOffset? expires = null, Yes? yes = null) =>
        Do(d => Hold.Place(d, new HoldId(d.Mint()), kind, payer, payee, new Minutes(minutes), expires ?? Now.AddHours(1), null, null, yes));

    public Decision<HoldCapture> Capture(HoldId id, long? minutes = null) => Do(d => Hold.Capture(d, id, Of(minutes)));

    public Decision<Hold> Release(HoldId id) => Do(d => Hold.Release(d, id));

    public Decision<Rule> Write(AccountId owner, RuleTerms terms) => Do(d => Rule.Write(d, new RuleId(d.Mint()), owner, terms));

    /// <summary>A rule on gifts and earnings that passes a share in hundredths of a per cent on, in equal parts.</summary>
    public RuleId PassOn(AccountId owner, int share, params AccountId[] targets) => Write(owner, Terms(share, targets)).ShouldHappen().Id;

    public static RuleTerms Terms(int share, params AccountId[] targets) =>
        new([TransferKind.Gift, TransferKind.Grant, TransferKind.Spend, TransferKind.Reinvest], share, [.. targets.Select(t => new RuleTarget(t, 1))]);

    /// <summary>Puts a state where no decision would have led in one step.</summary>
    public void Change(AccountId id, Func<Account, Account> change) => _accounts[id] = change(_accounts[id]);

    public void Change(Func<BankPolicy, BankPolicy> change) => Bank = Bank! with { Policy = change(Bank.Policy) };

    public void Freeze(AccountId id) => Do(d => AccountDecisions.Freeze(d, id, null)).ShouldHappen();

    public long Balance(AccountId id) => _accounts[id].Balance.Value;

    public long[] Balances(params AccountId[] ids) => [.. ids.Select(Balance)];

    private static Minutes? Of(long? minutes) => minutes is { } m ? new Minutes(m) : null;

    private Ledger Ledger(RightId[] asked, ThingId[] perhaps)
    {
        var ledger = new Ledger(Id, Bank, Now, Today);
        ledger.Load(Nobody, null);
        ledger.Load(NoHold, null);
        ledger.Load(NoRule, null);
        ledger.Load(NoTransfer.Posting, []);
        foreach (var account in _accounts.Values)
            ledger.Load(account.Id, account);
        foreach (var hold in _holds.Values)
            ledger.Load(hold.Id, hold);
        foreach (var rule in _rules.Values)
            ledger.Load(rule.Id, rule);
        foreach (var thing in Asked.Concat(perhaps))
            ledger.Load(thing, null);
        foreach (var thing in _things.Values)
            ledger.Load(thing.Id, thing);
        foreach (var right in asked)
            ledger.Load(right, null);
        foreach (var right in _rights.Values)
            ledger.Load(right.Id, right);
        foreach (var version in _versions.Values)
            ledger.Load(version);
        foreach (var (posting, transfers) in _postings)
            ledger.Load(posting, transfers.Values);
        return ledger;
    }

    private void Keep(Draft draft)
    {
        Bank = draft.Bank;
        Events.AddRange(draft.Events);
        foreach (var account in draft.ChangedAccounts)
            _accounts[account.Id] = account;
        foreach (var hold in draft.ChangedHolds)
            _holds[hold.Id] = hold;
        foreach (var rule in draft.ChangedRules)
            (_rules[rule.Id], _versions[rule.Ref]) = (rule, rule);
        foreach (var right in draft.ChangedRights)
            _rights[right.Id] = right;
        foreach (var thing in draft.ChangedThings)
            _things[thing.Id] = thing;
        foreach (var transfer in draft.ChangedTransfers)
        {
            if (!_postings.TryGetValue(transfer.Id.Posting, out var legs))
                _postings[transfer.Id.Posting] = legs = [];
            legs[transfer.Id.Leg] = transfer;
        }
    }
}
