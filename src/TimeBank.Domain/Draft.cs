using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Texts;

namespace TimeBank;

/// <summary>What a stream tells of.</summary>
public enum StreamKind { Bank, Account, AccountSettings, Rule, Audit, Contribution, PaymentRequest, Schedule, WorkSession, Service, Booking, Voucher, Listing, Member, Project, Activity, Credentials, Arrangement, Workshop, AccountNumber, Youth, Apart, Question, PotRequest, EntryDispute }

/// <summary>An event with its place: the next version of its stream.</summary>
/// <param name="Causation">What made it happen, where that was not the caller: a rule or a hold.</param>
public sealed record Recorded(StreamKind Kind, Guid Stream, long Version, object Happened, Guid? Causation);

/// <summary>One command's events while it is being decided: seen by that command only, until the ledger accepts them.</summary>
/// <param name="posting">The id under which all its events are correlated.</param>
/// <param name="authority">What whoever asks may do: every decision asks it first.</param>
public sealed class Draft(Ledger ledger, PostingId posting, Authority authority)
{
    private static readonly IEqualityComparer<Rule> SameRule = EqualityComparer<Rule>.Create((a, b) => a!.Id == b!.Id, r => r.Id.GetHashCode());

    private readonly List<Recorded> _events = new(4);
    private readonly Dictionary<AccountId, Account> _accounts = new(4);
    private readonly Dictionary<TransferId, Transfer> _transfers = [];
    private Dictionary<HoldId, Hold>? _holds;
    private Dictionary<RuleId, Rule>? _rules;
    private Dictionary<RightId, Right>? _rights;
    private Dictionary<ThingId, Thing>? _things;
    private int _legs;
    private int _minted;

    public PostingId Posting { get; } = posting;
    public Authority Authority { get; } = authority;
    public Bank? Bank { get; private set; } = ledger.Bank;
    public DateTimeOffset Now => ledger.Now;
    public DateOnly Today => ledger.Today;
    public BankPolicy Policy => Bank!.Policy;

    public IReadOnlyList<Recorded> Events => _events;
    public IEnumerable<Account> ChangedAccounts => _accounts.Values;
    public IEnumerable<Hold> ChangedHolds => _holds?.Values ?? Enumerable.Empty<Hold>();
    public IEnumerable<Rule> ChangedRules => _rules?.Values ?? Enumerable.Empty<Rule>();
    public IEnumerable<Right> ChangedRights => _rights?.Values ?? Enumerable.Empty<Right>();
    public IEnumerable<Thing> ChangedThings => _things?.Values ?? Enumerable.Empty<Thing>();
    public IEnumerable<Transfer> ChangedTransfers => _transfers.Values;

    /// <summary>Transfers recorded so far.</summary>
    public int Legs => _legs;

    /// <summary>An id for something new that the command makes: the posting's, with a number from 32,768 in the last 16 bits.</summary>
    public Guid Mint() => Uuid.WithLow16(Posting.Value, 0x8000 + _minted++);

    public Account? Find(AccountId id) => _accounts.TryGetValue(id, out var changed) ? changed : ledger.Find(id);
    public Hold? Find(HoldId id) => _holds is not null && _holds.TryGetValue(id, out var changed) ? changed : ledger.Find(id);
    public Rule? Find(RuleId id) => _rules is not null && _rules.TryGetValue(id, out var changed) ? changed : ledger.Find(id);
    public Right? Find(RightId id) => _rights is not null && _rights.TryGetValue(id, out var changed) ? changed : ledger.Find(id);
    /// <summary>Null also for a thing of another kind.</summary>
    public TThing? Find<TThing>(ThingId id) where TThing : Thing =>
        (_things is not null && _things.TryGetValue(id, out var changed) ? changed : ledger.Find(id)) as TThing;

    public Rule Find(RuleRef version) => ledger.Find(version);

    /// <summary>The transfers of an earlier posting, as they stand now.</summary>
    public IEnumerable<Transfer> TransfersOf(PostingId id) => ledger.Find(id).Values.Select(t => _transfers.GetValueOrDefault(t.Id, t));

    public Bank Record(Guid stream, BankEvent happened)
    {
        Bank = Banks.Bank.Evolve(ledger.Id, stream, Bank, happened);
        _events.Add(new Recorded(StreamKind.Bank, stream, Bank.Version, happened, null));
        return Bank;
    }

    public Account Record(AccountId id, AccountEvent happened)
    {
        var before = happened is AccountEvent.AccountOpened ? null : Find(id);
        var account = _accounts[id] = Account.Evolve(id, before, happened);
        if (happened is AccountEvent.AccountOpened { Parent: { } parent } && Find(parent) is { } project)
            _accounts[parent] = project with { Earmarks = project.Earmarks.Add(id) };
        _events.Add(new Recorded(StreamKind.AccountSettings, id.SettingsStream, account.SettingsVersion, happened, null));
        return account;
    }

    public Rule Record(RuleId id, RuleEvent happened)
    {
        var before = happened is RuleEvent.RuleWritten ? null : Find(id);
        var rule = (_rules ??= [])[id] = Rule.Evolve(id, before, happened);
        var owner = Find(rule.Owner)!;
        // A rewritten rule keeps its place: the store reads them in the order of their ids, and order decides who gets the odd minute.
        var place = owner.Rules.IndexOf(rule, 0, owner.Rules.Length, SameRule);
        _accounts[owner.Id] = owner with
        {
            Rules = !rule.Active ? owner.Rules.RemoveAll(r => r.Id == id) : place < 0 ? owner.Rules.Add(rule) : owner.Rules.SetItem(place, rule),
        };
        _events.Add(new Recorded(StreamKind.Rule, id.Value, rule.Version, happened, null));
        return rule;
    }

    /// <summary>Something new, under an id that was minted here.</summary>
    public TThing Begin<TThing>(ThingId id, ThingEvent happened) where TThing : Thing => (TThing)Record(id, null, happened);

    public TThing Record<TThing>(TThing before, ThingEvent happened) where TThing : Thing => (TThing)Record(before.Id, before, happened);

    /// <summary>A right that was given, changed or taken back: a line of the audit trail.</summary>
    public Right Record(AccessEvent happened)
    {
        var id = AccessEvent.RightOf(happened)!.Value;
        var right = AccessEvent.Evolve(happened is AccessEvent.KeyMade ? null : Find(id), happened);
        (_rights ??= [])[id] = right;
        Note(happened);
        return right;
    }

    /// <summary>A line of the bank's audit trail.</summary>
    public void Note(AccessEvent happened)
    {
        Bank = Bank!.After(happened);
        _events.Add(new Recorded(StreamKind.Audit, Bank.AuditStream, Bank.AuditVersion, happened, null));
    }

    private Thing Record(ThingId id, Thing? before, ThingEvent happened)
    {
        var thing = (_things ??= [])[id] = Thing.Evolve(id, before, happened);
        _events.Add(new Recorded(happened.Kind, id.Value, thing.Version, happened, null));
        return thing;
    }

    /// <summary>Appends to a passbook. Its last event tells all figures of the account, so that nothing else need be kept of them.</summary>
    private void Append(Account account, PassbookEvent happened, Guid? causation)
    {
        account = _accounts[account.Id] = Account.Evolve(account, happened);
        if (account.OpenHolds > 0)
            happened = happened with { OpenHolds = account.OpenHolds, Room = account.Room == Minutes.Zero ? null : account.Room };
        _events.Add(new Recorded(StreamKind.Account, account.Id.Value, account.Version, happened, causation));
    }

    /// <summary>Moves minutes, without asking: both sides' entries, numbered as the posting's next leg.</summary>
    /// <param name="cause">The thing that made it happen, where no rule, hold or reversal did.</param>
    public TransferMade Move(
        TransferKind kind, AccountId payerId, AccountId payeeId, Minutes minutes, DateOnly occurred,
        string? category = null, TextRef? text = null, HoldId? hold = null, RuleRef? rule = null,
        TransferId? reverses = null, OverrideKind? overriding = null, ThingId? cause = null, Yes? yes = null)
    {
        if (rule is null && hold is null && reverses is null)
            CountAgainstPermission(payerId, minutes);
        var id = TransferId.Of(Posting, ++_legs);
        var causation = rule?.Id.Value ?? hold?.Value ?? reverses?.Value ?? cause?.Value;
        var payer = Find(payerId)!;
        var payee = Find(payeeId)!;
        var debit = new PassbookEvent.HoursDebited(
            id, kind, payeeId, minutes, payer.Balance - minutes, payer.Available - minutes, payer.FloorUnder(Policy),
            occurred, category, text, hold, rule, reverses, overriding) { Yes = yes };
        var credit = new PassbookEvent.HoursCredited(
            id, kind, payerId, minutes, payee.Balance + minutes, payee.Available + minutes, payee.FloorUnder(Policy),
            occurred, category, text, hold, rule, reverses, overriding);
        Append(payer, debit, causation);
        Append(payee, credit, causation);
        _transfers[id] = Transfer.Of(payerId, debit);
        if (reverses is { } reversed)
        {
            var original = _transfers.TryGetValue(reversed, out var t) ? t : ledger.Find(reversed.Posting)[reversed.Leg];
            _transfers[reversed] = original with { Reversed = original.Reversed + minutes };
        }
        return new TransferMade(id, kind, payerId, payeeId, minutes, debit.Balance, credit.Balance, occurred, rule, reverses);
    }

    /// <summary>What a deputy lets leave the account of whom they act for uses their permission up. Where others act, nothing happens.</summary>
    public void CountAgainstPermission(AccountId payer, Minutes minutes)
    {
        if (Authority.Deputy is { } deputy && deputy.For == payer)
            Record(new AccessEvent.PermissionUsed(deputy.Permission, payer, minutes));
    }

    /// <summary>Sets minutes aside at the payer and keeps room for them at the payee, without asking.</summary>
    public Hold Place(Hold hold, Yes? yes = null)
    {
        CountAgainstPermission(hold.Payer, hold.Minutes);
        var payer = Find(hold.Payer)!;
        var payee = Find(hold.Payee)!;
        Append(payer, new PassbookEvent.HoursHeld(
            hold.Id, hold.Kind, hold.Payee, hold.Minutes, hold.ExpiresAt, hold.Category, hold.Text,
            payer.Balance, payer.Available - hold.Minutes, payer.FloorUnder(Policy)) { Yes = yes }, hold.Id.Value);
        Append(payee, new PassbookEvent.RoomReserved(
            hold.Id, hold.Payer, hold.Minutes, payee.Balance, payee.Available, payee.FloorUnder(Policy)), hold.Id.Value);
        return (_holds ??= [])[hold.Id] = hold;
    }

    /// <summary>Ends a hold without taking anything.</summary>
    public Hold Release(Hold hold, ReleaseReason reason)
    {
        var payer = Find(hold.Payer)!;
        Append(payer, new PassbookEvent.HoldReleased(
            hold.Id, hold.Minutes, reason, payer.Balance, payer.Available + hold.Minutes, payer.FloorUnder(Policy)), hold.Id.Value);
        FreeRoom(hold);
        return (_holds ??= [])[hold.Id] = hold.Released(reason);
    }

    /// <summary>Ends a hold by a transfer of what is taken.</summary>
    public TransferMade Capture(Hold hold, Minutes taken)
    {
        var payer = Find(hold.Payer)!;
        var transfer = TransferId.Of(Posting, _legs + 1);
        Append(payer, new PassbookEvent.HoldCaptured(
            hold.Id, hold.Minutes, taken, transfer,
            payer.Balance, payer.Available + hold.Minutes, payer.FloorUnder(Policy)), hold.Id.Value);
        FreeRoom(hold);
        (_holds ??= [])[hold.Id] = hold.Captured(taken, transfer);
        return Move(hold.Kind, hold.Payer, hold.Payee, taken, Today, hold.Category, hold.Text, hold.Id);
    }

    public void Keep(AccountId ownerId, RuleRef rule, AccountId target, Minutes minutes, RefusalCode reason)
    {
        var owner = Find(ownerId)!;
        Append(owner, new PassbookEvent.ShareKept(
            rule, target, minutes, reason, owner.Balance, owner.Available, owner.FloorUnder(Policy)), rule.Id.Value);
    }

    private void FreeRoom(Hold hold)
    {
        var payee = Find(hold.Payee)!;
        Append(payee, new PassbookEvent.RoomFreed(
            hold.Id, hold.Minutes, payee.Balance, payee.Available, payee.FloorUnder(Policy)), hold.Id.Value);
    }
}
