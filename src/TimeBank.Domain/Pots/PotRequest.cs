using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Access;
using TimeBank.Texts;

namespace TimeBank.Pots;

/// <summary>Where it stands that a pot was asked.</summary>
public enum PotRequestStage
{
    Asked,
    /// <summary>One of those who may act for the pot has said yes; another must.</summary>
    Seconded,
    Granted,
    Declined,
    Withdrawn,
}

/// <summary>A pot is asked in private for minutes for a member. Two different people of those who may act for the pot decide; nobody does on their own.</summary>
/// <param name="By">Who asked, if a person did.</param>
/// <param name="First">Who said yes first.</param>
/// <param name="Reason">Why it was declined.</param>
public sealed record PotRequest(
    ThingId Id, AccountId Pot, AccountId Member, Minutes Minutes, TextRef? Text, PersonId? By,
    PotRequestStage Is = PotRequestStage.Asked, PersonId? First = null, PersonId? Second = null, PostingId? Posting = null, TextRef? Reason = null) : Thing(Id)
{
    public override Enum Stage => Is;

    public override IEnumerable<AccountId> Parties => [Pot, Member];

    public override TextRef? Wording => Text;

    public override TextRef? Grounds => Reason;

    public bool IsOpen => Is is PotRequestStage.Asked or PotRequestStage.Seconded;

    public override ThingEvent? EndWithout(AccountId leaving) => IsOpen ? new PotRequestEvent.PotRequestWithdrawn() : null;

    public static PotRequest After(ThingId id, PotRequest? before, PotRequestEvent happened) => (before, happened) switch
    {
        (null, PotRequestEvent.PotAsked e) => new PotRequest(id, e.Pot, e.Member, e.Minutes, e.Text, e.By),
        ({ } r, PotRequestEvent.PotRequestSeconded e) => r with { Is = PotRequestStage.Seconded, First = e.By },
        ({ } r, PotRequestEvent.PotRequestGranted e) => r with { Is = PotRequestStage.Granted, Second = e.By, Posting = e.Posting },
        ({ } r, PotRequestEvent.PotRequestDeclined e) => r with { Is = PotRequestStage.Declined, Reason = e.Reason },
        ({ } r, PotRequestEvent.PotRequestWithdrawn) => r with { Is = PotRequestStage.Withdrawn },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a request to a pot that is not there."),
    };
}

/// <summary>What can happen to a request to a pot. These names are stored: add, never rename.</summary>
public abstract record PotRequestEvent : ThingEvent
{
    public sealed record PotAsked(AccountId Pot, AccountId Member, Minutes Minutes, TextRef? Text, PersonId? By) : PotRequestEvent;
    public sealed record PotRequestSeconded(PersonId By) : PotRequestEvent;
    public sealed record PotRequestGranted(PersonId By, PostingId Posting) : PotRequestEvent;
    public sealed record PotRequestDeclined(PersonId By, TextRef? Reason) : PotRequestEvent;
    public sealed record PotRequestWithdrawn : PotRequestEvent;

    public override StreamKind Kind => StreamKind.PotRequest;

    public override IEnumerable<TextRef> Texts => new[]
    {
        this switch
        {
            PotAsked e => e.Text,
            PotRequestDeclined e => e.Reason,
            _ => null,
        },
    }.OfType<TextRef>();

    public override Thing After(ThingId id, Thing? before) => PotRequest.After(id, (PotRequest?)before, this);
}
