using FluentValidation;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Postings;

public sealed record DisputeEntryRequest
{
    /// <summary>What is wrong with it, for those who settle it.</summary>
    public string? Reason { get; init; }
}

public sealed record SettleEntryRequest
{
    /// <summary>Whether the entry stands, or is taken back.</summary>
    public EntryVerdict? Verdict { get; init; }
    /// <summary>Why, for whoever asked.</summary>
    public string? Reason { get; init; }
    /// <summary>Lets what goes back pass a floor.</summary>
    public bool? Override { get; init; }
}

public sealed class DisputeEntryRequestValidator : AbstractValidator<DisputeEntryRequest>
{
    public static readonly DisputeEntryRequestValidator Instance = new();

    public DisputeEntryRequestValidator() => RuleFor(r => r.Reason).Text(Web.Rules.MostMemo);
}

public sealed class SettleEntryRequestValidator : AbstractValidator<SettleEntryRequest>
{
    public static readonly SettleEntryRequestValidator Instance = new();

    public SettleEntryRequestValidator()
    {
        RuleFor(r => r.Verdict).Given();
        RuleFor(r => r.Reason).Given().Text(Web.Rules.MostMemo).Must(r => r is null || r.Trim().Length > 0).WithMessage("Say why.");
    }
}

/// <summary>The question about an entry, as answers to commands say it: without texts.</summary>
/// <param name="Occurred">The date of the entry.</param>
/// <param name="Posting">What took the entry back.</param>
public sealed record EntryDisputeAnswer(
    ThingId Id, EntryDisputeStage Stage, TransferId Transfer, AccountId Payer, AccountId Payee, Minutes Minutes, DateOnly Occurred, PostingId? Posting)
{
    public static EntryDisputeAnswer Of(EntryDispute d) => new(d.Id, d.Is, d.Transfer, d.Payer, d.Payee, d.Minutes, d.Occurred, d.Posting);
}

/// <summary>The question about an entry as it stands, with its texts.</summary>
/// <param name="Memo">What is wrong with it, as they said.</param>
/// <param name="Reason">Why it was settled so.</param>
public sealed record EntryDisputeView(EntryDisputeAnswer Dispute, string? Memo, string? Reason)
{
    public static EntryDisputeView Of(ThingRow<EntryDispute> row) => new(EntryDisputeAnswer.Of(row.Thing), row.Text?.Memo, row.Reason?.Reason);
}

/// <summary>The question about an entry and the posting that took the entry back; no posting if nothing moved.</summary>
public sealed record EntryDisputeChangeAnswer(EntryDisputeAnswer Dispute, PostingAnswer? Posting)
{
    public static EntryDisputeChangeAnswer Of(EntryDisputeChange change) =>
        new(EntryDisputeAnswer.Of(change.Dispute), change.Posting is { } made ? PostingAnswers.Of(made) : null);
}
