using FluentValidation;
using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Web;

namespace TimeBank.PaymentRequests;

public sealed record AskForPaymentRequest
{
    /// <summary>What the transfer will be; exchange if left out.</summary>
    public TransferKind? Kind { get; init; }
    /// <summary>Who is asked.</summary>
    public Guid? Payer { get; init; }
    /// <summary>Who asks.</summary>
    public Guid? Payee { get; init; }
    public Minutes? Minutes { get; init; }
    public string? Category { get; init; }
    /// <summary>What it is for.</summary>
    public string? Memo { get; init; }
    /// <summary>From this instant on it can no longer be paid; 30 days ahead if left out.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

public sealed record PayRequest
{
    /// <summary>How the payer said yes (inPerson, telephone, paper), where an organiser says it for them.</summary>
    public Yes? Yes { get; init; }
}

public sealed record DeclinePaymentRequest
{
    public string? Reason { get; init; }
}

public sealed record WithdrawPaymentRequest;

public sealed class AskForPaymentRequestValidator : AbstractValidator<AskForPaymentRequest>
{
    public static readonly AskForPaymentRequestValidator Instance = new();

    public AskForPaymentRequestValidator()
    {
        RuleFor(r => r.Payer).Given();
        RuleFor(r => r.Payee).Given();
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
    }
}

public sealed class PayRequestValidator : AbstractValidator<PayRequest>
{
    public static readonly PayRequestValidator Instance = new();
}

public sealed class DeclinePaymentRequestValidator : AbstractValidator<DeclinePaymentRequest>
{
    public static readonly DeclinePaymentRequestValidator Instance = new();

    public DeclinePaymentRequestValidator() => RuleFor(r => r.Reason).Text(Rules.MostMemo);
}

public sealed class WithdrawPaymentRequestValidator : AbstractValidator<WithdrawPaymentRequest>
{
    public static readonly WithdrawPaymentRequestValidator Instance = new();
}

/// <summary>A request for payment, as answers to commands say it: without texts.</summary>
/// <param name="Confirmed">How the payer said yes.</param>
public sealed record PaymentRequestAnswer(
    ThingId Id, PaymentRequestStage Stage, TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes, string? Category, DateTimeOffset ExpiresAt,
    Yes? Confirmed, PostingId? Posting)
{
    public static PaymentRequestAnswer Of(PaymentRequest r) => new(
        r.Id, r.Is, r.Asked.Kind, r.Asked.Payer, r.Asked.Payee, r.Asked.Minutes, r.Asked.Category, r.Asked.ExpiresAt, r.Confirmed, r.Posting);
}

/// <summary>A request for payment as it stands, with its texts. One that is past its time is expired, written down or not.</summary>
public sealed record PaymentRequestView(PaymentRequestAnswer Request, string? Memo, string? Reason);

/// <summary>A request for payment and the posting that paid it; no posting if nothing moved.</summary>
public sealed record PaymentRequestChangeAnswer(PaymentRequestAnswer Request, PostingAnswer? Posting)
{
    public static PaymentRequestChangeAnswer Of(PaymentRequestChange change) =>
        new(PaymentRequestAnswer.Of(change.Request), change.Posting is { } made ? PostingAnswers.Of(made) : null);
}
