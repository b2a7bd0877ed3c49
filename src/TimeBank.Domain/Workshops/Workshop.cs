using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Texts;

namespace TimeBank.Workshops;

/// <summary>Who gives the hours of a workshop.</summary>
public enum WorkshopStage
{
    /// <summary>Everybody who was there, in equal shares, each with their own yes.</summary>
    Shared,
    /// <summary>A pot, for all of them.</summary>
    PaidByPot,
}

/// <summary>One receiver's share: a contribution of its own, which that receiver confirms, declines or questions like any other.</summary>
public sealed record WorkshopShare(AccountId Receiver, Minutes Minutes, ThingId Contribution);

/// <summary>One helped many at once. The hours are the helper's, and those who were helped share them: nobody gives more because more came.</summary>
/// <remarks>It says which contributions belong together, and nothing else: minutes move by the contributions, each by its own rules and once.</remarks>
public sealed record Workshop(
    ThingId Id, AccountId Helper, Minutes Minutes, DateOnly Occurred, string? Category, AccountId? Pot, TextRef? Text, ImmutableArray<WorkshopShare> Shares) : Thing(Id)
{
    public const int MostReceivers = 200;

    public override Enum Stage => Pot is null ? WorkshopStage.Shared : WorkshopStage.PaidByPot;

    public override TextRef? Wording => Text;

    public override IEnumerable<AccountId> Parties => Shares.Select(s => s.Receiver).Append(Helper).Distinct();

    /// <summary>Who was there besides is told to the helper.</summary>
    public override Thing For(AccountId account) => account == Helper ? this : this with { Shares = Shares.RemoveAll(s => s.Receiver != account) };

    /// <summary>Equal shares in whole minutes: by largest remainder, ties to the first listed, nothing lost.</summary>
    public static ImmutableArray<Minutes> Split(Minutes whole, int parts)
    {
        var (each, rest) = Math.DivRem(whole.Value, parts);
        return [.. Enumerable.Range(0, parts).Select(i => new Minutes(i < rest ? each + 1 : each))];
    }

    public static Workshop After(ThingId id, Workshop? before, WorkshopEvent happened) => (before, happened) switch
    {
        (null, WorkshopEvent.WorkshopGiven e) => new Workshop(id, e.Helper, e.Minutes, e.Occurred, e.Category, e.Pot, e.Text, e.Shares),
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a workshop that is there already."),
    };
}

/// <summary>What can happen to a workshop. These names are stored: add, never rename.</summary>
public abstract record WorkshopEvent : ThingEvent
{
    /// <param name="Pot">What pays in place of the receivers; null: they share.</param>
    public sealed record WorkshopGiven(
        AccountId Helper, Minutes Minutes, DateOnly Occurred, string? Category, AccountId? Pot, TextRef? Text, ImmutableArray<WorkshopShare> Shares) : WorkshopEvent;

    public override StreamKind Kind => StreamKind.Workshop;

    public override IEnumerable<TextRef> Texts => this is WorkshopGiven { Text: { } text } ? [text] : [];

    public override Thing After(ThingId id, Thing? before) => Workshop.After(id, (Workshop?)before, this);
}
