using Shouldly;
using TimeBank.Access;
using TimeBank.Redemptions;

namespace TimeBank.Domain.Tests;

public sealed class ServiceTests
{
    private static Decision<Service> Offer(FrontDesk desk, ServiceTerms terms, bool reason) => desk.Do(d => ServiceDecisions.Offer(
        d, new ThingId(d.Mint()), desk.Clinic, terms, FrontDesk.Text, reason ? FrontDesk.Text : null));

    [Test]
    public void One_hour_is_one_hour()
    {
        var desk = new FrontDesk().As(FrontDesk.Holder(new FrontDesk().Clinic));

        Offer(desk, FrontDesk.Terms(60, 60), reason: false).ShouldHappen().Terms.Asks.ShouldBe(new(60));
        Offer(desk, FrontDesk.Terms(61, 60), reason: true).ShouldBeRefused(RefusalCode.AsksMoreThanGiven).Figure("lasts").ShouldBe(60L);
    }

    [TestCase(30, 60L)]
    [TestCase(20, null)]
    public void Who_asks_something_else_than_the_time_says_why(int asks, long? lasts)
    {
        var desk = new FrontDesk();

        Offer(desk, FrontDesk.Terms(asks, lasts), reason: false).ShouldBeRefused(RefusalCode.ReasonNeeded);
        Offer(desk, FrontDesk.Terms(asks, lasts), reason: true).ShouldHappen();
    }

    [Test]
    public void The_provider_and_who_organises_it_write_services_and_nobody_else_does()
    {
        var desk = new FrontDesk();
        foreach (var may in (Authority[])[FrontDesk.Holder(desk.Clinic), FrontDesk.Organiser])
            Offer(desk.As(may), FrontDesk.Terms(), reason: false).ShouldHappen();
        foreach (var other in (Authority[])[FrontDesk.Holder(desk.Ann), FrontDesk.Holder(desk.Library), FrontDesk.App])
            Offer(desk.As(other), FrontDesk.Terms(), reason: false).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void Only_a_provider_offers_services()
    {
        var desk = new FrontDesk().As(FrontDesk.Organiser);

        desk.Do(d => ServiceDecisions.Offer(d, new ThingId(d.Mint()), desk.Ann, FrontDesk.Terms(), FrontDesk.Text, null)).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
    }

    [Test]
    public void A_change_must_match_what_was_read_and_bookings_do_not_count_as_changes()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        desk.ServiceOf(booking).Version.ShouldBe(2);

        desk.As(FrontDesk.Holder(desk.Clinic));
        Decision<Service> Rewrite(long expected) => desk.Do(d => ServiceDecisions.Rewrite(d, booking.Service, FrontDesk.Terms(30), FrontDesk.Text, FrontDesk.Text, expected));
        Rewrite(2).ShouldBeRefused(RefusalCode.VersionMismatch).Figure("version").ShouldBe(1L);
        Rewrite(1).ShouldHappen().Edition.ShouldBe(2);
        // Who had booked keeps what they booked.
        desk.Take(booking).ShouldHappen().Booking.Taken.ShouldBe(new(60));
    }

    [Test]
    public void A_service_that_has_ended_takes_no_bookings_and_those_that_were_made_stay()
    {
        var desk = new FrontDesk();
        var booking = desk.Booked();
        desk.As(FrontDesk.Holder(desk.Clinic)).Do(d => ServiceDecisions.End(d, booking.Service, 1)).ShouldHappen();

        desk.Do(d => ServiceDecisions.End(d, booking.Service, 2)).ShouldChangeNothing(desk.Town);
        desk.Do(d => ServiceDecisions.Rewrite(d, booking.Service, FrontDesk.Terms(), FrontDesk.Text, null, 2)).ShouldBeRefused(RefusalCode.ServiceEnded);
        desk.As(FrontDesk.Holder(desk.Ann)).Book(booking.Service).ShouldBeRefused(RefusalCode.ServiceEnded);
        desk.As(FrontDesk.Holder(desk.Clinic)).Take(booking).ShouldHappen();
    }
}
