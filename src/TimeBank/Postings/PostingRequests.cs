using FluentValidation;
using TimeBank.Access;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>One transfer, as a caller asks for it.</summary>
public record TransferRequest
{
    /// <summary>exchange, earn, spend, refund, gift, grant, forgive or adjust.</summary>
    public TransferKind? Kind { get; init; }
    public Guid? Payer { get; init; }
    public Guid? Payee { get; init; }
    /// <summary>Whole minutes, more than zero.</summary>
    public Minutes? Minutes { get; init; }
    /// <summary>The date on which the help was given; today if left out.</summary>
    public DateOnly? Occurred { get; init; }
    /// <summary>How the member who pays said yes, where an organiser asks for them: inPerson, telephone or paper.</summary>
    public Yes? Yes { get; init; }
    public string? Category { get; init; }
    public string? Memo { get; init; }
    public string? ClientReference { get; init; }
    public SortedDictionary<string, string>? Metadata { get; init; }

    internal TextBody Text => new() { Memo = Memo, ClientReference = ClientReference, Metadata = Metadata };

    internal Leg ToLeg(TextRef? text) =>
        new(Kind!.Value, new AccountId(Payer!.Value), new AccountId(Payee!.Value), Minutes!.Value, Occurred, Category, text, Yes);
}

/// <summary>One transfer by itself, which may go into closed books with a reason.</summary>
public sealed record SingleTransferRequest : TransferRequest
{
    /// <summary>Into closed books, for a reason.</summary>
    public bool? Override { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Several transfers, all or none.</summary>
public sealed record PostingRequest
{
    public IReadOnlyList<TransferRequest>? Legs { get; init; }
    /// <summary>Into closed books, for a reason.</summary>
    public bool? Override { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Takes all transfers of a posting back.</summary>
public record ReversePostingRequest
{
    /// <summary>Why it should not have been: needed where hours leave a person's account by it, who reads it.</summary>
    public string? Reason { get; init; }
    /// <summary>Below the floor of whoever lacks the minutes; needs a reason, which is recorded.</summary>
    public bool? Override { get; init; }
}

/// <summary>Takes a transfer back: all that is left of it, or some minutes.</summary>
public sealed record ReversalRequest : ReversePostingRequest
{
    public Minutes? Minutes { get; init; }
}

public sealed class TransferRequestValidator : AbstractValidator<TransferRequest>
{
    public static readonly TransferRequestValidator Instance = new();

    public TransferRequestValidator()
    {
        RuleFor(r => r.Kind).Given();
        RuleFor(r => r.Payer).Given();
        RuleFor(r => r.Payee).Given();
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Web.Rules.MostMemo);
        RuleFor(r => r.ClientReference).Text(255);
        RuleFor(r => r.Metadata).Pairs();
    }
}

public sealed class SingleTransferRequestValidator : AbstractValidator<SingleTransferRequest>
{
    public static readonly SingleTransferRequestValidator Instance = new();

    public SingleTransferRequestValidator()
    {
        Include(TransferRequestValidator.Instance);
        RuleFor(r => r.Reason).Text(Web.Rules.MostMemo);
        RuleFor(r => r.Reason).NotEmpty().When(r => r.Override == true).WithMessage("An override needs a reason.");
    }
}

public sealed class PostingRequestValidator : AbstractValidator<PostingRequest>
{
    public static readonly PostingRequestValidator Instance = new();

    public PostingRequestValidator()
    {
        RuleFor(r => r.Legs).Given();
        RuleFor(r => r.Legs!.Count).InclusiveBetween(1, Posting.MostLegs).When(r => r.Legs is not null)
            .OverridePropertyName("legs").WithMessage($"1 to {Posting.MostLegs} legs.");
        // Too many are one problem, not one for each.
        RuleForEach(r => r.Legs).NotNull().SetValidator(TransferRequestValidator.Instance).When(r => r.Legs?.Count <= Posting.MostLegs);
        RuleFor(r => r.Reason).Text(Web.Rules.MostMemo);
        RuleFor(r => r.Reason).NotEmpty().When(r => r.Override == true).WithMessage("An override needs a reason.");
    }
}

public sealed class ReversePostingRequestValidator : AbstractValidator<ReversePostingRequest>
{
    public static readonly ReversePostingRequestValidator Instance = new();

    public ReversePostingRequestValidator()
    {
        RuleFor(r => r.Reason).Text(Web.Rules.MostMemo);
        RuleFor(r => r.Reason).NotEmpty().When(r => r.Override == true).WithMessage("An override needs a reason.");
    }
}

public sealed class ReversalRequestValidator : AbstractValidator<ReversalRequest>
{
    public static readonly ReversalRequestValidator Instance = new();

    public ReversalRequestValidator() => Include(ReversePostingRequestValidator.Instance);
}
