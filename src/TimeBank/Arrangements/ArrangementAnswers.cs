using TimeBank.Members;
using TimeBank.Projections;
using TimeBank.Texts;

namespace TimeBank.Arrangements;

/// <summary>An arrangement, as answers to commands say it: without texts.</summary>
/// <param name="Awaits">Accounts whose yes to the meeting is missing.</param>
/// <param name="Contribution">What logged the help.</param>
/// <param name="Version">What a yes may name, so that it is said to what was seen.</param>
public sealed record ArrangementAnswer(
    ThingId Id, ArrangementStage Stage, AccountId Helper, AccountId Helped, ThingId? Listing, string? Category, Meeting? Meeting,
    IReadOnlyList<SideYes> Yeses, IReadOnlyList<AccountId> Awaits, ThingId? Contribution, long Version, ThingId? Activity)
{
    public static ArrangementAnswer Of(Arrangement a) => new(
        a.Id, a.Is, a.Helper, a.Helped, a.Listing, a.Category, a.Meeting, a.Yeses,
        a.Is == ArrangementStage.Proposed ? [.. a.Parties.Where(side => !a.HasSaidYes(side))] : [], a.Contribution, a.Version, a.Activity);
}

/// <summary>Who was asked, and what they said.</summary>
public sealed record AskingView(AccountId Account, Means How, Reply Said, DateOnly On, string? Memo);

/// <summary>How the other side is reached. It passes when both have agreed, and as long as it is agreed.</summary>
/// <param name="Reach">How they want to be reached, best first.</param>
public sealed record ContactView(AccountId Account, string? Name, IReadOnlyList<Reach> Reach, string? Telephone, string? Email, string? Address);

/// <summary>An arrangement as it stands, with its texts.</summary>
/// <param name="Asked">All of it to organisers, to each side their own.</param>
/// <param name="Contact">Of the other side.</param>
public sealed record ArrangementView(
    ArrangementAnswer Arrangement, string? Memo, string? Place, string? Reason, IReadOnlyList<AskingView> Asked, ContactView? Contact = null)
{
    /// <param name="own">Of whom the reader may know what they said; null: an organiser, who knows of both.</param>
    public static ArrangementView Of(ThingRow<Arrangement> row, IReadOnlyList<AccountId>? own, IReadOnlyDictionary<TextId, TextBody> said) => new(
        ArrangementAnswer.Of(row.Thing), row.Text?.Memo, row.Text?.Place, row.Reason?.Reason,
        [.. row.Thing.Asked.Where(a => own is null || own.Contains(a.Account))
            .Select(a => new AskingView(a.Account, a.How, a.Said, a.On, a.Text is { } text ? said.GetValueOrDefault(text.Id)?.Memo : null))]);
}
