using FluentValidation;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.FairPlay;

public sealed record AnswerQuestionRequest
{
    /// <summary>What came of it.</summary>
    public string? Note { get; init; }
}

public sealed class AnswerQuestionRequestValidator : AbstractValidator<AnswerQuestionRequest>
{
    public static readonly AnswerQuestionRequestValidator Instance = new();

    public AnswerQuestionRequestValidator() =>
        RuleFor(r => r.Note).Given().Text(Web.Rules.MostMemo).Must(n => n is null || n.Trim().Length > 0).WithMessage("Say what came of it.");
}

/// <summary>A question, as answers to commands say it: without texts.</summary>
/// <param name="On">The day, or the first day of the month, half-year or year.</param>
/// <param name="About">What overlaps: sessions, arrangements, contributions.</param>
/// <param name="Why">Why the share was kept.</param>
public sealed record QuestionAnswer(
    ThingId Id, QuestionStage Stage, QuestionKind Kind, IReadOnlyList<AccountId> Accounts, DateOnly On, Minutes? Minutes, IReadOnlyList<ThingId>? About, RuleId? Rule, RefusalCode? Why)
{
    public static QuestionAnswer Of(Question q) =>
        new(q.Id, q.Is, q.Facts.Kind, q.Facts.Accounts, q.Facts.On, q.Facts.Minutes, q.Facts.About, q.Facts.Rule, q.Facts.Why);
}

/// <summary>A question as it stands, with what came of it.</summary>
public sealed record QuestionView(QuestionAnswer Question, string? Note)
{
    public static QuestionView Of(ThingRow<Question> row) => new(QuestionAnswer.Of(row.Thing), row.Reason?.Reason);
}
