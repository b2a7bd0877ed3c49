using System.Diagnostics;
using TimeBank.Access;
using TimeBank.Texts;

namespace TimeBank.Redemptions;

/// <summary>Where a booking stands.</summary>
public enum BookingStage
{
    /// <summary>Its minutes are set aside.</summary>
    Booked,
    /// <summary>The service was given, and the provider took its minutes.</summary>
    Given,
    Cancelled,
    /// <summary>Nobody came: the provider took the share that it had named, and the rest is free again.</summary>
    NoShow,
    /// <summary>Nobody took the minutes in time: they are free again.</summary>
    Expired,
}

/// <summary>As what somebody ends a booking.</summary>
public enum BookingSide { Member, Provider, Organiser, App }

/// <summary>A member's appointment for a service, with the minutes that are set aside for it.</summary>
/// <param name="Date">Of the appointment, by the bank's time zone.</param>
/// <param name="Minutes">What is set aside.</param>
/// <param name="Code">The voucher's code.</param>
/// <param name="ExpiresAt">From then on the minutes are free again.</param>
/// <param name="NoShow">Share of the minutes that the member gives without coming, in hundredths of a per cent, as it was when they booked.</param>
/// <param name="Yes">How the member said yes.</param>
/// <param name="Taken">What the provider took.</param>
/// <param name="Transfer">By which transfer.</param>
/// <param name="Refunded">What the provider gave back since.</param>
/// <param name="RemindAt">When the member is reminded; null: not ahead, or they were.</param>
public sealed record Booking(
    ThingId Id, ThingId Service, AccountId Member, AccountId Provider, DateOnly Date, Minutes Minutes, string Code, DateTimeOffset ExpiresAt, int NoShow, Yes Yes,
    TextRef? Text, BookingStage Is = BookingStage.Booked, Minutes Taken = default, TransferId? Transfer = null, Minutes Refunded = default,
    DateTimeOffset? RemindAt = null) : Thing(Id)
{
    /// <summary>Days after the appointment in which the provider may still take the minutes.</summary>
    public const int DaysToTake = 7;

    /// <summary>When on the day before members are reminded, by the bank's clock.</summary>
    public static readonly TimeOnly ReminderAt = new(8, 0);

    public override Enum Stage => Is;

    public override TextRef? Wording => Text;

    public override IEnumerable<AccountId> Parties => [Member, Provider];

    /// <summary>The desk hears the code from the member.</summary>
    public override Thing For(AccountId account) => account == Member ? this : this with { Code = "" };

    public override DateTimeOffset? Due => Is == BookingStage.Booked ? RemindAt ?? ExpiresAt : null;

    public override PostingId? Made => Transfer?.Posting;

    /// <summary>It is cancelled, or given, before one of both leaves.</summary>
    public override bool Binds(AccountId leaving) => Is == BookingStage.Booked;

    public override HoldId? Holding => Hold;

    public override IEnumerable<ThingId> Beside(IReadOnlyCollection<AccountId> named) => [Service];

    /// <summary>A booking and its hold have one id.</summary>
    public HoldId Hold => new(Id.Value);

    /// <summary>Expired from the last moment of its hold on, whether or not anybody wrote that down yet.</summary>
    public BookingStage StageAt(DateTimeOffset now) => Is == BookingStage.Booked && ExpiresAt <= now ? BookingStage.Expired : Is;

    /// <summary>What not coming costs, rounded down.</summary>
    public Minutes CostOfNoShow() => new((long)((Int128)Minutes.Value * NoShow / ServiceTerms.WholeShare));

    public static DateTimeOffset ExpiryOf(DateOnly date) => new(date.AddDays(DaysToTake + 1), TimeOnly.MinValue, TimeSpan.Zero);

    public static Booking After(ThingId id, Booking? before, BookingEvent happened) => (before, happened) switch
    {
        (null, BookingEvent.BookingMade e) => new Booking(
            id, e.Service, e.Member, e.Provider, e.Date, e.Minutes, e.Code, e.ExpiresAt, e.NoShow, e.Yes, e.Text, RemindAt: e.RemindAt),
        ({ } b, BookingEvent.BookingGiven e) => b with { Is = BookingStage.Given, Taken = e.Taken, Transfer = e.Transfer },
        ({ } b, BookingEvent.BookingCancelled) => b with { Is = BookingStage.Cancelled },
        ({ } b, BookingEvent.BookingMissed e) => b with { Is = BookingStage.NoShow, Taken = e.Taken, Transfer = e.Transfer },
        ({ } b, BookingEvent.BookingReminded) => b with { RemindAt = null },
        ({ } b, BookingEvent.BookingExpired) => b with { Is = BookingStage.Expired },
        ({ } b, BookingEvent.BookingRefunded e) => b with { Refunded = b.Refunded + e.Minutes },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a booking that is not there."),
    };
}

/// <summary>What can happen to a booking. These names are stored: add, never rename.</summary>
public abstract record BookingEvent : ThingEvent
{
    public sealed record BookingMade(
        ThingId Service, AccountId Member, AccountId Provider, DateOnly Date, Minutes Minutes, string Code, DateTimeOffset ExpiresAt, int NoShow, Yes Yes,
        TextRef? Text, DateTimeOffset? RemindAt = null) : BookingEvent;
    /// <param name="On">The day on which it was said: after the appointment nobody is told.</param>
    public sealed record BookingReminded(DateOnly On) : BookingEvent;
    public sealed record BookingGiven(Minutes Taken, TransferId Transfer) : BookingEvent;
    public sealed record BookingCancelled(BookingSide By) : BookingEvent;
    /// <summary>The member did not come.</summary>
    /// <param name="Transfer">Null if not coming costs nothing.</param>
    public sealed record BookingMissed(Minutes Taken, TransferId? Transfer) : BookingEvent;
    public sealed record BookingExpired : BookingEvent;
    public sealed record BookingRefunded(Minutes Minutes, TransferId Transfer) : BookingEvent;

    public override StreamKind Kind => StreamKind.Booking;

    public override IEnumerable<TextRef> Texts => this is BookingMade { Text: { } text } ? [text] : [];

    public override Thing After(ThingId id, Thing? before) => Booking.After(id, (Booking?)before, this);
}
