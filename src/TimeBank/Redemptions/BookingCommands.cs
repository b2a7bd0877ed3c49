using System.Security.Cryptography;
using TimeBank.Access;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Safeguarding;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Redemptions;

/// <summary>The only door to bookings and their vouchers: for the API and for the worker that writes down what has expired.</summary>
public sealed class BookingCommands(Journal journal)
{
    /// <summary>With 40 bits of chance one code is hardly ever taken, and four together never.</summary>
    private const int Codes = 4;

    public Task<Outcome> BookAsync(BankId bank, BookServiceRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        var (service, member, codes) = (new ThingId(request.Service!.Value), new AccountId(request.Member!.Value), NewCodes());
        return journal.SubmitAsync(
            bank, said, ToBook(service, member, codes, said),
            draft => BookingDecisions.Book(draft, new ThingId(draft.Mint()), service, member, request.Date!.Value, request.Yes, text?.Ref, codes, ClockOf(draft)),
            // What was not booked has no voucher.
            booking => Answers.Made(201, BookingAnswer.Of(booking, booking.Is, withCode: !said.DryRun), booking),
            said.Claim($"{bank}/bookings", request), text.Rows());
    }

    /// <summary>What a booking would ask; nothing is written.</summary>
    public Task<Outcome> QuoteAsync(BankId bank, ThingId service, AccountId member, DateOnly? on, Said said)
    {
        var codes = NewCodes();
        return journal.SubmitAsync(
            bank, said with { DryRun = true }, ToBook(service, member, codes, said),
            draft => BookingDecisions.QuoteFor(draft, service, member, on, codes, ClockOf(draft)), quote => Answers.Made(200, QuoteAnswer.Of(quote), quote), inPath: service.Value);
    }

    public Task<Outcome> CaptureAsync(BankId bank, VoucherCode code, CaptureVoucherRequest request, Said said) => journal.SubmitAsync(
        bank, said, new Needs { Things = [code.Voucher] },
        draft => Redeeming.Take(draft, code.Voucher, request.Minutes), Changed, said.Claim($"{bank}/vouchers/{code}/capture", request));

    public Task<Outcome> CancelAsync(BankId bank, ThingId id, CancelBookingRequest request, Said said) =>
        Decide(bank, id, "cancellation", request, said, null, draft => BookingDecisions.Cancel(draft, id));

    public Task<Outcome> MissAsync(BankId bank, ThingId id, MissBookingRequest request, Said said) =>
        Decide(bank, id, "no-show", request, said, null, draft => BookingDecisions.Miss(draft, id));

    public Task<Outcome> RefundAsync(BankId bank, ThingId id, RefundBookingRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        return Decide(bank, id, "refund", request, said, text, draft => Redeeming.Refund(draft, id, request.Minutes, text?.Ref));
    }

    /// <summary>Says that the appointment is tomorrow, or writes down that nobody took the minutes in time, whichever is due.</summary>
    public Task<Outcome> MoveOnAsync(BankId bank, ThingId id) => journal.SubmitAsync(
        bank, Said.Worker, new Needs { Things = [id] },
        draft => draft.Find<Booking>(id)?.StageAt(draft.Now) == BookingStage.Expired ? BookingDecisions.Expire(draft, id) : BookingDecisions.Remind(draft, id),
        change => new Outcome(200, "", change));

    private static Func<DateOnly, TimeOnly, DateTimeOffset> ClockOf(Draft draft) => BankCalendar.Of(draft.Bank?.Policy.TimeZone ?? BankPolicy.Default.TimeZone);

    private Task<Outcome> Decide<TRequest>(
        BankId bank, ThingId id, string noun, TRequest request, Said said, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<BookingChange>> decide) =>
        journal.SubmitAsync(bank, said, new Needs { Things = [id] }, decide, Changed, said.Claim($"{bank}/bookings/{id}/{noun}", request), text.Rows());

    private static Outcome Changed(BookingChange change) => Answers.Made(200, BookingChangeAnswer.Of(change), change);

    private static Needs ToBook(ThingId service, AccountId member, VoucherCode[] codes, Said said) => new()
    {
        Accounts = [member],
        Things = [service, Youth.IdOf(member)],
        Chosen = [.. codes.Select(c => c.Voucher)],
        Rights = [.. said.May.LinksTo(member)],
    };

    private static VoucherCode[] NewCodes() => [.. Enumerable.Range(0, Codes).Select(_ => VoucherCode.Of(RandomNumberGenerator.GetBytes(VoucherCode.Chosen)))];
}
