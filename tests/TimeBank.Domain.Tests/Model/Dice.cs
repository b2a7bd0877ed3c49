using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests.Model;

/// <summary>Makes one command out of one throw, so that a history is a list of numbers, which can be repeated and shortened.
/// Most commands fit what is there; some ask for what is not there, is over, or is not allowed.</summary>
public sealed class Dice(int thrown, PlainLedger ledger, PostingId next)
{
    private static readonly AccountKind[] s_opened = [AccountKind.Member, AccountKind.Member, AccountKind.Project, AccountKind.Project,
        AccountKind.Provider, AccountKind.Pot, AccountKind.Earmark, AccountKind.Partner, AccountKind.Issuer];

    private static readonly TransferKind[] s_posted = [TransferKind.Exchange, TransferKind.Earn, TransferKind.Earn, TransferKind.Spend, TransferKind.Spend,
        TransferKind.Gift, TransferKind.Gift, TransferKind.Gift, TransferKind.Grant, TransferKind.Grant, TransferKind.Refund, TransferKind.Forgive, TransferKind.Adjust, TransferKind.Levy];

    private readonly Random _random = new(thrown);

    /// <summary>How much time passes before the command: mostly none.</summary>
    public TimeSpan Waits() => OneIn(6) ? TimeSpan.FromMinutes(_random.Next(0, 90)) : TimeSpan.FromMicroseconds(1);

    public PlainCommand Command(DateTimeOffset now) => _random.Next(100) switch
    {
        < 8 => new PlainCommand.Open(New(), Of(s_opened), OneIn(3) ? Account() : null, Limit(-500, 100), Limit(0, 2_000)),
        < 12 => new PlainCommand.Settings(Account(out var id), Limit(-500, 100), Limit(0, 2_000), Version(ledger.Accounts.TryGetValue(id, out var a) ? a.Version : 1)),
        < 14 => new PlainCommand.Freeze(Account()),
        < 18 => new PlainCommand.Unfreeze(Account()),
        < 20 => new PlainCommand.Close(Account(), OneIn(4) ? null : Account(), OneIn(4) ? null : Account()),
        < 48 => new PlainCommand.Post([.. Enumerable.Range(0, OneIn(3) ? _random.Next(2, 5) : 1).Select(_ => Leg(now))], Mode()),
        < 60 => new PlainCommand.Reverse(Transfer(), OneIn(2) ? null : Amount(), OneIn(5)),
        < 70 => Place(OneIn(3) ? Of(s_posted) : TransferKind.Spend, now),
        < 79 => new PlainCommand.Capture(Hold(), OneIn(2) ? null : Amount()),
        < 83 => new PlainCommand.Release(Hold()),
        < 91 => new PlainCommand.WriteRule(new RuleId(NewId()), Account(), Terms()),
        < 95 => new PlainCommand.RewriteRule(Rule(out var version), Terms(), Version(version)),
        < 97 => new PlainCommand.EndRule(Rule(out var last), Version(last)),
        _ => new PlainCommand.Policy(new(Limit(-1_000, 0), Limit(-10, 3_000), OneIn(4) ? _random.Next(50, 500) : null,
            OneIn(4) ? DateOnly.FromDateTime(now.UtcDateTime).AddDays(-_random.Next(0, 5)) : null), Version(ledger.PolicyVersion)),
    };

    private PlainLeg Leg(DateTimeOffset now)
    {
        var kind = Of(s_posted);
        var (payer, payee) = Parties(kind);
        return new(kind, payer, payee, Amount(), DateOnly.FromDateTime(now.UtcDateTime).AddDays(OneIn(5) ? _random.Next(-6, 2) : 0));
    }

    private PlainCommand.Place Place(TransferKind kind, DateTimeOffset now)
    {
        var (payer, payee) = Parties(kind);
        return new(new HoldId(NewId()), kind, payer, payee, Amount(), now.AddMinutes(_random.Next(-3, 200)));
    }

    /// <summary>Mostly two that may pay and receive this kind.</summary>
    private (AccountId Payer, AccountId Payee) Parties(TransferKind kind)
    {
        var pairs = OneIn(10) ? [] : ledger.Accounts.SelectMany(p => ledger.Accounts.Where(q => p.Key != q.Key && TransferRule.For(kind).Allows(p.Value.Kind, q.Value.Kind)),
            (p, q) => (p.Key, q.Key)).ToList();
        return pairs.Count == 0 ? (Account(), Account()) : pairs[_random.Next(pairs.Count)];
    }

    private PostingMode Mode() => _random.Next(10) switch { 0 => PostingMode.History, 1 => PostingMode.IntoClosedBooks, _ => PostingMode.Normal };

    private PlainTerms Terms() => new(
        [.. new[] { TransferKind.Spend, TransferKind.Gift, TransferKind.Grant, TransferKind.Reinvest, TransferKind.Earn, TransferKind.Forgive }.Where(_ => !OneIn(3))
            .Concat(OneIn(20) ? [TransferKind.Refund] : [])],
        OneIn(4) ? 10_000 : _random.Next(1, 10_000),
        [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => (Account(), _random.Next(1, 5)))]);

    private long Amount() => _random.Next(25) switch { 0 => 0, 1 => -5, 2 => _random.Next(500, 5_000), _ => _random.Next(1, 150) };

    private long? Limit(int from, int to) => OneIn(2) ? null : _random.Next(from, to);

    private long Version(long right) => OneIn(12) ? right + 1 : right;

    private AccountId Account(out AccountId id) => id = Account();

    private AccountId Account() => OneIn(40) ? Town.Nobody : ledger.Accounts.Keys.ElementAt(_random.Next(ledger.Accounts.Count));

    private HoldId Hold() => ledger.Holds.Count == 0 || OneIn(30) ? Town.NoHold : ledger.Holds.Keys.ElementAt(_random.Next(ledger.Holds.Count));

    private TransferId Transfer() => ledger.Transfers.Count == 0 || OneIn(30) ? Town.NoTransfer : ledger.Transfers[_random.Next(ledger.Transfers.Count)].Id;

    private RuleId Rule(out long version)
    {
        version = 1;
        if (ledger.Rules.Count == 0 || OneIn(30))
            return Town.NoRule;
        var (id, rule) = ledger.Rules.ElementAt(_random.Next(ledger.Rules.Count));
        version = rule.Version;
        return id;
    }

    private AccountId New() => new(NewId());

    /// <summary>As a command mints it.</summary>
    private Guid NewId() => Uuid.WithLow16(next.Value, 0x8000);

    private T Of<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private bool OneIn(int n) => _random.Next(n) == 0;
}
