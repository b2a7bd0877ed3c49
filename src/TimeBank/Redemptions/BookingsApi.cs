using TimeBank.Projections;
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
        ThingRoutes.ChangeAsync(bank, id, http, CancelBookingRequestValidator.Instance, commands.CancelAsync);

    private static Task Miss(string bank, string id, HttpContext http, BookingCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, MissBookingRequestValidator.Instance, commands.MissAsync);

    private static Task Refund(string bank, string id, HttpContext http, BookingCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, RefundBookingRequestValidator.Instance, commands.RefundAsync);

    private static async Task Show(string bank, string id, HttpContext http, TimeProvider clock, ThingRoutes things)
    {
        if (await FindAsync(bank, id, http, things) is var (row, withCode))
            await Answers.Write(http, BookingView.Of(row, clock.GetUtcNow(), withCode));
    }

    private static Task Svg(string bank, string id, HttpContext http, ThingRoutes things) =>
        Draw(bank, id, http, things, "image/svg+xml", QrPictures.Svg);

    private static Task Png(string bank, string id, HttpContext http, ThingRoutes things) =>
        Draw(bank, id, http, things, "image/png", QrPictures.Png);

    private static async Task Draw(string bank, string id, HttpContext http, ThingRoutes things, string type, Func<string, byte[]> draw)
    {
        if (await FindAsync(bank, id, http, things) is not var (row, withCode))
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

    private static Task List(string bank, string? account, string? stage, HttpContext http, TimeProvider clock, AccountQueries accounts, ThingRoutes things) =>
        things.ListAsync<Booking, BookingStage, BookingView>(
            bank, http, whose => Sight.RefusedList(http, new BankId(bank), "account", whose, accounts),
            async rows =>
            {
                var seen = await Sight.SeenAsync(http, new BankId(bank), accounts, [.. rows.Select(r => r.Thing.Member).Distinct()]);
                var now = clock.GetUtcNow();
                return r => BookingView.Of(r, now, seen.Contains(r.Thing.Member));
            });

    /// <summary>A booking that is theirs to see, and whether its code is: the desk hears it from the member. Null if that was answered.</summary>
    private static async ValueTask<(ThingRow<Booking> Row, bool WithCode)?> FindAsync(string bank, string id, HttpContext http, ThingRoutes things) =>
        await things.FindAsync<Booking>(bank, id, http, (RefusalCode.BookingUnknown, "booking")) is var (row, seen) ? (row, seen.Contains(row.Thing.Member)) : null;
}
