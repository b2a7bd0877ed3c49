using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Web;

/// <summary>How what somebody asks comes before the journal, and what the rules say of it before them.</summary>
public static class Submission
{
    /// <param name="needs">What the decision reads.</param>
    /// <param name="key">Under which the answer is kept; a repetition hears it again.</param>
    /// <param name="texts">Texts about people, kept if the rules accept.</param>
    /// <param name="inPath">The id in the address: if that is unknown the answer is 404, not 422.</param>
    /// <param name="weight">How many transfers it asks for.</param>
    public static Task<Outcome> SubmitAsync<TAnswer>(
        this Journal journal, BankId bank, Said said, Needs needs, Func<Draft, Decision<TAnswer>> decide, Func<TAnswer, Outcome> answer,
        IdempotencyClaim? key = null, IReadOnlyList<TextRow>? texts = null, Guid? inPath = null, int weight = 1) where TAnswer : class =>
        journal.SubmitAsync(new LedgerCommand<TAnswer>(bank, Also(needs, said), decide, answer, refusal => Problems.Outcome(refusal, inPath))
        {
            By = said.By,
            Authority = said.May,
            Key = key,
            DryRun = said.DryRun,
            After = said.After,
            Texts = texts ?? [],
            Weight = weight,
        });

    /// <summary>Who acts for a member needs that member's permission, whatever they ask.</summary>
    private static Needs Also(Needs needs, Said said) =>
        said.May.Deputy is { } deputy ? needs with { Rights = [.. needs.Rights, deputy.Permission] } : needs;

    /// <summary>The row of a text that there may be.</summary>
    public static IReadOnlyList<TextRow> Rows(this (TextRef Ref, TextRow Row)? kept) => kept is { } text ? [text.Row] : [];

    /// <summary>The rows of those texts that there are.</summary>
    public static IReadOnlyList<TextRow> Rows(this IEnumerable<(TextRef Ref, TextRow Row)?> kept) => [.. kept.OfType<(TextRef Ref, TextRow Row)>().Select(t => t.Row)];
}
