using System.Security.Cryptography;
using TimeBank.Access;
using TimeBank.Contributions;
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
        return Submit(
            bank, ToBook(service, member, codes, said), said, said.Claim($"{bank}/bookings", request), text, null,
            draft => BookingDecisions.Book(draft, new ThingId(draft.Mint()), service, member, request.Date!.Value, request.Yes, text?.Ref, codes),
            // What was not booked has no voucher.
            booking => Answers.Made(201, BookingAnswer.Of(booking, booking.Is, withCode: !said.DryRun), booking));
    }

    /// <summary>What a booking would ask; nothing is written.</summary>
    public Task<Outcome> QuoteAsync(BankId bank, ThingId service, AccountId member, DateOnly? on, Said said)
    {
        var codes = NewCodes();
        return Submit(
            bank, ToBook(service, member, codes, said), said with { DryRun = true }, null, null, service.Value,
            draft => BookingDecisions.QuoteFor(draft, service, member, on, codes), quote => Answers.Made(200, QuoteAnswer.Of(quote), quote));
    }

    public Task<Outcome> CaptureAsync(BankId bank, VoucherCode code, CaptureVoucherRequest request, Said said) => Submit(
        bank, new Needs { Things = [code.Voucher] }, said, said.Claim($"{bank}/vouchers/{code}/capture", request), null, null,
        draft => Redeeming.Take(draft, code.Voucher, request.Minutes), Changed);

    public Task<Outcome> CancelAsync(BankId bank, ThingId id, CancelBookingRequest request, Said said) =>
        Decide(bank, id, "cancellation", request, said, null, draft => BookingDecisions.Cancel(draft, id));

    public Task<Outcome> MissAsync(BankId bank, ThingId id, MissBookingRequest request, Said said) =>
        Decide(bank, id, "no-show", request, said, null, draft => BookingDecisions.Miss(draft, id));

    public Task<Outcome> RefundAsync(BankId bank, ThingId id, RefundBookingRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        return Decide(bank, id, "refund", request, said, text, draft => Redeeming.Refund(draft, id, request.Minutes, text?.Ref));
    }

    /// <summary>Writes down that nobody took the minutes in time.</summary>
    public Task<Outcome> ExpireAsync(BankId bank, ThingId id) => Submit(
        bank, new Needs { Things = [id] }, new Said(Actor.Worker, Authority.Everything), null, null, null,
        draft => BookingDecisions.Expire(draft, id), change => new Outcome(200, "", change));

    private Task<Outcome> Decide<TRequest>(
        BankId bank, ThingId id, string noun, TRequest request, Said said, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<BookingChange>> decide) =>
        Submit(bank, new Needs { Things = [id] }, said, said.Claim($"{bank}/bookings/{id}/{noun}", request), text, null, decide, Changed);

    private Task<Outcome> Submit<TAnswer>(
        BankId bank, Needs needs, Said said, IdempotencyClaim? key, (TextRef Ref, TextRow Row)? text, Guid? inPath,
        Func<Draft, Decision<TAnswer>> decide, Func<TAnswer, Outcome> answer) where TAnswer : class =>
        journal.SubmitAsync(new LedgerCommand<TAnswer>(bank, needs, decide, answer, refusal => Problems.Outcome(refusal, inPath))
        {
            By = said.By,
            Authority = said.May,
            Key = key,
            DryRun = said.DryRun,
            Texts = text is { } kept ? [kept.Row] : [],
        });

    private static Outcome Changed(BookingChange change) => Answers.Made(200, BookingChangeAnswer.Of(change), change);

    private static Needs ToBook(ThingId service, AccountId member, VoucherCode[] codes, Said said) => new()
    {
        Accounts = [member],
        Things = [service, .. codes.Select(c => c.Voucher)],
        Rights = said.May.App is { } app ? [RightId.OfLink(app, member)] : [],
    };

    private static VoucherCode[] NewCodes() => [.. Enumerable.Range(0, Codes).Select(_ => VoucherCode.Of(RandomNumberGenerator.GetBytes(VoucherCode.Chosen)))];
}
