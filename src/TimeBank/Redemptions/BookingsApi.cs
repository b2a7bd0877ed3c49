using FluentValidation;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Redemptions;

/// <summary>Routes of bookings: appointments for services, with the minutes that are set aside for them.</summary>
public static class BookingsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/bookings", Book).Takes<BookServiceRequest>().Gives<BookingAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Book a service", "By the member, by an organiser who says how the member said yes, or by an app that the member linked. The minutes are set aside, and the answer has the voucher's code. With dryRun it is a quote.");
        bank.MapGet("/bookings", List).Gives<Page<BookingView>>().Paged()
            .Describe("List bookings", "In the order in which they were made; account narrows to those of a member or a provider, stage to those that were written down there.");
        bank.MapGet("/bookings/{id}", Show).Gives<BookingView>().Describe("Show a booking", "With its texts. The voucher's code is told to the member's side and to organisers, and not to the provider's desk, which hears it from the member.");
        bank.MapGet("/bookings/{id}/voucher.svg", Svg).Gives<string>().Describe("Draw a voucher as SVG", "The code as a QR code, without any style of its own but classes.");
        bank.MapGet("/bookings/{id}/voucher.png", Png).Gives<string>().Describe("Draw a voucher as PNG", "The code as a QR code, to print.");
        bank.MapPost("/bookings/{id}/cancellation", Cancel).Takes<CancelBookingRequest>().Gives<BookingChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Cancel a booking", "All its minutes return. The member does so up to the day of the appointment, the provider and organisers also later.");
        bank.MapPost("/bookings/{id}/no-show", Miss).Takes<MissBookingRequest>().Gives<BookingChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Say that nobody came", "By the provider, from the day of the appointment on. It takes the share that the service named when it was booked; the rest is free again.");
        bank.MapPost("/bookings/{id}/refund", Refund).Takes<RefundBookingRequest>().Gives<BookingChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Refund a booking", "The provider gives back what it took, or a part, from what it has free. What rules passed on stays where it is.");
    }

    private static async Task Book(string bank, HttpContext http, BookingCommands commands)
    {
        if (await Body.Read(http, BookServiceRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.BookAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/bookings/");
    }

    private static Task Cancel(string bank, string id, HttpContext http, BookingCommands commands) =>
        Change(bank, id, http, CancelBookingRequestValidator.Instance, commands.CancelAsync);

    private static Task Miss(string bank, string id, HttpContext http, BookingCommands commands) =>
        Change(bank, id, http, MissBookingRequestValidator.Instance, commands.MissAsync);

    private static Task Refund(string bank, string id, HttpContext http, BookingCommands commands) =>
        Change(bank, id, http, RefundBookingRequestValidator.Instance, commands.RefundAsync);

    private static async Task Change<TRequest>(
        string bank, string id, HttpContext http, IValidator<TRequest> validator, Func<BankId, ThingId, TRequest, Said, Task<Outcome>> decide) where TRequest : class
    {
        if (await Body.Read(http, validator) is not var (request, said))
            return;
        await Answers.Write(http, await decide(new BankId(bank), new ThingId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts, ThingQueries things)
    {
        if (await FindAsync(bank, id, http, banks, accounts, things) is var (row, withCode))
            await Answers.Write(http, BookingView.Of(row, clock.GetUtcNow(), withCode));
    }

    private static Task Svg(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ThingQueries things) =>
        Draw(bank, id, http, banks, accounts, things, "image/svg+xml", VoucherPictures.Svg);

    private static Task Png(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ThingQueries things) =>
        Draw(bank, id, http, banks, accounts, things, "image/png", VoucherPictures.Png);

    private static async Task Draw(
        string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ThingQueries things, string type, Func<string, byte[]> draw)
    {
        if (await FindAsync(bank, id, http, banks, accounts, things) is not var (row, withCode))
            return;
        if (!withCode)
        {
            await Problems.Write(http, new Refusal(RefusalCode.NotPermitted, new Figure("booking", row.Thing.Id.Value)));
            return;
        }
        var picture = draw(row.Thing.Code);
        http.Response.ContentType = type;
        http.Response.ContentLength = picture.Length;
        await http.Response.Body.WriteAsync(picture, http.RequestAborted);
    }

    private static async Task List(
        string bank, string? account, string? stage, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts, ThingQueries things)
    {
        var query = new Query(http);
        var party = query.Id("account");
        var at = query.Word<BookingStage>("stage");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank)
            || await Sight.RefusedList(http, new BankId(bank), "account", party, accounts))
            return;
        var rows = await things.ListAsync<Booking>(new BankId(bank), party is { } p ? new AccountId(p) : null, at?.Word(), after, limit + 1, http.RequestAborted);
        var seen = await Sight.SeenAsync(http, new BankId(bank), accounts, [.. rows.Select(r => r.Thing.Member).Distinct()]);
        var now = clock.GetUtcNow();
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), r => BookingView.Of(r, now, seen.Contains(r.Thing.Member))));
    }

    /// <summary>A booking that is theirs to see, and whether its code is: the desk hears it from the member. Null if that was answered.</summary>
    private static async ValueTask<(ThingRow<Booking> Row, bool WithCode)?> FindAsync(
        string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ThingQueries things)
    {
        if (await Missing.Bank(http, banks, bank))
            return null;
        var booking = new ThingId(Ids.OrUnknown(id));
        if (await things.FindAsync<Booking>(new BankId(bank), booking, http.RequestAborted) is { } row
            && await Sight.SeenAsync(http, new BankId(bank), accounts, [.. row.Thing.Parties]) is { Count: > 0 } seen)
            return (row, seen.Contains(row.Thing.Member));
        await Problems.Write(http, new Refusal(RefusalCode.BookingUnknown, new Figure("booking", booking.Value)));
        return null;
    }
}
