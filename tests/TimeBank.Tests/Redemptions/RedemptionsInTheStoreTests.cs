using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Access;
using TimeBank.Banks;
using TimeBank.Redemptions;
using TimeBank.Safeguarding;
using TimeBank.Store;
using TimeBank.Tests.Store;
using TimeBank.Web;

namespace TimeBank.Tests.Redemptions;

/// <summary>What bookings leave in the store: it is verified, and built again from the events alone.</summary>
[Category("Database")]
public sealed class RedemptionsInTheStoreTests
{
    [Test]
    public async Task A_history_of_bookings_agrees_and_rebuilt_tables_equal_the_live_ones()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var http = ledger.Http;
        var bank = await http.OpenBankAsync();
        var ann = await http.OpenAccountAsync(bank, "member", "Ann");
        var (clinic, garden) = (await http.OpenAccountAsync(bank, "provider", "Clinic"), await http.OpenAccountAsync(bank, "project", "Garden"));
        await http.PostAsync($"{bank}/rules", new { owner = clinic, kinds = new[] { "spend" }, share = 5000, targets = new[] { new { account = garden } } });
        var service = await http.PostAsync($"{bank}/services", new { provider = clinic, name = "Advice", lasts = 60, asks = 45, reason = "Students learn.", mostAMonth = 600, noShow = 2500 });
        var date = DateOnly.FromDateTime(ledger.Clock.GetUtcNow().UtcDateTime);
        async Task<(Guid Id, string Code)> BookAsync()
        {
            var booked = await http.PostAsync($"{bank}/bookings", new { service = service.Id, member = ann, date, yes = "paper", memo = "For the tests" });
            return (booked.Id, (string)booked["voucher"]!);
        }

        var (given, _, missed, cancelled) = (await BookAsync(), await BookAsync(), await BookAsync(), await BookAsync());
        Answer[] answers =
        [
            await http.PostAsync($"{bank}/vouchers/{given.Code}/capture", new { minutes = 40 }),
            await http.PostAsync($"{bank}/bookings/{given.Id}/refund", new { minutes = 10 }),
            await http.PostAsync($"{bank}/bookings/{missed.Id}/no-show", new { }),
            await http.PostAsync($"{bank}/bookings/{cancelled.Id}/cancellation", new { }),
            await http.SayAsync(HttpMethod.Delete, $"{bank}/services/{service.Id}", ifMatch: "\"1\""),
        ];
        answers.ShouldAllBe(a => (int)a.Status == 200);
        await ledger.StopServerAsync();

        (await ledger.VerifyAsync()).Differences.ShouldBeEmpty();
        var live = await ledger.GuardTablesAsync();
        await new Rebuild(ledger.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None);
        (await ledger.GuardTablesAsync()).ShouldBe(live);
        await ledger.HarmAsync("update timebank.things set state = jsonb_set(state, '{accepted}', '{}') where kind = 'service'");
        (await ledger.VerifyAsync()).Differences.ShouldHaveSingleItem().ShouldContain("state: expected");
    }

    [Test]
    public async Task A_code_that_somebody_has_is_not_given_again_though_nobody_asked_for_it_before()
    {
        var http = RunningServer.Http;
        var bank = await http.OpenBankAsync();
        var (ann, clinic) = (new AccountId(await http.OpenAccountAsync(bank, "member", "Ann")), await http.OpenAccountAsync(bank, "provider", "Clinic"));
        var service = new ThingId((await http.PostAsync($"{bank}/services", new { provider = clinic, name = "Advice", lasts = 15 })).Id);
        VoucherCode[] codes = [.. Enumerable.Range(0, 3).Select(_ => VoucherCode.Of(RandomNumberGenerator.GetBytes(VoucherCode.Chosen)))];
        async Task<string> BookAsync(params VoucherCode[] chosen)
        {
            var booked = await RunningServer.App.Services.GetRequiredService<Journal>().SubmitAsync(
                new BankId(bank["/v1/banks/".Length..]), Said.CommandLine, new Needs { Accounts = [ann], Things = [service, Youth.IdOf(ann)], Chosen = [.. chosen.Select(c => c.Voucher)] },
                draft => BookingDecisions.Book(draft, new ThingId(draft.Mint()), service, ann, draft.Today, Yes.Paper, null, chosen, BankCalendar.Of("UTC")), booking => new Outcome(201, booking.Code));
            booked.Status.ShouldBe(201, booked.Body);
            return booked.Body;
        }

        (await BookAsync(codes[0], codes[1])).ShouldBe(codes[0].ToString());
        (await BookAsync(codes[0], codes[1])).ShouldBe(codes[1].ToString());
        (await BookAsync(codes[1], codes[2])).ShouldBe(codes[2].ToString());
        (await http.GetAnswerAsync($"{bank}/vouchers/{codes[0]}")).Text.ShouldNotBe((await http.GetAnswerAsync($"{bank}/vouchers/{codes[1]}")).Text);
    }
}
