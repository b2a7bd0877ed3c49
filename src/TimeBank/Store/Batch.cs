using System.Diagnostics;
using TimeBank.Access;

namespace TimeBank.Store;

/// <summary>One bank's commands that are decided together and written as one numbered batch of its journal.</summary>
public sealed class Batch(BankQueue queue, List<LedgerCommand> commands)
{
    private readonly Dictionary<Guid, int> _byKey = [];
    private readonly HashSet<AccountId> _changed = [];
    private readonly HashSet<HoldId> _changedHolds = [];
    private readonly HashSet<ThingId> _changedThings = [];
    private readonly HashSet<Task<Outcome>> _notTaken = [];
    private Outcome?[] _outcomes = new Outcome[commands.Count];

    public BankQueue Queue { get; } = queue;
    public IReadOnlyList<LedgerCommand> Commands { get; } = commands;
    public Guid Id { get; private set; }
    public Ledger Ledger { get; set; } = null!;

    /// <summary>Some of its states came from the store, not from memory.</summary>
    public bool ReadFromStore { get; set; }

    /// <summary>Keys that were used before this batch, with what was answered.</summary>
    public Dictionary<Guid, RecordedOutcome> Recorded { get; } = [];

    public List<(PostingId Posting, Actor By, IReadOnlyList<Recorded> Events)> Accepted { get; } = [];
    public List<TextRow> Texts { get; } = [];
    public List<(IdempotencyClaim Claim, Outcome Outcome)> Keys { get; } = [];

    public IReadOnlyCollection<AccountId> ChangedAccounts => _changed;
    public IReadOnlyCollection<HoldId> ChangedHolds => _changedHolds;
    public IReadOnlyCollection<ThingId> ChangedThings => _changedThings;

    public byte[] Hash { get; set; } = [];
    public bool HasEvents => Accepted.Count > 0;
    public bool HasRows => HasEvents || Keys.Count > 0;

    /// <summary>Whether its own commit tells whether it was decided on the newest states: it claims a number, and every command in it was accepted
    /// and writes down its key.</summary>
    public bool ProvesItself => HasEvents && Array.TrueForAll(_outcomes, o => o is { Failure: JournalFailure.None, Status: >= 200 and < 300 });

    /// <summary>Starts over: after a lost claim everything is read and decided again.</summary>
    public void Begin()
    {
        Id = Guid.NewGuid();
        ReadFromStore = false;
        Recorded.Clear();
        Accepted.Clear();
        Texts.Clear();
        Keys.Clear();
        _byKey.Clear();
        _changed.Clear();
        _changedHolds.Clear();
        _changedThings.Clear();
        _notTaken.Clear();
        _outcomes = new Outcome[Commands.Count];
    }

    /// <summary>Decides one command after the other, each on what the former left.</summary>
    public void Decide()
    {
        var ordinal = 0;
        if (Ledger.DueHolds().ToList() is { Count: > 0 } due)
            Expire(due, NextPosting(ref ordinal));
        for (var i = 0; i < Commands.Count; i++)
            _outcomes[i] = Decide(Commands[i], i, ref ordinal);
    }

    /// <summary>Tells every caller. Only after the commit.</summary>
    public void Answer()
    {
        for (var i = 0; i < Commands.Count; i++)
            Commands[i].Answer(_outcomes[i] ?? throw new UnreachableException("A command without an outcome."));
    }

    public void Fail(JournalFailure failure, string why)
    {
        foreach (var command in Commands)
            command.Answer(new Outcome(0, why) { Failure = failure });
    }

    private Outcome Decide(LedgerCommand command, int index, ref int ordinal)
    {
        if (command.After is { } before && NotTaken(before))
        {
            _notTaken.Add(command.Answered);
            return new Outcome(0, "The command before it was not taken.") { Failure = JournalFailure.StoreUnavailable };
        }
        if (command.Key is { } claim && !command.DryRun)
        {
            if (Recorded.TryGetValue(claim.Key, out var recorded))
                return Repeated(claim, recorded.Request, new Outcome(recorded.Status, recorded.Body));
            if (_byKey.TryGetValue(claim.Key, out var first))
                return Repeated(claim, Commands[first].Key!.Value.Request, _outcomes[first]!);
        }
        var draft = new Draft(Ledger, NextPosting(ref ordinal), command.Authority);
        Outcome outcome;
        try
        {
            outcome = command.Decide(draft);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new Outcome(0, e.ToString()) { Failure = JournalFailure.Defect };
        }
        if (command.DryRun)
            return outcome;
        if (outcome.Refusal is null && draft.Events.Count > 0)
        {
            Accept(draft, command.By);
            Texts.AddRange(command.Texts);
        }
        // Answers of the rules are recorded; that something is not there, or was changed meanwhile, is not.
        if (command.Key is { } key && outcome.Status is 409 or 422 or (>= 200 and < 300))
        {
            Keys.Add((key, outcome));
            _byKey[key.Key] = index;
        }
        return outcome;
    }

    /// <summary>A former batch that failed is known here, because its answers come before the next is decided; who fails in this
    /// batch is answered after it.</summary>
    private bool NotTaken(Task<Outcome> before) => _notTaken.Contains(before) ||
        before is { IsCompletedSuccessfully: true, Result.Failure: JournalFailure.StoreUnavailable or JournalFailure.Overloaded };

    private static Outcome Repeated(IdempotencyClaim claim, Guid request, Outcome outcome) =>
        claim.Request == request
            ? outcome with { Replayed = outcome.Failure == JournalFailure.None }
            : new Outcome(0, "") { Failure = JournalFailure.KeyReused };

    private void Expire(List<Holds.Hold> due, PostingId posting)
    {
        var draft = new Draft(Ledger, posting, Authority.Everything);
        foreach (var hold in due)
            draft.Release(hold, Holds.ReleaseReason.Expired);
        Accept(draft, Actor.Worker);
    }

    private void Accept(Draft draft, Actor by)
    {
        _changed.UnionWith(draft.ChangedAccounts.Select(a => a.Id));
        _changedHolds.UnionWith(draft.ChangedHolds.Select(h => h.Id));
        _changedThings.UnionWith(draft.ChangedThings.Select(t => t.Id));
        Ledger.Accept(draft);
        Accepted.Add((draft.Posting, by, draft.Events));
    }

    private PostingId NextPosting(ref int ordinal) =>
        new(Uuid.Version7(Ledger.Now, ordinal++, (uint)Random.Shared.Next()));
}

/// <summary>What was answered under a key before.</summary>
public sealed record RecordedOutcome(Guid Request, int Status, string Body);
