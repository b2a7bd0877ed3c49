using FluentValidation;
using TimeBank.Access;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Pots;

/// <summary>A pot is asked for minutes, in private.</summary>
public sealed record AskPotRequest
{
    public Guid? Pot { get; init; }
    /// <summary>The member's account of whom it is for.</summary>
    public Guid? Member { get; init; }
    public Minutes? Minutes { get; init; }
    /// <summary>Why, for those who decide.</summary>
    public string? Memo { get; init; }
}

public sealed record ApprovePotRequest;

public sealed record DeclinePotRequest
{
    public string? Reason { get; init; }
}

public sealed record WithdrawPotRequest;

public sealed class AskPotRequestValidator : AbstractValidator<AskPotRequest>
{
    public static readonly AskPotRequestValidator Instance = new();

    public AskPotRequestValidator()
    {
        RuleFor(r => r.Pot).Given();
        RuleFor(r => r.Member).Given();
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.Memo).Text(Web.Rules.MostMemo);
    }
}

public sealed class ApprovePotRequestValidator : AbstractValidator<ApprovePotRequest>
{
    public static readonly ApprovePotRequestValidator Instance = new();
}

public sealed class DeclinePotRequestValidator : AbstractValidator<DeclinePotRequest>
{
    public static readonly DeclinePotRequestValidator Instance = new();

    public DeclinePotRequestValidator() => RuleFor(r => r.Reason).Text(Web.Rules.MostMemo);
}

public sealed class WithdrawPotRequestValidator : AbstractValidator<WithdrawPotRequest>
{
    public static readonly WithdrawPotRequestValidator Instance = new();
}

/// <summary>A request to a pot, as answers to commands say it: without texts.</summary>
/// <param name="First">Who said yes first, and <paramref name="Second"/> who granted it with theirs.</param>
public sealed record PotRequestAnswer(ThingId Id, PotRequestStage Stage, AccountId Pot, AccountId Member, Minutes Minutes, PersonId? First, PersonId? Second, PostingId? Posting)
{
    public static PotRequestAnswer Of(PotRequest r) => new(r.Id, r.Is, r.Pot, r.Member, r.Minutes, r.First, r.Second, r.Posting);
}

/// <summary>A request to a pot as it stands, with its texts.</summary>
public sealed record PotRequestView(PotRequestAnswer Request, string? Memo, string? Reason)
{
    public static PotRequestView Of(ThingRow<PotRequest> row) => new(PotRequestAnswer.Of(row.Thing), row.Text?.Memo, row.Reason?.Reason);
}

/// <summary>A request to a pot and the posting that granted it; no posting if nothing moved.</summary>
public sealed record PotRequestChangeAnswer(PotRequestAnswer Request, PostingAnswer? Posting)
{
    public static PotRequestChangeAnswer Of(PotRequestChange change) =>
        new(PotRequestAnswer.Of(change.Request), change.Posting is { } made ? PostingAnswers.Of(made) : null);
}

/// <summary>What a pot was asked for, in sums.</summary>
/// <param name="Minutes">All that was granted.</param>
public sealed record PotFiguresView(AccountId Pot, long Asked, long Granted, long Declined, Minutes Minutes);
