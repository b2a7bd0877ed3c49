using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Redemptions;

namespace TimeBank.Domain.Tests;

public sealed class BookingTests
{
    [Test]
    public void Booking_sets_minutes_aside_and_taking_moves_them()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        desk.Has(desk.Ann).ShouldBe((300, 60));
        booking.Yes.ShouldBe(Yes.Themselves);

        var taken = desk.As(FrontDesk.Holder(desk.Clinic)).Take(booking).ShouldHappen();

        (taken.Booking.Is, taken.Posting!.Transfers.Single().Kind).ShouldBe((BookingStage.Given, TransferKind.Spend));
        (desk.Has(desk.Ann), desk.Has(desk.Clinic)).ShouldBe(((240, 0), (60, 0)));
        desk.Take(booking).ShouldChangeNothing(desk.Town).Booking.Taken.ShouldBe(new(60));
        desk.Take(booking, 60).ShouldChangeNothing(desk.Town);
        desk.Take(booking, 59).ShouldBeRefused(RefusalCode.BookingPast);
    }

    [Test]
    public void What_is_not_taken_is_free_again_for_the_member_and_in_the_month()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked(FrontDesk.Terms(most: 100));
        desk.ServiceOf(booking).AcceptedIn(booking.Date).ShouldBe(new(60));

        desk.As(FrontDesk.Holder(desk.Clinic)).Take(booking, 45).ShouldHappen();

        desk.Has(desk.Ann).ShouldBe((255, 0));
        desk.ServiceOf(booking).AcceptedIn(booking.Date).ShouldBe(new(45));
    }

    [Test]
    public void Nobody_takes_more_than_was_set_aside_or_nothing()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        desk.As(FrontDesk.Holder(desk.Clinic));

        desk.Take(booking, 61).ShouldBeRefused(RefusalCode.CaptureExceedsHold);
        desk.Take(booking, 0).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        desk.Now(booking).Is.ShouldBe(BookingStage.Booked);
    }

    [Test]
    public void A_month_that_is_full_is_refused_with_its_figures_and_another_month_is_not()
    {
        var desk = new FrontDesk();
        var service = desk.Offer(FrontDesk.Terms(most: 100));
        desk.As(FrontDesk.Holder(desk.Ann)).Book(service).ShouldHappen();

        var refusal = desk.Book(service).ShouldBeRefused(RefusalCode.MonthFull);
        (refusal.Figure("accepted"), refusal.Figure("most"), refusal.Figure("minutes")).ShouldBe((60L, 100L, 60L));
        desk.Book(service, date: desk.Town.Today.AddMonths(1)).ShouldHappen();
    }

    [TestCase("cancelled")]
    [TestCase("expired")]
    [TestCase("missed")]
    public void What_ends_without_being_given_makes_room_in_its_month(string how)
    {
        var desk = new FrontDesk();
        var booking = desk.Booked(FrontDesk.Terms(most: 60));
        if (how == "cancelled")
            desk.Cancel(booking).ShouldHappen();
        else if (how == "missed")
            desk.As(FrontDesk.Holder(desk.Clinic)).Miss(booking).ShouldHappen();
        else
            Pass(desk, 8).Expire(booking).ShouldHappen();

        desk.ServiceOf(booking).Accepted.ShouldBeEmpty();
        desk.Has(desk.Ann).ShouldBe((300, 0));
        desk.As(FrontDesk.Holder(desk.Ann)).Book(booking.Service).ShouldHappen();
    }

    [Test]
    public void Nobodys_minutes_are_set_aside_without_their_yes()
    {
        var desk = new FrontDesk();
        var service = desk.Offer();
        foreach (var other in (Authority[])[FrontDesk.Holder(desk.Ben), FrontDesk.Holder(desk.Clinic), FrontDesk.App, Authority.None])
            desk.As(other).Book(service, yes: Yes.Telephone).ShouldBeRefused(RefusalCode.NotPermitted);
        foreach (var yes in (Yes?[])[null, Yes.Themselves, Yes.Link])
            desk.As(FrontDesk.Organiser).Book(service, yes: yes).ShouldBeRefused(RefusalCode.YesNeeded);

        desk.Book(service, yes: Yes.Telephone).ShouldHappen().Yes.ShouldBe(Yes.Telephone);
        desk.As(FrontDesk.Holder(desk.Ann)).Book(service, yes: Yes.Paper).ShouldHappen().Yes.ShouldBe(Yes.Themselves);
    }

    [Test]
    public void An_app_books_by_the_members_link_and_no_further_than_that()
    {
        var desk = new FrontDesk();
        var (short_, long_) = (desk.Offer(), desk.Offer(FrontDesk.Terms(61, 61)));
        desk.Link(60);

        desk.As(FrontDesk.App).Book(long_).ShouldBeRefused(RefusalCode.NotPermitted);
        var booking = desk.Book(short_).ShouldHappen();
        booking.Yes.ShouldBe(Yes.Link);
        desk.Take(booking).ShouldBeRefused(RefusalCode.VoucherUnknown);
        desk.Cancel(booking).ShouldHappen();
    }

    [Test]
    public void A_booking_is_for_today_or_later_and_within_what_the_member_has()
    {
        var desk = new FrontDesk();
        var service = desk.Offer();
        desk.As(FrontDesk.Holder(desk.Ann)).Book(service, date: desk.Town.Today.AddDays(-1)).ShouldBeRefused(RefusalCode.DateInPast);
        desk.Town.Change(desk.Ann, a => a with { Floor = new(241) });

        desk.Book(service).ShouldBeRefused(RefusalCode.BelowFloor).Figure("available").ShouldBe(300L);
    }

    [Test]
    public void A_code_that_somebody_has_is_not_given_again()
    {
        var desk = new FrontDesk();
        var service = desk.Offer();
        desk.As(FrontDesk.Holder(desk.Ann));
        var first = desk.Book(service, codes: desk.Codes(7)).ShouldHappen();

        var second = desk.Book(service, codes: desk.Codes(7, 8)).ShouldHappen();

        second.Code.ShouldBe(desk.Codes(8)[0].ToString());
        desk.Town.Thing<Voucher>(FrontDesk.VoucherOf(first)).Booking.ShouldBe(first.Id);
        Should.Throw<InvalidOperationException>(() => desk.Book(service, codes: desk.Codes(7, 8)));
    }

    [Test]
    public void A_member_cancels_up_to_the_day_and_the_provider_also_later()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        Pass(desk, 1);
        desk.As(FrontDesk.Holder(desk.Ann)).Cancel(booking).ShouldBeRefused(RefusalCode.DateInPast);

        desk.As(FrontDesk.Holder(desk.Clinic)).Cancel(booking).ShouldHappen().Booking.Is.ShouldBe(BookingStage.Cancelled);
        desk.Cancel(booking).ShouldChangeNothing(desk.Town);
    }

    [TestCase(0, 0)]
    [TestCase(2_500, 15)]
    [TestCase(3_333, 19)]
    [TestCase(10_000, 60)]
    public void Not_coming_costs_the_share_that_was_agreed_rounded_down(int share, long cost)
    {
        var desk = new FrontDesk();
        var booking = desk.Booked(FrontDesk.Terms(noShow: share));

        desk.As(FrontDesk.Holder(desk.Clinic)).Miss(booking).ShouldHappen().Booking.Taken.ShouldBe(new(cost));

        desk.Has(desk.Ann).ShouldBe((300 - cost, 0));
        desk.Town.Balance(desk.Clinic).ShouldBe(cost);
        desk.Miss(booking).ShouldChangeNothing(desk.Town);
    }

    [Test]
    public void Nobody_has_missed_an_appointment_before_its_day()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked(date: desk.Town.Today.AddDays(1));

        desk.As(FrontDesk.Holder(desk.Clinic)).Miss(booking).ShouldBeRefused(RefusalCode.OccurredInFuture);
        Pass(desk, 1).Miss(booking).ShouldHappen();
    }

    [Test]
    public void A_refund_comes_from_what_the_provider_has_free_and_what_rules_passed_on_stays()
    {
        var desk = new FrontDesk();
        var garden = desk.Town.Open(AccountKind.Project);
        desk.As(Authority.Everything).Town.PassOn(desk.Clinic, 5_000, garden);
        var booking = desk.Booked();
        desk.As(FrontDesk.Holder(desk.Clinic)).Take(booking).ShouldHappen();
        desk.Town.Balances(desk.Clinic, garden).ShouldBe([30, 30]);

        desk.Refund(booking).ShouldBeRefused(RefusalCode.BelowFloor).Figure("available").ShouldBe(30L);
        desk.Refund(booking, 20).ShouldHappen().Posting!.Transfers.Single().Kind.ShouldBe(TransferKind.Refund);

        desk.Town.Balances(desk.Ann, desk.Clinic, garden).ShouldBe([260, 10, 30]);
        desk.Now(booking).Refunded.ShouldBe(new(20));
    }

    [Test]
    public void No_more_goes_back_than_was_taken_whether_it_was_refunded_or_reversed()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        var transfer = desk.As(FrontDesk.Holder(desk.Clinic)).Take(booking).ShouldHappen().Booking.Transfer!.Value;
        desk.As(Authority.Everything).Town.Reverse(transfer, 10).ShouldHappen();
        desk.As(FrontDesk.Holder(desk.Clinic));

        desk.Refund(booking, 51).ShouldBeRefused(RefusalCode.RefundExceedsRest).Figure("rest").ShouldBe(50L);
        desk.Refund(booking, 20).ShouldHappen();
        desk.Refund(booking).ShouldHappen().Posting!.Transfers.Single().Minutes.ShouldBe(new(30));
        desk.Refund(booking).ShouldBeRefused(RefusalCode.RefundExceedsRest);
        desk.Town.Balances(desk.Ann, desk.Clinic).ShouldBe([300, 0]);
    }

    [Test]
    public void What_was_taken_is_refunded_by_a_command_of_the_same_batch()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        var clinic = FrontDesk.Holder(desk.Clinic);

        desk.Town.InOneBatch(
            (clinic, d => Redeeming.Take(d, FrontDesk.VoucherOf(booking), null).Refusal),
            (clinic, d => Redeeming.Take(d, FrontDesk.VoucherOf(booking), null).Refusal),
            (clinic, d => Redeeming.Refund(d, booking.Id, new(50), null).Refusal),
            (clinic, d => Redeeming.Refund(d, booking.Id, new(50), null).Refusal)).Select(r => r?.Code).ShouldBe([null, null, null, RefusalCode.RefundExceedsRest]);
    }

    [Test]
    public void A_voucher_dies_with_its_hold_before_anybody_writes_that_down()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        desk.Town.Now = booking.ExpiresAt;
        desk.Town.ExpireWhatIsDue();

        desk.As(FrontDesk.Holder(desk.Clinic)).Take(booking).ShouldBeRefused(RefusalCode.BookingPast).Figure("stage").ShouldBe(BookingStage.Expired);
        desk.Has(desk.Ann).ShouldBe((300, 0));
    }

    [Test]
    public void The_hold_of_a_booking_is_not_ended_behind_its_back()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();

        foreach (var who in (Authority[])[FrontDesk.Holder(desk.Ann), FrontDesk.Holder(desk.Clinic), FrontDesk.Organiser])
            desk.As(who).Do(d => BookingDecisions.RefusesHold(d, booking.Hold) is { } refusal ? refusal : Hold.Capture(d, booking.Hold, null)).ShouldBeRefused(RefusalCode.HoldOfBooking);
    }

    [Test]
    public void Who_has_nothing_to_do_with_a_booking_hears_that_there_is_none()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        foreach (var other in (Authority[])[FrontDesk.Holder(desk.Ben), FrontDesk.Holder(desk.Library), FrontDesk.App])
        {
            desk.As(other).Take(booking).ShouldBeRefused(RefusalCode.VoucherUnknown).Figures.ShouldBeEmpty();
            foreach (var decision in (Decision<BookingChange>[])[desk.Cancel(booking), desk.Miss(booking), desk.Refund(booking)])
                decision.ShouldBeRefused(RefusalCode.BookingUnknown);
        }
        desk.As(FrontDesk.Holder(desk.Ann));
        foreach (var decision in (Decision<BookingChange>[])[desk.Take(booking), desk.Miss(booking), desk.Refund(booking)])
            decision.ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void Members_are_reminded_once_on_the_day_before()
    {
        var desk = new FrontDesk();
        desk.Booked().Due.ShouldBe(Booking.ExpiryOf(desk.Town.Today));
        var booking = desk.Booked(date: desk.Town.Today.AddDays(3));
        var cancelled = desk.Booked(date: desk.Town.Today.AddDays(3));
        desk.Cancel(cancelled).ShouldHappen();
        booking.Due.ShouldBe(Broker.At(desk.Town.Today.AddDays(2), new(8, 0)));
        desk.Remind(booking).ShouldChangeNothing(desk.Town);

        desk.Town.Now = booking.Due!.Value;
        desk.Remind(booking).ShouldHappen();

        desk.Town.Last.Select(e => e.Happened).ShouldBe([new BookingEvent.BookingReminded(desk.Town.Today)]);
        desk.Remind(booking).ShouldChangeNothing(desk.Town);
        desk.Remind(cancelled).ShouldChangeNothing(desk.Town);
        desk.Now(booking).Due.ShouldBe(booking.ExpiresAt);
    }

    [Test]
    public void A_quote_tells_what_it_asks_what_there_is_and_whether_it_would_go()
    {
        var desk = new FrontDesk();
        var service = desk.Offer(FrontDesk.Terms(most: 100));
        desk.As(FrontDesk.Holder(desk.Ann)).Book(service).ShouldHappen();

        var quote = desk.Quote(service).ShouldHappen();

        (quote.Minutes, quote.Available, quote.Refused).ShouldBe((new Minutes(60), new Minutes(240), RefusalCode.MonthFull));
        desk.Quote(service, desk.Town.Today.AddMonths(1)).ShouldHappen().Refused.ShouldBeNull();
        desk.As(FrontDesk.Holder(desk.Ben)).Quote(service).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    private static FrontDesk Pass(FrontDesk desk, int days)
    {
        desk.Town.Now += TimeSpan.FromDays(days);
        return desk;
    }
}
