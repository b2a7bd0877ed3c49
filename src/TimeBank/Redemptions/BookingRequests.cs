using FluentValidation;
using TimeBank.Access;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Redemptions;

/// <summary>An appointment for a service.</summary>
public sealed record BookServiceRequest
{
    public Guid? Service { get; init; }
    /// <summary>The member's account that gives the minutes.</summary>
    public Guid? Member { get; init; }
    /// <summary>Of the appointment, from today on.</summary>
    public DateOnly? Date { get; init; }
    /// <summary>How the member said yes (inPerson, telephone, paper), where an organiser books for them.</summary>
    public Yes? Yes { get; init; }
    public string? Memo { get; init; }
}

public sealed record CaptureVoucherRequest
{
    /// <summary>What is taken; all that was set aside if left out.</summary>
    public Minutes? Minutes { get; init; }
}

public sealed record CancelBookingRequest;

public sealed record MissBookingRequest;

public sealed record RefundBookingRequest
{
    /// <summary>What goes back; all that is left of what was taken if left out.</summary>
    public Minutes? Minutes { get; init; }
    public string? Memo { get; init; }
}

public sealed class BookServiceRequestValidator : AbstractValidator<BookServiceRequest>
{
    public const int LastYear = 9998;
    public const string TooFar = "A date up to 9998-12-31.";

    public static readonly BookServiceRequestValidator Instance = new();

    public BookServiceRequestValidator()
    {
        RuleFor(r => r.Service).Given();
        RuleFor(r => r.Member).Given();
        RuleFor(r => r.Date).Given().Must(d => d is null || d.Value.Year <= LastYear).WithMessage(TooFar);
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
    }
}

public sealed class CaptureVoucherRequestValidator : AbstractValidator<CaptureVoucherRequest>
{
    public static readonly CaptureVoucherRequestValidator Instance = new();
}

public sealed class CancelBookingRequestValidator : AbstractValidator<CancelBookingRequest>
{
    public static readonly CancelBookingRequestValidator Instance = new();
}

public sealed class MissBookingRequestValidator : AbstractValidator<MissBookingRequest>
{
    public static readonly MissBookingRequestValidator Instance = new();
}

public sealed class RefundBookingRequestValidator : AbstractValidator<RefundBookingRequest>
{
    public static readonly RefundBookingRequestValidator Instance = new();

    public RefundBookingRequestValidator() => RuleFor(r => r.Memo).Text(Rules.MostMemo);
}

/// <summary>A booking, as answers to commands say it: without texts.</summary>
/// <param name="Minutes">What was set aside.</param>
/// <param name="NoShow">Share of the minutes that not coming costs, in hundredths of a per cent.</param>
/// <param name="Yes">How the member said yes.</param>
/// <param name="ExpiresAt">From then on the minutes are free again.</param>
/// <param name="Taken">What the provider took.</param>
/// <param name="Refunded">What went back since.</param>
/// <param name="Voucher">The code that is shown or read out at the provider's desk, which hears it from the member and not from here.</param>
public sealed record BookingAnswer(
    ThingId Id, BookingStage Stage, ThingId Service, AccountId Member, AccountId Provider, DateOnly Date, Minutes Minutes, int NoShow, Yes Yes, DateTimeOffset ExpiresAt,
    Minutes Taken, TransferId? Transfer, Minutes Refunded, string? Voucher)
{
    public static BookingAnswer Of(Booking b, BookingStage stage, bool withCode) => new(
        b.Id, stage, b.Service, b.Member, b.Provider, b.Date, b.Minutes, b.NoShow, b.Yes, b.ExpiresAt, b.Taken, b.Transfer, b.Refunded, withCode ? b.Code : null);
}

/// <summary>A booking and the posting that moved minutes; no posting if nothing moved.</summary>
public sealed record BookingChangeAnswer(BookingAnswer Booking, PostingAnswer? Posting)
{
    public static BookingChangeAnswer Of(BookingChange change) =>
        new(BookingAnswer.Of(change.Booking, change.Booking.Is, withCode: false), change.Posting is { } made ? PostingAnswers.Of(made) : null);
}

/// <summary>A booking as it stands, with its texts.</summary>
public sealed record BookingView(BookingAnswer Booking, string? Memo)
{
    public static BookingView Of(ThingRow<Booking> row, DateTimeOffset now, bool withCode) =>
        new(BookingAnswer.Of(row.Thing, row.Thing.StageAt(now), withCode), row.Text?.Memo);
}

/// <summary>What the desk sees of a voucher: what it is for, and what its booking is good for.</summary>
/// <param name="Service">The service's name.</param>
public sealed record VoucherView(string Code, BookingAnswer Booking, string? Service, string? Conditions);
