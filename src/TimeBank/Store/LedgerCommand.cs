using TimeBank.Access;

namespace TimeBank.Store;

/// <summary>What a decision reads, as far as the caller knows; what follows from it (rules, their targets, holds that are due)
/// the journal finds by itself.</summary>
public sealed record Needs
{
    public static readonly Needs Nothing = new();

    public IReadOnlyList<AccountId> Accounts { get; init; } = [];
    public IReadOnlyList<HoldId> Holds { get; init; } = [];
    public IReadOnlyList<RuleId> Rules { get; init; } = [];
    public IReadOnlyList<RightId> Rights { get; init; } = [];

    /// <summary>Things, with the accounts that they concern.</summary>
    public IReadOnlyList<ThingId> Things { get; init; } = [];

    /// <summary>Things under ids that chance chose. That nobody has them need not be read: a commit that wrote over one would fail, and then they are.</summary>
    public IReadOnlyList<ThingId> Chosen { get; init; } = [];

    /// <summary>Whether the bank's issuer may be asked to pay.</summary>
    public bool Issuer { get; init; }

    /// <summary>Earlier postings, with all their transfers.</summary>
    public IReadOnlyList<PostingId> Postings { get; init; } = [];

    public bool AccountsOnly => Holds.Count + Rules.Count + Rights.Count + Things.Count + Chosen.Count + Postings.Count == 0;
}

/// <summary>A text about people, to be kept if the command is accepted.</summary>
public sealed record TextRow(TextId Id, byte[] Salt, string Body);

/// <summary>Which client said it under which key, and what it said: each 128 bits of SHA-256.</summary>
public readonly record struct IdempotencyClaim(Guid Key, Guid Request);

/// <summary>What a caller is told: an HTTP status and a JSON body without texts about people.</summary>
/// <param name="Answer">The decision's answer itself; null where the outcome was recorded before.</param>
public sealed record Outcome(int Status, string Body, object? Answer = null, Refusal? Refusal = null)
{
    /// <summary>Recorded before, under the same key.</summary>
    public bool Replayed { get; init; }

    /// <summary>The store's or the journal's own refusals, which are never recorded.</summary>
    public JournalFailure Failure { get; init; }
}

/// <summary>Why the journal could not take a command; the rules had no part in it.</summary>
public enum JournalFailure
{
    None,
    /// <summary>The key was used for another request.</summary>
    KeyReused,
    /// <summary>The queue is full.</summary>
    Overloaded,
    /// <summary>The store did not answer, or others were faster too often.</summary>
    StoreUnavailable,
    /// <summary>A stored event that this program cannot read: the bank stands still on this server.</summary>
    BankStopped,
    /// <summary>A defect of this program.</summary>
    Defect,
}

/// <summary>One request to the ledger of a bank: who asks, what to read, what to decide, how to say the answer.</summary>
public abstract class LedgerCommand(BankId bank, Needs needs)
{
    private readonly TaskCompletionSource<Outcome> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BankId Bank { get; } = bank;
    public Needs Needs { get; } = needs;
    public required Actor By { get; init; }

    /// <summary>What they may do with the bank's accounts.</summary>
    public required Authority Authority { get; init; }

    public IdempotencyClaim? Key { get; init; }
    public IReadOnlyList<TextRow> Texts { get; init; } = [];

    /// <summary>How many transfers it asks for: queues and batches are measured in these.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Answers as if it had been done, and does nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>The outcome of the command before it, where order counts: if the journal could not take that one, it does not take
    /// this one either. Null: it stands by itself.</summary>
    public Task<Outcome>? After { get; init; }

    /// <summary>The outcome, once the batch that carries it is committed.</summary>
    public Task<Outcome> Answered => _answered.Task;

    internal void Answer(Outcome outcome) => _answered.TrySetResult(outcome);

    internal abstract Outcome Decide(Draft draft);
}

/// <summary>A command with the type of its answer.</summary>
public sealed class LedgerCommand<TAnswer>(
    BankId bank, Needs needs, Func<Draft, Decision<TAnswer>> decide,
    Func<TAnswer, Outcome> accepted, Func<Refusal, Outcome> refused)
    : LedgerCommand(bank, needs) where TAnswer : class
{
    internal override Outcome Decide(Draft draft)
    {
        var decision = decide(draft);
        return decision.Refusal is { } refusal ? refused(draft.Authority.Shown(draft, refusal)) : accepted(decision.Answer!);
    }
}
