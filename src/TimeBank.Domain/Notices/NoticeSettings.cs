using System.Collections.Immutable;

namespace TimeBank.Notices;

/// <summary>By which ways a kind of notice reaches somebody.</summary>
/// <param name="Program">In their list of notices.</param>
/// <param name="Mail">By a letter at once, if they have an address whose owner was seen to read it.</param>
/// <param name="Tell">By telephone or on paper, if that is how they want to be reached, or if they have no login.</param>
public sealed record Ways(bool Program, bool Mail, bool Tell);

/// <summary>How somebody wants to be told. What they never set has its default.</summary>
/// <param name="Language">ISO 639 code; null: as their profile or the bank says.</param>
/// <param name="Digest">Whether a letter once a week tells what no letter told at once.</param>
/// <param name="Kinds">Ways that they set themselves.</param>
public sealed record NoticeSettings(string? Language, bool Digest, ImmutableSortedDictionary<NoticeKind, Ways> Kinds)
{
    public static readonly NoticeSettings Default = new(null, true, ImmutableSortedDictionary<NoticeKind, Ways>.Empty);

    public Ways For(NoticeKind kind) => Kinds.TryGetValue(kind, out var own) ? own : DefaultFor(kind);

    /// <summary>What waits for them, took minutes from them or fell through is told at once; what is good news can wait for the week's letter.</summary>
    public static Ways DefaultFor(NoticeKind kind) => kind is NoticeKind.HelpConfirmed or NoticeKind.HelpCredited or NoticeKind.HoursReceived
        or NoticeKind.PaymentAnswered or NoticeKind.ServiceBooked or NoticeKind.ListingEnded or NoticeKind.PotAnswered
        ? new Ways(true, false, false)
        : new Ways(true, true, true);

    /// <summary>No more letters of a kind, or of none at all.</summary>
    public NoticeSettings WithoutMail(NoticeKind kind) => this with { Kinds = Kinds.SetItem(kind, For(kind) with { Mail = false }) };

    public NoticeSettings WithoutMail() => Enum.GetValues<NoticeKind>().Aggregate(this with { Digest = false }, (settings, kind) => settings.WithoutMail(kind));
}
