using FsCheck;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Redemptions;

namespace TimeBank.Domain.Tests;

/// <summary>Random people book, take, cancel, miss and refund, again and again and in any order: minutes are neither lost nor moved twice,
/// and no member's minutes are touched without that member's yes.</summary>
public sealed class BookingHistoryTests
{
    private const int Commands = 60;

    [FsCheck.NUnit.Property(MaxTest = 150)]
    public void No_order_of_commands_moves_minutes_twice_loses_them_or_takes_them_without_a_yes(int seed)
    {
        var dice = new Random(seed);
        var desk = new FrontDesk();
        var garden = desk.Town.Open(AccountKind.Project);
        desk.As(Authority.Everything).Town.PassOn(desk.Clinic, 2_500, garden);
        ThingId[] services = [desk.Offer(FrontDesk.Terms(most: 300, noShow: 3_333)), desk.Offer(FrontDesk.Terms(20, null))];
        var bookings = new List<Booking>();
        for (var i = 0; i < Commands; i++)
        {
            desk.Town.Now += TimeSpan.FromDays(dice.Next(3));
            desk.Town.ExpireWhatIsDue();
            var (who, isAnn) = Somebody(desk, dice);
            desk.As(who);
            var before = desk.Town[desk.Ann];
            var yes = dice.Next(3) == 0 ? (Yes?)null : Enum.GetValues<Yes>()[dice.Next(5)];
            if (bookings.Count == 0 || dice.Next(3) == 0)
            {
                if (desk.Book(services[dice.Next(2)], date: desk.Town.Today.AddDays(dice.Next(-1, 4)), yes: yes) is { Refusal: null, Answer: { } booked })
                {
                    bookings.Add(booked);
                    (isAnn || yes is Yes.InPerson or Yes.Telephone or Yes.Paper).ShouldBeTrue($"Ann never said yes to {booked}");
                }
                else
                {
                    desk.Town[desk.Ann].ShouldBe(before);
                }
                continue;
            }
            Say(desk, dice, bookings[dice.Next(bookings.Count)]);
            desk.Town[desk.Ann].Available.ShouldBeGreaterThanOrEqualTo(before.Available, "After the booking nothing more is asked of her.");
        }

        var now = bookings.Select(desk.Now).ToList();
        desk.Town.Accounts.Sum(a => a.Balance.Value).ShouldBe(0);
        desk.Town.Balance(desk.Ann).ShouldBe(300 - now.Sum(b => b.Taken.Value - b.Refunded.Value));
        now.Where(b => b.Refunded > b.Taken || b.Taken > b.Minutes).ShouldBeEmpty();
        var open = now.Where(b => b.StageAt(desk.Town.Now) == BookingStage.Booked).ToList();
        desk.Town[desk.Ann].Held.Value.ShouldBe(open.Sum(b => b.Minutes.Value));
        now.Where(b => b.Is != BookingStage.Booked && desk.Town[b.Hold].Status == HoldStatus.Open).ShouldBeEmpty();
        foreach (var spent in desk.Town.Transfers.Where(t => t.Kind == TransferKind.Spend))
            now.Count(b => b.Transfer == spent.Id && b.Taken == spent.Minutes).ShouldBe(1);
        foreach (var service in services.Select(desk.Town.Thing<Service>))
        {
            var counted = now.Where(b => b.Service == service.Id).Sum(b => b.Is == BookingStage.Booked ? b.Minutes.Value : b.Taken.Value);
            service.Accepted.Values.Sum(m => m.Value).ShouldBe(counted);
            service.Accepted.Values.Where(m => m > service.Terms.MostAMonth).ShouldBeEmpty();
        }
    }

    private static (Authority Who, bool IsAnn) Somebody(FrontDesk desk, Random dice) => dice.Next(7) switch
    {
        0 or 1 => (FrontDesk.Holder(desk.Ann), true),
        2 => (FrontDesk.Holder(desk.Ben), false),
        3 => (FrontDesk.Holder(desk.Clinic), false),
        4 => (FrontDesk.App, false),
        _ => (FrontDesk.Organiser, false),
    };

    private static void Say(FrontDesk desk, Random dice, Booking b)
    {
        long? minutes = dice.Next(2) == 0 ? null : dice.Next(70);
        _ = dice.Next(6) switch
        {
            0 or 1 => desk.Take(b, minutes),
            2 => desk.Cancel(b),
            3 => desk.Miss(b),
            4 => desk.Refund(b, minutes),
            _ => desk.Expire(b),
        };
    }
}
