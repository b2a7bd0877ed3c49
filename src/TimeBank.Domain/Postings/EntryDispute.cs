using System.Diagnostics;
using TimeBank.Texts;

namespace TimeBank.Postings;

/// <summary>Where the question about an entry stands.</summary>
public enum EntryDisputeStage
{
    /// <summary>An organiser settles it.</summary>
    Open,
    /// <summary>The entry stays as it is.</summary>
    Stands,
    /// <summary>The entry was taken back.</summary>
    Reversed,
}

/// <summary>What an organiser decides about an entry that was questioned.</summary>
public enum EntryVerdict { Stands, Reversed }

/// <summary>Minutes left somebody's account, and they say that it should not have been. Of help given the contribution is questioned instead.</summary>
/// <param name="Text">What they say, which only they and their organisers read.</param>
/// <param name="Posting">What took it back; null: nothing did.</param>
/// <param name="Reason">Why it was settled so.</param>
public sealed record EntryDispute(
    ThingId Id, TransferId Transfer, AccountId Payer, AccountId Payee, Minutes Minutes, DateOnly Occurred, TextRef? Text,
    EntryDisputeStage Is = EntryDisputeStage.Open, PostingId? Posting = null, TextRef? Reason = null) : Thing(Id)
{
    /// <summary>How long an entry may be questioned.</summary>
    public static readonly TimeSpan Questionable = TimeSpan.FromDays(30);

    /// <summary>An entry is questioned once.</summary>
    public static ThingId IdOf(TransferId transfer) => new(Uuid.Named($"entry-dispute\0{transfer}"));

    public override Enum Stage => Is;

    public override TextRef? Wording => Text;

    public override TextRef? Grounds => Reason;

    /// <summary>Only the payer: what they say of an entry is not told to who received it.</summary>
    public override IEnumerable<AccountId> Parties => [Payer];

    public override bool Binds(AccountId leaving) => Is == EntryDisputeStage.Open;

    public override PostingId? Made => Is == EntryDisputeStage.Open ? Transfer.Posting : null;

    public static EntryDispute After(ThingId id, EntryDispute? before, EntryDisputeEvent happened) => (before, happened) switch
    {
        (null, EntryDisputeEvent.EntryDisputed e) => new EntryDispute(id, e.Transfer, e.Payer, e.Payee, e.Minutes, e.Occurred, e.Text),
        ({ } d, EntryDisputeEvent.EntryDisputeSettled e) => d with
        {
            Is = e.Verdict == EntryVerdict.Reversed ? EntryDisputeStage.Reversed : EntryDisputeStage.Stands, Posting = e.Posting, Reason = e.Reason,
        },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a question about an entry that is not there."),
    };
}

/// <summary>What can happen to the question about an entry. These names are stored: add, never rename.</summary>
public abstract record EntryDisputeEvent : ThingEvent
{
    public sealed record EntryDisputed(TransferId Transfer, AccountId Payer, AccountId Payee, Minutes Minutes, DateOnly Occurred, TextRef? Text) : EntryDisputeEvent;
    /// <param name="Posting">What took the entry back; null: it stands, or was taken back before.</param>
    public sealed record EntryDisputeSettled(EntryVerdict Verdict, PostingId? Posting, TextRef Reason) : EntryDisputeEvent;

    public override StreamKind Kind => StreamKind.EntryDispute;

    public override IEnumerable<TextRef> Texts => new[]
    {
        this switch
        {
            EntryDisputed e => e.Text,
            EntryDisputeSettled e => e.Reason,
            _ => null,
        },
    }.OfType<TextRef>();

    public override Thing After(ThingId id, Thing? before) => EntryDispute.After(id, (EntryDispute?)before, this);
}
