using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>A transfer that was made, as the API answers it: ids and figures, no text about people.</summary>
/// <param name="PayerBalance">As the payee's: for those who see the account's figures.</param>
/// <param name="Rules">Those of accounts whose figures the caller sees.</param>
public sealed record TransferAnswer(
    TransferId Id, PostingId Posting, DateTimeOffset Posted, TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes,
    DateOnly Occurred, Minutes? PayerBalance, Minutes? PayeeBalance, IReadOnlyList<RuleRunAnswer>? Rules);

public sealed record PostingAnswer(
    PostingId Id, DateTimeOffset Posted, IReadOnlyList<LegAnswer> Transfers, IReadOnlyList<RuleRunAnswer>? Rules);

public sealed record LegAnswer(
    TransferId Id, TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes, DateOnly Occurred,
    Minutes? PayerBalance, Minutes? PayeeBalance, RuleId? Rule, TransferId? Reverses);

/// <summary>What a rule did, with its arithmetic in words.</summary>
public sealed record RuleRunAnswer(
    RuleId Rule, long Version, AccountId Owner, string Arithmetic, Minutes Received, int Share, Minutes Minutes, IReadOnlyList<RulePart> Parts);

/// <summary>From what was decided to what is answered.</summary>
public static class PostingAnswers
{
    public static Outcome Transfer(PostingMade made)
    {
        var t = made.Transfers[0];
        return Answers.Made(201, new TransferAnswer(
            t.Id, made.Id, made.Posted, t.Kind, t.Payer, t.Payee, t.Minutes, t.Occurred, PayerBalance(made, t), PayeeBalance(made, t), Runs(made)), made);
    }

    public static Outcome Posting(PostingMade made) => Answers.Made(201, Of(made), made);

    public static PostingAnswer Of(PostingMade made) => new(made.Id, made.Posted, [.. made.Transfers.Where(made.Shows).Select(t => Leg(made, t))], Runs(made));

    private static LegAnswer Leg(PostingMade made, TransferMade t) =>
        new(t.Id, t.Kind, t.Payer, t.Payee, t.Minutes, t.Occurred, PayerBalance(made, t), PayeeBalance(made, t), t.Rule?.Id, t.Reverses);

    private static Minutes? PayerBalance(PostingMade made, TransferMade t) => made.ShowsBalanceOf(t.Payer) ? t.PayerBalance : null;

    private static Minutes? PayeeBalance(PostingMade made, TransferMade t) => made.ShowsBalanceOf(t.Payee) ? t.PayeeBalance : null;

    private static List<RuleRunAnswer>? Runs(PostingMade made) => !made.Rules.Any(made.Shows)
        ? null
        : [.. made.Rules.Where(made.Shows).Select(r => new RuleRunAnswer(r.Rule.Id, r.Rule.Version, r.Owner, r.Arithmetic, r.Received, r.Share, r.Amount, r.Parts))];
}
