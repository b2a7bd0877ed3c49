using System.Collections.Immutable;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Reinvestment;

namespace TimeBank;

/// <summary>What one bank's decisions of one batch read: every state that they need, as of one moment, with what the
/// decisions before them in the batch changed.</summary>
/// <remarks>Not for several threads at once. The journal fills it before it decides; a state that nobody loaded is a defect and throws.</remarks>
/// <param name="now">When the batch is posted.</param>
/// <param name="today">The date of that moment in the bank's time zone.</param>
public sealed class Ledger(BankId id, Bank? bank, DateTimeOffset now, DateOnly today)
{
    private readonly Dictionary<AccountId, Account?> _accounts = [];
    private readonly Dictionary<HoldId, Hold?> _holds = [];
    private readonly Dictionary<RuleId, Rule?> _rules = [];
    private readonly Dictionary<RightId, Right?> _rights = [];
    private readonly Dictionary<ThingId, Thing?> _things = [];
    private readonly Dictionary<RuleRef, Rule> _ruleVersions = [];
    private readonly Dictionary<PostingId, ImmutableSortedDictionary<int, Transfer>> _postings = [];

    public BankId Id { get; } = id;
    public Bank? Bank { get; private set; } = bank;
    public DateTimeOffset Now { get; } = now;
    public DateOnly Today { get; } = today;

    public bool Knows(AccountId account) => _accounts.ContainsKey(account);
    public bool Knows(HoldId hold) => _holds.ContainsKey(hold);
    public bool Knows(RuleId rule) => _rules.ContainsKey(rule);
    public bool Knows(RightId right) => _rights.ContainsKey(right);
    public bool Knows(ThingId thing) => _things.ContainsKey(thing);
    public bool Knows(RuleRef version) => _ruleVersions.ContainsKey(version);
    public bool Knows(PostingId posting) => _postings.ContainsKey(posting);

    /// <summary>Takes what was read from the store; null says that it is not there.</summary>
    public void Load(AccountId account, Account? state) => _accounts[account] = state;
    public void Load(HoldId hold, Hold? state) => _holds[hold] = state;
    public void Load(RuleId rule, Rule? state) => _rules[rule] = state;
    public void Load(RightId right, Right? state) => _rights[right] = state;
    public void Load(ThingId thing, Thing? state) => _things[thing] = state;
    public void Load(Rule version) => _ruleVersions[version.Ref] = version;
    public void Load(PostingId posting, IEnumerable<Transfer> transfers) =>
        _postings[posting] = transfers.ToImmutableSortedDictionary(t => t.Id.Leg, t => t);

    public Account? Find(AccountId account) => Loaded(_accounts, account);
    public Hold? Find(HoldId hold) => Loaded(_holds, hold);
    public Rule? Find(RuleId rule) => Loaded(_rules, rule);
    public Right? Find(RightId right) => Loaded(_rights, right);
    public Thing? Find(ThingId thing) => Loaded(_things, thing);
    public Rule Find(RuleRef version) => Loaded(_ruleVersions, version);
    public ImmutableSortedDictionary<int, Transfer> Find(PostingId posting) => Loaded(_postings, posting);

    /// <summary>All open holds in reach whose time has come.</summary>
    public IEnumerable<Hold> DueHolds() =>
        _holds.Values.OfType<Hold>().Where(h => h.Status == HoldStatus.Open && h.ExpiresAt <= Now).OrderBy(h => h.Id.Value);

    /// <summary>What a draft decided counts for the decisions after it.</summary>
    public void Accept(Draft draft)
    {
        Bank = draft.Bank;
        foreach (var account in draft.ChangedAccounts)
            _accounts[account.Id] = account;
        foreach (var hold in draft.ChangedHolds)
            _holds[hold.Id] = hold;
        foreach (var rule in draft.ChangedRules)
        {
            _rules[rule.Id] = rule;
            _ruleVersions[rule.Ref] = rule;
        }
        foreach (var right in draft.ChangedRights)
            _rights[right.Id] = right;
        foreach (var thing in draft.ChangedThings)
        {
            _things[thing.Id] = thing;
            // A command of the same batch may ask for the posting that it made just now, which no store knows yet.
            if (thing.Made is { } made && !Knows(made))
                Load(made, draft.ChangedTransfers.Where(t => t.Id.Posting == made));
        }
        foreach (var transfer in draft.ChangedTransfers)
        {
            var posting = transfer.Id.Posting;
            if (_postings.TryGetValue(posting, out var legs))
                _postings[posting] = legs.SetItem(transfer.Id.Leg, transfer);
        }
    }

    private static TState Loaded<TId, TState>(Dictionary<TId, TState> states, TId id) where TId : notnull =>
        states.TryGetValue(id, out var state)
            ? state
            : throw new InvalidOperationException($"{typeof(TId).Name} {id} was not loaded before the decision.");
}
