using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Reinvestment;

namespace TimeBank.Store;

/// <summary>A stream so far.</summary>
public sealed class StreamFold(StreamKind kind, AccountFold? account)
{
    public StreamKind Kind { get; } = kind;

    /// <summary>For a passbook and for settings: whose.</summary>
    public AccountFold? Account { get; } = account;

    public long Version { get; set; }
    public DateTimeOffset? Created { get; set; }
    public DateTimeOffset Updated { get; set; }
}

/// <summary>An account so far; its two streams share it.</summary>
public sealed class AccountFold
{
    public Account? State { get; set; }
}

/// <summary>What one bank's events come to, in the order of its journal: states of accounts, rules and the bank, open holds,
/// and what was reversed. Memory grows with these, not with the number of events.</summary>
public sealed class BankFold(BankId id)
{
    public BankId Id { get; } = id;
    public Bank? Bank { get; private set; }
    public Dictionary<Guid, StreamFold> Streams { get; } = [];
    public Dictionary<RuleRef, Rule> Rules { get; } = [];
    public Dictionary<RuleId, Rule> NewestRules { get; } = [];
    public Dictionary<RightId, Right> Rights { get; } = [];
    public Dictionary<ThingId, Thing> Things { get; } = [];
    public Dictionary<HoldId, Hold> OpenHolds { get; } = [];

    /// <summary>Minutes reversed of a transfer, by the transfer.</summary>
    public Dictionary<Guid, long> Reversed { get; } = [];

    /// <summary>Told of every hold that ends, with its last state; a hold that was placed before the replay began is not known.</summary>
    public Action<HoldId, Hold?, DateTimeOffset, PassbookEvent>? HoldEnded { get; set; }

    public IEnumerable<Account> Accounts =>
        Streams.Values.Where(s => s.Kind == StreamKind.AccountSettings).Select(s => s.Account!.State).OfType<Account>();

    public static StreamKind KindOf(object happened) => happened switch
    {
        PassbookEvent => StreamKind.Account,
        AccountEvent => StreamKind.AccountSettings,
        RuleEvent => StreamKind.Rule,
        AccessEvent => StreamKind.Audit,
        ThingEvent e => e.Kind,
        _ => StreamKind.Bank,
    };

    public StreamFold StreamOf(StoredEvent e)
    {
        if (Streams.TryGetValue(e.Stream, out var stream))
            return stream;
        var kind = KindOf(e.Happened!);
        return Streams[e.Stream] = new StreamFold(kind, kind switch
        {
            StreamKind.Account => AccountOf(new AccountId(e.Stream).SettingsStream),
            StreamKind.AccountSettings => AccountOf(AccountId.OfSettings(e.Stream).Value),
            _ => null,
        });
    }

    /// <summary>Folds the next event. Throws <see cref="FoldException"/> for one that cannot have happened.</summary>
    public StreamFold Apply(StoredEvent e)
    {
        var stream = StreamOf(e);
        stream.Created ??= e.Version == 1 ? e.Posted : null;
        stream.Version = e.Version;
        stream.Updated = e.Posted;
        try
        {
            switch (e.Happened)
            {
                case PassbookEvent happened when stream.Account is { State: { } account } fold:
                    fold.State = Account.Evolve(account, happened);
                    Apply(e, happened);
                    break;
                case AccountEvent happened when stream.Account is { } fold:
                    fold.State = Account.Evolve(AccountId.OfSettings(e.Stream), fold.State, happened);
                    break;
                case RuleEvent happened:
                    var id = new RuleId(e.Stream);
                    var rule = Rule.Evolve(id, NewestRules.GetValueOrDefault(id), happened);
                    NewestRules[id] = rule;
                    Rules[rule.Ref] = rule;
                    break;
                case ThingEvent happened:
                    var thing = new ThingId(e.Stream);
                    Things[thing] = Thing.Evolve(thing, Things.GetValueOrDefault(thing), happened);
                    break;
                case BankEvent happened:
                    Bank = Bank.Evolve(Id, e.Stream, Bank, happened);
                    break;
                case AccessEvent happened when Bank is { } bank && bank.AuditStream == e.Stream:
                    if (AccessEvent.RightOf(happened) is { } right)
                        Rights[right] = AccessEvent.Evolve(Rights.GetValueOrDefault(right), happened);
                    Bank = bank.After(happened);
                    break;
                default:
                    throw new FoldException($"{e.Type} happened in a stream of another kind, or to an account that is not there.");
            }
        }
        catch (Exception impossible) when (impossible is OverflowException or System.Diagnostics.UnreachableException)
        {
            throw new FoldException(impossible.Message);
        }
        return stream;
    }

    private void Apply(StoredEvent e, PassbookEvent happened)
    {
        switch (happened)
        {
            case PassbookEvent.HoursDebited { Reverses: { } reversed } debit:
                Reversed[reversed.Value] = Reversed.GetValueOrDefault(reversed.Value) + debit.Minutes.Value;
                break;
            case PassbookEvent.HoursHeld held:
                OpenHolds[held.Hold] = new Hold(
                    held.Hold, new AccountId(e.Stream), held.Payee, held.Minutes, held.Kind, held.Category, held.Text, held.ExpiresAt);
                break;
            case PassbookEvent.HoldCaptured captured:
                OpenHolds.Remove(captured.Hold, out var taken);
                HoldEnded?.Invoke(captured.Hold, taken?.Captured(captured.Captured, captured.Transfer), e.Posted, happened);
                break;
            case PassbookEvent.HoldReleased released:
                OpenHolds.Remove(released.Hold, out var freed);
                HoldEnded?.Invoke(released.Hold, freed?.Released(released.Reason), e.Posted, happened);
                break;
        }
    }

    private AccountFold AccountOf(Guid sibling) =>
        Streams.TryGetValue(sibling, out var known) && known.Account is { } account ? account : new AccountFold();
}

/// <summary>An event that cannot have happened to what the events before it tell.</summary>
public sealed class FoldException(string message) : Exception(message);
