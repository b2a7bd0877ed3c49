using TimeBank.Texts;

namespace TimeBank;

/// <summary>What has a stream of its own beside banks, accounts, rules and rights: a contribution, for one. One table keeps them all as they stand.</summary>
public abstract record Thing(ThingId Id)
{
    /// <summary>Of its stream.</summary>
    public long Version { get; init; }

    /// <summary>Where it stands in its life.</summary>
    public abstract Enum Stage { get; }

    /// <summary>Accounts whose holders see it, in the order of its making. Who was one stays one.</summary>
    public abstract IEnumerable<AccountId> Parties { get; }

    /// <summary>Whether later events may bring in more of them; otherwise they are all there with the first.</summary>
    public virtual bool GathersParties => false;

    /// <summary>When time alone moves it on; null: never.</summary>
    public virtual DateTimeOffset? Due => null;

    /// <summary>What was written with it, as it reads now.</summary>
    public virtual TextRef? Wording => null;

    /// <summary>Why it stands where it does, or asks what it asks, in somebody's words.</summary>
    public virtual TextRef? Grounds => null;

    /// <summary>What of it may be told to who holds one of the accounts: nothing that is others' alone.</summary>
    public virtual Thing For(AccountId account) => this;

    public static Thing Evolve(ThingId id, Thing? before, ThingEvent happened) =>
        happened.After(id, before) with { Version = (before?.Version ?? 0) + 1 };

    /// <summary>Whether the holder of one of its accounts cannot leave before it has come to an end.</summary>
    public virtual bool Binds(AccountId leaving) => false;

    /// <summary>How it ends when the holder of one of its accounts leaves; null: it does not.</summary>
    public virtual ThingEvent? EndWithout(AccountId leaving) => null;

    /// <summary>The posting that it made, if decisions about it look at that again.</summary>
    public virtual PostingId? Made => null;

    /// <summary>The hold that it lives by, if it does.</summary>
    public virtual HoldId? Holding => null;

    /// <summary>Other things that decisions about it look at.</summary>
    /// <param name="named">The accounts that such a decision names.</param>
    public virtual IEnumerable<ThingId> Beside(IReadOnlyCollection<AccountId> named) => [];
}

/// <summary>What can happen to things. The names of the events are stored: add, never rename.</summary>
public abstract record ThingEvent
{
    public abstract StreamKind Kind { get; }

    /// <summary>Texts about people that it names.</summary>
    public virtual IEnumerable<TextRef> Texts => [];

    /// <summary>The thing after it, but for its version; before the first event there is none.</summary>
    public abstract Thing After(ThingId id, Thing? before);
}
