using System.Diagnostics;
using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.PaymentRequests;

/// <summary>Where a request for payment stands.</summary>
public enum PaymentRequestStage { Asked, Paid, Declined, Withdrawn, Expired }

/// <summary>What is asked for.</summary>
public sealed record Asked(TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes, string? Category, TextRef? Text, DateTimeOffset ExpiresAt);

/// <summary>Somebody asks another for minutes; nothing moves until they say yes.</summary>
/// <param name="Confirmed">How the payer said yes.</param>
/// <param name="Reason">Why it was declined.</param>
public sealed record PaymentRequest(
    ThingId Id, Asked Asked, PaymentRequestStage Is = PaymentRequestStage.Asked, Yes? Confirmed = null, PostingId? Posting = null, TextRef? Reason = null) : Thing(Id)
{
    public override Enum Stage => Is;
    public override TextRef? Wording => Asked.Text;

    public override TextRef? Grounds => Reason;

    public override IEnumerable<AccountId> Parties => [Asked.Payer, Asked.Payee];
    public override ThingEvent? EndWithout(AccountId leaving) => Is != PaymentRequestStage.Asked ? null
        : leaving == Asked.Payer ? new PaymentRequestEvent.PaymentRequestDeclined(null) : new PaymentRequestEvent.PaymentRequestWithdrawn();
    public override DateTimeOffset? Due => Is == PaymentRequestStage.Asked ? Asked.ExpiresAt : null;

    public static PaymentRequest After(ThingId id, PaymentRequest? before, PaymentRequestEvent happened) => (before, happened) switch
    {
        (null, PaymentRequestEvent.PaymentRequested e) => new PaymentRequest(id, e.Asked),
        ({ } r, PaymentRequestEvent.PaymentRequestPaid e) => r with { Is = PaymentRequestStage.Paid, Confirmed = e.Yes, Posting = e.Posting },
        ({ } r, PaymentRequestEvent.PaymentRequestDeclined e) => r with { Is = PaymentRequestStage.Declined, Reason = e.Reason },
        ({ } r, PaymentRequestEvent.PaymentRequestWithdrawn) => r with { Is = PaymentRequestStage.Withdrawn },
        ({ } r, PaymentRequestEvent.PaymentRequestExpired) => r with { Is = PaymentRequestStage.Expired },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a request for payment that is not there."),
    };
}

/// <summary>What can happen to a request for payment. These names are stored: add, never rename.</summary>
public abstract record PaymentRequestEvent : ThingEvent
{
    public sealed record PaymentRequested(Asked Asked) : PaymentRequestEvent;
    public sealed record PaymentRequestPaid(PostingId Posting, Yes? Yes) : PaymentRequestEvent;
    public sealed record PaymentRequestDeclined(TextRef? Reason) : PaymentRequestEvent;
    public sealed record PaymentRequestWithdrawn : PaymentRequestEvent;
    public sealed record PaymentRequestExpired : PaymentRequestEvent;

    public override StreamKind Kind => StreamKind.PaymentRequest;

    public override IEnumerable<TextRef> Texts => new[]
    {
        this switch
        {
            PaymentRequested e => e.Asked.Text,
            PaymentRequestDeclined e => e.Reason,
            _ => null,
        },
    }.OfType<TextRef>();

    public override Thing After(ThingId id, Thing? before) => PaymentRequest.After(id, (PaymentRequest?)before, this);
}
