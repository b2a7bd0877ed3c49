using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using TimeBank.Postings;

namespace TimeBank.Reinvestment;

/// <summary>What can happen to a reinvestment rule. These names are stored: add, never rename.</summary>
public abstract record RuleEvent
{
    public sealed record RuleWritten(AccountId Owner, RuleTerms Terms) : RuleEvent;
    public sealed record RuleRewritten(AccountId Owner, RuleTerms Terms) : RuleEvent;
    public sealed record RuleEnded(AccountId Owner) : RuleEvent;
}

/// <summary>A rule as it was at a version: what a posting that it acted in refers to.</summary>
public sealed record RuleRef(RuleId Id, long Version);

/// <summary>Who gets a part, in proportion to a weight of 1 to 1,000,000.</summary>
public sealed record RuleTarget(AccountId Account, int Weight);

/// <summary>What a rule says: of what its owner receives by these kinds of transfer, this share goes on to these accounts.</summary>
/// <param name="Share">Hundredths of a per cent: 1 to 10,000.</param>
public sealed record RuleTerms(ImmutableSortedSet<TransferKind> Kinds, int Share, ImmutableArray<RuleTarget> Targets);

/// <summary>A standing instruction of an account's owner to pass on a share of what the account receives.</summary>
public sealed record Rule(RuleId Id, long Version, AccountId Owner, RuleTerms Terms, bool Active)
{
    public const int WholeShare = 10_000;

    /// <summary>A posting that a rule acts on never comes from a correction, nor gives back: those kinds set off no rule.</summary>
    public static readonly ImmutableHashSet<TransferKind> NeverActedOn = [TransferKind.Reversal, TransferKind.Adjust, TransferKind.Refund];

    public RuleRef Ref => new(Id, Version);

    public bool ActsOn(TransferKind kind) => Terms.Kinds.Contains(kind);

    public int IndexOf(AccountId target)
    {
        for (var i = 0; i < Terms.Targets.Length; i++)
        {
            if (Terms.Targets[i].Account == target)
                return i;
        }
        throw new UnreachableException($"Rule {Id} version {Version} has no target {target}.");
    }

    /// <summary>floor(received × share), rounded down to whole minutes.</summary>
    public Minutes ShareOf(Minutes received) => new((long)((Int128)received.Value * Terms.Share / WholeShare));

    /// <summary>What each target gets of the share, in the order of the targets: by largest remainder, ties to the first listed, nothing lost.</summary>
    public ImmutableArray<Minutes> Split(Minutes received)
    {
        var share = ShareOf(received);
        var targets = Terms.Targets;
        Int128 weights = 0;
        foreach (var target in targets)
            weights += target.Weight;
        var parts = new long[targets.Length];
        var remainders = new Int128[targets.Length];
        var left = share.Value;
        for (var i = 0; i < parts.Length; i++)
        {
            var (whole, rest) = Int128.DivRem((Int128)share.Value * targets[i].Weight, weights);
            (parts[i], remainders[i]) = ((long)whole, rest);
            left -= parts[i];
        }
        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).Take((int)left))
            parts[i]++;
        return [.. parts.Select(p => new Minutes(p))];
    }

    public static Rule Evolve(RuleId id, Rule? rule, RuleEvent happened) => (rule, happened) switch
    {
        (null, RuleEvent.RuleWritten e) => new Rule(id, 1, e.Owner, e.Terms, true),
        ({ } r, RuleEvent.RuleRewritten e) => r with { Version = r.Version + 1, Terms = e.Terms },
        ({ } r, RuleEvent.RuleEnded) => r with { Version = r.Version + 1, Active = false },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a rule that is not there."),
    };

    /// <summary>A new rule, which acts from the next posting on.</summary>
    public static Decision<Rule> Write(Draft draft, RuleId id, AccountId ownerId, RuleTerms terms)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        return (draft.Authority.RefusesActingFor(draft, ownerId) ?? Refuses(draft, id, ownerId, terms)) is { } refusal
            ? refusal
            : draft.Record(id, new RuleEvent.RuleWritten(ownerId, terms));
    }

    /// <summary>Other terms from the next posting on. What was posted before keeps the version it was posted by.</summary>
    public static Decision<Rule> Rewrite(Draft draft, RuleId id, RuleTerms terms, long expectedVersion)
    {
        if (Find(draft, id, expectedVersion) is { Refusal: { } unfit })
            return unfit;
        var rule = draft.Find(id)!;
        if (!rule.Active)
            return new Refusal(RefusalCode.RuleEnded, new Figure("rule", id.Value));
        return Refuses(draft, id, rule.Owner, terms) is { } refusal
            ? refusal
            : draft.Record(id, new RuleEvent.RuleRewritten(rule.Owner, terms));
    }

    /// <summary>The rule acts no more. Ending twice changes nothing.</summary>
    public static Decision<Rule> End(Draft draft, RuleId id, long expectedVersion)
    {
        if (draft.Bank is not null && draft.Find(id) is { Active: false } ended && draft.Authority.Sees(draft, ended.Owner))
            return ended;
        if (Find(draft, id, expectedVersion) is { Refusal: { } unfit })
            return unfit;
        return draft.Record(id, new RuleEvent.RuleEnded(draft.Find(id)!.Owner));
    }

    private static Decision<Rule> Find(Draft draft, RuleId id, long expectedVersion)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find(id) is not { } rule || !draft.Authority.Sees(draft, rule.Owner))
            return new Refusal(RefusalCode.RuleUnknown, new Figure("rule", id.Value));
        return rule.Version == expectedVersion
            ? rule
            : new Refusal(RefusalCode.VersionMismatch, new Figure("version", rule.Version));
    }

    private static Refusal? Refuses(Draft draft, RuleId id, AccountId ownerId, RuleTerms terms)
    {
        foreach (var kind in terms.Kinds.Where(NeverActedOn.Contains))
            return new Refusal(RefusalCode.KindBelongsToEngine, new Figure("kind", kind));
        if (draft.Find(ownerId) is not { } owner)
            return Refusal.Of(RefusalCode.AccountUnknown, ownerId);
        foreach (var target in terms.Targets)
        {
            if (draft.Find(target.Account) is null)
                return Refusal.Of(RefusalCode.AccountUnknown, target.Account);
        }
        var allowed = TransferRule.For(TransferKind.Reinvest);
        foreach (var target in terms.Targets)
        {
            if (Posting.WrongKinds(allowed, owner, draft.Find(target.Account)!) is { } wrong)
                return wrong;
        }
        if (owner.Status == Accounts.AccountStatus.Closed)
            return Limits.NotOpen(owner);
        foreach (var target in terms.Targets)
        {
            if (draft.Find(target.Account) is { Status: Accounts.AccountStatus.Closed } closed)
                return Limits.NotOpen(closed);
        }
        foreach (var kind in terms.Kinds)
        {
            var whole = terms.Share + owner.Rules.Where(r => r.Id != id && r.ActsOn(kind)).Sum(r => r.Terms.Share);
            if (whole > WholeShare)
                return Refusal.Of(RefusalCode.SharesExceedWhole, ownerId, new Figure("kind", kind), new Figure("share", whole));
        }
        var named = new HashSet<AccountId> { ownerId };
        foreach (var target in terms.Targets)
        {
            if (!named.Add(target.Account))
                return Refusal.Of(RefusalCode.TargetNotAllowed, target.Account);
        }
        return null;
    }
}

/// <summary>What one target got of a rule's share: minutes that went on, or minutes that stayed, and why.</summary>
public sealed record RulePart(AccountId Target, Minutes Minutes, TransferId? Transfer, RefusalCode? KeptBecause);

/// <summary>A rule's work in one posting, with its arithmetic.</summary>
public sealed record RuleRun(RuleRef Rule, AccountId Owner, Minutes Received, int Share, Minutes Amount, IReadOnlyList<RulePart> Parts)
{
    /// <summary>"30 % of 120 min = 36 min".</summary>
    public string Arithmetic => string.Create(
        CultureInfo.InvariantCulture, $"{Share / 100m:0.##} % of {Received.Value} min = {Amount.Value} min");
}
