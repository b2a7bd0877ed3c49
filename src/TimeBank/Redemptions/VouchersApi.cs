using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Redemptions;

/// <summary>Routes of vouchers: what the provider's desk does with a code that was shown or read out.</summary>
public static class VouchersApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapGet("/vouchers/{voucher}", Show).Gives<VoucherView>()
            .Describe("Look up a voucher", "By the provider's desk, the member or an organiser. Small letters, spaces and hyphens do not matter; a misread sign is noticed.");
        bank.MapPost("/vouchers/{voucher}/capture", Capture).Takes<CaptureVoucherRequest>().Gives<BookingChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Take a voucher", "The service was given: the provider takes all that was set aside, or less, and the rest is free again. One voucher at two desks is taken once; taking the same twice answers the same.");
    }

    private static async Task Show(string bank, string voucher, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts, VoucherQueries vouchers)
    {
        var id = new BankId(bank);
        if (VoucherCode.Parse(voucher) is { } code
            && await vouchers.FindAsync(id, code.Voucher, http.RequestAborted) is { } found
            && await Sight.SeesAsync(http, id, accounts, [.. found.Booking.Parties]))
            await Answers.Write(http, new VoucherView(
                code.ToString(), BookingAnswer.Of(found.Booking, found.Booking.StageAt(clock.GetUtcNow()), withCode: true), found.Service?.Name, found.Service?.Conditions));
        else if (!await Missing.Bank(http, banks, bank))
            await Problems.Write(http, new Refusal(RefusalCode.VoucherUnknown));
    }

    private static async Task Capture(string bank, string voucher, HttpContext http, BookingCommands commands)
    {
        if (await Body.Read(http, CaptureVoucherRequestValidator.Instance) is not var (request, said))
            return;
        if (VoucherCode.Parse(voucher) is { } code)
            await Answers.Write(http, await commands.CaptureAsync(new BankId(bank), code, request, said), said.DryRun);
        else
            await Problems.Write(http, new Refusal(RefusalCode.VoucherUnknown));
    }
}
