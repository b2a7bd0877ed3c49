using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Texts;

namespace TimeBank.Redemptions;

public enum ServiceStage
{
    /// <summary>Members may book it.</summary>
    Offered,
    /// <summary>No more bookings; those that were made stay.</summary>
    Ended,
}

/// <summary>What a service asks, and how much of it there is.</summary>
/// <param name="Lasts">How long it takes; null for what is not a person's time: a ticket, a room, a book.</param>
/// <param name="Asks">Minutes that a member gives for it: never more than it lasts.</param>
/// <param name="MostAMonth">Minutes that the provider accepts for appointments of one calendar month; null: no limit.</param>
/// <param name="NoShow">Share of the minutes that who does not come gives all the same, in hundredths of a per cent.</param>
public sealed record ServiceTerms(string? Category, Minutes? Lasts, Minutes Asks, Minutes? MostAMonth, int NoShow)
{
    public const int WholeShare = 10_000;

    /// <summary>One hour is one hour: whoever asks something else says why, to all.</summary>
    public bool AsksSomethingElse() => Lasts is null || Asks < Lasts;
}

/// <summary>What a provider offers to members for their hours.</summary>
/// <param name="Text">Its name, its conditions, where and when it can be had.</param>
/// <param name="Reason">Why it asks less than it lasts, or a fixed number.</param>
/// <param name="Edition">How often it was written: the ETag. Bookings leave it as it is.</param>
public sealed record Service(
    ThingId Id, AccountId Provider, ServiceTerms Terms, TextRef Text, TextRef? Reason, long Edition, ServiceStage Is = ServiceStage.Offered) : Thing(Id)
{
    /// <summary>Minutes accepted for appointments, by the first day of their month.</summary>
    public ImmutableSortedDictionary<DateOnly, Minutes> Accepted { get; init; } = ImmutableSortedDictionary<DateOnly, Minutes>.Empty;

    public override Enum Stage => Is;

    public override TextRef? Wording => Text;

    public override TextRef? Grounds => Reason;

    public override IEnumerable<AccountId> Parties => [Provider];

    public static DateOnly MonthOf(DateOnly date) => new(date.Year, date.Month, 1);

    public Minutes AcceptedIn(DateOnly date) => Accepted.GetValueOrDefault(MonthOf(date));

    public static Service After(ThingId id, Service? before, ServiceEvent happened) => (before, happened) switch
    {
        (null, ServiceEvent.ServiceOffered e) => new Service(id, e.Provider, e.Terms, e.Text, e.Reason, 1),
        ({ } s, ServiceEvent.ServiceRewritten e) => s with { Terms = e.Terms, Text = e.Text, Reason = e.Reason, Edition = s.Edition + 1 },
        ({ } s, ServiceEvent.ServiceEnded) => s with { Is = ServiceStage.Ended, Edition = s.Edition + 1 },
        ({ } s, ServiceEvent.ServiceBooked e) => s with { Accepted = s.Accepted.SetItem(e.Month, s.AcceptedIn(e.Month) + e.Minutes) },
        ({ } s, ServiceEvent.ServiceFreed e) => s with { Accepted = Less(s, e) },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a service that is not there."),
    };

    private static ImmutableSortedDictionary<DateOnly, Minutes> Less(Service s, ServiceEvent.ServiceFreed e)
    {
        var left = s.AcceptedIn(e.Month) - e.Minutes;
        return left == Minutes.Zero ? s.Accepted.Remove(e.Month) : s.Accepted.SetItem(e.Month, left);
    }
}

/// <summary>What can happen to a service. These names are stored: add, never rename.</summary>
public abstract record ServiceEvent : ThingEvent
{
    public sealed record ServiceOffered(AccountId Provider, ServiceTerms Terms, TextRef Text, TextRef? Reason) : ServiceEvent;
    /// <summary>All stand as given. Bookings that were made keep what they were made for.</summary>
    public sealed record ServiceRewritten(ServiceTerms Terms, TextRef Text, TextRef? Reason) : ServiceEvent;
    public sealed record ServiceEnded : ServiceEvent;
    /// <param name="Month">Its first day.</param>
    public sealed record ServiceBooked(ThingId Booking, DateOnly Month, Minutes Minutes) : ServiceEvent;
    /// <summary>A booking ended and took less than was accepted for it: the rest of its month is free again.</summary>
    public sealed record ServiceFreed(ThingId Booking, DateOnly Month, Minutes Minutes) : ServiceEvent;

    public override StreamKind Kind => StreamKind.Service;

    public override IEnumerable<TextRef> Texts => this switch
    {
        ServiceOffered e => new[] { e.Text, e.Reason }.OfType<TextRef>(),
        ServiceRewritten e => new[] { e.Text, e.Reason }.OfType<TextRef>(),
        _ => [],
    };

    public override Thing After(ThingId id, Thing? before) => Service.After(id, (Service?)before, this);
}
